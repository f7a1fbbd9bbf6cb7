"""An erasure of records first withdraws the consent of this browser (I4, GDPR Art. 7(3) and 17)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.choice import choice
from consent.models import ConsentRecord
from evidence.models import Leaf
from privacy.rights.cases import erasure_cases
from tests.evidence.seal.sealed import seal
from tests.factories import make_client, post_choice

pytestmark = pytest.mark.django_db


def finish_erasures() -> None:
    while erasure_cases.finish_next(timezone.now() + timedelta(days=2)):
        pass


def erase_page(client: Client, record: ConsentRecord) -> str:
    """The address of the page that asks for the erasure of a record."""
    opened = client.post(reverse("your_data_record"), {"number": str(record.pk)})
    token = opened["Location"].rstrip("/").rpartition("/")[2]
    return reverse("your_data_erase", kwargs={"token": token})


def ask_for_erasure(client: Client, record: ConsentRecord):
    """As on the page with the data of a record. Returns the answer to the erasure."""
    page = erase_page(client, record)
    assert "najpierw ją wycofamy" in client.get(page).text
    return client.post(page)


def grant(client: Client) -> ConsentRecord:
    post_choice(client, "accept")
    return ConsentRecord.objects.get(is_refusal=False)


def test_the_consent_of_this_browser_is_withdrawn_and_recorded(settings) -> None:
    """Red when: the tags go on without a record, or the withdrawal names another one."""
    client = make_client()
    record = grant(client)

    answer = ask_for_erasure(client, record)

    assert answer.status_code == 303
    assert client.cookies[settings.CHOICE_COOKIE_NAME].value == choice.write_refusal()
    assert answer["Clear-Site-Data"] == '"storage"'
    withdrawal = ConsentRecord.objects.get(is_refusal=True)
    assert (withdrawal.supersedes_id, withdrawal.method) == (record.pk, "erasure")
    assert (withdrawal.notice_id, withdrawal.policy_version_id) == (
        record.notice_id,
        record.policy_version_id,
    )


def test_the_withdrawal_is_erased_with_the_others_and_its_leaf_stays() -> None:
    """I20. Red when: the withdrawal is made after the moment up to which rows are erased."""
    client = make_client()
    record = grant(client)
    ask_for_erasure(client, record)
    seal()

    finish_erasures()

    assert not ConsentRecord.objects.exists()
    assert Leaf.objects.filter(series="record", row=None).count() == 2


def test_another_browser_keeps_its_consent(settings) -> None:
    """Red when: every visitor who opens the page of a number loses their choice."""
    record, other = grant(make_client()), make_client("analytics")
    before = other.cookies[settings.CHOICE_COOKIE_NAME].value

    answer = ask_for_erasure(other, record)

    assert settings.CHOICE_COOKIE_NAME not in answer.cookies
    assert other.cookies[settings.CHOICE_COOKIE_NAME].value == before
    assert not ConsentRecord.objects.filter(is_refusal=True).exists()


def test_asking_again_and_again_makes_one_withdrawal() -> None:
    """Red when: each click stores a record, until the limit of all networks leaves none to others."""
    client = make_client()
    record = grant(client)
    old = dict(client.cookies)

    for _click in range(3):
        client.cookies.update(old)
        client.post(erase_page(client, record))

    assert ConsentRecord.objects.filter(is_refusal=True).count() == 1
    finish_erasures()
    assert not ConsentRecord.objects.exists()


def test_an_old_copy_of_the_cookie_withdraws_nothing_after_an_erasure_was_undone() -> None:
    """Red when: each undone erasure stores a withdrawal more of a consent that is long withdrawn."""
    client = make_client()
    record = grant(client)
    old = dict(client.cookies)
    ask_for_erasure(client, record)
    assert erasure_cases.undo(erasure_cases.pending().get(), at=timezone.now())
    client.cookies.update(old)

    ask_for_erasure(client, record)

    assert ConsentRecord.objects.filter(is_refusal=True).count() == 1


def test_an_erasure_asked_for_elsewhere_before_leaves_no_later_withdrawal() -> None:
    """I20. Red when: a withdrawal is made that the erasure, which is older, does not cover."""
    client = make_client()
    record = grant(client)
    ask_for_erasure(make_client(), record)

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        client.post(erase_page(client, record))

    finish_erasures()
    assert not ConsentRecord.objects.exists()


def test_whoever_has_no_address_reads_how_to_come_back() -> None:
    """The erasure takes the number out of the browser. Red when: the day to undo it cannot be used."""
    client = make_client()
    record = grant(client)

    before = client.get(erase_page(client, record)).text
    after = client.get(ask_for_erasure(client, record)["Location"]).text

    for text in (before, after):
        assert "wpisz numer zapisu" in text
        assert f"<code>{record.pk}</code>" in text


def test_the_page_says_that_cookies_are_off_and_when_the_data_goes() -> None:
    """Red when: the request is called done a day too early, or nothing says what became of consent."""
    client = make_client()
    record = grant(client)

    text = client.get(ask_for_erasure(client, record)["Location"]).text

    assert "Opcjonalne pliki cookie są w\N{NO-BREAK SPACE}tej przeglądarce wyłączone." in text
    assert "zrobione" not in text.partition('id="requests"')[2]


def test_no_form_can_name_the_erasure_as_its_place() -> None:
    assert post_choice(make_client(), "accept", place="erasure").status_code == 400
    assert not ConsentRecord.objects.exists()


def test_the_receipt_of_the_withdrawal_shows_no_question() -> None:
    """Nothing was asked. Red when: the words of the consent stand there as if they were."""
    client = make_client()
    ask_for_erasure(client, grant(client))
    withdrawal = ConsentRecord.objects.get(is_refusal=True)

    text = Client().post("/en/cookies/receipt/", {"number": str(withdrawal.pk)}).text

    assert "erasure of the data" in text
    assert "What we asked</h2>" not in text
