"""The site, and a visitor in each engine, who reaches no other host."""

from collections.abc import Callable, Iterator

import pytest

from tests.browser.conftest import origin, site
from tests.engines.browser import Browser
from tests.engines.chromium import chromium
from tests.engines.firefox import firefox
from tests.engines.foreign_hosts import ForeignHosts, foreign_hosts
from tests.engines.visitor import Visitor
from tests.engines.webkit import webkit

# The fixtures of the suite in Chromium; each test here gets them, too.
__all__ = ["origin", "site"]

ENGINES = {"chromium": chromium, "firefox": firefox, "webkit": webkit}

NewVisitor = Callable[..., Visitor]


@pytest.fixture(scope="session")
def abroad() -> Iterator[ForeignHosts]:
    with foreign_hosts() as hosts:
        yield hosts


@pytest.fixture(scope="session", params=ENGINES)
def new_browser(
    request: pytest.FixtureRequest,
    abroad: ForeignHosts,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[bool], Browser]]:
    """Makes browsers of one engine. Every test runs in each."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        # Playwright's event loop runs in this thread, so Django would refuse every query of a test.
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with ENGINES[request.param](tmp_path_factory.mktemp(request.param), abroad.proxy) as make:
            yield make


@pytest.fixture
def new_visitor(
    site: str, abroad: ForeignHosts, new_browser: Callable[[bool], Browser]
) -> Iterator[NewVisitor]:
    """Makes the visitor of a test, with scripts or without. At the end they may have met no error."""
    visitors: list[Visitor] = []

    def make(*, has_scripts: bool = True) -> Visitor:
        abroad.forget()
        visitors.append(Visitor(new_browser(has_scripts), site, abroad, has_scripts=has_scripts))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.browser.close()
        assert visitor.browser.problems == []


@pytest.fixture
def visitor(new_visitor: NewVisitor) -> Visitor:
    return new_visitor()
