"""The pages of the project itself, and its answers to programs."""

import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from content import store
from content.company import COMPANY
from tests.pages import ADDRESSES, MACHINES, PAGES, VERSION, Page
from tests.privacy.policies.drafts import make_published
from tests.run_once import decides_in_memory
from voipstudio.web.caching import short_way

pytestmark = [pytest.mark.django_db, decides_in_memory]

ORIGIN = "http://127.0.0.1:8000"
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(autouse=True)
def origin(settings) -> None:
    settings.SITE_ORIGIN = ORIGIN


@pytest.mark.parametrize("address", MACHINES)
def test_machines_get_their_answer_without_a_cookie(client, address: str) -> None:
    call_command("worker", once=True)
    response = client.get(address)

    assert response.status_code == (302 if address == "/favicon.ico" else 200)
    assert not response.cookies


@pytest.mark.parametrize(("address", "words"), [("/", "Zaloguj się"), ("/en/contact/", "Log in")])
def test_the_link_to_log_in_is_shown_when_its_address_is_set(
    client, settings, address: str, words: str
) -> None:
    """Red when: the header shows the link without the setting, or another one."""
    assert words not in client.get(address).content.decode()

    settings.CUSTOMER_APP_URL = "https://app.example/login"
    store.forget()  # a kept page would still lack the link
    (link,) = Page(client.get(address).content).all("a", href="https://app.example/login")

    assert link.text == words
    assert link.is_inside("header")


def test_robots_may_read_everything_but_the_admin(client) -> None:
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {ORIGIN}/sitemap.xml",
    ]


def test_the_sitemap_lists_every_page_in_every_language_with_the_other(client) -> None:
    """Red when: a page is missing in SITEMAP_NAMES, or reversed without its language."""
    response = client.get("/sitemap.xml")
    root = ElementTree.fromstring(response.content)

    pages = {
        url.findtext("s:loc", namespaces=SITEMAP): {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", SITEMAP)
        }
        for url in root.findall("s:url", SITEMAP)
    }
    unpublished = {"terms", "acceptable_use"}
    listed = [pair for name, pair in ADDRESSES.items() if name not in unpublished]
    expected = {
        ORIGIN + address: {"pl": ORIGIN + pair[0], "en": ORIGIN + pair[1]}
        for pair in (*listed, VERSION)
        for address in pair
    }
    assert response["Content-Type"] == "application/xml"
    assert pages == expected


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_in_the_sitemap_exactly_when_it_may_be_indexed(client, address: str) -> None:
    """Red when: a page that says noindex is listed, or another one is not."""
    page = Page(client.get(address).content)
    robots = [meta["content"] for meta in page.all("meta", name="robots")]
    listed = f"<loc>{ORIGIN}{address}</loc>" in client.get("/sitemap.xml").content.decode()

    assert listed is (robots == [])


def test_a_document_that_is_only_announced_is_listed_by_its_versions(client) -> None:
    """Red when: the address of the text is listed before a text is in force."""
    make_published(policy="terms", effective_at=timezone.now() + timedelta(days=5))
    store.poll(timezone.now())

    sitemap = client.get("/sitemap.xml").content.decode()
    for rest, is_listed in {"": False, "versions/": True, "versions/1/": True}.items():
        address = f"/en/terms/{rest}"
        assert (f"<loc>{ORIGIN}{address}</loc>" in sitemap) is is_listed
        assert (b'content="noindex"' not in client.get(address).content) is is_listed


def test_the_sitemap_never_takes_its_addresses_from_the_request(client, settings) -> None:
    """Red when: addresses are built from the Host header."""
    settings.ALLOWED_HOSTS = ["*"]

    for address in ("/sitemap.xml", "/robots.txt", "/.well-known/security.txt", "/en/"):
        response = client.get(address, headers={"Host": "evil.example"})
        assert response.status_code == 200
        assert b"evil.example" not in response.content


def test_security_txt_has_the_fields_that_the_standard_asks_for(client) -> None:
    """RFC 9116, 2.5: Contact and exactly one Expires, in less than a year or so, as RFC 3339."""
    now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        response = client.get("/.well-known/security.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in response.content.decode().splitlines()]
    assert [name for name, _value in fields] == [
        "Contact",
        "Expires",
        "Preferred-Languages",
        "Canonical",
    ]
    values = dict(fields)
    assert values["Contact"] == f"mailto:{COMPANY['email']}"
    assert now < datetime.fromisoformat(values["Expires"]) <= now + timedelta(days=365)
    assert values["Preferred-Languages"] == "pl, en"
    assert values["Canonical"] == f"{ORIGIN}/.well-known/security.txt"


def test_security_txt_never_expires_while_the_site_runs() -> None:
    """Red when: the answer is kept in memory with the day on which it was first made."""
    client = Client()
    start = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    with time_machine.travel(start):
        client.get("/.well-known/security.txt")

    with time_machine.travel(start + timedelta(days=400)):
        text = client.get("/.well-known/security.txt").content.decode()

    expires = next(line for line in text.splitlines() if line.startswith("Expires: "))
    assert datetime.fromisoformat(expires.removeprefix("Expires: ")) > start + timedelta(days=400)


def test_the_site_says_that_it_honors_the_signal(client) -> None:
    """https://www.w3.org/TR/gpc/: gpc is the boolean true, lastUpdate a date."""
    response = client.get("/.well-known/gpc.json")

    assert response["Content-Type"] == "application/json"
    assert response.json()["gpc"] is True
    datetime.fromisoformat(response.json()["lastUpdate"])
    assert {*response.json()} == {"gpc", "lastUpdate"}


def test_the_icon_is_a_static_file_of_the_site(client) -> None:
    response = client.get("/favicon.ico")

    assert response["Location"].startswith("/static/img/favicon.")
    assert response["Location"].endswith(".ico")


@pytest.mark.parametrize("address", ["/kontakt/", "/en/contact/"])
@pytest.mark.parametrize(
    "fact", ["name", "company_number", "vat_number", "ico_number", "regulator", "trade_body",
             "dpo_name", "phone", "email", "gdpr_email"],
)  # fmt: skip
def test_the_contact_page_shows_every_fact_of_the_company(client, address: str, fact: str) -> None:
    assert COMPANY[fact] in Page(client.get(address).content).one("main").text


def test_the_representative_in_the_union_is_shown_when_there_is_one(client, settings) -> None:
    assert b"Art. 27" not in client.get("/en/contact/").content

    settings.EU_REPRESENTATIVE = "Anna Example, Warszawa"
    short_way.forget()  # as in a process that starts with the setting

    page = Page(Client().get("/en/contact/").content)
    assert "Anna Example, Warszawa" in page.one("main").text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/polityka-prywatnosci/", "Przedstawiciel w Unii Europejskiej (art. 27 RODO):"),
        ("/en/privacy-policy/", "Representative in the European Union (Art. 27 GDPR):"),
    ],
)
def test_the_policy_in_force_names_the_representative_in_the_union(
    settings, address: str, words: str
) -> None:
    """GDPR Art. 13(1)(a). Red when: policy.html does not give the setting to the text."""
    assert words not in _policy_text(address)

    settings.EU_REPRESENTATIVE = "Anna Example, Warszawa"
    short_way.forget()  # as in a process that starts with the setting

    assert f"{words} Anna Example, Warszawa" in _policy_text(address)


def test_only_the_policy_in_force_names_the_representative(settings) -> None:
    """Red when: the terms, or a version that is over, name the representative of today."""
    settings.EU_REPRESENTATIVE = "Anna Example, Warszawa"
    make_published(policy="terms")
    make_published()
    store.poll(timezone.now())

    named = {
        address: "Anna Example" in _policy_text(address)
        for address in (
            "/en/privacy-policy/",
            "/en/terms/",
            "/en/privacy-policy/versions/1/",
            "/en/privacy-policy/versions/2/",
        )
    }

    assert named == {
        "/en/privacy-policy/": True,
        "/en/terms/": False,
        "/en/privacy-policy/versions/1/": False,
        "/en/privacy-policy/versions/2/": True,
    }


def _policy_text(address: str) -> str:
    return Page(Client().get(address).content).one("article").text


@pytest.mark.parametrize(("language", "word"), [("pl", "Polish"), ("en", "English"), ("", None)])
def test_the_policy_names_the_prevailing_language_when_it_is_set(
    settings, language: str, word: str | None
) -> None:
    settings.PREVAILING_LANGUAGE = language

    text = Page(Client().get("/en/privacy-policy/").content).one("article").text

    assert ("prevails" in text) is (word is not None)
    assert word is None or f"the {word} one prevails" in text


def test_the_footer_names_the_company(client) -> None:
    footer = Page(client.get("/en/").content).one("footer").text

    for fact in ("name", "company_number", "registered_address", "vat_number", "ico_number"):
        assert COMPANY[fact] in footer
