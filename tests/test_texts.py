"""Every visible text is translated, and no file names another host."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from tests.pages import PAGES, Page, language_of
from tests.run_once import looks_at_pages

pytestmark = looks_at_pages

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))

# Proper names and signs, the same in every language.
UNTRANSLATABLE = {
    "VoIPstudio",
    "– VoIPstudio",
    ":  – VoIPstudio",
    "Global Privacy Control",
    "SHA-256",
    "–",
    "(",
    ")",
    "):",
    ",",
    ":",
    ".",
    ";",
    "/",
    "·",
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _untranslated(source: str) -> list[str]:
    """The words of a template outside translation tags."""
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.S)
    source = re.sub(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", "", source, flags=re.S)
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.S)
    words = re.sub(r"<[^>]*>", "\n", source)
    # Attributes that screen readers or browsers show.
    attributes = re.findall(r'\b(?:aria-label|alt|title|placeholder|label)="([^"]*)"', source)
    lines = [line.strip() for line in [*words.splitlines(), *attributes]]
    return [
        line for line in lines if re.search(r"[^\W\d_]{2,}", line) and line not in UNTRANSLATABLE
    ]


def test_there_are_files_to_read() -> None:
    assert len(TEMPLATES) >= 30
    assert len(SCRIPTS) >= 4
    assert len(STYLES) >= 25


def test_the_search_finds_words_outside_of_translation() -> None:
    assert _untranslated('<p title="Hi there">{% translate "x" %} Words</p>') == [
        "Words",
        "Hi there",
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_word_of_a_template_is_translated(path: Path) -> None:
    """Red when: a template has a word outside a translation tag."""
    assert _untranslated(path.read_text()) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=_name)
def test_a_script_has_no_visible_text(path: Path) -> None:
    """A capitalized word, a space and a word count as a sentence; so do Polish letters."""
    code = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.S)
    strings = [match[1] for match in re.finditer(r"""(?:"([^"\n]*)")""", code)]

    assert [s for s in strings if re.search(r"[A-Z][a-z]+ [a-z]+|[ąćęłńóśźż]", s)] == []


# The host of Google's script, which our own module loads after a grant.
ALLOWED_HOSTS = {"static/js/google_tag.js": {"www.googletagmanager.com"}}


@pytest.mark.parametrize("path", [*TEMPLATES, *SCRIPTS, *STYLES], ids=_name)
def test_no_file_of_the_site_names_another_host(path: Path) -> None:
    """Red when: a template, a module or a stylesheet loads or links to another host."""
    hosts = set(
        re.findall(r"(?:https?:)?//([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+)", path.read_text())
    )

    assert hosts - ALLOWED_HOSTS.get(_name(path), set()) == set()


def test_every_message_has_a_polish_translation() -> None:
    """Red when: a translation is empty or fuzzy."""
    with (ROOT / "locale/pl/LC_MESSAGES/django.po").open("rb") as file:
        catalog = [message for message in read_po(file) if message.id]

    assert len(catalog) >= 250
    texts = [(m, [m.string] if isinstance(m.string, str) else list(m.string)) for m in catalog]
    assert [m.id for m, strings in texts if not all(strings)] == []
    assert [m.id for m in catalog if m.fuzzy] == []


_POLISH = re.compile(r"[ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]")


@pytest.mark.django_db
@pytest.mark.parametrize("address", [page for page in PAGES if language_of(page) == "en"])
def test_an_english_page_has_only_names_in_polish(client, address: str) -> None:
    """Red when: a row of the registry or a message lacks its English text."""
    page = Page(client.get(address).content)
    polish = [
        element.text
        for element in page.all()
        if _POLISH.search("".join(element.pieces)) and not element.get("lang")
    ]
    allowed = {"złoty", "Łódź"}
    words = {word for text in polish for word in re.findall(r"\w+", text) if _POLISH.search(word)}

    assert words <= allowed


@pytest.mark.django_db
@pytest.mark.parametrize("address", [page for page in PAGES if language_of(page) == "pl"])
def test_a_polish_page_is_polish(client, address: str) -> None:
    """Red when: the translations are not compiled, or a template is not translated."""
    main = Page(client.get(address).content).one("main").text

    assert len(_POLISH.findall(main)) >= 10
    assert not re.search(r"\b(the|your|with|this|which)\b", main)
