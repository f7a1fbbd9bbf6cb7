"""Whom marketing may call: confirmed numbers alone, and none that was struck off."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from tests.factories import make_trial
from tests.pages import Page
from tests.staff import make_staff
from tests.trial.staff.test_export import read
from trial import calls
from trial.models import MarketingConsent, NumberConfirmation, StruckOffNumber
from trial.staff import export

pytestmark = pytest.mark.django_db

CONSENTS = "/admin/trial/marketingconsent/"
STRUCK_OFF = "/admin/trial/struckoffnumber/"
NUMBER = "+48 22 765 43 21"


def consent_to_calls(**fields: str) -> MarketingConsent:
    return make_trial("email", "phone", phone=NUMBER, **fields).consents.get(channel="phone")


def called() -> list[str]:
    """The names on the call list."""
    return [row[1] for row in read(export.call_list(at=timezone.now()))[1:]]


def act(client, action: str, *consents: MarketingConsent):
    ids = [str(consent.pk) for consent in consents]
    return client.post(CONSENTS, {"action": action, "_selected_action": ids}, follow=True)


def strike_off(client, number: str):
    return client.post(f"{STRUCK_OFF}add/", {"number": number}, follow=True)


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


@pytest.mark.parametrize("typed", [NUMBER, "22 765 43 21", "227654321 wew. 3", "0048227654321"])
def test_a_struck_off_number_is_called_by_nobody_and_never_again(admin_client, typed: str) -> None:
    """Red when: the key covers the spelling or the extension; the list is not asked."""
    calls.confirm_number(consent_to_calls(name="Anna"), at=timezone.now())

    strike_off(admin_client, typed)
    calls.confirm_number(consent_to_calls(name="Later", email="b@firma.pl"), at=timezone.now())

    assert called() == []


def test_only_a_keyed_hash_of_a_struck_off_number_is_stored(admin_client, settings) -> None:
    """Red when: the number is stored, logged or shown; the hash has no key."""
    page = strike_off(admin_client, NUMBER)

    row = StruckOffNumber.objects.get()
    assert "7654321" not in "".join(filter(str.isdigit, row.key + str(row) + page.text))
    assert "765" not in LogEntry.objects.get().object_repr
    settings.EVIDENCE_KEYS = ["a" * 32]
    assert calls.keys_of(consent_to_calls().sign_up.phone)[0] != row.key


def test_a_number_stays_struck_off_when_keys_are_replaced(admin_client, settings) -> None:
    """I20. Red when: only the newest key is tried."""
    settings.EVIDENCE_KEYS = ["a" * 32]
    strike_off(admin_client, NUMBER)
    act(admin_client, "confirm_number", consent_to_calls(name="Anna"))

    settings.EVIDENCE_KEYS, settings.SECRET_KEY = ["b" * 32, "a" * 32], "another"

    assert called() == []
    strike_off(admin_client, NUMBER)
    assert StruckOffNumber.objects.count() == 1


def test_a_number_is_struck_off_once_and_must_be_a_number(admin_client) -> None:
    strike_off(admin_client, NUMBER)
    again = strike_off(admin_client, NUMBER)
    wrong = strike_off(admin_client, "12")

    assert "Ten numer jest już skreślony." in again.text
    assert wrong.status_code == 200
    assert Page(wrong.content).with_class("errorlist")
    assert StruckOffNumber.objects.count() == 1


def test_the_download_names_the_number_of_people_who_may_be_called(admin_client) -> None:
    """Red when: the log counts consents whose number nobody confirmed."""
    calls.confirm_number(consent_to_calls(), at=timezone.now())
    consent_to_calls(email="b@firma.pl")

    admin_client.get(f"{CONSENTS}call-list/")

    assert "1" in LogEntry.objects.get().change_message
