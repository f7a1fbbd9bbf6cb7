"""`make screenshots`: every page in both languages, on a phone and a desk, in light and dark.

People look through them at var/screenshots/index.html; no test compares them.
With `--readme` it makes only the two small pictures of the README.
"""

import argparse
import html
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.browser.public_pages import LANGUAGES, PublicPage, path_of, public_pages
from tests.look.seeded_site import OUTPUT_FOLDER, ROOT, seeded_site

PICTURES = OUTPUT_FOLDER / "screenshots"
README_PICTURES = ROOT / "docs" / "img"
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desk": {"width": 1280, "height": 800},
}
SCHEMES = ["light", "dark"]
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip


@dataclass(frozen=True)
class Look:
    """One way to show pages: language, size of the window, color scheme, refused or not asked."""

    language: str
    size: str
    scheme: str
    is_refused: bool = False

    @property
    def name(self) -> str:
        return "-".join([self.language, self.size, self.scheme, *["refused"] * self.is_refused])

    @property
    def pages(self) -> list[PublicPage]:
        """All public pages; after a refusal only the home page, which then has no banner."""
        pages = public_pages(self.language)
        return [page for page in pages if not self.is_refused or page.path == self.home]

    @property
    def home(self) -> str:
        return path_of("home", self.language)


LOOKS = [
    Look(language, size, scheme, is_refused)
    for language in LANGUAGES
    for size in SIZES
    for scheme in SCHEMES
    for is_refused in (False, True)
]


def main() -> None:
    django.setup()
    parser = argparse.ArgumentParser(description="Make pictures of the pages.")
    parser.add_argument("--readme", action="store_true", help="only the pictures of the README")
    is_for_readme = parser.parse_args().readme
    with seeded_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM_PATH"], args=ARGUMENTS
        )
        origin = f"http://127.0.0.1:{site.port}"
        make = make_readme_pictures if is_for_readme else make_all
        result = make(browser, origin)
        browser.close()
    print(f"Look at {result}")


def make_all(browser: Browser, origin: str) -> Path:
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    names = [name for look in LOOKS for name in pictures_of(browser, origin, look)]
    index = PICTURES / "index.html"
    index.write_text(index_of(names))
    return index


def pictures_of(browser: Browser, origin: str, look: Look) -> Iterator[str]:
    """Make the pictures of one look in a new browser context. Yields the name of each."""
    context = context_of(browser, look)
    page = context.new_page()
    if look.is_refused:
        refuse(page, origin + look.home)
    for address in look.pages:
        page.goto(origin + address.path)
        place = address.path.strip("/").replace("/", "-").replace("?", "-") or "home"
        name = f"{place}-{look.name}.png"
        take_whole(page, PICTURES / name, look)
        yield name
    context.close()


def take_whole(page: Page, path: Path, look: Look) -> None:
    """The whole page in a window of its height, so that the banner at the end covers nothing."""
    size = SIZES[look.size]
    page.set_viewport_size(size)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    page.screenshot(path=path)
    page.set_viewport_size(size)


def context_of(browser: Browser, look: Look, *, scale: float = 1) -> BrowserContext:
    return browser.new_context(
        viewport=SIZES[look.size],
        color_scheme="dark" if look.scheme == "dark" else "light",
        device_scale_factor=scale,
        reduced_motion="reduce",
    )


def refuse(page: Page, url: str) -> None:
    page.goto(url)
    page.locator("[data-ask] button[value=reject]").click()
    page.locator("[data-ask]").wait_for(state="detached")


def index_of(names: list[str]) -> str:
    """An HTML page of all pictures, with those of one address side by side."""
    figures = "".join(
        f'<figure><a href="{name}"><img src="{name}" alt="" loading="lazy"></a>'
        f"<figcaption>{html.escape(name.removesuffix('.png'))}</figcaption></figure>\n"
        for name in sorted(names)
    )
    style = (
        "body { background: #888; display: flex; flex-wrap: wrap; font: 12px sans-serif; gap: 16px }"
        "figure { margin: 0 } img { block-size: 480px; inline-size: auto }"
    )
    head = f'<meta charset="utf-8"><title>Screenshots</title><style>{style}</style>'
    return f'<!doctype html><html lang="en">{head}\n{figures}</html>\n'


def make_readme_pictures(browser: Browser, origin: str) -> Path:
    """The home page on a desk, and the banner on a phone, as small files (40 KB)."""
    README_PICTURES.mkdir(parents=True, exist_ok=True)
    desk = context_of(browser, Look("en", "desk", "light"), scale=0.45)
    page = desk.new_page()
    refuse(page, f"{origin}/en/")
    page.goto(f"{origin}/en/")
    top = {"x": 0, "y": 0, "width": SIZES["desk"]["width"], "height": 640}
    page.screenshot(path=README_PICTURES / "home-desk.png", clip=top)
    phone = context_of(browser, Look("pl", "phone", "light"), scale=0.6)
    page = phone.new_page()
    page.goto(f"{origin}/polityka-prywatnosci/")
    page.screenshot(path=README_PICTURES / "banner-phone.png")
    return README_PICTURES


if __name__ == "__main__":
    main()
