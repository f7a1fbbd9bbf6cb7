"""Collected files: every name is hashed, every import exists, the stylesheet is complete."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from tests.factories import make_client
from tests.pages import Page
from voipstudio.web.static_files import without_comments

SOURCES = Path(settings.BASE_DIR) / "static"
COLLECTED = Path(settings.STATIC_ROOT)
_IMPORT = re.compile(r"""^(?:import|export)\b[^;'"]*?\bfrom\s*["']([^"']+)["']""", re.M)
_HASHED = re.compile(r"\.[0-9a-f]{12}\.[a-z]+$")


def _in_force(pattern: str) -> dict[str, str]:
    """The collected files that pages load, by the names of their sources."""
    manifest = json.loads((COLLECTED / "staticfiles.json").read_text())["paths"]
    return {name: hashed for name, hashed in manifest.items() if re.fullmatch(pattern, name)}


def _modules() -> dict[str, str]:
    return _in_force(r"js/[^/]+\.js")


def test_every_module_is_collected_under_a_hashed_name() -> None:
    sources = {path.relative_to(SOURCES).as_posix() for path in SOURCES.glob("js/*.js")}

    assert len(sources) >= 4
    assert {*_modules()} == sources
    assert all(_HASHED.search(hashed) for hashed in _modules().values())


def test_every_import_of_a_collected_module_names_a_hashed_file_that_is_there() -> None:
    """Red when: `support_js_module_import_aggregation` is False."""
    count = 0
    for hashed in _modules().values():
        text = (COLLECTED / hashed).read_text()
        for target in _IMPORT.findall(text):
            count += 1
            assert target.startswith("./"), (hashed, target)
            assert _HASHED.search(target), (hashed, target)
            assert (COLLECTED / "js" / target).is_file(), (hashed, target)

    assert count >= 2


def test_every_import_has_the_form_that_is_hashed() -> None:
    """collectstatic does not hash the names in `import()` and in `import "./x.js"`."""
    count = 0
    for path in sorted(SOURCES.glob("js/*.js")):
        for line in path.read_text().splitlines():
            if re.search(r"\bimport\b", line) and not line.lstrip().startswith(("//", "*", "/*")):
                count += 1
                assert re.fullmatch(r'import \{ [\w, ]+ \} from "\./\w+\.js";', line), path.name

    assert count >= 2


def test_the_stylesheet_holds_every_component_after_the_layers() -> None:
    """Red when: a file is left out of `_in_order`, or layers.css is not the first."""
    components = sorted(SOURCES.glob("css/*.css"))
    joined = (COLLECTED / _in_force(r"css/site\.css")["css/site.css"]).read_text()

    assert len(components) >= 25
    places = {}
    for path in components:
        body = re.sub(r"url\([^)]*\)", "", without_comments(path.read_bytes()).decode())
        first_rules = body[: body.find("url(")] if "url(" in body else body
        assert first_rules in re.sub(r"url\([^)]*\)", "", joined), path.name
        places[path.name] = re.sub(r"url\([^)]*\)", "", joined).index(first_rules)
    assert min(places, key=lambda name: places[name]) == "layers.css"


def test_no_collected_file_of_ours_has_a_comment() -> None:
    """Red when: `_MINIFY` or `_ours` leaves out a kind or a folder; the admin's are ours too."""
    ours = _in_force(r"(css|js)/.+\.(css|js)")

    assert any("/admin/" in name for name in ours)
    for name, hashed in ours.items():
        assert not re.search(r"/\*|^\s*//", (COLLECTED / hashed).read_text(), re.M), name


def test_a_stylesheet_without_its_comments_says_the_same() -> None:
    """Red when: a space goes that makes a selector, or a string that looks like a comment."""
    css = b"/* A */\n.a :is(b, i) {\n  /* B:\n     c */\n  width: calc(1px + 2px);\n}\n"

    assert without_comments(css) == b".a :is(b, i) {\nwidth: calc(1px + 2px);\n}"
    for path in SOURCES.glob("css/**/*.css"):
        assert not re.search(r"""["'(][^"'()\n]*/\*""", path.read_text()), path.name


def test_no_collected_file_of_ours_loads_anything_from_elsewhere() -> None:
    """Red when: a stylesheet imports a font, or a module another host's module."""
    names = [*_modules().values(), *_in_force(r"css/[^/]+\.css").values()]

    assert len(names) >= 30
    for name in names:
        text = (COLLECTED / name).read_text()
        assert not re.search(r"""url\(\s*["']?(https?:)?//""", text), name
        assert "@import" not in text, name
        assert not re.search(r"""(import|from)\s*["'](https?:)?//""", text), name


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["css", "js"])
def test_a_page_loads_the_files_under_their_hashed_names(client, kind: str) -> None:
    page = Page(client.get("/").content)
    loaded = [url for url in page.loaded_addresses if url.endswith(f".{kind}")]

    assert len(loaded) == 1
    assert _HASHED.search(loaded[0])
    assert (COLLECTED / loaded[0].removeprefix(staticfiles_storage.base_url)).is_file()


@pytest.mark.django_db
def test_a_reader_gets_one_stylesheet_and_at_most_two_modules(client, settings) -> None:
    settings.GOOGLE_TAG_ID = "G-TEST"
    page = Page(make_client("analytics").get("/").content)

    assert len(page.all("link", rel="stylesheet")) == 1
    assert len(page.scripts) == 2
    assert {script["type"] for script in page.scripts} == {"module"}


def test_nothing_moves_for_longer_than_five_seconds() -> None:
    """WCAG 2.2.2: a longer animation needs a way to stop it. Red when: an animation is `infinite`."""
    styles = [path.read_text() for path in (Path(settings.BASE_DIR) / "static/css").rglob("*.css")]
    animations = [line for style in styles for line in re.findall(r"animation: ([^;]+);", style)]

    assert animations
    for animation in animations:
        assert "infinite" not in animation
        assert sum(float(seconds) for seconds in re.findall(r"([\d.]+)s\b", animation)) <= 5
