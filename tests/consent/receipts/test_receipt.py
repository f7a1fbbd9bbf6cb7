"""The receipt of a choice: what it says, who gets it, and that it proves itself."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from consent.models import ConsentRecord, CookieDetails
from consent.receipts.check import Question, check
from consent.receipts.receipt import receipt_of
from evidence.models import Leaf
from privacy.rights.cases import erasure_cases
from privacy.rights.map.declarations import Person
from tests.consent.receipts.made import as_text, grant
from tests.evidence.seal.sealed import make_record, record_of_release_before, seal
from tests.factories import make_client, make_cookie, post_choice
from tests.tampering import tampered

pytestmark = pytest.mark.django_db


EN = "/en/cookies/receipt/"


def get(record: ConsentRecord, *, path: str = "/cookies/potwierdzenie/", **fields: str):
    return Client().post(path, {"number": str(record.pk), **fields})


def test_it_says_what_was_asked_and_answered_in_the_words_of_that_day() -> None:
    """Red when: the purposes come from the registry of today."""
    record = grant()
    make_cookie("_hjid")
    CookieDetails.objects.get(cookie__name="_ga").cookie.cookiegroup.__class__.objects.filter(
        varname="analytics"
    ).update(description="Inny opis.")

    receipt = receipt_of(ConsentRecord.objects.get(pk=record.pk))

    granted = {each["purpose"]: each["is_granted"] for each in receipt["purposes"]}
    assert granted == {"Preferencje": False, "Analityczne": True, "Marketingowe": False}
    analytics = receipt["purposes"][1]
    assert analytics["purpose_description"].startswith("Google Analytics mierzy")
    assert "_hjid" not in {each["name"] for each in analytics["storage"]}
    assert {"name": "_ga", "retention_seconds": 90 * 24 * 60 * 60} in analytics["storage"]
    assert analytics["recipients"] == ["Google"]


def test_it_has_the_moments_that_matter(settings) -> None:
    record = grant()

    event = receipt_of(record)["event"]

    assert event["event_type"] == "consent given"
    assert event["event_time"] == record.made_at.isoformat()
    assert event["is_valid_until"] == (record.made_at + timedelta(days=182)).isoformat()
    kept_years = int(event["is_kept_until"][:4]) - record.expires_at.year
    assert kept_years == settings.RECORD_YEARS
    assert event["withdrawal_method"].endswith("/cookies/")


def test_it_is_in_the_language_of_the_question() -> None:
    """Red when: it is in the language of the page that shows it."""
    post_choice(make_client(), "save", "analytics", path="/en/cookies/")
    record = ConsentRecord.objects.get()

    assert receipt_of(record)["purposes"][1]["purpose"] == "Analytics"
    assert "Analytics" in get(record).text


def test_whoever_has_the_number_sees_it_and_nobody_else_does() -> None:
    record = grant()
    path = "/cookies/potwierdzenie/"

    assert get(record).status_code == 200
    assert str(record.pk) in get(record).text
    for number, status in (("", 422), ("abc", 422), ("3f2c9a4e-0d1b-4f6a-9c8e-5b7d2e1f0a3c", 422)):
        response = Client().post(path, {"number": number})
        assert response.status_code == status
        assert 'class="facts"' not in response.text
    assert Client().get(path).status_code == 200


def test_the_page_with_it_is_private() -> None:
    """I15. Red when: `private_page` is left out."""
    response = get(grant())

    assert response["Cache-Control"] == "private, no-store"
    assert "google" not in response["Content-Security-Policy"]


def test_it_comes_as_a_file() -> None:
    record = grant()

    response = get(record, **{"as": "file"})

    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="voipstudio-')
    assert json.loads(response.content) == receipt_of(record)


def test_wrong_numbers_of_one_network_are_counted_and_no_others(monkeypatch) -> None:
    """Red when: `count_form` is left out, or colleagues take each other's receipts away."""
    monkeypatch.setattr("privacy.rate_limits.MAX_FORMS_PER_NETWORK_AND_HOUR", 2)
    record, client = grant(), Client()
    guess = {"number": str(uuid.uuid4())}

    guesses = [client.post("/cookies/potwierdzenie/", guess) for _ in range(3)]

    assert [answer.status_code for answer in guesses] == [422, 422, 429]
    assert guesses[2]["Retry-After"] == "3600"
    assert get(record).status_code == 200


def test_the_number_may_be_typed_as_people_type() -> None:
    """Red when: a space or a dash of another kind hides a record from whoever made it."""
    record = grant()
    typed = f" {str(record.pk).upper().replace('-', ' – ')}. "

    assert Client().post("/cookies/potwierdzenie/", {"number": typed}).status_code == 200
    short = Client().post("/en/cookies/receipt/", {"number": str(record.pk)[:-1]})
    assert (short.status_code, "Yours has 31." in short.text) == (422, True)


def test_a_withdrawn_consent_says_so_and_leads_to_its_withdrawal() -> None:
    """Red when: a visitor reads that a consent holds which they have withdrawn."""
    client = make_client()
    record = grant(client)
    before = get(record, path=EN).text
    assert "How to withdraw" in before
    assert "It holds until" in before
    post_choice(client, "reject")
    withdrawal = ConsentRecord.objects.get(is_refusal=True)

    of_consent, of_withdrawal = get(record, path=EN).text, get(withdrawal, path=EN).text

    assert "You withdrew this consent on" in of_consent
    assert f'value="{withdrawal.pk}"' in of_consent
    assert str(record.pk) in of_withdrawal
    for text in (of_consent, of_withdrawal):
        assert "How to withdraw" not in text
    assert "It holds until" not in of_consent
    assert "We ask again on" in of_withdrawal


def test_an_erasure_that_was_asked_for_is_the_day_of_deletion() -> None:
    """Red when: the receipt names a day years later."""
    record = grant()
    case = erasure_cases.request(Person("", frozenset({record.pk})), at=timezone.now())

    text = get(record, path=EN).text

    assert date_format(timezone.localtime(case.final_at), "H:i") in text
    assert "(as you asked)" in text


def test_the_cookie_page_leads_to_it() -> None:
    """Also the answer to a withdrawal, which alone shows its number. Red when: the button is gone."""
    client = make_client()
    post_choice(client, "accept")
    assert 'action="/cookies/potwierdzenie/"' in client.get("/cookies/").text

    answer = post_choice(client, "reject")

    withdrawal = ConsentRecord.objects.get(is_refusal=True)
    assert 'action="/cookies/potwierdzenie/"' in answer.text
    assert f'value="{withdrawal.pk}"' in answer.text
    assert receipt_of(withdrawal)["event"]["event_type"] == "consent withdrawn"


def test_before_the_seal_it_fits_together_and_says_that_it_is_not_sealed() -> None:
    checked = check(as_text(grant()))

    assert checked.is_genuine
    assert checked.checkpoint is None
    assert checked.answers == {
        Question.RECORD: True, Question.PURPOSES: True, Question.NOTICE: True,
        Question.SEAL: None, Question.ORIGIN: None,
    }  # fmt: skip


def test_from_the_next_day_it_leads_to_the_checkpoint() -> None:
    record = grant()
    made = seal()

    checked = check(as_text(record))

    assert checked.answers[Question.SEAL] is True
    assert checked.checkpoint is not None
    assert checked.checkpoint.root.hex() == made.root


def test_it_leads_to_the_checkpoint_of_its_own_day_for_ever() -> None:
    """Red when: the last checkpoint is taken: a receipt and its copy of before would differ."""
    record = grant()
    seal()
    before = as_text(record)
    make_record(stored_at=timezone.now() + timedelta(days=1))
    seal(at=timezone.now() + timedelta(days=2))

    assert as_text(record) == before


def test_a_refusal_to_an_unknown_question_has_a_receipt_too() -> None:
    record = make_record()

    checked = check(as_text(record))

    assert checked.answers[Question.NOTICE] is None
    assert checked.is_genuine
    assert get(record).status_code == 200


def test_a_record_that_waits_for_its_hash_has_a_receipt_that_holds() -> None:
    """Red when: the receipt quotes the empty hash of a record of the release before."""
    assert check(as_text(record_of_release_before())).is_genuine


def test_a_new_name_of_the_site_alters_no_record(settings) -> None:
    """Red when: the page says that a record was altered whose checkpoint has the old name."""
    record = grant()
    seal()
    settings.SITE_ORIGIN = "https://voipstudio.example"

    assert "is not what we sealed" not in get(record, path=EN).text
    answer = Client().post("/en/cookies/check-receipt/", {"receipt": as_text(record)})
    assert "The checkpoint names another site or another address" in answer.text


def test_a_receipt_of_an_altered_record_says_so_and_is_logged(log_lines) -> None:
    """Red when: the visitor is the first to learn it, from the check, which blames them."""
    record = grant()
    seal()
    assert "is not what we sealed" not in get(record, path=EN).text

    with tampered(
        "UPDATE consent_consentrecord SET has_gpc_signal = NOT has_gpc_signal WHERE id = %s",
        ConsentRecord._meta.pk.get_db_prep_value(record.pk, connection),
    ):
        text = get(record, path=EN).text

    assert "Our record of this choice is not what we sealed." in text
    [line] = [each for each in log_lines if "check_evidence" in each]
    assert str(record.pk) not in line


def test_a_receipt_from_a_tree_that_lacks_a_leaf_says_so() -> None:
    """Red when: LookupError is not caught, and the visitor gets an error of the server."""
    record, _other = grant(), make_record()
    seal()
    leaf = Leaf.objects.get(row=record.pk)

    with tampered("DELETE FROM evidence_leaf WHERE id <> %s", leaf.position):
        response = get(record, path=EN)

    assert response.status_code == 200
    assert "Our record of this choice is not what we sealed." in response.text
