"""Whom marketing may call: confirmed numbers alone."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from tests.factories import make_trial
from tests.staff import make_staff
from tests.trial.staff.test_export import read
from trial.marketing import calls
from trial.models import MarketingConsent, NumberConfirmation
from trial.staff import export

pytestmark = pytest.mark.django_db

CONSENTS = "/admin/trial/marketingconsent/"
NUMBER = "+48 22 765 43 21"


def consent_to_calls(**fields: str) -> MarketingConsent:
    return make_trial("email", "phone", phone=NUMBER, **fields).consents.get(channel="phone")


def called() -> list[str]:
    """The names on the call list."""
    return [row[1] for row in read(export.call_list(at=timezone.now()))[1:]]


def act(client, action: str, *consents: MarketingConsent):
    ids = [str(consent.pk) for consent in consents]
    return client.post(CONSENTS, {"action": action, "_selected_action": ids}, follow=True)


def test_a_number_that_only_the_mailbox_confirmed_is_on_no_call_list(admin_client) -> None:
    """The number may be a stranger's. Red when: `people_to_call` asks for no confirmation."""
    consent = consent_to_calls(name="Anna")
    assert called() == []

    act(admin_client, "confirm_number", consent)

    assert called() == ["Anna"]
    assert NumberConfirmation.objects.get().consent == consent
    assert LogEntry.objects.get().object_id == str(consent.pk)


def test_a_number_is_noted_once_and_only_for_a_live_consent_to_calls(admin_client) -> None:
    """Red when: `confirm_number` forgets the channel or the withdrawal."""
    consent = consent_to_calls()
    by_email = consent.sign_up.consents.get(channel="email")
    act(admin_client, "confirm_number", consent, by_email)
    act(admin_client, "withdraw", consent)
    page = act(admin_client, "confirm_number", consent, by_email)

    assert NumberConfirmation.objects.count() == 1
    assert "Odnotowano: 0. Pominięto" in page.text
    assert called() == []


def test_staff_who_may_only_view_consents_cannot_note_a_number() -> None:
    """Red when: the action asks for no permission of its own."""
    act(make_staff("view_marketingconsent"), "confirm_number", consent_to_calls())

    assert NumberConfirmation.objects.count() == 0


def test_the_download_names_the_number_of_people_who_may_be_called(admin_client) -> None:
    """Red when: the log counts consents whose number nobody confirmed."""
    calls.confirm_number(consent_to_calls(), at=timezone.now())
    consent_to_calls(email="b@firma.pl")

    admin_client.get(f"{CONSENTS}call-list/")

    assert "1" in LogEntry.objects.get().change_message
