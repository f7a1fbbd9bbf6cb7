"""The design tokens: every text can be read on its backgrounds, in every color scheme."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.staff import make_staff
from voipstudio.pages.design import BACKGROUNDS, COLORS

CSS = Path(settings.BASE_DIR) / "static" / "css"
SCHEMES = {
    "light": ("",),
    "dark": ("", "dark"),
    "light-more": ("", "more"),
    "dark-more": ("", "dark", "more", "dark more"),
}
# The least contrast: WCAG 1.4.3, and 1.4.6 for a visitor who asks for more contrast.
LEAST = {"light": 4.5, "dark": 4.5, "light-more": 7, "dark-more": 7}
# WCAG 1.4.11: the outline of a field, a button or a mark against its background.
LEAST_OF_A_LINE = 3
LINES = [(line, ground) for line in ("line-strong", "accent", "danger") for ground in ("ground", "surface")]  # fmt: skip


def colors(scheme: str) -> dict[str, str]:
    """The color of each token: later blocks of tokens.css override earlier ones."""
    values: dict[str, str] = {}
    css = (CSS / "tokens.css").read_text()
    blocks = re.findall(r"(@media ([^{]+)\{\s*)?:root \{(.*?)\}", css, re.DOTALL)
    assert len(blocks) == 4
    for _media, condition, body in blocks:
        words = re.findall(r"dark|more", condition)
        if " ".join(words) in SCHEMES[scheme]:
            values |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))
    return values


def contrast(one: str, other: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_can_be_read_on_its_background(scheme: str) -> None:
    """Red when: `--ink-soft` of tokens.css turns lighter, in any scheme."""
    color = colors(scheme)
    ratios = {
        (text, back): contrast(color[text], color[back])
        for text, backs in BACKGROUNDS.items()
        for back in backs
    }

    assert len(ratios) >= 25
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < LEAST[scheme]} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_line_with_a_meaning_can_be_seen(scheme: str) -> None:
    """Red when: `--line-strong` of tokens.css turns lighter."""
    color = colors(scheme)
    ratios = {(line, back): contrast(color[line], color[back]) for line, back in LINES}

    assert {pair: ratio for pair, ratio in ratios.items() if ratio < LEAST_OF_A_LINE} == {}


def test_the_page_shows_every_color_and_pair() -> None:
    """Red when: a color is added to tokens.css alone, or a pair to design.py alone."""
    css = (CSS / "admin" / "swatches.css").read_text()
    pairs = {f"{text}-{back}" for text, backs in BACKGROUNDS.items() for back in backs}

    assert sorted(COLORS) == sorted(colors("light"))
    assert set(re.findall(r"\.swatch--([\w-]+) \{", css)) == set(COLORS)
    assert set(re.findall(r"\.pair--([\w-]+) \{", css)) == pairs


@pytest.mark.django_db
def test_only_staff_see_the_page_of_the_design_language() -> None:
    """Red when: urls.py forgets admin_view."""
    client = make_staff()
    answer = client.get("/admin/design/")
    assert answer.status_code == 200
    assert "swatch--accent-deep" in answer.content.decode()
    assert "/admin/design/" in client.get("/admin/").content.decode()

    stranger = Client().get("/admin/design/")
    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/admin/login/")
