"""The journey of a sign-up on the server, in both languages: form, mail, trial, withdrawal."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from delivery import worker
from tests.factories import make_sign_up_form, ticked_boxes
from tests.pages import Page, language_of
from trial.models import Channel, MarketingConsent, SignUp

pytestmark = pytest.mark.django_db


def the_link(message) -> str:
    """The path of the one link to this site that a message asks to open."""
    [link] = re.findall(r"^http://[^/]+(/\S+)$", message.body, flags=re.M)
    return link


@pytest.mark.parametrize("address", ["/darmowy-okres-probny/", "/en/free-trial/"])
def test_a_person_signs_up_confirms_and_withdraws_a_consent(client, address: str) -> None:
    """Red when: any step is broken, or in the other language."""
    form = make_sign_up_form(phone="+48 22 123 45 67", **ticked_boxes("email", "phone"))

    sent = client.post(address, form)
    assert sent.status_code == 200
    assert "anna@example.com" in Page(sent.content).one("main").text
    assert SignUp.objects.get().confirmed_at is None

    worker.work_off(timezone.now())
    [confirmation] = mail.outbox
    link = the_link(confirmation)
    assert language_of(link) == language_of(address)
    page = Page(client.get(link).content)
    assert page.one("form")["action"] == link
    assert SignUp.objects.get().confirmed_at is None

    started = client.post(link)
    assert started.status_code == 303
    assert started["Location"].endswith("#started")
    assert client.get(started["Location"].partition("#")[0]).status_code == 200
    assert SignUp.objects.get().confirmed_at is not None
    assert MarketingConsent.objects.live(Channel.EMAIL, at=timezone.now()).count() == 1

    worker.work_off(timezone.now())
    page_of_consents = the_link(mail.outbox[1])
    response = client.post(page_of_consents, {"channel": "email"})
    assert response.status_code == 200
    assert MarketingConsent.objects.live(Channel.EMAIL, at=timezone.now()).count() == 0
    assert MarketingConsent.objects.live(Channel.PHONE, at=timezone.now()).count() == 1
