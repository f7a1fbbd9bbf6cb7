"""The guard: a cookie that is not declared, or not granted, is not sent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from consent.choice.choice import Choice, State
from consent.gate.guard import GuardMiddleware
from consent.registry import registry
from content import store
from tests.factories import make_cookie
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]

NOTHING = Choice(shows_banner=True)
REFUSED = Choice(State.REFUSED)


def granted(*groups: str) -> Choice:
    return Choice(State.GRANTED, granted=frozenset(groups))


def guarded(
    set_them: Callable[[HttpResponse], object], *, path: str = "/", choice: Choice | None = NOTHING
) -> list[str]:
    """The names of the cookies that pass the guard, of a view that sets some."""

    def view(request: object) -> HttpResponse:
        response = HttpResponse()
        set_them(response)
        return response

    request = RequestFactory().get(path)
    if choice is not None:
        request.consent = choice
    response = GuardMiddleware(view)(request)
    assert "Set-Cookie" not in response.headers
    return [morsel.key for morsel in response.cookies.values()]


def dropped(name: str) -> str:
    return f"Dropped the cookie {name!r}: undeclared here, or not granted."


@pytest.mark.parametrize("choice", [NOTHING, REFUSED, granted("analytics")], ids=str)
@pytest.mark.parametrize("path", ["/", "/admin/"])
@pytest.mark.parametrize("name", ["tracker", "l7_choice2", "L7_choice", "_ga_", "django_language"])
def test_an_undeclared_cookie_is_dropped_and_logged(
    name: str, path: str, choice: Choice, dropped_cookies
) -> None:
    """Red when: `_is_allowed` returns True for an undeclared name."""
    assert guarded(lambda response: response.set_cookie(name, "1"), path=path, choice=choice) == []

    assert dropped_cookies == [dropped(name)]
    dropped_cookies.clear()


@pytest.mark.parametrize("choice", [NOTHING, REFUSED, Choice(State.SIGNALED), granted("marketing")])
@pytest.mark.parametrize("name", ["_ga", "_ga_ABC", "_gid"])
def test_a_declared_cookie_of_a_group_not_granted_is_dropped_and_logged(
    name: str, choice: Choice, dropped_cookies
) -> None:
    """Red when: `_is_allowed` only checks that the name is declared."""
    assert guarded(lambda response: response.set_cookie(name, "1"), choice=choice) == []

    assert dropped_cookies == [dropped(name)]
    dropped_cookies.clear()


@pytest.mark.parametrize(
    ("name", "group"),
    [("_ga", "analytics"), ("_ga_ABC", "analytics"), ("Xl7ref", "marketing")],
)
def test_a_granted_cookie_passes(name: str, group: str) -> None:
    """Red when: the guard drops everything."""
    result = guarded(lambda response: response.set_cookie(name, "1"), choice=granted(group))

    assert result == [name]


def test_the_choice_cookie_passes_before_any_choice() -> None:
    assert guarded(lambda response: response.set_cookie("l7_choice", "refused")) == ["l7_choice"]


def test_a_request_without_a_resolved_choice_grants_nothing(dropped_cookies) -> None:
    """Red when: the guard counts a missing choice as a grant, or raises."""
    assert guarded(lambda response: response.set_cookie("_ga", "1"), choice=None) == []

    assert dropped_cookies == [dropped("_ga")]
    dropped_cookies.clear()


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages"])
def test_a_staff_cookie_passes_under_admin_alone(name: str, dropped_cookies) -> None:
    """Red when: `is_staff_page` is left out, or every necessary cookie passes everywhere."""

    def set_it(response: HttpResponse) -> None:
        response.set_cookie(name, "1")

    assert guarded(set_it, path="/admin/") == [name]
    assert guarded(set_it, path="/admin/login/") == [name]
    assert dropped_cookies == []
    for path in ("/", "/en/", "/administration/", "/en/admin/", "/admin"):
        assert guarded(set_it, path=path, choice=granted("analytics", "marketing")) == []
    assert dropped_cookies == [dropped(name)] * 5
    dropped_cookies.clear()


@pytest.mark.parametrize("name", ["_ga", "tracker", "sessionid"])
@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"max_age": 0}, id="max-age=0"),
        pytest.param({"max_age": -5}, id="max-age below zero"),
        pytest.param({"expires": datetime(1970, 1, 1, tzinfo=UTC)}, id="expired in 1970"),
    ],
)
def test_a_cookie_that_expires_at_once_always_passes(name: str, options: dict) -> None:
    """Red when: the guard drops what expires, so that nothing can be removed."""
    assert guarded(lambda response: response.set_cookie(name, "", **options)) == [name]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="until the browser is closed"),
        pytest.param({"max_age": 1}, id="a second"),
        pytest.param({"expires": timezone.now() + timedelta(days=1)}, id="a day"),
        pytest.param({"expires": "soon"}, id="no date"),
        pytest.param({"expires": "Thu, 99 Foo 1970 00:00:00 GMT"}, id="no such date"),
    ],
)
def test_a_cookie_that_stays_does_not_pass_as_expiring(options: dict, dropped_cookies) -> None:
    """Red when: `_expires` counts an unreadable date as past."""
    assert guarded(lambda response: response.set_cookie("tracker", "1", **options)) == []

    assert dropped_cookies == [dropped("tracker")]
    dropped_cookies.clear()


@pytest.mark.parametrize("max_age", ["5", "0x", "soon", "-", "1e3"])
def test_max_age_wins_over_a_past_expiry(max_age: str, dropped_cookies) -> None:
    """Red when: a past `expires` lets a cookie pass whose Max-Age keeps it."""

    def set_it(response: HttpResponse) -> None:
        response.set_cookie("tracker", "1", expires=datetime(1970, 1, 1, tzinfo=UTC))
        response.cookies["tracker"]["max-age"] = max_age

    assert guarded(set_it) == []

    dropped_cookies.clear()


def test_a_header_written_by_hand_is_dropped_even_where_the_group_is_granted(
    dropped_cookies,
) -> None:
    """Red when: only `response.cookies` is read."""

    def set_it(response: HttpResponse) -> None:
        response.headers["Set-Cookie"] = "_ga=1; Path=/"

    assert guarded(set_it, choice=granted("analytics")) == []

    assert dropped_cookies == ["Dropped a Set-Cookie header that was written by hand."]
    dropped_cookies.clear()


def test_one_dropped_cookie_leaves_the_others(dropped_cookies) -> None:
    """Red when: a bad cookie makes the guard drop the others, or they make it pass."""

    def set_them(response: HttpResponse) -> None:
        for name in ("l7_choice", "tracker", "_ga"):
            response.set_cookie(name, "1")
        response.delete_cookie("_gid")

    assert guarded(set_them, choice=granted("analytics")) == ["l7_choice", "_ga", "_gid"]

    assert dropped_cookies == [dropped("tracker")]
    dropped_cookies.clear()


def test_the_guard_reads_the_name_of_a_cookie_and_not_its_key_in_the_response(
    dropped_cookies,
) -> None:
    """Red when: the guard looks at the key in `response.cookies` instead of the name."""

    def set_them(response: HttpResponse) -> None:
        response.set_cookie("tracker", "1")
        response.cookies["_ga"] = response.cookies.pop("tracker")

    assert guarded(set_them, choice=granted("analytics")) == []

    assert dropped_cookies == [dropped("tracker")]
    dropped_cookies.clear()


def test_a_cookie_switched_off_by_staff_is_undeclared(dropped_cookies) -> None:
    """Red when: the registry keeps inactive rows."""
    make_cookie("l7_test", is_active=False)

    result = guarded(
        lambda response: response.set_cookie("l7_test", "1"), choice=granted("analytics")
    )

    assert result == []
    assert dropped_cookies == [dropped("l7_test")]
    dropped_cookies.clear()


def test_a_declared_local_storage_declares_no_cookie(dropped_cookies) -> None:
    """Red when: `find` looks at other storage too."""
    assert guarded(lambda response: response.set_cookie("theme", "1"), path="/admin/") == []

    dropped_cookies.clear()


def test_without_content_only_the_choice_cookie_passes(dropped_cookies, monkeypatch) -> None:
    """Red when: no cookie, or every cookie, passes while the registry cannot be loaded."""

    def gone() -> None:
        raise store.ContentUnavailable

    monkeypatch.setattr(registry, "current", gone)

    def set_them(response: HttpResponse) -> None:
        for name in ("l7_choice", "_ga", "sessionid"):
            response.set_cookie(name, "1")

    assert guarded(set_them, path="/admin/", choice=granted("analytics")) == ["l7_choice"]

    assert dropped_cookies == [dropped("_ga"), dropped("sessionid")]
    dropped_cookies.clear()
