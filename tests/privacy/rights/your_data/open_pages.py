"""Ways to a person's page, as people go them: by the mail, or by the number of a record."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core import mail
from django.test import Client
from django.utils import timezone

from delivery import tokens, worker
from privacy.models import DataLink
from privacy.rights.your_data import data_link
from tests.pages import Page

START = {"pl": "/twoje-dane/", "en": "/en/your-data/"}


def ask_for_link(email: str, *, language: str = "en", at: datetime | None = None) -> str:
    """Ask for a link and let the worker send it. Returns the path of the link in the mail."""
    at = at or timezone.now()
    data_link.ask(email, language=language, network_key=None, at=at)
    worker.work_off(at)
    return path_in_mail(mail.outbox[-1].body)


def path_in_mail(body: str) -> str:
    """The path of the link that opens a person's page."""
    [link] = re.findall(r"^http\S+/(?:link)/\S+$", body, re.MULTILINE)
    return urlsplit(link).path


def open_page(email: str, *, language: str = "en", at: datetime | None = None) -> str:
    """The path of the open page of an address."""
    response = Client().post(ask_for_link(email, language=language, at=at))
    assert response.status_code == 303, response.content
    return str(response["Location"])


def make_page(email: str, *, at: datetime) -> str:
    """The path of an open page, without the mail that leads to it: many tests need many."""
    link = DataLink.objects.create(email=email, language="en", opened_at=at)
    token = tokens.make(
        purpose=data_link.PAGE, subject=str(link.pk), at=at, lifetime=data_link.PAGE_LIFETIME
    )
    return f"{START['en']}page/{token}/"


def make_link(email: str, *, at: datetime) -> str:
    """The path of a link as in a mail, without the mail."""
    link = DataLink.objects.create(email=email, language="en", opened_at=at)
    token = tokens.make(purpose=data_link.LINK, subject=str(link.pk), at=at)
    return f"{START['en']}link/{token}/"


def link_of(email: str) -> DataLink:
    """The newest link of an address."""
    return DataLink.objects.filter(email=email).latest("opened_at")


def open_by_number(number: UUID) -> str:
    """The path of the page of a record alone."""
    return str(Client().post("/en/your-data/record/", {"number": str(number)})["Location"])


def main_text(response: Any) -> str:
    return Page(response.content).one("main").text


def follow(response: Any) -> str:
    """The text of the page to which a form leads."""
    assert response.status_code == 303, response.content.decode()
    return main_text(Client().get(response["Location"]))
