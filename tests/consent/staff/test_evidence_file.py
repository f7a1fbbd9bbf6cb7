"""The file of one record can be checked by somebody who has nothing but the file."""

import base64
import hashlib
import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from consent.models import ConsentRecord
from consent.staff import evidence_file
from evidence.seal import merkle
from privacy.models import Reading
from privacy.rights.cases import erasure
from privacy.rights.map.declarations import Person
from privacy.rights.map.register import found_by_finders
from tests.consent.staff.asked import make_record, shown_address
from tests.evidence.seal.sealed import make_record as make_bare_record
from tests.evidence.seal.sealed import seal
from tests.factories import make_client, post_choice

pytestmark = pytest.mark.django_db


def address(record: ConsentRecord) -> str:
    return f"/admin/consent/consentrecord/{record.pk}/file/"


def file_of(client: Any, record: ConsentRecord) -> dict[str, Any]:
    response = client.post(address(record))
    assert response.status_code == 200
    content: dict[str, Any] = json.loads(response.content)
    return content


def sha256_of_json(value: Any) -> str:
    """As the file says how: keys sorted, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def root_of(row: dict[str, Any], row_id: str) -> str:
    """The root to which the proof of a row leads, computed from the file alone."""
    seal = row["seal"]
    leaf = merkle.leaf_hash(f"{seal['series']}\n{row_id}\n{row['hash']}".encode())
    assert leaf.hex() == seal["leaf"]
    path = [base64.b64decode(each) for each in seal["path"]]
    size = seal["checkpoint"]["tree_size"]
    return merkle.root_of_path(leaf, seal["position"], size, path).hex()


def test_every_hash_can_be_computed_from_the_file_alone(admin_client) -> None:
    """Red when: a part of what is hashed is left out of the file, or is written otherwise."""
    file = file_of(admin_client, make_record())

    record, notice, version = file["record"], file["notice"], file["policy_version"]
    snapshot = notice["snapshot"]
    assert record["hash"] == sha256_of_json(record["content"])
    assert snapshot["hash"] == sha256_of_json(snapshot["content"])
    words = {"registry": snapshot["hash"], "texts": notice["texts"]}
    assert notice["hash"] == sha256_of_json(words)
    assert version["hash"] == hashlib.sha256(version["file"].encode()).hexdigest()
    assert all(each["matches"] for each in (record, notice, snapshot, version))


def test_every_proof_leads_to_the_checkpoint(admin_client) -> None:
    """Red when: the path, the position or the size in the file is that of something else."""
    for _visitor in range(5):
        record = make_record()
    assert file_of(admin_client, record)["record"]["seal"] is None
    checkpoint = seal()

    file = file_of(admin_client, record)

    version, notice = record.policy_version_id, record.notice_id
    assert root_of(file["record"], str(record.pk)) == checkpoint.root
    assert root_of(file["notice"], f"00000000-0000-0000-0000-{notice:012x}") == checkpoint.root
    version_id = f"00000000-0000-0000-0000-{version:012x}"
    assert root_of(file["policy_version"], version_id) == checkpoint.root
    assert file["record"]["seal"]["checkpoint"]["note"] == checkpoint.note


def test_the_file_has_the_question_as_the_page_frames_it(admin_client) -> None:
    """Red when: the file shows another part or another language."""
    record = make_record(language="en")

    shown = file_of(admin_client, record)["shown"]

    assert shown["language"] == "en"
    assert [*shown["html"]] == ["banner", "groups", "cookies"]
    for part, html in shown["html"].items():
        assert html == admin_client.get(shown_address(record, part)).text


def test_the_file_has_the_chain(admin_client) -> None:
    client = make_client()
    post_choice(client, "accept")
    post_choice(client, "reject")
    first, last = ConsentRecord.objects.order_by("stored_at")

    chain = file_of(admin_client, first)["chain"]

    numbers = [each["content"]["id"] for each in chain["records"]]
    assert numbers == [str(first.pk), str(last.pk)]
    assert not chain["has_more"]


def test_a_refusal_without_a_notice_has_a_file_too(admin_client) -> None:
    """Red when: the file takes the notice or the policy for granted."""
    file = file_of(admin_client, make_bare_record())

    assert [file[name] for name in ("notice", "shown", "policy_version")] == [None] * 3


def test_the_download_is_logged_with_the_person(admin_client) -> None:
    """Red when: record_file is not wrapped by `logged_row`, or is no attachment."""
    record = make_record()

    response = admin_client.post(address(record))

    assert response["Content-Disposition"] == (
        f'attachment; filename="consent-record-{record.pk}.json"'
    )
    row = Reading.objects.get()
    assert (row.what, row.kind, row.rows, bool(row.about)) == (
        "exported",
        "consent_consentrecord",
        1,
        True,
    )
    assert LogEntry.objects.get().object_id == str(record.pk)


def test_a_link_alone_takes_no_file(admin_client) -> None:
    """Red when: another site can make a colleague download, or a browser loads it beforehand."""
    assert admin_client.get(address(make_record())).status_code == 405
    assert not Reading.objects.exists()


def test_the_file_says_how_to_check_it() -> None:
    content = evidence_file.content(make_bare_record(), at=timezone.now())

    assert len(content["how_to_check"]) >= 4


def test_an_erasure_leaves_no_number_in_the_history_of_the_admin(admin_client) -> None:
    """I20. Red when: the number stays there, from which anybody can tell the leaf that stays."""
    record = make_record()
    admin_client.post(address(record))
    assert LogEntry.objects.filter(object_id=str(record.pk)).exists()

    erasure.erase(Person("", frozenset({record.pk})), at=timezone.now())

    assert not LogEntry.objects.filter(object_id=str(record.pk)).exists()


def test_a_visitor_reads_that_staff_took_a_copy(admin_client) -> None:
    """GDPR Art. 15. Red when: `log_entries` is no finder."""
    record = make_record()
    admin_client.post(address(record))

    [entry] = LogEntry.objects.all()
    assert entry in found_by_finders(LogEntry)(Person("", frozenset({record.pk})))
