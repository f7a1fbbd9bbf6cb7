"""With everything granted: which events count a trial, and that Google gets no personal data."""

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

import pytest
from django.utils import timezone
from playwright.sync_api import Response

from delivery import tokens
from tests.browser.conftest import NewVisitor
from tests.browser.google_double import GoogleDouble, Received
from tests.browser.public_pages import LANGUAGES, path_of
from tests.browser.trial_steps import (
    BUTTON,
    PERSON,
    leave_by,
    links_in_mail,
    minutes_ago,
    open_form,
    send,
    sign_up,
    start,
    type_in,
    withdraw,
)
from tests.browser.visitor import Visitor
from tests.factories import make_sign_up, make_trial
from tests.run_once import acts_in_the_browser
from trial import actions
from trial.models import MarketingConsent

pytestmark = acts_in_the_browser

IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)
# The events that the page gives to the tag, sent on or not.
_EVENTS = "() => (window.dataLayer ?? []).filter(([name]) => name === 'event').length"
# Shorter pieces occur in any text by chance.
MIN_PIECE = 6


@pytest.fixture(autouse=True)
def label(settings: Any) -> None:
    settings.GOOGLE_ADS_CONVERSION_LABEL = "LABEL"


# --- Events ------------------------------------------------------------------------------


# The gate does not know the language: in English one grant is enough.
@pytest.mark.parametrize(
    ("groups", "sign_ups", "conversions", "language"),
    [
        (["preferences", "analytics", "marketing"], 1, 1, "pl"),
        (["preferences", "analytics", "marketing"], 1, 1, "en"),
        (["analytics"], 1, 0, "pl"),
        (["marketing"], 0, 1, "pl"),
        (["preferences"], 0, 0, "pl"),
        ([], 0, 0, "pl"),
    ],
    ids=["all-pl", "all-en", "analytics", "marketing", "preferences", "refused"],
)
def test_a_trial_is_counted_once_and_only_for_granted_groups(
    visitor: Visitor, groups: list[str], sign_ups: int, conversions: int, language: str
) -> None:
    """Red when: conversion.js leaves the fragment in the address, or counts without a fragment;
    tags.py gives the label without the grant; google_commands.js sends an event for a group without
    an id."""
    visitor.open(path_of("home", language))
    visitor.choose(*groups)
    sign_up(visitor, language)

    start(visitor)

    assert counted(visitor.google) == (sign_ups, conversions)
    assert visitor.page.evaluate(_EVENTS) == sign_ups + conversions
    started = path_of("trial_started", language)
    assert visitor.page.url == visitor.origin + started
    visitor.google.forget()
    visitor.page.reload()
    visitor.open(path_of("contact", language))
    visitor.page.go_back(wait_until="load")
    visitor.expect_status(410)  # the link is used
    visitor.page.go_back(wait_until="load")
    visitor.page.go_forward(wait_until="load")
    visitor.open(started)
    assert counted(visitor.google) == (0, 0)


def test_a_later_grant_counts_nothing(visitor: Visitor) -> None:
    """Red when: conversion.js is loaded, or removes the fragment, only after a grant."""
    visitor.open("/en/")
    sign_up(visitor, "en")
    start(visitor)

    visitor.press("accept")
    assert visitor.has_tag
    visitor.page.reload(wait_until="load")

    assert visitor.has_tag
    assert counted(visitor.google) == (0, 0)


def test_an_event_holds_its_target_and_no_other_data(visitor: Visitor) -> None:
    """Red when: `conversions` adds a value, an id or personal data."""
    visitor.open("/")
    visitor.press("accept")
    sign_up(visitor, "pl")
    start(visitor)

    [counted_by_ads] = visitor.google.events("conversion")
    [counted_by_analytics] = visitor.google.events("sign_up")

    common = {"en", "dl", "dt", "dr", "send_to", "label"}
    assert set(counted_by_ads.values) == common | {"random"}
    assert counted_by_ads.values["send_to"] == "AW-123/LABEL"
    assert set(counted_by_analytics.values) == common | {"tid", "method"}
    assert counted_by_analytics.values["send_to"] == "G-TEST"


def test_without_a_label_there_is_no_conversion(visitor: Visitor, settings: Any) -> None:
    """Red when: tags.py builds a conversion without a label."""
    settings.GOOGLE_ADS_CONVERSION_LABEL = ""
    visitor.open("/")
    visitor.press("accept")
    sign_up(visitor, "pl")

    start(visitor)

    assert counted(visitor.google) == (1, 0)


def counted(google: GoogleDouble) -> tuple[int, int]:
    return len(google.events("sign_up")), len(google.events("conversion"))


# --- Personal data ----------------------------------------------------------------------


@IN_BOTH_LANGUAGES
def test_google_receives_no_personal_data(visitor: Visitor, language: str) -> None:
    """Searches every address, body and referrer of the whole journey, with everything granted.

    Red when: a page with a token is not a private page; private pages send their path as referrer.
    """
    visitor.open(path_of("home", language) + "?gclid=from-an-ad")
    visitor.press("accept")
    with minutes_ago(1):
        open_form(visitor, language)
        type_in(visitor, consents=True, email="zofia.zolc@", phone="12")
        send(visitor, status=422)
    visitor.page.locator("#email").fill(PERSON["email"])
    visitor.page.locator("#phone").fill(PERSON["phone"])
    send(visitor)
    link_to_start = start(visitor)
    link_to_consents = links_in_mail()[0]
    visitor.open(link_to_consents)
    withdraw(visitor, "email")
    visitor.page.locator(".header a").first.click()
    visitor.page.wait_for_url(f"**{path_of('home', language)}")
    visitor.page.go_back(wait_until="load")
    visitor.open(path_of("contact", language))

    assert counted(visitor.google) == (1, 1)
    assert len(visitor.google.received) > 10
    secrets = [
        *PERSON.values(),
        *re.split(r"[\s@.-]", " ".join(PERSON.values())),
        "zofia.zolc@",
        "48227654321",
        "227654321",
        link_to_start.strip("/").rpartition("/")[2],
        link_to_consents.strip("/").rpartition("/")[2],
        str(MarketingConsent.objects.first().sign_up.pk),
        *(sha256(PERSON[name].lower().encode()).hexdigest() for name in ("email", "phone")),
    ]
    assert leaked_secrets(visitor.google.received, secrets) == []


def test_the_search_finds_secrets_in_every_encoding() -> None:
    """Red when: `leaked_secrets` lacks an encoding: then the test above would miss leaks."""
    name = PERSON["full_name"]
    for written in (
        name,
        name.upper(),
        quote(name),
        quote_plus(quote(name)),
        b64encode(f"x{name}".encode()).decode(),
        b64encode(f"xy{name}z".encode()).decode().rstrip("="),
    ):
        for request in (
            Received(f"https://a.example/?q={written}", "", ""),
            Received("https://a.example/", written, ""),
            Received("https://a.example/", "", written),
        ):
            assert leaked_secrets([request], [name]) == [name], written
    assert leaked_secrets([Received("https://a.example/?q=Zofia", "", "")], [name]) == []


def leaked_secrets(received: list[Received], secrets: list[str]) -> list[str]:
    """The secrets in these requests, in any encoding."""
    text = "\n".join(f"{each.url}\n{each.body}\n{each.referrer}" for each in received)
    readings = {text, unquote_plus(text), unquote_plus(unquote_plus(text))}
    lower = [reading.lower() for reading in readings]
    leaked = []
    for secret in secrets:
        if len(secret) < MIN_PIECE:
            continue
        in_base64 = any(piece in reading for piece in _in_base64(secret) for reading in readings)
        if in_base64 or any(secret.lower() in reading for reading in lower):
            leaked.append(secret)
    return leaked


def _in_base64(secret: str) -> Iterator[str]:
    """The parts of a secret in Base64 that do not depend on the text around it."""
    for before in range(3):
        code = b64encode(b"x" * before + secret.encode()).decode().rstrip("=")
        whole = code[(before * 8 + 5) // 6 : -1]
        yield whole
        yield whole.replace("+", "-").replace("/", "_")


@IN_BOTH_LANGUAGES
def test_private_pages_name_no_third_party_even_with_everything_granted(
    visitor: Visitor, language: str
) -> None:
    """I15. Red when: a view of trial/sign_up/views.py loses `private_page`, or
    consent/gate/third_parties.py leaves out the answer to a form."""
    visitor.open(path_of("home", language))
    visitor.press("accept")
    visitor.open(path_of("home", language))
    assert visitor.has_tag

    for response in private_pages(visitor, language):
        name = f"{response.status} {visitor.page.title()}"
        assert not visitor.has_tag, name
        assert visitor.page.locator("[data-conversion], [data-ask]").count() == 0, name
        assert "https://" not in response.headers["content-security-policy"], name
        assert response.headers["referrer-policy"] == "strict-origin", name
        assert "no-store" in response.headers["cache-control"], name
        assert visitor.google.requests == [], name
        if response.status in {200, 410}:
            assert visitor.page.locator("meta[name=robots][content=noindex]").count() == 1, name


def private_pages(visitor: Visitor, language: str) -> Iterator[Response]:
    """The response of every private page."""

    def leave(status: int = 200, selector: str = BUTTON) -> Response:
        return leave_by(visitor, visitor.page.locator(selector).first.click, status=status)

    def token_of(**fields: Any) -> str:
        row = make_sign_up("email", "phone", language=language, **fields)
        return tokens.make(
            purpose=actions.CONFIRM, subject=str(row.pk), at=fields.get("at") or timezone.now()
        )

    def path(token: str, name: str = "trial_confirm") -> str:
        return path_of(name, language, token=token)

    open_form(visitor, language)
    visitor.google.forget()
    yield leave(422)
    open_form(visitor, language)
    type_in(visitor)
    visitor.google.forget()
    yield send(visitor)
    yield visitor.open(path(token_of(email="waiting@example.com")))
    expired = token_of(email="old@example.com", at=timezone.now() - 2 * tokens.LIFETIME)
    yield visitor.open(path(expired), status=410)
    yield leave()
    used = token_of(email="used@example.com")
    actions.confirm(used, at=timezone.now())
    yield visitor.open(path(used), status=410)
    yield visitor.open(path("unknown"), status=404)
    yield visitor.open(path("un/known"), status=404)
    yield visitor.open(path("unknown", "trial_new_link"), status=405)
    consent = make_trial(
        "email", "phone", email="c@example.com", language=language
    ).consents.first()
    yield visitor.open(path_of("trial_consents", language, consent_id=str(consent.pk)))
    yield leave(selector="main button")
    yield visitor.open(path_of("trial_consents", language, consent_id="unknown"), status=404)


def test_the_page_after_starting_a_trial_has_the_banner_and_no_token(
    new_visitor: NewVisitor,
) -> None:
    """Its address holds no personal data, so it has the banner and tags like any other page.

    Red when: the button leads to an address with a token or an id.
    """
    visitor = new_visitor()
    sign_up(visitor, "en")

    link = start(visitor)

    assert visitor.page.url == visitor.origin + path_of("trial_started", "en")
    token = link.strip("/").rpartition("/")[2]
    assert token not in visitor.page.content()
    assert visitor.page.evaluate("document.referrer") == visitor.origin + "/"
    assert visitor.banner.is_visible()
