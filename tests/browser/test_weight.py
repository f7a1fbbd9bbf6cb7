"""The weight of a first view of each page: requests, bytes sent, and no layout shift."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import CDPSession

from tests.browser.conftest import NewVisitor
from tests.browser.public_pages import LANGUAGES, path_of, public_pages
from tests.browser.visitor import Visitor
from tests.run_once import looks_at_pages

pytestmark = looks_at_pages

PHONE = {"width": 320, "height": 568}
DESK = {"width": 1280, "height": 800}

# The limits of one view, response headers and the icon included. A KB is 1000 bytes.
MOST_REQUESTS = 5
MOST_BYTES = 60_000
MOST_BYTES_OF_THE_POLICY = 40_000
MOST_BYTES_OF_SCRIPTS = 6_000

_WATCH_SHIFTS = """window.shifts = [];
const nameOf = ({ node }) => node && `${node.nodeName}.${node.className}: ${node.textContent}`;
new PerformanceObserver((list) => {
  const unexpected = list.getEntries().filter((entry) => !entry.hadRecentInput);
  shifts.push(...unexpected.map((entry) => entry.sources.map(nameOf).join()));
}).observe({ type: "layout-shift", buffered: true });"""
# A shift that the observer must report: then it has reported every earlier one as well. It waits for
# the first painting, because only a painted element can shift.
_SHIFT = """async () => {
  const painted = (done) => requestAnimationFrame(() => requestAnimationFrame(done));
  await new Promise(painted);
  const block = document.body.appendChild(document.createElement("div"));
  block.style.order = -5;
  block.style.height = "100px";
}"""


@dataclass
class Transfer:
    """The requests and bytes of one view, counted by Chromium's network stack, without a cache."""

    kinds: dict[str, str] = field(default_factory=dict)
    bytes_by_kind: Counter[str] = field(default_factory=Counter)
    requests: int = 0

    def watch(self, visitor: Visitor) -> None:
        session: CDPSession = visitor.context.new_cdp_session(visitor.page)
        session.on("Network.responseReceived", self._on_response)
        session.on("Network.loadingFinished", self._on_end)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def reset(self) -> None:
        self.requests = 0
        self.bytes_by_kind.clear()

    def _on_response(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]

    def _on_end(self, event: dict[str, Any]) -> None:
        self.requests += 1
        self.bytes_by_kind[self.kinds[event["requestId"]]] += event["encodedDataLength"]

    def is_within(self, *, requests: int, size: int) -> bool:
        """Whether the view has at most this number of requests and bytes, and small scripts."""
        return (
            self.requests <= requests
            and self.bytes_by_kind.total() <= size
            and self.bytes_by_kind["Script"] <= MOST_BYTES_OF_SCRIPTS
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_view_on_a_phone_is_light_and_has_no_layout_shift(
    new_visitor: NewVisitor, language: str
) -> None:
    """Red when: pages are not compressed; a script grows by 3 KB, or loads another; a page loads
    an image; a script adds an element above the visible ones."""
    policy = {
        path_of("privacy_policy", language),
        path_of("privacy_policy_version", language, number=1),
    }
    # None is the first page of a visit. They have two scripts more: to count the trial, to list what
    # the browser stores, and to check a receipt.
    names = ("trial_started", "on_this_device", "check_receipt")
    with_scripts = {path_of(name, language) for name in names}
    pages = public_pages(language)
    assert policy | with_scripts < {page.path for page in pages}

    visitor, transfer = new_visitor(viewport=PHONE), Transfer()
    visitor.context.add_init_script(_WATCH_SHIFTS)
    transfer.watch(visitor)

    for page in pages:
        transfer.reset()
        visitor.open(page.path, status=page.status)
        _load_icon(visitor)

        assert {*transfer.bytes_by_kind} == {"Document", "Stylesheet", "Script", "Fetch"}
        assert transfer.is_within(
            requests=MOST_REQUESTS + (2 if page.path in with_scripts else 0),
            size=MOST_BYTES_OF_THE_POLICY if page.path in policy else MOST_BYTES,
        ), (page.path, transfer)
        assert _shifts(visitor) == [], page.path


def _load_icon(visitor: Visitor) -> None:
    """Load the icon as a Chromium with a window does: the headless shell shows none."""
    icon = visitor.page.locator("link[rel=icon][type='image/svg+xml']").get_attribute("href")
    visitor.page.evaluate("async (icon) => (await fetch(icon)).blob()", icon)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_view_on_a_desk_has_no_layout_shift(new_visitor: NewVisitor, language: str) -> None:
    """Red when: a script adds an element above the visible ones."""
    visitor = new_visitor(viewport=DESK)
    visitor.context.add_init_script(_WATCH_SHIFTS)

    for page in public_pages(language):
        visitor.open(page.path, status=page.status)
        assert _shifts(visitor) == [], page.path


def _shifts(visitor: Visitor) -> list[str]:
    """What has moved since this page was opened: one line for each layout shift."""
    visitor.page.evaluate(_SHIFT)
    visitor.page.wait_for_function("() => shifts.length > 0")
    shifts: list[str] = visitor.page.evaluate("shifts.slice(0, -1)")
    return shifts


@pytest.mark.parametrize("part", ["ask__buttons", "header__links"])
def test_half_a_banner_or_header_is_not_shown(visitor: Visitor, part: str) -> None:
    """A busy device paints what has arrived, and what follows would move it. Red when: layout.css
    shows what stands before `main` while that has not arrived."""
    path = path_of("home", "en")
    whole = visitor.page.request.get(visitor.origin + path).text()

    pages = [(whole[: whole.index(part)], False), (whole[: whole.index("<h1")], True)]
    bodies = iter([arrived for arrived, _is_shown in pages])
    # One route for both: a second one could be set while the browser still ends the first.
    visitor.page.route(
        f"**{path}", lambda route: route.fulfill(body=next(bodies), content_type="text/html")
    )

    for arrived, is_shown in pages:
        visitor.open(path)
        assert visitor.banner.is_visible() == is_shown, arrived[-200:]
        assert visitor.page.get_by_role("banner").is_visible() == is_shown
