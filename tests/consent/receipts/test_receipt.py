"""The receipt of a choice: what it says, who gets it, and that it proves itself."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape

from consent.models import ConsentRecord, CookieDetails
from consent.receipts.check import MOST_BYTES, BadReceipt, Question, check
from consent.receipts.receipt import receipt_of
from consent.records.record_hash import hash_of
from evidence.models import Leaf
from privacy.rights.cases import erasure_cases
from privacy.rights.map.declarations import Person
from tests.evidence.seal.sealed import make_record, record_of_release_before, seal
from tests.factories import make_client, make_cookie, post_choice
from tests.tampering import tampered

pytestmark = pytest.mark.django_db


EN = "/en/cookies/receipt/"


def grant(client: Client | None = None) -> ConsentRecord:
    post_choice(client or make_client(), "save", "analytics")
    return ConsentRecord.objects.latest("made_at")


def as_text(record: ConsentRecord) -> str:
    return json.dumps(receipt_of(record), ensure_ascii=False)


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


def test_the_number_may_be_typed_as_people_type(monkeypatch) -> None:
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


def change(receipt: dict, path: str, value: object) -> str:
    *places, last = path.split("/")
    part = receipt
    for place in places:
        part = part[int(place) if place.isdigit() else place]
    part[int(last) if last.isdigit() else last] = value
    return json.dumps(receipt)


CHANGES = [
    ("evidence/record/content/granted", ["analytics", "marketing"], Question.RECORD),
    ("evidence/record/content/made_at", "2026-01-01T00:00:00+00:00", Question.RECORD),
    ("evidence/record/hash", "0" * 64, Question.RECORD),
    ("record_id", "3f2c9a4e-0d1b-4f6a-9c8e-5b7d2e1f0a3c", Question.PURPOSES),
    ("language", "en", Question.PURPOSES),
    ("event/event_time", "2026-01-01T00:00:00+00:00", Question.PURPOSES),
    ("event/is_valid_until", "2036-01-01T00:00:00+00:00", Question.PURPOSES),
    ("purposes/2/is_granted", True, Question.PURPOSES),
    ("purposes", [], Question.PURPOSES),
    ("purposes/2/purpose", "Telefonia", Question.PURPOSES),
    ("purposes/2/purpose_description", "Nic.", Question.PURPOSES),
    ("purposes/2/recipients", [], Question.PURPOSES),
    ("purposes/1/storage/0/retention_seconds", 1, Question.PURPOSES),
    ("event/event_type", "consent refused", Question.PURPOSES),
    ("event/collection_method", "telephone", Question.PURPOSES),
    ("evidence/snapshot", {"groups": []}, Question.NOTICE),
    ("purposes/1/is_granted", 1, Question.PURPOSES),
    ("evidence/record/position", "2", Question.SEAL),
    ("evidence/record/position", 2.5, Question.SEAL),
    ("evidence/record/position", None, Question.SEAL),
    ("evidence/notice/content/texts/pl/title", "Zgadzasz się?", Question.NOTICE),
    ("evidence/notice/content/registry", "0" * 64, Question.NOTICE),
    ("evidence/notice/hash", "0" * 64, Question.NOTICE),
    ("evidence/record/position", 0, Question.SEAL),
    ("evidence/record/path", [], Question.SEAL),
    ("evidence/record/path/0", "A" * 43 + "=", Question.SEAL),
    ("evidence/record/path/0", "!", Question.SEAL),
    ("evidence/notice/path/0", "A" * 43 + "=", Question.SEAL),
    ("evidence/checkpoint", "voipstudio.pl/seal\n9\n" + "A" * 43 + "=\n", Question.SEAL),
]


@pytest.mark.parametrize(("path", "value", "question"), CHANGES)
def test_each_change_is_named(path: str, value: object, question: Question) -> None:
    """Red when: the check leaves that part out."""
    record = grant()
    seal()

    checked = check(change(receipt_of(record), path, value))

    assert checked.answers[question] is False
    assert not checked.is_genuine


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("evidence/record/content/granted", ["marketing"]),
        ("evidence/notice/content/texts/pl/title", "Zgadzasz się?"),
    ],
)
def test_a_changed_part_is_not_in_the_tree_whatever_hash_it_names(path: str, value: object) -> None:
    """Red when: the leaf is made of the hash that the receipt names."""
    record = grant()
    seal()

    assert check(change(receipt_of(record), path, value)).answers[Question.SEAL] is False


def test_a_receipt_without_a_seal_proves_nothing() -> None:
    """Anybody could have made it up. Red when: the page calls it genuine."""
    answer = Client().post("/en/cookies/check-receipt/", {"receipt": as_text(grant())})

    result = answer.text.partition('id="result"')[2].partition("<template")[0]
    assert "Nothing is proved yet" in result
    assert "are those that we sealed" not in result


def test_a_mark_of_the_byte_order_before_the_text_does_no_harm() -> None:
    assert check("\ufeff" + as_text(grant())).is_genuine


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "1",
        "x" * 10,
        '{"evidence": null}',
        '{"evidence": {"record": 1}}',
        "[" * 100_000,
    ],
)
def test_another_text_is_no_receipt(text: str) -> None:
    with pytest.raises(BadReceipt):
        check(text)


def test_the_page_checks_a_receipt_without_javascript() -> None:
    """I6. Red when: the result lacks a sentence, or the text is stored."""
    record = grant()
    made = seal()
    client = Client()

    good = client.post("/en/cookies/check-receipt/", {"receipt": as_text(record)})
    bad = client.post(
        "/en/cookies/check-receipt/", {"receipt": change(receipt_of(record), *CHANGES[0][:2])}
    )

    result = good.text.partition('id="result"')[2].partition("<template")[0]
    assert good.status_code == 200
    assert "The question and the answer in this receipt are those that we sealed." in result
    assert (
        "The answer and the words of the question are in the tree of the checkpoint below."
        in result
    )
    assert made.root_text in result
    assert f'href="/en/seal/{made.size}/"' in result
    assert (
        "The answer was changed" in bad.text.partition('id="result"')[2].partition("<template")[0]
    )
    for response in (good, bad):
        assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("text", ["", "<script>", "{" * 300_000])
def test_the_page_refuses_another_text_with_a_sentence(text: str) -> None:
    response = Client().post("/en/cookies/check-receipt/", {"receipt": text})

    assert response.status_code == 422
    assert "This is not a receipt of ours, or a part of it is missing." in response.text
    shown = response.text.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
    assert shown == ("" if len(text) > MOST_BYTES else escape(text))


def test_the_receipt_of_a_record_that_was_altered_in_the_database_names_it() -> None:
    """The receipt of before still leads to the checkpoint that others hold. Red when: the proof is
    made of what the row says today, and not of its leaf."""
    record = grant()
    made = seal()
    before = as_text(record)
    altered = ConsentRecord.objects.get(pk=record.pk)
    altered.granted = ["analytics", "marketing"]
    number = ConsentRecord._meta.pk.get_db_prep_value(record.pk, connection)

    with tampered(
        "UPDATE consent_consentrecord SET granted = %s, hash = %s WHERE id = %s",
        json.dumps(altered.granted),
        hash_of(altered),
        number,
    ):
        after = check(as_text(ConsentRecord.objects.get(pk=record.pk)))

    assert after.answers[Question.RECORD] is True
    assert after.answers[Question.SEAL] is False
    kept = check(before)
    assert kept.is_genuine
    assert kept.checkpoint is not None
    assert kept.checkpoint.root.hex() == made.root


def test_words_that_no_hash_covers_are_not_taken_for_the_question() -> None:
    """A record without a notice has no words. Red when: the purposes are compared with any snapshot."""
    receipt = receipt_of(make_record())
    seal()
    forged = {"code": "analytics", "name": {"pl": "Sprzedaż"}, "description": {"pl": "Nic."}}
    receipt["evidence"]["snapshot"] = {"groups": [forged | {"cookies": []}]}
    receipt["purposes"][0] |= {"purpose": "Sprzedaż", "purpose_description": "Nic."}

    checked = check(json.dumps(receipt))

    assert checked.answers[Question.PURPOSES] is True
    assert checked.answers[Question.NOTICE] is False
    assert not checked.is_genuine


def test_a_repeated_name_is_no_receipt() -> None:
    """A reader sees the first, a program the last. Red when: `object_pairs_hook` is left out."""
    text = as_text(grant())

    with pytest.raises(BadReceipt):
        check('{"record_id": "another", ' + text[1:])


def test_a_number_is_the_same_with_a_fraction_of_zero() -> None:
    """As in a browser. Red when: `parse_float` is left out."""
    record = grant()
    seal()
    receipt = receipt_of(record)
    receipt["evidence"]["record"]["position"] += 0.0

    assert check(json.dumps(receipt)).is_genuine


def test_what_json_lacks_is_no_receipt() -> None:
    """As in a browser. Red when: `parse_constant` is left out."""
    text = as_text(grant())

    with pytest.raises(BadReceipt):
        check('{"note": NaN, ' + text[1:])


def test_a_checkpoint_of_another_site_is_not_ours() -> None:
    record = grant()
    seal()
    receipt = receipt_of(record)
    receipt["evidence"]["checkpoint"] = receipt["evidence"]["checkpoint"].replace("/seal", "/other")

    checked = check(json.dumps(receipt))

    assert checked.answers == {
        Question.RECORD: True, Question.PURPOSES: True, Question.NOTICE: True,
        Question.SEAL: True, Question.ORIGIN: False,
    }  # fmt: skip
    assert not checked.is_genuine


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
