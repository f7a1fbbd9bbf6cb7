"""What a record says, as one value, and the hash over it (I9: nobody changes a record unnoticed).

The receipt of the visitor, the file for the officer and the seal all take the record from here.
"""

from typing import Any

from consent.proofs import ConsentRecord
from evidence.canonical_json import digest, utc


def content_of(record: ConsentRecord) -> dict[str, Any]:
    """Everything that a record says. A notice, a policy and an earlier record are named by id."""
    return {
        "id": str(record.pk),
        "made_at": utc(record.made_at),
        "expires_at": utc(record.expires_at),
        "notice": record.notice_id,
        "language": record.language,
        "offered": list(record.offered),
        "granted": list(record.granted),
        "is_refusal": record.is_refusal,
        "method": record.method,
        "has_javascript": record.has_javascript,
        "has_gpc_signal": record.has_gpc_signal,
        "policy_version": record.policy_version_id,
        "supersedes": str(record.supersedes_id) if record.supersedes_id else None,
    }


def hash_of(record: ConsentRecord) -> str:
    """SHA-256 over the content as canonical JSON, in hexadecimal."""
    return digest(content_of(record))
