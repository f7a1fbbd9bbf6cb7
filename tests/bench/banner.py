"""`make bench BENCH=banner`: what the banner adds to a page, compressed, beside what others load for theirs."""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings

from tests.bench.results import save, table
from tests.bench.site import site
from tests.running_site import ROOT
from voipstudio.web.static_files import without_comments

GOAL_KB = 3.0
# Published sizes, compressed with brotli, in KB of 1000 bytes.
OTHERS = {"vanilla-cookieconsent": 13.8, "c15t": 25.0, "tarteaucitron": 51.0, "klaro": 59.0}
_BANNER = re.compile(r'<section class="ask".*?</section>', re.DOTALL)
_LINKED = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')
_IMPORTED = re.compile(r'from "\./([\w.-]+\.js)"')


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        site(Path(folder), workers=1) as ours,
    ):
        page = ours.page().ask().body.decode()
    result = weight_of(page)
    print("\nThe banner of a page, compressed with brotli\n\n" + as_table(result))
    save("banner", result)


def weight_of(page: str) -> dict[str, Any]:
    """The bytes that a page and its files have more than they would have without a banner."""
    html, count = _BANNER.subn("", page)
    assert count == 1, "The page has no banner."
    linked = [
        Path(settings.STATIC_ROOT) / url.removeprefix("/static/") for url in _LINKED.findall(page)
    ]
    [stylesheet] = [path for path in linked if path.suffix == ".css"]
    css = stylesheet.read_text()
    component = without_comments((ROOT / "static" / "css" / "ask.css").read_bytes()).decode()
    assert component in css, "The stylesheet has the component no longer."
    scripts = {
        path for script in linked if script.suffix == ".js" for path in _with_imports(script)
    }
    return {
        "html_bytes": compressed(page) - compressed(html),
        "css_bytes": compressed(css) - compressed(css.replace(component, "")),
        # They send the choice without loading the page again, and reload what it made stale. The
        # banner is shown, and works, before and without them.
        "script_bytes": sum(compressed(path.read_text()) for path in scripts),
        # What the banner must load before a visitor can read it and choose: nothing, because its
        # words and its form are in the page, and its style in the stylesheet of every page.
        "requests": len(_LINKED.findall(_BANNER.search(page)[0])),
        "goal_kb": GOAL_KB,
    }


def _with_imports(script: Path) -> list[Path]:
    """A module and the modules that it imports."""
    names = _IMPORTED.findall(script.read_text())
    return [script, *(path for name in names for path in _with_imports(script.with_name(name)))]


def compressed(text: str) -> int:
    return len(brotli.compress(text.encode(), quality=11))


def as_table(result: Mapping[str, Any]) -> str:
    shown = (result["html_bytes"] + result["css_bytes"]) / 1000
    rows = [
        [
            "ours, shown and working: HTML and CSS in the page's own",
            f"{shown:.1f}",
            f"{result['requests']}",
        ],
        [
            "ours, with the page's scripts",
            f"{shown + result['script_bytes'] / 1000:.1f}",
            "the page's own",
        ],
        *([name, f"{kilobytes:g}", "1 or more"] for name, kilobytes in OTHERS.items()),
    ]
    return table(
        [f"banner (goal: at most {result['goal_kb']:g} KB, no request)", "KB", "requests"], rows
    )


if __name__ == "__main__":
    main()
