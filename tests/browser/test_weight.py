"""What a first view of each page costs: requests, bytes as they are sent, and nothing that jumps."""

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

# What a view may weigh, headers of the answers and the icon included. Bytes; a KB is 1000 here.
MOST_REQUESTS = 5
MOST_BYTES = 60_000
MOST_BYTES_OF_THE_POLICY = 40_000
MOST_BYTES_OF_SCRIPTS = 6_000

_WATCH_SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
  shifts.push(...list.getEntries().filter((entry) => !entry.hadRecentInput));
}).observe({ type: "layout-shift", buffered: true });"""
# A shift that must be seen, so that none before it can have been missed. Only what was painted can
# shift: a busy machine may not have painted the page yet.
_SHIFT = """async () => {
  const painted = (done) => requestAnimationFrame(() => requestAnimationFrame(done));
  await new Promise(painted);
  const block = document.body.appendChild(document.createElement("div"));
  block.style.order = -5;
  block.style.height = "100px";
}"""


@dataclass
class Scales:
    """What a view of a page brings, as Chromium's network stack counts it; nothing is cached."""

    kinds: dict[str, str] = field(default_factory=dict)
    bytes_by_kind: Counter[str] = field(default_factory=Counter)
    requests: int = 0

    def stand_under(self, visitor: Visitor) -> None:
        session: CDPSession = visitor.context.new_cdp_session(visitor.page)
        session.on("Network.responseReceived", self._on_response)
        session.on("Network.loadingFinished", self._on_end)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def empty(self) -> None:
        self.requests = 0
        self.bytes_by_kind.clear()

    def _on_response(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]

    def _on_end(self, event: dict[str, Any]) -> None:
        self.requests += 1
        self.bytes_by_kind[self.kinds[event["requestId"]]] += event["encodedDataLength"]

    @property
    def has_icon(self) -> bool:
        """The last to come: Chromium asks for it when the page is there."""
        return "Other" in self.bytes_by_kind

    def is_within(self, *, requests: int, size: int) -> bool:
        """Whether it brought no more than so many answers and bytes, and a small part of scripts."""
        return (
            self.requests <= requests
            and self.bytes_by_kind.total() <= size
            and self.bytes_by_kind["Script"] <= MOST_BYTES_OF_SCRIPTS
        )


# The headless shell asks for no icon.
@pytest.mark.parametrize("chosen_browser", ["browser_with_history"], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_view_is_light_and_moves_nothing_on_a_phone(
    new_visitor: NewVisitor, language: str
) -> None:
    """Red when: pages are no longer compressed; a script grows by 3 KB, or loads another; a page
    loads an image of its own; a script adds something above what is already shown."""
    policy = {
        path_of("privacy_policy", language),
        path_of("privacy_policy_version", language, number=1),
    }
    started = path_of("trial_started", language)
    pages = public_pages(language)
    assert {*policy, started} < {page.path for page in pages}

    visitor, scales = new_visitor(viewport=PHONE), Scales()
    visitor.context.add_init_script(_WATCH_SHIFTS)
    scales.stand_under(visitor)

    for page in pages:
        scales.empty()
        visitor.open(page.path, status=page.status)
        _wait_for_icon(visitor, scales)

        assert {*scales.bytes_by_kind} == {"Document", "Stylesheet", "Script", "Other"}
        assert scales.is_within(
            # Nobody sees it first: it counts the trial, after pages that brought all but that.
            requests=MOST_REQUESTS + (2 if page.path == started else 0),
            size=MOST_BYTES_OF_THE_POLICY if page.path in policy else MOST_BYTES,
        ), (page.path, scales)
        assert _shifts(visitor) == 0, page.path


def _wait_for_icon(visitor: Visitor, scales: Scales) -> None:
    for _ in range(1000):
        if scales.has_icon:
            return
        visitor.page.wait_for_timeout(10)
    pytest.fail(f"{visitor.page.url} brings no icon: {scales}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_moves_on_a_desk(new_visitor: NewVisitor, language: str) -> None:
    """Red when: a script adds something above what is already shown."""
    visitor = new_visitor(viewport=DESK)
    visitor.context.add_init_script(_WATCH_SHIFTS)

    for page in public_pages(language):
        visitor.open(page.path, status=page.status)
        assert _shifts(visitor) == 0, page.path


def _shifts(visitor: Visitor) -> int:
    """How often something moved on this page since it was opened."""
    visitor.page.evaluate(_SHIFT)
    visitor.page.wait_for_function("() => shifts.length > 0")
    return int(visitor.page.evaluate("shifts.length")) - 1
