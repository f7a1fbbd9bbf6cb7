"""The choice cookie on pages: random bytes, its end, with and without the signal."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.signing import Signer
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from consent.choice import choice
from consent.models import ConsentRecord
from tests.factories import (
    expired_cookies,
    kept_cookies,
    make_client,
    make_grant,
    post_choice,
)
from tests.run_once import decides_in_memory

pytestmark = pytest.mark.django_db

COOKIE = settings.CHOICE_COOKIE_NAME
MARCH = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BANNER = "data-ask"
SIGNAL_LINE = 'class="signal"'
# Values that are almost right: cut, joined or signed in a wrong way.
NEARLY = st.builds(
    lambda head, tail: head + tail,
    st.sampled_from(["refused.", "refused", "1!2!3!4!5.", ".", Signer().sign("refused")]),
    st.text(max_size=40),
)


@decides_in_memory
def test_no_bytes_of_a_choice_cookie_grant_anything_or_break_a_page() -> None:
    """Red when: `read` does not catch ValueError, or accepts an unsigned refusal."""
    client = Client()

    @hypothesis_settings(max_examples=2000, deadline=None, derandomize=True)
    @given(value=st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")) | NEARLY)
    def check(value: str) -> None:
        header = f"{COOKIE}={value}".encode("utf-8", "surrogatepass").decode("latin-1")

        response = client.get("/", HTTP_COOKIE=header)

        assert response.status_code == 200
        assert response.wsgi_request.consent.granted == frozenset()
        assert response.wsgi_request.consent.state is choice.State.NONE
        assert kept_cookies(response) == {}

    check()


@decides_in_memory
def test_no_bytes_of_the_cookie_header_break_a_page() -> None:
    """Red when: a name that is not a token is expired, too."""
    client = Client()
    names = [COOKIE, "_ga", "_ga_", "_gcl_", "L7_geoip", "Xl7ref", "=", ";", ",", '"']

    @hypothesis_settings(max_examples=500, deadline=None, derandomize=True)
    @given(
        header=st.binary(max_size=300).map(lambda raw: raw.decode("latin-1"))
        | st.lists(
            st.sampled_from(names) | st.text(st.characters(max_codepoint=255), max_size=5)
        ).map("".join)
    )
    def check(header: str) -> None:
        response = client.get("/", HTTP_COOKIE=header)

        assert response.status_code == 200
        assert response.wsgi_request.consent.granted == frozenset()

    check()


@pytest.mark.parametrize("path", ["/", "/en/", "/cookies/", "/en/cookies/", "/nowhere/"])
def test_a_garbage_cookie_shows_the_banner_as_if_it_were_not_there(path: str) -> None:
    garbled = Client().get(path, HTTP_COOKIE=f"{COOKIE}=refused.forged")

    # The cookie page asks by its own form.
    assert (BANNER in garbled.text) == ("cookies" not in path)
    assert garbled.text == Client().get(path).text


def test_refusals_of_all_visitors_leave_the_same_bytes() -> None:
    """Red when: the refusal's cookie holds the record id, the time or the language."""
    with time_machine.travel(MARCH, tick=False):
        polish = post_choice(make_client(), "reject")
    with time_machine.travel(MARCH + timedelta(days=40), tick=False):
        english = post_choice(
            make_client("analytics", accept_language="en"),
            "save",
            path="/en/cookies/",
            place="cookie-page",
            next="/en/",
        )

    assert polish.cookies[COOKIE].OutputString().split("; ")[0] == f"{COOKIE}=" + (
        choice.write_refusal()
    )
    assert kept_cookies(polish) == kept_cookies(english) == {COOKIE: choice.write_refusal()}
    assert polish.cookies[COOKIE]["max-age"] == english.cookies[COOKIE]["max-age"] == 15724800


def test_a_view_never_prolongs_a_choice() -> None:
    """Red when: ConsentMiddleware sets the choice cookie anew on every view."""
    with time_machine.travel(MARCH, tick=False):
        client = make_client()
        post_choice(client, "save", "analytics")
    cookie_value = client.cookies[COOKIE].value

    with time_machine.travel(MARCH + timedelta(days=181, hours=23), tick=False):
        late = client.get("/")
        assert late.wsgi_request.consent.granted == {"analytics"}
        assert COOKIE not in late.cookies
    with time_machine.travel(MARCH + timedelta(days=182), tick=False):
        over = Client().get("/", HTTP_COOKIE=f"{COOKIE}={cookie_value}")

    assert over.wsgi_request.consent == choice.Choice(shows_banner=True)
    assert BANNER in over.text


def test_a_refusal_is_not_prolonged_by_a_view() -> None:
    response = make_client(refused=True).get("/")

    assert dict(response.cookies) == {}
    assert BANNER not in response.text


def test_the_choice_cookie_is_httponly_and_same_site() -> None:
    """Red when: `httponly` or `samesite` is left out."""
    response = post_choice(make_client(), "accept")

    morsel = response.cookies[COOKIE]
    assert (morsel["httponly"], morsel["samesite"], morsel["domain"], morsel["path"]) == (
        True,
        "Lax",
        "",
        "/",
    )
    assert morsel["max-age"] == 182 * 24 * 60 * 60


@pytest.mark.parametrize("value", ["1", "1, 1", "0,1", "1,true"])
def test_the_value_1_is_the_signal(value: str) -> None:
    """A server joins a header that was sent twice with a comma (RFC 9110, 5.3).

    Red when: the middleware compares the whole header.
    """
    response = make_client(sec_gpc=value).get("/")

    assert response.wsgi_request.consent.state is choice.State.SIGNALED
    assert BANNER not in response.text
    assert SIGNAL_LINE in response.text


@pytest.mark.parametrize("value", ["0", "0, 0", "true", "", "1;", "01", "１"])
def test_any_other_value_is_no_signal(value: str) -> None:
    """Red when: the middleware accepts any value of Sec-GPC as the signal."""
    response = make_client(sec_gpc=value).get("/")

    assert response.wsgi_request.consent.state is choice.State.NONE
    assert BANNER in response.text
    assert SIGNAL_LINE not in response.text


def test_the_signal_alone_writes_no_row_and_sets_no_cookie() -> None:
    response = make_client(sec_gpc="1").get("/")

    assert dict(response.cookies) == {}
    assert ConsentRecord.objects.count() == 0


def test_a_grant_made_under_the_signal_works_under_it_and_says_so_in_its_record() -> None:
    """Red when: `has_gpc_signal` is not written into the cookie or the record."""
    client = make_client(sec_gpc="1")

    post_choice(client, "save", "preferences", place="cookie-page", next="/cookies/")

    assert client.get("/").wsgi_request.consent.granted == {"preferences"}
    assert ConsentRecord.objects.get().has_gpc_signal is True


def test_a_suspended_grant_loses_its_cookies_and_counts_again_without_the_signal() -> None:
    """Red when: a suspended grant still counts as granted in `expiry`."""
    value = choice.write_grant(make_grant("analytics"))
    cookies = f"{COOKIE}={value}; _ga=GA1.1.2; _ga_ABC=GS1"

    suspended = Client().get("/", HTTP_COOKIE=cookies, headers={"sec-gpc": "1"})
    alive = Client().get("/", HTTP_COOKIE=cookies)

    assert expired_cookies(suspended) == {
        (name, domain, "/") for name in ("_ga", "_ga_ABC") for domain in ("",)
    }
    assert SIGNAL_LINE in suspended.text
    assert COOKIE not in suspended.cookies
    assert alive.wsgi_request.consent.granted == {"analytics"}
    assert dict(alive.cookies) == {}
