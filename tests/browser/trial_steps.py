"""The steps of a person through the trial: form, mail, button, consents."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from urllib.parse import urlsplit

import time_machine
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Response

from delivery import worker
from tests.browser.public_pages import path_of
from tests.browser.visitor import Visitor

# The values are unique in the tests: test_trial_private.py searches for them in every request.
PERSON = {
    "full_name": "Zofia Żółć-Testowa",
    "email": "zofia.zolc@przyklad-testowy.example",
    "company": "Gęślą Jaźń sp. z o.o.",
    "phone": "+48 22 765 43 21",
}
BUTTON = "main form .button--primary"


def minutes_ago(minutes: int) -> AbstractContextManager[object]:
    """Set the server's clock back: a form shown then is not refused as sent too fast."""
    return time_machine.travel(timezone.now() - timedelta(minutes=minutes))


def open_form(visitor: Visitor, language: str) -> None:
    """Open the form, as if a minute ago."""
    with minutes_ago(1):
        visitor.open(path_of("free_trial", language))


def type_in(visitor: Visitor, *, consents: bool = False, **values: str) -> None:
    """Fill in the form with the keyboard. `values` replace those of PERSON."""
    keyboard = visitor.page.keyboard
    visitor.page.locator("#full_name").focus()
    for name, value in (PERSON | values).items():
        visitor.page.locator(f"#{name}:focus").wait_for()
        keyboard.press("Control+A")
        keyboard.press("Delete")
        keyboard.type(value)
        keyboard.press("Tab")
    for name in ("marketing_email", "marketing_phone"):
        visitor.page.locator(f"#{name}:focus").wait_for()
        if consents:
            keyboard.press("Space")
        keyboard.press("Tab")


def send(visitor: Visitor, *, status: int = 200) -> Response:
    """Press the button of the form."""
    return leave_by(visitor, visitor.page.locator(BUTTON).click, status=status)


def leave_by(visitor: Visitor, act: Callable[[], object], *, status: int = 200) -> Response:
    """Do what makes the browser leave the page. Returns the response to the next page."""
    visitor.expect_status(status)
    with visitor.page.expect_navigation() as navigation:
        act()
    response = navigation.value
    assert response is not None
    assert response.status == status
    return response


def sign_up(visitor: Visitor, language: str, *, consents: bool = False) -> Response:
    open_form(visitor, language)
    type_in(visitor, consents=consents)
    return send(visitor)


def links_in_mail(number: int = -1) -> list[str]:
    """The paths of the links in a sent mail: by default in the newest."""
    worker.work_off(timezone.now())
    links = re.findall(r"https?://\S+", str(mail.outbox[number].body))
    return [urlsplit(link).path for link in links]


def start(visitor: Visitor) -> str:
    """Open the link in the newest mail and press the button. Returns the path of the link."""
    link = links_in_mail()[0]
    visitor.open(link)
    leave_by(visitor, visitor.page.locator(BUTTON).click)
    return link


def withdraw(visitor: Visitor, channel: str) -> Response:
    """Press the button of one consent."""
    button = visitor.page.locator(f"main button[value={channel}]")
    return leave_by(visitor, button.click)
