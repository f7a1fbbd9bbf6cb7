"""The look of the trial's pages: accessible in both color schemes and every size."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery import tokens
from tests.browser.accessibility import problems_of_page
from tests.browser.conftest import NewVisitor
from tests.browser.fonts import IN_BOTH_FONTS
from tests.browser.public_pages import LANGUAGES, path_of
from tests.browser.test_banner_look import DESK, PHONE
from tests.browser.trial_steps import BUTTON, open_form, send, sign_up, type_in, withdraw
from tests.browser.visitor import Visitor
from tests.factories import make_sign_up, make_trial
from tests.run_once import looks_at_pages
from trial import actions

pytestmark = looks_at_pages


def form(visitor: Visitor, language: str) -> None:
    open_form(visitor, language)


def form_with_errors(visitor: Visitor, language: str) -> None:
    open_form(visitor, language)
    type_in(visitor, email="zofia", company="", phone="12", consents=True)
    send(visitor, status=422)


def form_with_a_filled_honeypot(visitor: Visitor, language: str) -> None:
    open_form(visitor, language)
    visitor.page.locator("#website").evaluate("field => { field.value = 'filled in' }")
    send(visitor, status=422)


def sent(visitor: Visitor, language: str) -> None:
    sign_up(visitor, language)


def confirm(visitor: Visitor, language: str) -> None:
    visitor.open(confirmation(language))


def expired(visitor: Visitor, language: str) -> None:
    link = confirmation(language, at=timezone.now() - tokens.LIFETIME - timedelta(hours=1))
    visitor.open(link, status=410)


def new_link_sent(visitor: Visitor, language: str) -> None:
    expired(visitor, language)
    visitor.expect_status(200)
    with visitor.page.expect_navigation():
        visitor.page.locator(BUTTON).click()


def unknown(visitor: Visitor, language: str) -> None:
    visitor.open(path_of("trial_confirm", language, token="unknown"), status=404)


def started(visitor: Visitor, language: str) -> None:
    visitor.open(path_of("trial_started", language))


def consents(visitor: Visitor, language: str) -> None:
    consent = make_trial("email", "phone", language=language).consents.first()
    assert consent is not None
    visitor.open(path_of("trial_consents", language, consent_id=str(consent.pk)))
    withdraw(visitor, "phone")


def confirmation(language: str, **fields: Any) -> str:
    """The path of a confirmation page with every part, and with very long values."""
    row = make_sign_up(
        "email",
        "phone",
        language=language,
        email=f"{'nowak.' * 8}anna@{'przyklad-' * 6}firmy.example",
        company="Przedsiębiorstwo Wielobranżowe Konstantynopolitańczykowianeczka",
        **fields,
    )
    token = tokens.make(
        purpose=actions.CONFIRM, subject=str(row.pk), at=fields.get("at") or timezone.now()
    )
    return path_of("trial_confirm", language, token=token)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "reach",
    [form, form_with_errors, form_with_a_filled_honeypot, sent, confirm, expired, new_link_sent, unknown,
     started, consents],
)  # fmt: skip
def test_a_page_of_the_trial_is_accessible_in_every_size(
    new_visitor: NewVisitor, reach: Callable[[Visitor, str], None], language: str
) -> None:
    """Red when: a field or a box loses its label; the text of a hint is lighter; facts.css lets a
    long address widen the page; a button or a box is lower than `--target`."""
    visitor = new_visitor()
    visitor.open(path_of("home", language))
    visitor.press("reject")
    reach(visitor, language)

    assert problems_of_page(visitor.page, language=language) == []


@IN_BOTH_FONTS
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["320px", "1280px"])
def test_the_box_of_a_consent_is_aligned_with_its_first_line(
    new_visitor: NewVisitor, viewport: Any
) -> None:
    """Red when: check.css centers the box beside its text."""
    visitor = new_visitor(viewport=viewport)
    open_form(visitor, "pl")

    for label in visitor.page.locator(".check--text").all():
        box = label.locator("input").bounding_box()
        text = label.locator(".check__label").bounding_box()
        assert box is not None
        assert text is not None
        line = float(label.evaluate("label => parseFloat(getComputedStyle(label).lineHeight)"))
        middle = box["y"] + box["height"] / 2
        assert abs(middle - (text["y"] + line / 2)) < 2
        assert text["height"] > 2 * line
