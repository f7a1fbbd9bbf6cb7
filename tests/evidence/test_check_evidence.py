"""The audit command finds every change of evidence that bypassed the database."""

import json
import tracemalloc
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from consent.models import CodeManifest, ConsentRecord, Notice, RegistrySnapshot
from evidence.audit import hash_mismatch
from evidence.canonical_json import digest
from evidence.management.commands import check_evidence
from evidence.models import Checkpoint, Leaf
from privacy.models import (
    PolicyCode,
    PolicyStep,
    PolicyVersion,
    RecipientsSnapshot,
    RetentionSnapshot,
)
from privacy.policies.actions import approve, publish_version, submit
from privacy.policies.review import article_13
from privacy.policies.review.problems import version_warnings
from privacy.rights.retention import retention_table
from tests.evidence.seal.sealed import make_record, seal
from tests.factories import make_cookie
from tests.privacy.policies.drafts import DOUBTFUL_SENTENCE, make_draft, make_published
from tests.tampering import tampered
from trial.models import ConsentWording

pytestmark = pytest.mark.django_db

NOW = timezone.now()

# A changed value for each column that a hash covers, for every model with a hash.
COVERED = {
    PolicyVersion: {
        "policy": "acceptable-use",
        "number": 7,
        "title_pl": "Inny",
        "title_en": "Other",
        "text_pl": "## 0. A\n\n0.1 Inny.",
        "text_en": "## 0. A\n\n0.1 Other.",
        "change_summary_pl": "Nic się nie zmieniło.",
        "change_summary_en": "Nothing changed.",
        "article_13": json.dumps({item.code: ["0.2"] for item in article_13.ITEMS}),
        "is_material": True,
        "asks_again": True,
        "effective_at": NOW + timedelta(days=99),
        "published_at": NOW - timedelta(days=99),
        "hash": "0" * 64,
    },
    RegistrySnapshot: {"content": json.dumps({"groups": []}), "hash": "0" * 64},
    Notice: {"texts": json.dumps({"pl": {}, "en": {}}), "hash": "0" * 64, "snapshot_id": None},
    RetentionSnapshot: {"content": json.dumps({"pl": [], "en": []}), "hash": "0" * 64},
    RecipientsSnapshot: {"content": json.dumps({"pl": [], "en": []}), "hash": "0" * 64},
    ConsentWording: {"channel": "post", "texts": json.dumps({"pl": "Tak."}), "hash": "0" * 64},
    ConsentRecord: {
        "id": uuid.uuid4(),
        "made_at": NOW - timedelta(days=1),
        "expires_at": NOW + timedelta(days=999),
        "notice_id": None,
        "language": "en",
        "offered": "[]",
        "granted": '["analytics"]',
        "is_refusal": False,
        "method": "cookie-page",
        "has_javascript": False,
        "has_gpc_signal": True,
        "policy_version_id": None,
        "supersedes_id": uuid.uuid4(),
        "hash": "0" * 64,
    },
}
# The columns that no hash covers, and why that is enough.
NOT_COVERED = {
    # `stage`: publications() finds a published version that was moved to another stage.
    # `created_at` and `revision` belong to the draft: readers never see them.
    PolicyVersion: {"id", "stage", "created_at", "revision"},
    # A record of consent holds its own moment, and names its notice.
    RegistrySnapshot: {"id", "created_at"},
    Notice: {"id", "created_at"},
    RetentionSnapshot: {"id", "created_at"},
    RecipientsSnapshot: {"id", "created_at"},
    ConsentWording: {"id", "created_at"},
    # Which checkpoint is the first to cover the record follows from its leaf.
    ConsentRecord: {"stored_at"},
}
CASES = [
    (model, column, value)
    for model, changes in COVERED.items()
    for column, value in changes.items()
]


def check() -> tuple[int, str, str]:
    """The exit code, stdout and stderr of the command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("check_evidence", stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture(autouse=True)
def evidence(settings) -> None:
    """More than one row of each kind."""
    make_published("second")
    make_published(policy=PolicyCode.TERMS)
    make_cookie("_hjid")
    settings.PROOF_YEARS += 1
    retention_table.TABLE.keep(at=timezone.now())
    notice, policy = Notice.objects.first(), PolicyVersion.objects.published().first()
    for at in (timezone.now(), timezone.now() + timedelta(days=1)):
        make_record(stored_at=at, notice=notice, policy_version=policy)


def test_all_stored_evidence_matches_and_is_counted() -> None:
    """Red when: a series is left out, or counts rows that it did not read."""
    for days in (1, 2):
        seal(at=timezone.now() + timedelta(days=days))
    counts = {
        "wordings of consents to marketing": ConsentWording.objects.count(),
        "records of choices about cookies": ConsentRecord.objects.count(),
        "snapshots of the registry": RegistrySnapshot.objects.count(),
        "notices": Notice.objects.count(),
        "code of the question": CodeManifest.objects.count(),
        "pictures of the question": 0,
        "published versions of policies": PolicyVersion.objects.published().count(),
        "steps that published or approved a version": PolicyStep.objects.filter(
            kind__in=["published", "approved"]
        ).count(),
        "tables of retention periods": RetentionSnapshot.objects.count(),
        "tables of recipients": RecipientsSnapshot.objects.count(),
        "leaves of the seal": Leaf.objects.count(),
        "rows without a leaf": 0,
        "nodes of the seal": 0,
        "checkpoints of the seal": Checkpoint.objects.count(),
    }

    assert sorted(counts.values())[4] >= 2
    lines = "".join(f"{name}: {count} checked, all match.\n" for name, count in counts.items())
    assert check() == (0, lines, "")


def test_a_checked_warning_is_not_counted_as_a_publication() -> None:
    """Red when: every step of the publisher counts as a step that published a version."""
    version = make_draft(DOUBTFUL_SENTENCE)
    submit(version=version, user=None, at=timezone.now())
    words = [warning.text for warning in version_warnings(version)]
    publish_version(version=version, user=None, at=timezone.now(), checked=words)

    code, out, err = check()

    assert (code, err) == (0, "")
    assert version.steps.filter(kind="checked").count() == 2
    published = PolicyVersion.objects.published().count()
    assert f"steps that published or approved a version: {published} checked, all match." in out


@pytest.mark.parametrize("model", COVERED, ids=lambda model: model.__name__)
def test_every_column_is_listed_as_covered_or_not_covered(model) -> None:
    """Red when: a new column is in neither list."""
    columns = {field.column for field in model._meta.concrete_fields}

    assert columns == {*COVERED[model], *NOT_COVERED[model]}


@pytest.mark.parametrize(
    ("model", "column", "value"), CASES, ids=[f"{m.__name__}-{c}" for m, c, _v in CASES]
)
def test_a_change_of_a_covered_column_is_found_and_named(model, column: str, value) -> None:
    """Red when: the hash leaves the column out."""
    row = model.objects.order_by("pk")[1]
    if column == "snapshot_id":
        value = RegistrySnapshot.objects.exclude(hash=row.snapshot.hash).first().pk
    table = model._meta.db_table
    changed = [_for_the_database(model, column, value), _for_the_database(model, "id", row.pk)]

    with tampered(f"UPDATE {table} SET {column} = %s WHERE id = %s", *changed):
        code, out, err = check()

    assert code == 1
    assert err.startswith(f"Does not match: {table}, id {value if column == 'id' else row.pk} (")
    assert table not in out
    if column in {"hash", "content", "texts"}:
        stored = value if column == "hash" else row.hash
        assert f"the stored hash is {stored}, the computed hash is " in err
    assert check()[0] == 0


def _for_the_database(model, column: str, value) -> object:
    """SQLite has numbers of records as text."""
    [field] = [field for field in model._meta.concrete_fields if field.column == column]
    is_number = isinstance(value, uuid.UUID)
    return field.get_db_prep_value(value, connection) if is_number else value


def test_each_mismatch_is_named_with_its_number_and_date_up_to_a_number(monkeypatch) -> None:
    """Red when: the command stops at the first one, or fills the screen with all."""
    first = PolicyVersion.objects.get(policy=PolicyCode.PRIVACY, number=1)

    with tampered("UPDATE privacy_policyversion SET title_pl = 'Inny' WHERE number IS NOT NULL"):
        code, _out, err = check()

    name = f"privacy 1, published {first.published_at:%Y-%m-%d %H:%M} UTC"
    lines = err.splitlines()
    assert code == 1
    assert len(lines) == PolicyVersion.objects.published().count() + 1
    assert lines[-1] == check_evidence.WHAT_TO_DO
    assert f"privacy_policyversion, id {first.pk} ({name}): the stored hash is {first.hash}" in err
    monkeypatch.setattr(check_evidence, "MOST_NAMED", 1)
    with tampered("UPDATE privacy_policyversion SET title_pl = 'Inny' WHERE number IS NOT NULL"):
        _code, out, err = check()
    assert len(err.splitlines()) == 2
    assert f"{len(lines) - 1} do not match." in out


def test_a_missing_version_between_two_others_is_found() -> None:
    """Red when: the numbers of the versions are not checked for gaps."""
    second = PolicyVersion.objects.get(policy=PolicyCode.PRIVACY, number=2)
    third = make_published("third")

    with tampered("DELETE FROM privacy_policyversion WHERE id = %s", second.pk):
        code, _out, err = check()

    assert code == 1
    assert f"id {third.pk} (privacy 3, published " in err
    assert "version 2 of this policy is expected here, and missing" in err


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE privacy_policyversion SET stage = 'discarded', number = NULL, published_at = NULL,"
        " hash = '' WHERE id = %s",
        "DELETE FROM privacy_policyversion WHERE id = %s",
    ],
    ids=["unpublished", "deleted"],
)
def test_a_last_version_that_was_deleted_or_unpublished_is_found(statement: str) -> None:
    """Red when: the log of steps is not compared."""
    last = PolicyVersion.objects.get(policy=PolicyCode.PRIVACY, number=2)
    step = last.steps.get(kind="published")

    with tampered(statement, last.pk):
        code, _out, err = check()

    assert code == 1
    assert f"privacy_policystep, id {step.pk} (version with id {last.pk}, published " in err


def test_an_approval_is_counted_and_its_version_must_be_published(admin_user) -> None:
    """Red when: the log calls a version approved that is not there any more, and nobody finds it."""
    version = make_published(policy=PolicyCode.ACCEPTABLE_USE)
    approve(version=version, user=admin_user, at=timezone.now())
    step = version.steps.get(kind="approved")
    steps = PolicyStep.objects.filter(kind__in=["published", "approved"]).count()
    assert f"or approved a version: {steps} checked, all match." in check()[1]

    with tampered("DELETE FROM privacy_policyversion WHERE id = %s", version.pk):
        # Otherwise the command names this step, which comes first.
        PolicyStep.objects.filter(version_id=version.pk, kind="published").delete()
        code, _out, err = check()

    assert code == 1
    assert f"privacy_policystep, id {step.pk} (version with id {version.pk}, approved " in err


def test_a_snapshot_that_was_changed_with_its_hash_does_not_match_its_notice() -> None:
    """Red when: the hash of a notice does not cover the hash of its snapshot."""
    row = Notice.objects.order_by("pk")[1]
    content: dict = {"groups": []}

    with tampered(
        "UPDATE consent_registrysnapshot SET content = %s, hash = %s WHERE id = %s",
        json.dumps(content),
        digest(content),
        row.snapshot_id,
    ):
        code, _out, err = check()

    assert code == 1
    assert err.startswith(f"Does not match: consent_notice, id {row.pk} (kept ")


def test_a_notice_without_its_snapshot_does_not_match() -> None:
    """Red when: notices are read by an inner join, which leaves such a row out."""
    row = Notice.objects.order_by("pk")[1]

    with tampered("DELETE FROM consent_registrysnapshot WHERE id = %s", row.snapshot_id):
        assert check()[0] == 1


@pytest.mark.parametrize("value", ["[]", "null", '{"controller": 5}', '"x"'])
def test_a_value_that_cannot_be_hashed_is_found(value: str) -> None:
    """Red when: the error ends the command without the name of the row."""
    row = PolicyVersion.objects.get(policy=PolicyCode.PRIVACY, number=1)

    with tampered("UPDATE privacy_policyversion SET article_13 = %s WHERE id = %s", value, row.pk):
        code, _out, err = check()

    assert (code, f"id {row.pk} (privacy 1" in err) == (1, True)


def test_a_mismatch_names_both_hashes() -> None:
    assert hash_mismatch("a", str.lower, "A") == ""
    assert hash_mismatch("a", str.lower, "B") == "the stored hash is a, the computed hash is b"
    assert hash_mismatch("", str.lower, "B") == "the stored hash is empty, the computed hash is b"
    assert (
        hash_mismatch("a", str.lower, 5)
        == "the stored hash is a, and it cannot be computed again (TypeError)"
    )


def test_only_a_few_rows_are_in_memory_at_a_time() -> None:
    """Red when: a queryset is read without `iterator`, and so holds every row."""
    count, size = 60, 500_000
    content = {"groups": [], "padding": "x" * size}
    RegistrySnapshot.objects.bulk_create(
        [
            RegistrySnapshot(content=content, hash=digest(content), created_at=NOW)
            for _ in range(count)
        ],
        batch_size=5,
    )
    tracemalloc.start()
    code, out, _err = check()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert code == 0
    assert f"snapshots of the registry: {RegistrySnapshot.objects.count()} checked" in out
    assert peak < count * size / 2
