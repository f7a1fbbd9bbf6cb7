"""The journey of a person through the trial, in both languages, with and without JavaScript."""

import re
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from delivery import worker
from tests.browser.conftest import NewVisitor
from tests.browser.public_pages import LANGUAGES, path_of
from tests.browser.trial_steps import (
    BUTTON,
    PERSON,
    leave_by,
    links_in_mail,
    minutes_ago,
    send,
    sign_up,
    start,
    type_in,
    withdraw,
)
from tests.browser.visitor import Visitor
from tests.factories import make_sign_up, make_trial
from trial.actions import send_marketing_mail
from trial.models import Channel, MarketingConsent, MarketingMail, MarketingWithdrawal, SignUp

WITH_AND_WITHOUT_JAVASCRIPT = pytest.mark.parametrize(
    "has_javascript", [True, False], ids=["javascript", "no-javascript"]
)
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)


def do_nothing(visitor: Visitor) -> None:
    """Leave the banner as it is."""


def reject(visitor: Visitor) -> None:
    visitor.press("reject")


@IN_BOTH_LANGUAGES
@WITH_AND_WITHOUT_JAVASCRIPT
@pytest.mark.parametrize(
    ("choose", "options", "names"),
    [
        (do_nothing, {}, []),
        (reject, {}, ["l7_choice"]),
        (do_nothing, {"extra_http_headers": {"Sec-GPC": "1"}}, []),
    ],
    ids=["no-choice", "refused", "gpc"],
)
def test_a_visitor_who_grants_nothing_signs_up_confirms_and_withdraws(
    new_visitor: NewVisitor,
    choose: Callable[[Visitor], None],
    options: dict[str, Any],
    names: list[str],
    has_javascript: bool,
    language: str,
) -> None:
    """A visitor who grants nothing can do everything; the device stores nothing and no third party
    gets a request.

    Red when: a page of the trial sets a cookie or loads a tag; the answer to the button has no
    link; a link in a mail is in the other language; a form needs a script.
    """
    visitor = new_visitor(has_javascript=has_javascript, **options)
    visitor.open(path_of("home", language) + "?gclid=from-an-ad")
    choose(visitor)

    with minutes_ago(1):
        visitor.page.locator(f"main a[href='{path_of('free_trial', language)}']").first.click()
        visitor.page.wait_for_url(f"**{path_of('free_trial', language)}")
    assert_stored(visitor, names)
    type_in(visitor, consents=True)
    send(visitor)
    expect(visitor.page.get_by_role("status")).to_contain_text(PERSON["email"])
    assert_stored(visitor, names)

    assert start(visitor).startswith(path_of("free_trial", language))
    expect(visitor.page).to_have_url(re.compile(path_of("trial_started", language)))
    assert SignUp.objects.get().is_running(at=timezone.now())
    assert_stored(visitor, names)

    visitor.open(links_in_mail()[0])
    withdraw(visitor, Channel.EMAIL)
    expect(visitor.page.get_by_role("status")).to_be_visible()
    assert MarketingConsent.objects.live(Channel.EMAIL, at=timezone.now()).count() == 0
    assert MarketingConsent.objects.live(Channel.PHONE, at=timezone.now()).count() == 1
    assert_stored(visitor, names)
    assert visitor.google.requests == []


def test_a_corrected_address_gets_a_second_mail(visitor: Visitor) -> None:
    """Red when: the form of the page after sending lacks a hidden field."""
    sign_up(visitor, "en", consents=True)

    visitor.page.locator("#email").fill("another@example.com")
    leave_by(visitor, visitor.page.get_by_role("button", name="Send again").click)

    expect(visitor.page.get_by_role("status")).to_contain_text("another@example.com")
    first, second = SignUp.objects.order_by("created_at")
    assert (second.name, second.company, second.phone) == (first.name, first.company, first.phone)
    assert second.wordings == first.wordings


def test_a_mail_program_withdraws_with_one_click(visitor: Visitor) -> None:
    """RFC 8058: a mail server posts without Origin and cookies.

    Red when: `_withdraw` ignores the one-click body; the header names another address.
    """
    make_trial("email", "phone", language="en")
    letter = MarketingMail.objects.create(
        subject_pl="Nowość", subject_en="News", text_pl="Treść.", text_en="Words."
    )
    send_marketing_mail(letter, at=timezone.now())
    worker.work_off(timezone.now())
    [sent] = [message for message in mail.outbox if message.subject == "News"]
    link = sent.extra_headers["List-Unsubscribe"].strip("<>")

    body = sent.extra_headers["List-Unsubscribe-Post"].encode()
    with urlopen(Request(link, body, method="POST")) as answer:
        assert answer.status == 200

    assert MarketingWithdrawal.objects.get().method == MarketingWithdrawal.Method.ONE_CLICK
    assert MarketingConsent.objects.live(Channel.PHONE, at=timezone.now()).count() == 1
    visitor.open(links_in_mail()[0])
    cards = visitor.page.locator("section.card")
    expect(cards.filter(has_text="Withdrawn on")).to_have_count(1)
    expect(visitor.page.locator("button[name=channel]")).to_have_text(
        "Withdraw the consent to calls"
    )


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_mail_scanner_that_opens_every_link_confirms_and_withdraws_nothing(
    visitor: Visitor, site: str, method: str
) -> None:
    """I15 (only POST acts). Red when: `confirm` or `consents` act on a GET."""
    make_sign_up("email", language="en")
    link = scan(site, method)
    assert SignUp.objects.get().confirmed_at is None

    visitor.open(link)
    leave_by(visitor, visitor.page.locator(BUTTON).click)
    assert SignUp.objects.get().confirmed_at is not None

    scan(site, method)
    assert MarketingConsent.objects.live(Channel.EMAIL, at=timezone.now()).count() == 1


def scan(site: str, method: str) -> str:
    """Open every link of the newest mail three times. Returns the first."""
    links = links_in_mail()
    assert len(links) == 3
    for link in links * 3:
        with urlopen(Request(site + link, method=method)) as answer:
            assert answer.status == 200
    return links[0]


def assert_stored(visitor: Visitor, names: list[str]) -> None:
    assert [*visitor.cookie_names, *visitor.storage] == names
