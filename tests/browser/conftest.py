"""A live server over the collected files, and visitors in a Chromium that reaches no other host."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser

from tests.browser.fonts import DEJAVU, LIBERATION, environment_with
from tests.browser.visitor import Visitor

# An address in Poland; 127.0.0.1 belongs to no country.
CLIENT_ADDRESS = "5.172.255.1"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No host but this machine can be found; names under .localhost belong to it, too.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE *.localhost",
]

NewVisitor = Callable[..., Visitor]


class _Site(WSGIHandler):
    """The site as gunicorn serves it, to clients in Poland. WhiteNoise serves the static files."""

    def __init__(self, unused: WSGIHandler) -> None:
        super().__init__()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ["REMOTE_ADDR"] = CLIENT_ADDRESS
        return super().__call__(environ, start_response)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Chromium's headless shell: the same engine without a window, in a third of the time."""
    return browser_type_launch_args | {
        "executable_path": os.environ["HEADLESS_SHELL_PATH"],
        "args": ARGUMENTS,
        "env": environment_with(DEJAVU, tmp_path_factory.mktemp("dejavu")),
    }


# Closed after each module: its window keeps drawing, and takes half a core from the other tests.
@pytest.fixture(scope="module")
def browser_with_history(launch_browser: Callable[..., Browser]) -> Iterator[Browser]:
    """Chromium with the back/forward cache, as visitors have it: Playwright switches it off."""
    browser = launch_browser(
        executable_path=os.environ["CHROMIUM_PATH"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser_in_liberation(
    launch_browser: Callable[..., Browser], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    browser = launch_browser(
        env=environment_with(LIBERATION, tmp_path_factory.mktemp("liberation"))
    )
    yield browser
    browser.close()


@pytest.fixture
def chosen_browser(request: pytest.FixtureRequest) -> Browser:
    """The browser of a test: the one with the widest font, unless the test is marked with another."""
    browser: Browser = request.getfixturevalue(getattr(request, "param", "browser"))
    return browser


@pytest.fixture(scope="session")
def playwright(playwright: Any) -> Iterator[Any]:
    """Playwright, with Django's guard against the ORM in an event loop switched off.

    Playwright's event loop runs in this thread, so Django would refuse every query of a test.
    """
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield playwright


@pytest.fixture(scope="session")
def origin(django_db_setup: None) -> Iterator[str]:
    """The address of the live server."""
    thread = LiveServerThread("127.0.0.1", _Site)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture(autouse=True)
def site(
    transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, origin: str
) -> str:
    """The address of the site, which has both Google ids set."""
    for connection in connections.all():
        # Otherwise a thread of the server keeps a connection, and the test database cannot be dropped.
        monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    settings.GOOGLE_TAG_ID = "G-TEST"
    settings.GOOGLE_ADS_ID = "AW-123"
    settings.SITE_ORIGIN = origin
    return origin


@pytest.fixture
def new_visitor(site: str, chosen_browser: Browser) -> Iterator[NewVisitor]:
    """Makes visitors. At the end, no visitor may have met an error or asked a foreign host."""
    visitors: list[Visitor] = []

    def make(*, has_javascript: bool = True, host: str = "127.0.0.1", **options: Any) -> Visitor:
        context = chosen_browser.new_context(java_script_enabled=has_javascript, **options)
        origin = site.replace("127.0.0.1", host)
        visitors.append(Visitor(context, origin=origin, has_javascript=has_javascript))
        return visitors[-1]

    yield make
    problems = [problem for visitor in visitors for problem in visitor.problems]
    for visitor in visitors:
        visitor.context.close()
    assert problems == []


@pytest.fixture
def visitor(new_visitor: NewVisitor) -> Visitor:
    return new_visitor()
