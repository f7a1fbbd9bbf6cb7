"""The sentences that tell a publisher how many visitors a new version asks again."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from consent.consequences import visitors_asked_again
from consent.models import ConsentRecord, CookieDetails, Notice
from consent.records.storing import store_record
from content import store
from evidence.growing import counts
from privacy.models import PolicyCode, PolicyVersion
from privacy.policies import consequences
from tests.factories import make_cookie, make_made_choice, publish_registry
from tests.privacy.policies.drafts import make_draft, make_published

pytestmark = pytest.mark.django_db

NOW = timezone.now() + timedelta(days=1)  # after the seeded policy took force
LIFE = timedelta(days=182)
ENDED = "Once this version takes effect, they no longer count, and the visitors are asked again."
SILENT = "This version asks nobody again."


@pytest.fixture(autouse=True)
def english():
    store.poll(NOW)
    with translation.override("en"):
        yield


def grant(*granted: str, **fields) -> uuid.UUID:
    """One recorded choice on the present notice under the version in force; a grant by default."""
    values = {
        "made_at": NOW,
        "notice_id": Notice.objects.first().pk,
        "offered": ("preferences", "analytics", "marketing"),
        "granted": granted or ("analytics",),
        "policy_version_id": PolicyVersion.objects.in_force(PolicyCode.PRIVACY, at=NOW).pk,
    }
    made_choice = make_made_choice(**values | fields)
    store_record(made_choice)
    return made_choice.record_id


def consequence(*, asks_again: bool = False, **fields) -> str | None:
    return visitors_asked_again(make_draft(asks_again=asks_again, **fields), NOW)


def live() -> set[uuid.UUID]:
    return set(ConsentRecord.objects.live_grants(at=NOW).values_list("pk", flat=True))


def test_a_grant_is_live_until_it_expires_or_is_superseded() -> None:
    """Red when: any condition of `live_grants` is left out."""
    standing = grant()
    withdrawn, renewed = grant(), grant()
    grant(granted=(), supersedes_id=withdrawn)  # a withdrawal
    grant(granted=())  # a refusal
    anew = grant("marketing", supersedes_id=renewed)
    grant(made_at=NOW - LIFE)
    last_moment = grant(made_at=NOW - LIFE + timedelta(seconds=1))

    assert live() == {standing, anew, last_moment}


def test_a_withdrawn_grant_is_not_live_again_when_the_withdrawal_expires() -> None:
    """Red when: only live records count as superseding."""
    first = grant(made_at=NOW - timedelta(days=1))
    grant(granted=(), supersedes_id=first, made_at=NOW - LIFE)

    assert live() == set()


def test_without_a_live_grant_no_visitor_is_asked() -> None:
    grant(granted=())

    nobody = "No visitor has a live consent: nobody is asked again."
    assert (consequence(), consequence(asks_again=True)) == (nobody, nobody)


def test_a_reconsent_version_asks_every_visitor_with_a_live_grant() -> None:
    """Red when: `visitors_asked_again` counts records, or the mark is not read."""
    for _ in range(3):
        grant()
    withdrawn = grant()
    grant(granted=(), supersedes_id=withdrawn)

    assert consequence(asks_again=True) == f"3 visitors have a live consent. {ENDED}"
    assert consequence() == f"3 visitors have a live consent. {SILENT}"


def test_one_visitor_is_written_in_the_singular() -> None:
    grant()

    assert consequence(asks_again=True) == (
        "1 visitor has a live consent. "
        "Once this version takes effect, it no longer counts, and the visitor is asked again."
    )


def test_a_visitor_who_is_asked_again_anyway_is_named_and_not_counted_twice() -> None:
    """Red when: `_is_asked_again_already` leaves out the notices, the version, or joins them with AND."""
    before_cookie = grant()
    make_cookie("_hjid")
    grant()
    row = CookieDetails.objects.get(cookie__name="_gid")
    row.purpose_en = "A typo corrected."
    row.save()
    publish_registry()
    grant()
    withdrawn = grant(notice_id=ConsentRecord.objects.get(pk=before_cookie).notice_id)
    grant(granted=(), supersedes_id=withdrawn)

    anyway = "of them {} being asked again anyway, because of an earlier change of the cookies or the policy."
    one = f"1 {anyway.format('is')}"
    assert consequence() == f"3 visitors have a live consent. {SILENT} {one}"
    assert consequence(asks_again=True) == f"3 visitors have a live consent. {ENDED} {one}"

    # Of all three, and once, where the policy asks for the same grants as the registry.
    make_published(at=NOW, asks_again=True)
    store.poll(NOW)
    grant(), grant(policy_version_id=None)
    assert consequence() == f"5 visitors have a live consent. {SILENT} 4 {anyway.format('are')}"


def test_a_visitor_who_sends_the_signal_is_not_asked_and_is_named() -> None:
    """I10. Red when: the signal of a grant is not read."""
    grant(), grant(), grant(has_gpc_signal=True)

    unasked = "Not asked: 1 who gave it while the browser sent Global Privacy Control."
    assert consequence(asks_again=True) == f"3 visitors have a live consent. {ENDED} {unasked}"
    make_cookie("_hjid")
    assert consequence().endswith(
        "2 of them are being asked again anyway, because of an earlier "
        "change of the cookies or the policy."
    )


def test_other_policies_have_nothing_to_do_with_consent() -> None:
    grant()

    assert consequence(policy=PolicyCode.TERMS, asks_again=True) is None


def test_the_database_counts_and_loads_no_row() -> None:
    """Red when: rows are loaded to be counted."""
    for _ in range(3):
        grant(has_gpc_signal=True)
    version = make_draft(asks_again=True)

    with CaptureQueriesContext(connection) as queries:
        sentences = visitors_asked_again(version, NOW)

    statements = [query["sql"] for query in queries]
    assert len(statements) <= 3
    assert all(sql.startswith("SELECT COUNT(") for sql in statements)
    assert sentences in consequences.descriptions(version, at=NOW)


def test_of_many_visitors_the_sentence_says_about_how_many(monkeypatch) -> None:
    """Red when: all live grants are counted, of which a site can have hundreds of thousands."""
    monkeypatch.setattr(counts, "MOST_COUNTED", 2)
    monkeypatch.setattr(counts, "expected", lambda _rows: 634_321)
    for _ in range(3):
        grant()

    sentences = visitors_asked_again(make_draft(asks_again=True), NOW)

    assert sentences.startswith(f"About 630,000 visitors have a live consent. {ENDED} Not asked:")
    assert "About 630,000 of them are being asked again anyway" in sentences
