"""The check of a receipt names each change, from the text alone."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.utils.html import escape

from consent.models import ConsentRecord
from consent.receipts.check import MOST_BYTES, BadReceipt, Question, check
from consent.receipts.receipt import receipt_of
from consent.records.record_hash import hash_of
from tests.consent.receipts.made import as_text, grant
from tests.evidence.seal.sealed import make_record, seal
from tests.tampering import tampered

pytestmark = pytest.mark.django_db


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
