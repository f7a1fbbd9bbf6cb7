"""The receipt of a choice, for whoever made it: what was asked and answered, and the proof of it.

The names of its fields are those of ISO/IEC TS 27560, of which it has no more than a visitor needs.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from consent.models import ConsentRecord, Notice
from consent.records.record_hash import content_of, hash_of
from content.company import COMPANY
from content.paths import absolute
from evidence.canonical_json import utc
from evidence.seal import proofs
from evidence.seal.checkpoint import Checkpoint
from evidence.seal.tree import leaf_of
from privacy.policies.reading.addresses import address
from privacy.rights.map.periods import years_before

SCHEMA = "ISO/IEC TS 27560:2023"
_BASIS = "GDPR Art. 6(1)(a)"
# More than any registry has groups.
MOST_PURPOSES = 100


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
            "purposes": [*purposes_of(content_of(record), _snapshot(record))],
            "event": _event(record),
            "evidence": _evidence(record),
        }


def kind_of(content: Mapping[str, Any]) -> str:
    """What a choice was: a consent, a refusal, or the withdrawal of an earlier consent."""
    if not content["is_refusal"]:
        return "consent given"
    return "consent withdrawn" if content["supersedes"] else "consent refused"


def kept_until(record: ConsentRecord) -> datetime:
    """When the record is deleted."""
    return years_before(record.expires_at, -settings.RECORD_YEARS)


def _event(record: ConsentRecord) -> dict[str, Any]:
    return {
        "event_time": utc(record.made_at),
        "event_type": kind_of(content_of(record)),
        "collection_method": record.method,
        "is_valid_until": utc(record.expires_at),
        "is_kept_until": utc(kept_until(record)),
        "withdrawal_method": absolute(reverse("cookies")),
    }


def purposes_of(
    content: Mapping[str, Any], snapshot: Mapping[str, Any] | None
) -> Iterator[dict[str, Any]]:
    """Each group that a record offered, in the words of that day, and whether it was granted.

    Of the content of the record and of the snapshot alone, so that a check can do it again.
    """
    groups = {group["code"]: group for group in (snapshot or {"groups": []})["groups"]}
    granted, language = {*content["granted"]}, content["language"]
    for code in content["offered"][:MOST_PURPOSES]:
        group = groups.get(code)
        cookies = group["cookies"] if group else []
        confirmed = [each["provider"]["name"] for each in cookies if _is_confirmed(each)]
        yield {
            "purpose": group["name"][language] if group else code,
            "purpose_description": group["description"][language] if group else "",
            "lawful_basis": _BASIS,
            "is_granted": code in granted,
            "recipients": [*dict.fromkeys(confirmed)],
            "storage": [
                {"name": each["name"], "retention_seconds": each["max_age_seconds"]}
                for each in cookies
            ],
        }


def _is_confirmed(cookie: Mapping[str, Any]) -> bool:
    return bool(cookie["provider"]["is_confirmed"])


def _snapshot(record: ConsentRecord) -> Any:
    return record.notice.snapshot.content if record.notice else None


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
        "record": {"content": content_of(record), "hash": record.hash or hash_of(record)}
        | _proof(covering, "record", record),
        "notice": notice
        and {
            "content": {"texts": notice.texts, "registry": notice.snapshot.hash},
            "hash": notice.hash,
            **_proof(covering, "notice", notice),
        },
        # Its hash is `registry` of the notice.
        "snapshot": _snapshot(record),
        "checkpoint": covering.note if covering else None,
    }


def _proof(covering: Checkpoint | None, series: str, row: ConsentRecord | Notice) -> dict[str, Any]:
    leaf, proof = leaf_of(series, row.pk) if covering else None, None
    if covering and leaf:
        with suppress(LookupError):  # somebody deleted a leaf: the check finds no proof
            proof = proofs.proof_in(covering, leaf)
    return {
        "position": proof.position if proof else None,
        "path": [*proof.path] if proof else None,
    }


def file_name(record: ConsentRecord) -> str:
    return f"voipstudio-{timezone.localdate(record.made_at)}-{str(record.pk)[:8]}.json"
