"""The currency of a page: `?currency=` decides, then a granted country, then the language."""

import pytest
from django.test import Client

from consent.models import CookieDetails
from tests.factories import make_client, publish_registry
from tests.pages import Page
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]

PL, EN = "/cennik/", "/en/pricing/"


def _currency(client: Client, address: str, **options) -> str:
    """The one currency that the page marks as current."""
    return Page(client.get(address, **options).content).one("a", aria_current="true").text[:3]


def _with_country(country: str, *groups: str) -> Client:
    client = make_client(*(groups or ("preferences",)))
    client.cookies["L7_geoip"] = country
    return client


@pytest.mark.parametrize(("address", "currency"), [(PL, "PLN"), (EN, "GBP")])
def test_before_a_choice_the_language_decides(client, address: str, currency: str) -> None:
    """Red when: the country of the client address is looked up without a grant."""
    assert _currency(client, address) == currency


@pytest.mark.parametrize("code", ["PLN", "GBP", "EUR", "USD"])
@pytest.mark.parametrize("address", [PL, EN])
def test_a_currency_in_the_address_decides_for_that_page(address: str, code: str) -> None:
    """Red when: the country is checked before `?currency=`."""
    client = _with_country("DE")

    assert _currency(client, f"{address}?currency={code}") == code
    assert _currency(client, address) == "EUR"


@pytest.mark.parametrize(
    "wrong",
    ["CHF", "", "PLN%00", "../", "%ff%fe", "PLN&currency=CHF", "<script>", "EURO"],
)
@pytest.mark.parametrize(
    ("address", "currency", "sentence"),
    [
        (PL, "PLN", "Nie mamy cen w walucie podanej w adresie tej strony."),
        (EN, "GBP", "We have no prices in the currency that the address of this page names."),
    ],
    ids=["pl", "en"],
)
def test_a_currency_that_is_not_on_the_list_is_ignored_and_the_page_says_so(
    client, address: str, currency: str, sentence: str, wrong: str
) -> None:
    """Red when: an unknown currency falls back to the default in silence, or is shown."""
    response = client.get(f"{address}?currency={wrong}")

    assert response.status_code == 200
    page = Page(response.content)
    assert page.one("a", aria_current="true").text[:3] == currency
    assert page.with_class("currency__reason")[0].text.startswith(sentence)
    assert not response.cookies


@pytest.mark.parametrize("typed", ["eur", "Eur", "EUR%20", "%20eur"])
def test_the_case_and_spaces_of_a_currency_do_not_matter(client, typed: str) -> None:
    """Red when: `?currency=eur` is ignored."""
    assert _currency(client, f"{EN}?currency={typed}") == "EUR"


@pytest.mark.parametrize(
    ("country", "currency"),
    [("PL", "PLN"), ("GB", "GBP"), ("US", "USD"), ("DE", "EUR"), ("HR", "EUR"), ("BG", "EUR"), ("IE", "EUR"),
     # Islands and territories with the money of another country.
     ("GG", "GBP"), ("JE", "GBP"), ("IM", "GBP"), ("GI", "GBP"), ("AX", "EUR"), ("RE", "EUR"), ("GP", "EUR"),
     ("MQ", "EUR"), ("GF", "EUR"), ("YT", "EUR"), ("XK", "EUR"), ("ME", "EUR"), ("AD", "EUR"), ("MC", "EUR"),
     ("SM", "EUR"), ("VA", "EUR"), ("PR", "USD"), ("GU", "USD"), ("VI", "USD"), ("EC", "USD"), ("PA", "USD"),
     ("JP", "GBP"), ("CH", "GBP"), ("ZZ", "GBP"), ("QX", "GBP")],
)  # fmt: skip
def test_a_granted_country_decides(country: str, currency: str) -> None:
    """JP and CH have no quoted currency, and ZZ is no country: the default.

    Red when: only countries are looked up, and no territories.
    """
    assert _currency(_with_country(country), EN) == currency


@pytest.mark.parametrize(
    "client",
    [make_client, lambda: make_client("analytics", "marketing"), lambda: make_client(refused=True)],
    ids=["no-choice", "other-groups", "refused"],
)
def test_without_the_grant_the_country_is_not_read(client) -> None:
    """Red when: `_granted_country` does not check the grant."""
    client = client()
    client.cookies["L7_geoip"] = "DE"

    assert _currency(client, EN) == "GBP"


def test_the_gpc_signal_suspends_the_country() -> None:
    client = make_client("preferences", **{"Sec-GPC": "1"})
    client.cookies["L7_geoip"] = "DE"

    assert _currency(client, EN) == "GBP"


@pytest.mark.parametrize("garbage", ["de", "DEU", "D", "", "XX", "<b>", "D\xc9", "PL,DE"])
def test_a_garbage_country_is_ignored(garbage: str) -> None:
    assert _currency(_with_country(garbage), EN) == "GBP"


@pytest.mark.parametrize(
    ("client", "address", "reason"),
    [
        (lambda: Client(), EN, "the default on pages in English"),
        (lambda: Client(), f"{EN}?currency=EUR", "the currency chosen for this page"),
        (lambda: _with_country("DE"), EN, "the currency of the country that you visit us from"),
    ],
    ids=["language", "address", "country"],
)
def test_the_page_says_why_it_quotes_this_currency(client, address: str, reason: str) -> None:
    (sentence,) = Page(client().get(address).content).with_class("currency__reason")

    assert reason in sentence.text


def test_each_currency_has_a_link_that_needs_no_cookie(client) -> None:
    links = Page(client.get(EN).content).with_class("currency__link")

    assert [(link.text[:3], link["href"]) for link in links] == [
        (code, f"{EN}?currency={code}") for code in ("PLN", "GBP", "EUR", "USD")
    ]


def test_a_country_is_looked_up_and_stored_only_after_the_grant() -> None:
    """Red when: `set_cookies` does not check the grant."""
    address = {
        "REMOTE_ADDR": "81.2.69.142"
    }  # an address in the UK, the example of the documentation

    for client in (make_client(), make_client(refused=True), make_client("analytics")):
        assert "L7_geoip" not in client.get(EN, **address).cookies

    cookie = make_client("preferences").get(EN, **address).cookies["L7_geoip"]
    assert cookie.value == "GB"
    assert cookie["max-age"] == 90 * 24 * 60 * 60
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "::1", "", "2001:db8::1"])
def test_an_address_of_no_country_leaves_no_cookie(address: str) -> None:
    """Red when: an unknown country is stored."""
    response = make_client("preferences").get(EN, REMOTE_ADDR=address)

    assert "L7_geoip" not in response.cookies


def test_a_known_country_is_not_looked_up_again() -> None:
    """The cookie lives 90 days from the look-up, not from the last visit."""
    response = _with_country("PL").get(EN, REMOTE_ADDR="81.2.69.142")

    assert "L7_geoip" not in response.cookies


def test_a_cookie_that_staff_switched_off_is_neither_set_nor_read() -> None:
    """Red when: only the group is checked, not the cookie."""
    client = make_client("preferences")
    CookieDetails.objects.filter(cookie__name="L7_geoip").update(is_active=False)
    publish_registry()
    client.cookies["L7_geoip"] = "DE"

    assert _currency(client, EN) == "GBP"
    sent = client.get(EN, REMOTE_ADDR="81.2.69.142").cookies.values()
    assert [(morsel.key, morsel["max-age"], morsel["path"]) for morsel in sent][:1] == [
        ("L7_geoip", 0, "/")
    ]
