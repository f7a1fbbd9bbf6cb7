"""`make bench`: long tasks (50 ms and more) of a first view on a slow phone, with the CPU 4x slower.

The reference is the same page without styles and scripts: the cost of its text alone. Both are measured
in turn. Other work of the machine only adds tasks, so the round with the fewest counts.
"""

import os
import re
from dataclasses import dataclass

from playwright.sync_api import Browser, Route, sync_playwright

from tests.look.lighthouse import NAMES
from tests.look.screenshots import ARGUMENTS, SIZES
from tests.look.seeded_site import seeded_site
from tests.pages import ADDRESSES

ROUNDS = 5
SLOWER = 4
_BARE = re.compile(
    r"<link rel=\"(?:stylesheet|icon)\"[^>]*>|<script\b[^>]*>.*?</script>", re.DOTALL
)
_WATCH = """window.tasks = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map((task) => task.duration)))
  .observe({ type: "longtask", buffered: true });"""
# A long task that the observer must report: then it has reported every earlier one as well.
_LAST = "() => { const start = performance.now(); while (performance.now() - start < 70); }"


@dataclass(frozen=True, order=True)
class Tasks:
    """The long tasks of one view: their sum and the longest in milliseconds, and their number."""

    together: float
    longest: float
    count: int

    def __str__(self) -> str:
        return f"{self.count} (longest {self.longest:.0f} ms)" if self.count else "none"


def main() -> None:
    print(f"\nLong tasks of a first view, CPU {SLOWER}x slower: page / its text alone")
    with seeded_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM_PATH"], args=ARGUMENTS
        )
        for address in [address for name in NAMES for address in ADDRESSES[name]]:
            url = f"http://127.0.0.1:{site.port}{address}"
            rounds = [
                (tasks_of(browser, url), tasks_of(browser, url, bare=True)) for _ in range(ROUNDS)
            ]
            whole, bare = (min(column) for column in zip(*rounds, strict=True))
            print(f"{address:<28}{whole!s} / {bare!s}", flush=True)
        browser.close()


def tasks_of(browser: Browser, url: str, *, bare: bool = False) -> Tasks:
    """Open a page in a new browser context, without a cache."""
    context = browser.new_context(viewport=SIZES["phone"])
    context.add_init_script(_WATCH)
    page = context.new_page()
    if bare:
        page.route(url, _without_style_and_scripts)
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="load")
    page.evaluate("() => new Promise((seen) => requestIdleCallback(seen))")
    # A timer starts it, so that it is a separate task.
    page.evaluate(f"() => new Promise((seen) => setTimeout(() => {{ ({_LAST})(); seen(); }}))")
    page.wait_for_function("() => tasks.some((duration) => duration >= 70)")
    *durations, _last = page.evaluate("tasks")
    context.close()
    return Tasks(sum(durations), max(durations, default=0), len(durations))


def _without_style_and_scripts(route: Route) -> None:
    response = route.fetch()
    headers = {k: v for k, v in response.headers.items() if not k.startswith("content-")}
    headers["content-type"] = "text/html; charset=utf-8"
    route.fulfill(headers=headers, body=_BARE.sub("", response.text()))


if __name__ == "__main__":
    main()
