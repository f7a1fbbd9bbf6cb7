"""Our own optional cookies: set by the server after the grant, and never before it."""

import json
from unittest import mock

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from consent.choice.visit import Visit, foreign_origin
from consent.gate import first_party
from consent.models import CookieDetails
from tests.factories import DAY, kept_cookies, make_client, post_choice, publish_registry
from tests.run_once import decides_in_memory
from trial.sign_up import attribution

pytestmark = [pytest.mark.django_db, decides_in_memory]

POLISH = "5.39.64.1"  # OVH, Poland
AD = "gclid=abc&utm_source=google&utm_medium=cpc"
COOKIE = settings.CHOICE_COOKIE_NAME


@pytest.fixture(autouse=True)
def behind_a_proxy(settings) -> None:
    settings.TRUSTED_PROXIES = 1


@pytest.fixture
def country_code():
    with mock.patch("pricing.cookies.country_code", return_value="PL") as look_up:
        yield look_up


def test_both_cookies_are_declared_by_their_owners() -> None:
    assert {(cookie.name, cookie.group) for cookie in first_party.declared()} == {
        ("L7_geoip", "preferences"),
        ("Xl7ref", "marketing"),
    }


def test_the_country_cookie_is_set_by_the_answer_to_the_grant(country_code) -> None:
    """Red when: `set_cookies` does not run after the grant."""
    client = make_client(x_forwarded_for=f"198.51.100.1, {POLISH}")

    response = post_choice(client, "save", "preferences")

    morsel = response.cookies["L7_geoip"]
    assert (morsel.value, morsel["max-age"], morsel["httponly"], morsel["samesite"]) == (
        "PL",
        90 * DAY,
        True,
        "Lax",
    )
    country_code.assert_called_once_with(POLISH)


def test_the_country_comes_from_the_table_on_this_server() -> None:
    """The real table knows a Polish address. No look-up leaves the machine (pytest-socket)."""
    client = make_client(x_forwarded_for="83.0.0.1")  # Orange Polska

    response = post_choice(client, "save", "preferences")

    assert response.cookies["L7_geoip"].value == "PL"


@pytest.mark.parametrize("address", ["10.0.0.1", "192.0.2.1", "::1", "nonsense", ""])
def test_an_ip_address_of_no_country_sets_no_cookie(address: str) -> None:
    """Red when: an unknown country is stored as text."""
    response = post_choice(make_client(x_forwarded_for=address), "save", "preferences")

    assert set(kept_cookies(response)) == {COOKIE}


@pytest.mark.parametrize(
    ("groups", "options"),
    [
        pytest.param((), {}, id="no choice"),
        pytest.param((), {"refused": True}, id="refused"),
        pytest.param(("analytics", "marketing"), {}, id="other groups"),
        pytest.param(("preferences",), {"sec_gpc": "1"}, id="suspended by the signal"),
    ],
)
def test_without_a_grant_the_country_is_not_looked_up(country_code, groups, options) -> None:
    """Red when: the value is computed before the grant is read."""
    client = make_client(*groups, x_forwarded_for=POLISH, **options)

    for path in ("/", "/cennik/", "/en/pricing/", "/cookies/"):
        assert "L7_geoip" not in kept_cookies(client.get(path))
    post_choice(client, "reject")
    post_choice(client, "choose")

    country_code.assert_not_called()


def test_a_country_in_the_cookie_is_not_looked_up_again(country_code) -> None:
    client = make_client("preferences", x_forwarded_for=POLISH)
    client.cookies["L7_geoip"] = "DE"

    assert kept_cookies(client.get("/")) == {}
    country_code.assert_not_called()


@pytest.mark.parametrize("value", ["pl", "POL", "P", "<b>", "12"])
def test_a_country_that_the_server_did_not_write_is_replaced(country_code, value: str) -> None:
    client = make_client("preferences", x_forwarded_for=POLISH)
    client.cookies["L7_geoip"] = value

    assert kept_cookies(client.get("/")) == {"L7_geoip": "PL"}


def test_the_attribution_is_that_of_the_page_on_which_the_grant_was_made() -> None:
    """Red when: the visit of the grant is that of the form's own address."""
    client = make_client(referer=f"http://testserver/en/pricing/?{AD}")

    response = post_choice(
        client,
        "accept",
        path="/en/cookies/",
        next="/en/pricing/",
        referrer="https://www.google.com/x",
    )

    stored = attribution.read(response.cookies["Xl7ref"].value)
    assert stored == attribution.Attribution(
        referrer="https://www.google.com",
        landing="/en/pricing/",
        parameters={"gclid": "abc", "utm_source": "google", "utm_medium": "cpc"},
    )
    assert response.cookies["Xl7ref"]["max-age"] == 90 * DAY
    assert response.cookies["Xl7ref"]["httponly"] is True


@pytest.mark.parametrize(
    "referer",
    [f"https://evil.example/?{AD}", f"http://testserver/en/?{AD}", "http://testserver/", ""],
)
def test_a_referrer_of_another_page_sets_no_attribution(referer: str) -> None:
    """Red when: any Referer is taken for the page of the grant."""
    response = post_choice(make_client(referer=referer), "accept", next="/")

    assert "Xl7ref" not in response.cookies


def test_a_later_paid_visit_replaces_the_one_before_and_an_unpaid_one_does_not() -> None:
    client = make_client("marketing", referer="https://ads.example/path?secret=1")

    paid = client.get("/en/?msclkid=1")
    unpaid = client.get("/en/?utm_medium=email")

    assert attribution.read(kept_cookies(paid)["Xl7ref"]) == attribution.Attribution(
        referrer="https://ads.example", landing="/en/", parameters={"msclkid": "1"}
    )
    assert kept_cookies(unpaid) == {}


@pytest.mark.parametrize("groups", [(), ("analytics", "preferences")])
def test_without_a_grant_a_paid_visit_sets_no_cookie(groups) -> None:
    """Red when: `choice.is_granted` is not called."""
    assert "Xl7ref" not in kept_cookies(make_client(*groups).get(f"/en/?{AD}"))


@pytest.mark.parametrize("path", ["/nowhere/", "/healthz", "/admin/login/", "/robots.txt"])
def test_only_a_page_of_the_site_is_a_visit(path: str) -> None:
    """Red when: `_page_visit` counts errors, addresses of machines or /admin/ as pages."""
    client = make_client("marketing")

    assert "Xl7ref" not in kept_cookies(client.get(f"{path}?{AD}"))


def test_a_page_from_the_page_cache_sets_the_cookie_too() -> None:
    """Red when: the cookie is set inside the page cache."""
    client = make_client("marketing")
    client.get("/en/")

    assert "Xl7ref" in kept_cookies(client.get(f"/en/?{AD}"))
    assert kept_cookies(client.get("/en/")) == {}


def test_the_cookie_is_small_whatever_the_address_holds() -> None:
    """Red when: MAX_CHARACTERS is not applied to a part."""
    long = "x" * 3000
    client = make_client("marketing", referer=f"https://{'a' * 200}.example/")

    response = client.get(f"/en/?gclid=a&utm_medium=cpc&utm_source={long}&utm_term={long}&z={long}")

    value = kept_cookies(response)["Xl7ref"]
    stored = attribution.read(value)
    assert stored is not None
    assert {len(text) for text in stored.parameters.values()} <= {1, 3, attribution.MAX_CHARACTERS}
    assert set(stored.parameters) == {"gclid", "utm_medium", "utm_source", "utm_term"}
    assert len(stored.referrer) == attribution.MAX_CHARACTERS
    assert len(value) <= attribution.MAX_BYTES


def test_a_query_of_300_parameters_sets_no_attribution_and_breaks_nothing() -> None:
    query = "&".join(f"a{number}=1" for number in range(300)) + f"&{AD}"

    response = make_client("marketing").get(f"/en/?{query}")

    assert response.status_code == 200
    assert kept_cookies(response) == {}


@pytest.mark.parametrize(
    "query", ["gclid=%ff%fe", "gclid=%00", "gclid=ż", "gclid=%zz&utm_medium=cpc"]
)
def test_broken_encoding_breaks_nothing(query: str) -> None:
    response = Client().get("/en/", QUERY_STRING=query.encode().decode("latin-1"))
    granted = make_client("marketing").get("/en/", QUERY_STRING=query.encode().decode("latin-1"))

    assert (response.status_code, granted.status_code) == (200, 200)
    assert set(kept_cookies(granted)) == {"Xl7ref"}


@pytest.mark.parametrize("place", [0, 10, -1])
def test_an_attribution_that_was_tampered_with_is_not_read(place: int) -> None:
    """Red when: the value is not signed."""
    value = attribution.sign(attribution.Attribution("https://a.example", "/", {"gclid": "1"}))
    characters = list(value)
    characters[place] = "A" if characters[place] != "A" else "B"

    assert attribution.read("".join(characters)) is None
    assert attribution.read(json.dumps({"referrer": "", "landing": "", "parameters": {}})) is None


def test_a_cookie_that_staff_switched_off_is_not_set(country_code) -> None:
    """Red when: the registry is not checked before a cookie is set."""
    row = CookieDetails.objects.get(cookie__name="L7_geoip")
    row.is_active = False
    row.save()
    publish_registry()

    assert kept_cookies(make_client("preferences").get("/")) == {}


def test_a_cookie_lives_as_long_as_the_registry_declares(country_code) -> None:
    """Red when: the life is written in the code."""
    row = CookieDetails.objects.get(cookie__name="L7_geoip")
    row.max_age_seconds = 7 * DAY
    row.save()
    publish_registry()

    response = make_client("preferences", x_forwarded_for=POLISH).get("/")

    assert response.cookies["L7_geoip"]["max-age"] == 7 * DAY


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://ads.example/path?q=1#x", "https://ads.example"),
        ("http://ADS.example:8080/", "http://ads.example:8080"),
        ("https://user:secret@ads.example/", "https://ads.example"),
        ("http://testserver/other/", ""),
        (f"{settings.SITE_ORIGIN}/", ""),
        ("android-app://com.google/", ""),
        ("javascript:alert(1)", ""),
        ("//ads.example/", ""),
        ("https://", ""),
        ("http://[", ""),
        ("https://ads.example:99999/", ""),
        ("", ""),
    ],
)
def test_only_the_origin_of_another_site_is_kept(address: str, origin: str) -> None:
    """Red when: path, query or user name is not cut off."""
    assert foreign_origin(RequestFactory().get("/"), address) == origin


def test_the_parameters_of_a_visit_are_the_first_of_each_name() -> None:
    visit = Visit(path="/", query="a=1&a=2&b=&c=%C5%BC", referrer_origin="")

    assert visit.parameters == {"a": "1", "c": "ż"}
