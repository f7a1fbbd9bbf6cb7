"""Staff read and withdraw consents, send marketing mails, and start hand-overs again."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from delivery import worker
from delivery.models import Mail
from tests.factories import make_person_to_call, make_trial
from tests.pages import Page
from tests.staff import act, make_staff, message_levels
from trial import actions
from trial.models import (
    Channel,
    HandOver,
    MarketingConsent,
    MarketingMail,
    MarketingWithdrawal,
)

pytestmark = pytest.mark.django_db

CONSENTS = "/admin/trial/marketingconsent/"
CALL_LIST = f"{CONSENTS}call-list/"
MAILS = "/admin/trial/marketingmail/"
HAND_OVERS = "/admin/trial/handover/"
WORDS = {
    "subject_pl": "Nowości",
    "subject_en": "News",
    "text_pl": "Dzień dobry.",
    "text_en": "Hello.",
}


def rows_of(client, page: str, **filters: str) -> int:
    return len(Page(client.get(page, filters).content).all("input", name="_selected_action"))


def body(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def test_consents_are_filtered_by_channel_and_by_withdrawal(admin_client) -> None:
    """Red when: a filter is missing or inverted."""
    trial = make_trial("email", "phone")
    [by_phone] = trial.consents.filter(channel=Channel.PHONE)
    actions.withdraw(by_phone, method="page", at=timezone.now())

    assert rows_of(admin_client, CONSENTS) == 2
    assert rows_of(admin_client, CONSENTS, channel="email", stands="yes") == 1
    assert rows_of(admin_client, CONSENTS, channel="phone", stands="yes") == 0
    assert rows_of(admin_client, CONSENTS, stands="no") == 1
    assert rows_of(admin_client, CONSENTS, q="anna@example.com") == 2


def test_a_proof_is_shown_with_its_wording_and_cannot_be_changed(admin_client) -> None:
    """Red when: the wording of today's release is shown, or the proof can be edited."""
    consent = make_trial("email").consents.get()
    address = f"{CONSENTS}{consent.pk}/change/"

    page = Page(admin_client.get(address).content)

    assert " ".join(consent.text.split()) in page.one("main").text
    assert "None" not in page.one("main").text
    assert admin_client.post(address, {"language": "en"}).status_code == 403
    assert admin_client.post(f"{CONSENTS}{consent.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.get(f"{CONSENTS}add/").status_code == 403


def test_staff_withdraw_a_consent_for_a_person_who_calls_or_writes(
    admin_client, admin_user
) -> None:
    """Red when: the method is not `staff`, or a consent is withdrawn twice."""
    consent = make_trial("email").consents.get()

    assert message_levels(act(admin_client, CONSENTS, "withdraw", consent)) == ["success"]
    assert message_levels(act(admin_client, CONSENTS, "withdraw", consent)) == ["warning"]

    assert MarketingWithdrawal.objects.get().method == MarketingWithdrawal.Method.STAFF
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (admin_user, str(consent.pk))


def test_staff_with_only_the_view_permission_cannot_withdraw() -> None:
    """Red when: the action needs no permission, or only `view`."""
    consent = make_trial("email").consents.get()

    act(make_staff("view_marketingconsent"), CONSENTS, "withdraw", consent)

    assert not MarketingWithdrawal.objects.exists()


def test_the_call_list_is_linked_from_the_consents_and_its_download_is_logged(
    admin_client, admin_user
) -> None:
    make_person_to_call(name="Call Me")

    assert CALL_LIST in Page(admin_client.get(CONSENTS).content).links
    response = admin_client.get(CALL_LIST)

    assert "Call Me" in body(response)
    assert "no-store" in response["Cache-Control"]
    assert LogEntry.objects.get().user == admin_user


def test_the_call_list_leaves_out_a_person_who_withdrew_after_the_page_was_opened(
    admin_client,
) -> None:
    """Red when: `live` is not read at the moment of the download."""
    consent = make_person_to_call(name="Call Me").consents.get()
    assert "Call Me" in body(admin_client.get(CALL_LIST))
    assert rows_of(admin_client, CONSENTS, stands="yes") == 1

    act(admin_client, CONSENTS, "withdraw", consent)

    assert "Call Me" not in body(admin_client.get(CALL_LIST))


def test_the_call_list_needs_the_permission_to_view_consents(client) -> None:
    """Red when: the view checks no permission."""
    assert client.get(CALL_LIST).status_code == 302
    assert make_staff("view_signup").get(CALL_LIST).status_code == 403


@pytest.mark.parametrize("blank_field", sorted(WORDS))
def test_a_marketing_mail_is_saved_in_both_languages_or_not_at_all(
    admin_client, blank_field
) -> None:
    """Red when: one of the texts may be blank."""
    assert admin_client.post(f"{MAILS}add/", WORDS | {blank_field: " "}).status_code == 200
    assert not MarketingMail.objects.exists()


def test_a_marketing_mail_can_be_changed_until_it_is_sent_and_is_sent_once(admin_client) -> None:
    """Red when: it can be sent twice, or changed or deleted after it was sent."""
    make_trial("email", at=timezone.now() - timedelta(hours=1))
    make_trial("phone", email="phone@example.com", at=timezone.now() - timedelta(hours=1))
    assert admin_client.post(f"{MAILS}add/", WORDS).status_code == 302
    mail = MarketingMail.objects.get()
    address = f"{MAILS}{mail.pk}/change/"
    assert admin_client.post(address, WORDS | {"subject_pl": "Zebra"}).status_code == 302

    assert message_levels(act(admin_client, MAILS, "send", mail))[-1] == "success"
    assert message_levels(act(admin_client, MAILS, "send", mail))[-1] == "warning"
    worker.work_off(timezone.now())

    assert [m.to for m in django_mail.outbox if m.subject == "Zebra"] == [["anna@example.com"]]
    assert admin_client.post(address, WORDS).status_code == 403
    assert admin_client.post(f"{MAILS}{mail.pk}/delete/", {"post": "yes"}).status_code == 403
    act(admin_client, MAILS, "delete_selected", mail)
    assert MarketingMail.objects.get().subject_pl == "Zebra"
    page = Page(admin_client.get(address).content)
    state = Mail.State.DELIVERED.label
    assert f"{state}: 1" in page.one("main").text
    assert page.all("textarea") == []


def test_a_form_opened_before_the_mail_was_sent_does_not_change_the_sent_mail(
    admin_client, monkeypatch
) -> None:
    """Red when: `save_model` writes the whole row, `sent_at` included."""
    mail = MarketingMail.objects.create(**WORDS)
    stale_mail = MarketingMail.objects.get()
    actions.send_marketing_mail(mail, at=timezone.now())
    monkeypatch.setattr(
        "django.contrib.admin.ModelAdmin.get_object", lambda *args, **kwargs: stale_mail
    )

    admin_client.post(f"{MAILS}{mail.pk}/change/", WORDS | {"subject_pl": "Zebra"})

    mail.refresh_from_db()
    assert mail.sent_at is not None
    assert mail.subject_pl == "Nowości"


def test_staff_with_only_the_view_permission_cannot_send_a_marketing_mail() -> None:
    """Red when: the action needs no permission, or only `view`."""
    make_trial("email")
    mail = MarketingMail.objects.create(**WORDS)

    act(make_staff("view_marketingmail"), MAILS, "send", mail)

    assert MarketingMail.objects.get().sent_at is None
    assert not Mail.objects.filter(kind=actions.MARKETING).exists()


def test_a_failed_hand_over_is_tried_again(admin_client, settings) -> None:
    """Red when: a delivered one is sent again, or a failed one is not."""
    settings.PROVISIONING_URL = "https://phones.example/"
    failed = make_trial().hand_over
    delivered = make_trial(email="jan@example.com").hand_over
    failed.finish(HandOver.State.FAILED, at=timezone.now(), error="HTTPError 502")
    delivered.finish(HandOver.State.DELIVERED, at=timezone.now())

    assert "HTTPError 502" in Page(admin_client.get(HAND_OVERS).content).one("main").text
    assert rows_of(admin_client, HAND_OVERS, state="failed") == 1
    assert message_levels(act(admin_client, HAND_OVERS, "try_again", failed, delivered)) == [
        "success"
    ]

    failed.refresh_from_db()
    delivered.refresh_from_db()
    assert (failed.state, delivered.state) == (HandOver.State.WAITING, HandOver.State.DELIVERED)
    assert LogEntry.objects.get().object_id == str(failed.pk)


def test_staff_with_only_the_view_permission_cannot_try_a_hand_over_again(settings) -> None:
    """Red when: the action needs no permission, or only `view`."""
    settings.PROVISIONING_URL = "https://phones.example/"
    failed = make_trial().hand_over
    failed.finish(HandOver.State.FAILED, at=timezone.now())

    act(make_staff("view_handover"), HAND_OVERS, "try_again", failed)

    failed.refresh_from_db()
    assert failed.state == HandOver.State.FAILED


def make_withdrawn(number: int) -> None:
    trial = make_trial("email", email=f"{number}@example.com")
    actions.withdraw(trial.consents.get(), method="address", at=timezone.now())


@pytest.mark.parametrize("address", [CONSENTS, HAND_OVERS])
def test_a_list_needs_no_more_queries_for_more_rows(admin_client, settings, address: str) -> None:
    """Red when: `select_related` is left out."""
    settings.PROVISIONING_URL = "https://phones.example/"
    # A list of one row is also logged as a reading of its person, so the first list has two.
    for number in range(2):
        make_withdrawn(number)
    admin_client.get(address)  # the first request fills caches of the process
    with CaptureQueriesContext(connection) as few:
        assert rows_of(admin_client, address) == 2
    for number in range(2, 6):
        make_withdrawn(number)
    with CaptureQueriesContext(connection) as more:
        assert rows_of(admin_client, address) == 6

    assert len(more) == len(few)
    assert MarketingConsent.objects.count() == 6
