"""Structured data and Open Graph tags: they repeat only what the page itself shows."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from content import store
from content.company import COMPANY
from content.models import ContentRevision
from pricing.models import Plan, Price
from tests.pages import ADDRESSES, STARTED, Page
from tests.run_once import looks_at_pages

pytestmark = [pytest.mark.django_db, looks_at_pages]

ORIGIN = "https://voipstudio.pl"
SHARED = [
    address
    for name, pair in ADDRESSES.items()
    if name not in {"terms", "acceptable_use"}
    for address in pair
]


@pytest.fixture(autouse=True)
def origin(settings) -> None:
    settings.SITE_ORIGIN = ORIGIN


def things_on(address: str) -> list[dict[str, Any]]:
    """The things that a page describes."""
    blocks = Page(Client().get(address).content).all("script", type="application/ld+json")
    return [thing for block in blocks for thing in json.loads("".join(block.pieces))["@graph"]]


def kinds(address: str) -> list[str]:
    return [thing["@type"] for thing in things_on(address)]


@pytest.mark.parametrize("prefix", [0, 1], ids=["pl", "en"])
def test_each_page_describes_its_things_to_search_engines(prefix: int) -> None:
    """Red when: `of_page` leaves out a page."""
    assert kinds(ADDRESSES["home"][prefix]) == ["Organization", "WebSite", "FAQPage"]
    assert kinds(ADDRESSES["contact"][prefix]) == ["Organization"]
    assert kinds(ADDRESSES["pricing"][prefix]) == ["Product", "FAQPage"]
    assert kinds(ADDRESSES["cookies"][prefix]) == []


def test_the_organization_has_the_facts_of_the_company() -> None:
    organization = things_on("/en/contact/")[0]

    assert organization["legalName"] == COMPANY["name"]
    assert organization["vatID"] == COMPANY["vat_number"]
    assert organization["url"] == f"{ORIGIN}/en/"
    address = organization["address"]
    whole = f"{address['streetAddress']}, {address['postalCode']} {address['addressLocality']}"
    assert COMPANY["registered_address"] == f"{whole}, United Kingdom"


def test_questions_and_answers_repeat_the_page_as_plain_text() -> None:
    """Red when: the answers keep their tags."""
    (questions,) = (thing for thing in things_on("/en/") if thing["@type"] == "FAQPage")
    page = Page(Client().get("/en/").content)

    shown = [e.text for e in page.with_class("question__answer")]
    assert len(shown) >= 5
    assert [q["acceptedAnswer"]["text"] for q in questions["mainEntity"]] == shown
    assert [q["name"] for q in questions["mainEntity"]] == [
        e.text for e in page.all("summary") if e.parents[-1].classes == ["question"]
    ]


def test_search_engines_get_no_sample_price() -> None:
    """Red when: `product` does not look at `is_sample`."""
    (product, _questions) = things_on("/cennik/")

    assert [(offer["price"], offer["priceCurrency"]) for offer in product["offers"]] == [
        ("0", "PLN")
    ]


def test_a_real_price_has_its_currency_period_and_tax() -> None:
    """Red when: the currency of the page is ignored, or the tax is left out."""
    plan = Plan.objects.first()
    Plan.objects.exclude(pk=plan.pk).delete()
    Plan.objects.update(is_sample=False, name_en="Team")
    Price.objects.filter(plan=plan, currency="EUR").update(amount="14.50")
    ContentRevision.objects.bump()
    store.poll(timezone.now())

    (product, _questions) = things_on("/en/pricing/?currency=EUR")
    _trial, offer = product["offers"]

    assert offer["name"] == "Team"
    assert offer["priceSpecification"] == {
        "@type": "UnitPriceSpecification",
        "price": "14.50",
        "priceCurrency": "EUR",
        "unitCode": "MON",
        "valueAddedTaxIncluded": False,
    }


@pytest.mark.parametrize("address", SHARED)
def test_a_shared_link_has_a_title_a_picture_and_its_languages(address: str) -> None:
    """Open Graph. Red when: a page's template leaves out _meta.html."""
    page = Page(Client().get(address).content)
    tags = {
        e["property"]: " ".join(e["content"].split()) for e in page.all("meta") if e.get("property")
    }

    assert f"{tags['og:title']} – VoIPstudio" == page.one("title").text
    assert tags["og:description"] == " ".join(
        page.one("meta", name="description")["content"].split()
    )
    assert tags["og:url"] == page.one("link", rel="canonical")["href"] == ORIGIN + address
    own, other = ("en_GB", "pl_PL") if address.startswith("/en/") else ("pl_PL", "en_GB")
    assert (tags["og:locale"], tags["og:locale:alternate"]) == (own, other)
    assert f"/static/img/share-{own[:2]}." in tags["og:image"]
    assert tags["og:image"].startswith(ORIGIN)


@pytest.mark.parametrize("address", ["/nie-ma/", STARTED[0], "/darmowy-okres-probny/potwierdz/x/"])
def test_a_page_that_nobody_shares_offers_no_link_to_share(client, address: str) -> None:
    """Red when: base.html prints the tags on every page, also on pages with a token."""
    page = Page(client.get(address).content)

    assert [e for e in page.all("meta") if e.get("property").startswith("og:")] == []
    assert page.all("script", type="application/ld+json") == []


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_picture_of_a_shared_link_has_the_size_in_its_tags(language: str) -> None:
    """PNG (ISO/IEC 15948), 11.2.2: width and height are the first fields after the signature."""
    data = (Path(settings.BASE_DIR) / f"static/img/share-{language}.png").read_bytes()

    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (1200, 630)
    assert len(data) < 120_000
