"""Draws the image files in static/img: the preview of shared links per language, the touch icon.

Run `make pictures` after a change to the look of the brand, and commit the results.
"""

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "deploy" / "pictures"
IMAGES = ROOT / "static" / "img"
WORDS = {
    "pl": {
        "title": "Centrala telefoniczna w&nbsp;chmurze dla Twojej firmy",
        "terms": "30 dni bezpłatnie, bez danych karty",
    },
    "en": {
        "title": "Your company’s telephone system in the cloud",
        "terms": "30 days free, no card details",
    },
}


def main() -> None:
    find = [sys.executable, str(ROOT / "deploy" / "find_chromium.py")]
    chromium = subprocess.run(find, check=True, capture_output=True, text=True).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(color_scheme="light")
        drawings = {name: drawing(name) for name in ("logo", "hero_art")}
        for language, words in WORDS.items():
            target = IMAGES / f"share-{language}.png"
            draw(page, "share.html", target, 1200, 630, **words, **drawings)
        draw(page, "touch_icon.html", IMAGES / "touch-icon.png", 180, 180)
        browser.close()


def drawing(name: str) -> str:
    """The SVG of a component template, without its comment."""
    source = (ROOT / "templates" / "components" / f"_{name}.html").read_text(encoding="utf-8")
    return re.sub(r"\{#.*?#\}", "", source)


def draw(page: Page, source: str, target: Path, width: int, height: int, **words: str) -> None:
    html = (SOURCES / source).read_text(encoding="utf-8")
    for name, text in words.items():
        html = html.replace(f"{{{name}}}", text)
    # In the same folder as static/, because the page imports the site's stylesheets from there.
    built = ROOT / ".picture.html"
    built.write_text(html, encoding="utf-8")
    try:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(built.as_uri())
        page.screenshot(path=target)
    finally:
        built.unlink()


if __name__ == "__main__":
    main()
