"""Exactly the allowed cookies and only the allowed hosts, on every page and in every state.

A visitor presses the buttons that lead to a state; then the same browser opens every page.
"""

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest
import time_machine

from tests.browser.conftest import NewVisitor
from tests.browser.public_pages import LANGUAGES, PublicPage, path_of, public_pages
from tests.browser.visitor import Visitor
from tests.run_once import acts_in_the_browser

pytestmark = acts_in_the_browser

NOTHING: frozenset[str] = frozenset()
CHOICE = frozenset({"l7_choice"})
COUNTRY = frozenset({"L7_geoip"})
ANALYTICS = frozenset({"_ga", "_ga_TEST", "_gid", "_gat"})
ATTRIBUTION = frozenset({"Xl7ref"})
ADS = frozenset({"_gcl_au", "_gcl_ls"})

ANALYTICS_ASKED = frozenset({"www.googletagmanager.com", "www.google-analytics.com"})
ADS_ASKED = frozenset({"www.googletagmanager.com", "www.googleadservices.com"})
ANALYTICS_SOURCES = frozenset(
    {
        "https://www.googletagmanager.com",
        "https://www.google-analytics.com",
        "https://*.google-analytics.com",
        "https://*.analytics.google.com",
    }
)
ADS_SOURCES = frozenset(
    {
        "https://www.googletagmanager.com",
        "https://www.googleadservices.com",
        "https://googleads.g.doubleclick.net",
        "https://pagead2.googlesyndication.com",
        "https://ad.doubleclick.net",
        "https://www.google.com",
    }
)

# A paid visit, so that there is something to attribute once marketing is granted.
PAID = "?gclid=from-an-ad"
GPC = {"Sec-GPC": "1"}
HALF_A_YEAR = timedelta(days=182)
# Private pages name no third party for any grant: one state of each kind is enough to show it.
OPENING_PRIVATE_PAGES = {"no-choice", "granted", "withdrawn", "granted-no-js"}


def do_nothing(visitor: Visitor) -> None:
    """Make no choice."""


def accept(visitor: Visitor) -> None:
    visitor.press("accept")


def reject(visitor: Visitor) -> None:
    visitor.press("reject")


def grant(group: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.choose(group)


def withdraw(visitor: Visitor) -> None:
    visitor.press("accept")
    visitor.follow_to_settings()
    visitor.press("reject")


def switch_gpc_on(visitor: Visitor) -> None:
    visitor.press("accept")
    visitor.context.set_extra_http_headers(GPC)


@dataclass(frozen=True)
class State:
    """How a visitor gets into a state, and what may then be on their device."""

    name: str
    reach: Callable[[Visitor], None]
    cookies: frozenset[str]
    asked: frozenset[str] = NOTHING
    sources: frozenset[str] = NOTHING
    has_banner: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    # How long after reaching the state the pages are opened.
    later: timedelta = timedelta()

    def __str__(self) -> str:
        return self.name

    def pages(self, language: str) -> list[PublicPage]:
        opens_private_pages = self.name in OPENING_PRIVATE_PAGES
        return [p for p in public_pages(language) if opens_private_pages or not p.is_private]

    def expected_on(
        self, page: PublicPage
    ) -> tuple[frozenset[str], frozenset[str], frozenset[str], bool]:
        """Names on the device, hosts asked, hosts in the policy, whether there is a banner."""
        if page.is_private:
            return self.cookies, NOTHING, NOTHING, False
        # The cookie page asks by its own form.
        has_banner = self.has_banner and page.name != "cookies"
        return self.cookies, self.asked, self.sources, has_banner

    @property
    def moment(self) -> AbstractContextManager[object]:
        """Moves the clock of the server alone: the server itself must end a choice."""
        return time_machine.travel(datetime.now(UTC) + self.later) if self.later else nullcontext()


STATES = [
    State("no-choice", do_nothing, NOTHING, has_banner=True),
    State("refused", reject, CHOICE),
    State(
        "granted",
        accept,
        CHOICE | COUNTRY | ANALYTICS | ATTRIBUTION | ADS,
        asked=ANALYTICS_ASKED | ADS_ASKED,
        sources=ANALYTICS_SOURCES | ADS_SOURCES,
    ),
    State("preferences", grant("preferences"), CHOICE | COUNTRY),
    State(
        "analytics",
        grant("analytics"),
        CHOICE | ANALYTICS,
        asked=ANALYTICS_ASKED,
        sources=ANALYTICS_SOURCES,
    ),
    State(
        "marketing",
        grant("marketing"),
        CHOICE | ATTRIBUTION | ADS,
        asked=ADS_ASKED,
        sources=ADS_SOURCES,
    ),
    State("withdrawn", withdraw, CHOICE),
    State("over", accept, CHOICE, has_banner=True, later=HALF_A_YEAR),
    State("gpc", do_nothing, NOTHING, options={"extra_http_headers": GPC}),
    State("gpc-after-grant", switch_gpc_on, CHOICE),
    State(
        "no-choice-no-js", do_nothing, NOTHING, has_banner=True, options={"has_javascript": False}
    ),
    State("refused-no-js", reject, CHOICE, options={"has_javascript": False}),
    State(
        "granted-no-js",  # Google's script cannot run, but the policy would let it
        accept,
        CHOICE | COUNTRY | ATTRIBUTION,
        sources=ANALYTICS_SOURCES | ADS_SOURCES,
        options={"has_javascript": False},
    ),
]


# The gate does not know the language: in English the four states that differ most are enough.
IN_ENGLISH = {"no-choice", "refused", "granted", "withdrawn"}
STATES_AND_LANGUAGES = [
    *((state, "pl") for state in STATES),
    *((state, "en") for state in STATES if state.name in IN_ENGLISH),
]


@pytest.mark.parametrize(("state", "language"), STATES_AND_LANGUAGES, ids=str)
def test_every_page_stores_exactly_what_the_choice_allows(
    new_visitor: NewVisitor, state: State, language: str
) -> None:
    """Red when: choice.py grants before a choice, ignores the signal, or never lets a choice end;
    expiry.py expires nothing; tags.py or hosts.py forget a group; a script opens localStorage,
    IndexedDB or Cache Storage; an error page loads a tag; ask.js does not stop the tag before
    the browser leaves the page; a view with a token loses `private_page`."""
    visitor = new_visitor(**state.options)
    visitor.open(path_of("home", language) + PAID)
    state.reach(visitor)

    with state.moment:
        opened = [(page, *_open(visitor, page)) for page in state.pages(language)]

    assert len(opened) >= (17 if state.name in OPENING_PRIVATE_PAGES else 14)
    assert opened == [(page, *state.expected_on(page)) for page, *_names in opened]


def _open(
    visitor: Visitor, page: PublicPage
) -> tuple[frozenset[str], frozenset[str], frozenset[str], bool]:
    """Open a page: names on the device, hosts asked, hosts in its policy, whether it has a banner."""
    visitor.google.forget()
    response = visitor.open(page.path, status=page.status)
    names = [*visitor.cookie_names, *visitor.storage]
    assert len(set(names)) == len(names)
    policy = response.headers["content-security-policy"]
    sources = {word for part in policy.split(";") for word in part.split()[1:]}
    return (
        frozenset(names),
        frozenset(visitor.google.asked),
        frozenset(sources - {"'self'", "'none'"}),
        visitor.banner.count() == 1,
    )


def test_cookies_of_an_earlier_site_on_other_domains_and_paths_are_removed(
    new_visitor: NewVisitor, settings: Any
) -> None:
    """Red when: expiry.py expires on the host alone, or on the path "/" alone."""
    settings.ALLOWED_HOSTS = ["www.voipstudio.localhost"]
    visitor = new_visitor(host="www.voipstudio.localhost")
    visitor.context.add_cookies(
        [
            {"name": "_ga_OLD", "value": "1", "domain": domain, "path": path}
            for domain in (".voipstudio.localhost", "www.voipstudio.localhost")
            for path in ("/", "/en", "/en/privacy-policy/")
        ]
    )
    assert len(visitor.cookie_names) == 6

    visitor.open("/en/privacy-policy/")

    assert visitor.cookie_names == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["cookies", "privacy_policy"])
def test_no_cookie_lives_longer_than_the_table_declares(
    visitor: Visitor, name: str, language: str
) -> None:
    """Red when: google_commands.js leaves out `cookie_expires`; views.py sets the choice cookie for 400
    days; _cookie_table.html leaves a cookie out."""
    visitor.open(path_of("home", language) + PAID)
    visitor.press("accept")
    visitor.open(path_of(name, language))

    declared = _declared_seconds(visitor)

    assert len(visitor.cookie_names) == 8
    for cookie in visitor.cookies:
        seconds = [life for pattern, life in declared if fnmatchcase(cookie["name"], pattern)]
        assert 0 < cookie["expires"] - time.time() <= seconds[0], cookie["name"]


_SECONDS = (
    dict.fromkeys(("minute", "minutes", "minuta", "minuty", "minut"), 60)
    | dict.fromkeys(("hour", "hours", "godzina", "godziny", "godzin"), 60 * 60)
    | dict.fromkeys(("day", "days", "dzień", "dni"), 24 * 60 * 60)
)


def _declared_seconds(visitor: Visitor) -> list[tuple[str, int]]:
    """Name or pattern, and life, of every cookie in the visible table; exact names first."""
    rows = visitor.page.locator("tbody tr:has(code)")
    declared = []
    for cells in rows.evaluate_all("rows => rows.map(row => [...row.cells].map(c => c.innerText))"):
        if life := re.fullmatch(r"(\d+) (\w+)", cells[3].strip()):
            declared.append((cells[0].strip(), int(life[1]) * _SECONDS[life[2]]))
    return sorted(declared, key=lambda row: "*" in row[0])
