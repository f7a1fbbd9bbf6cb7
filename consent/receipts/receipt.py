"""The receipt of a choice, for whoever made it: what was asked and answered, and the proof of it.

The names of its fields are those of ISO/IEC TS 27560, of which it has no more than a visitor needs.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from consent.models import ConsentRecord, Notice
from consent.record_hash import content_of
from consent.registry.declared import Group, groups_of
from content.company import COMPANY
from content.paths import absolute
from evidence.canonical_json import utc
from evidence.seal import proofs
from evidence.seal.checkpoint import Checkpoint
from privacy.policies.reading.addresses import address
from privacy.rights.map.periods import years_before

SCHEMA = "ISO/IEC TS 27560:2023"
_BASIS = "GDPR Art. 6(1)(a)"


def receipt_of(record: ConsentRecord) -> dict[str, Any]:
    """The receipt, in the language of the question."""
    with translation.override(record.language):
        return {
            "schema_version": SCHEMA,
            "record_id": str(record.pk),
            "language": record.language,
            "pii_controllers": [
                {
                    "party_name": COMPANY["name"],
                    "party_address": COMPANY["registered_address"],
                    "party_email": COMPANY["gdpr_email"],
                }
            ],
            "privacy_notice": _policy_address(record),
            "purposes": [*_purposes(record)],
            "event": _event(record),
            "evidence": _evidence(record),
        }


def kind_of(record: ConsentRecord) -> str:
    """What the choice was: a consent, a refusal, or the withdrawal of an earlier consent."""
    if not record.is_refusal:
        return "consent given"
    return "consent withdrawn" if record.supersedes_id else "consent refused"


def kept_until(record: ConsentRecord) -> datetime:
    """When the record is deleted."""
    return years_before(record.expires_at, -settings.RECORD_YEARS)


def _event(record: ConsentRecord) -> dict[str, Any]:
    return {
        "event_time": utc(record.made_at),
        "event_type": kind_of(record),
        "collection_method": record.method,
        "is_valid_until": utc(record.expires_at),
        "is_kept_until": utc(kept_until(record)),
        "withdrawal_method": absolute(reverse("cookies")),
    }


def _purposes(record: ConsentRecord) -> Iterator[dict[str, Any]]:
    """Each group that was offered, in the words of that day, and whether it was granted."""
    groups = {group.code: group for group in _groups(record.notice)}
    for code in record.offered:
        group = groups.get(code)
        yield {
            "purpose": group.name if group else code,
            "purpose_description": group.description if group else "",
            "lawful_basis": _BASIS,
            "is_granted": code in record.granted,
            "recipients": [each.name for each in group.providers] if group else [],
            "storage": [
                {"name": cookie.name, "retention_period": cookie.life_label}
                for cookie in (group.cookies if group else ())
            ],
        }


def _groups(notice: Notice | None) -> tuple[Group, ...]:
    return groups_of(notice.snapshot.content) if notice else ()


def _policy_address(record: ConsentRecord) -> str:
    version = record.policy_version
    if version is None:
        return ""
    return absolute(address(version.policy, "version", number=version.number))


def _evidence(record: ConsentRecord) -> dict[str, Any]:
    """What a program needs to check that nothing was changed: `check.py` does."""
    covering = proofs.first_checkpoint_of("record", record.pk)
    notice = record.notice
    return {
        "record": {"content": content_of(record), "hash": record.hash}
        | _proof(covering, "record", record),
        "notice": notice
        and {
            "content": {"texts": notice.texts, "registry": notice.snapshot.hash},
            "hash": notice.hash,
            **_proof(covering, "notice", notice),
        },
        "checkpoint": covering.note if covering else None,
    }


def _proof(covering: Checkpoint | None, series: str, row: ConsentRecord | Notice) -> dict[str, Any]:
    proof = proofs.proof_in(covering, series, row.pk) if covering else None
    return {
        "position": proof.position if proof else None,
        "path": [*proof.path] if proof else None,
    }


def file_name(record: ConsentRecord) -> str:
    return f"voipstudio-{timezone.localdate(record.made_at)}-{str(record.pk)[:8]}.json"
