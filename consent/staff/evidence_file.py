"""The file of one record, as JSON: what was asked and answered, with hashes and proofs."""

import base64
from datetime import datetime
from typing import Any

from consent.looks.pictures import pictures_of
from consent.models import ConsentRecord, Notice, Picture
from consent.receipts.receipt import kind_of
from consent.records.record_hash import content_of
from consent.staff import integrity, shown
from consent.staff.chain import chain_of
from consent.staff.integrity import Integrity
from evidence.canonical_json import utc
from privacy.models import PolicyVersion

# In the language of standards: the file is also for people abroad, and for machines.
_HASHES = (
    "`hash` of `record`, `notice` and `snapshot` is SHA-256 over JSON with sorted keys, without "
    "spaces, in UTF-8: of `content` of the record, of `content` of the snapshot, and of "
    '{"registry": hash of the snapshot, "texts": texts of the notice}.',
    "`hash` of `policy_version` is SHA-256 over `file` in UTF-8.",
    "A leaf is SHA-256 over a zero byte and three lines without an end of line after the last: "
    "series, id as a UUID, hash. A whole number is the last digits of the UUID, in hexadecimal.",
)
_PATHS = (
    "`path` has hashes in base64, which lead from the leaf to the root of the checkpoint as RFC "
    "9162, section 2.1.3.2 says. The third line of the `note` of the checkpoint is the root in "
    "base64; `root` is the same in hexadecimal, as all other hashes are. Compare it with a "
    "checkpoint that somebody outside has kept.",
    "`matches`, `row_is_unchanged` and `is_in_checkpoint` are what the site itself says of it, and "
    "prove nothing.",
)
HOW_TO_CHECK = (
    *_HASHES,
    "`image_hash` of a picture is SHA-256 over its file, which `png` has in base64; `hash` is "
    "SHA-256 over JSON as above, of notice, manifest, language, place, device, image (the hash of "
    "the file), width, height, browser and taken_at.",
    *_PATHS,
    "`html` shows the kept words in the style of today; the pictures show the style of then. The "
    "records of `chain` have files with proofs of their own.",
)
HOW_TO_CHECK_A_PERIOD = (
    *_HASHES,
    *_PATHS,
    "A record has its leaf here, and no path: the file of the one record has it.",
    "`sha256_of_lines_before` in the last line is SHA-256 over all lines before it, each with its "
    "end of line.",
)


def content(record: ConsentRecord, *, at: datetime) -> dict[str, Any]:
    """Everything that the page of a record shows, as plain data."""
    notice, version = record.notice, record.policy_version
    chain = chain_of(record)
    return {
        "made_at": utc(at),
        "how_to_check": HOW_TO_CHECK,
        "record": record_as_json(record) | _sealed(integrity.of_record(record)),
        "chain": {
            "records": [record_as_json(each) for each in chain.records],
            "has_more": chain.is_cut,
            "lacks_the_record_before": chain.lacks_earlier,
        },
        "notice": sealed_notice_as_json(notice) if notice else None,
        "shown": _shown(record, notice) if notice and shown.can_show(record) else None,
        "pictures": [picture_as_json(picture) for picture in pictures_of(record)],
        "policy_version": _version_of_record(record, version) if version else None,
    }


def record_as_json(record: ConsentRecord) -> dict[str, Any]:
    return {
        "event": kind_of(content_of(record)),
        "content": content_of(record),
        "hash": record.hash,
        "matches": integrity.record_matches(record),
        "stored_at": utc(record.stored_at),
    }


def sealed_notice_as_json(notice: Notice) -> dict[str, Any]:
    return notice_as_json(notice) | _sealed(integrity.of_notice(notice))


def sealed_version_as_json(version: PolicyVersion) -> dict[str, Any]:
    return version_as_json(version) | _sealed(integrity.of_version(version))


def notice_as_json(notice: Notice) -> dict[str, Any]:
    snapshot = notice.snapshot
    return {
        "id": notice.pk,
        "created_at": utc(notice.created_at),
        "texts": notice.texts,
        "hash": notice.hash,
        "matches": integrity.notice_matches(notice),
        "snapshot": {
            "id": snapshot.pk,
            "created_at": utc(snapshot.created_at),
            "content": snapshot.content,
            "hash": snapshot.hash,
            "matches": integrity.snapshot_matches(snapshot),
        },
    }


def picture_as_json(picture: Picture) -> dict[str, Any]:
    """A picture with its file, in base64."""
    return {
        "id": picture.pk,
        "place": picture.place,
        "language": picture.language,
        "device": picture.device,
        "taken_at": utc(picture.taken_at),
        "browser": picture.browser,
        "width": picture.width,
        "height": picture.height,
        "notice": picture.notice_id,
        "manifest": picture.manifest_id,
        "png": base64.b64encode(bytes(picture.image)).decode(),
        "image_hash": picture.image_hash,
        "hash": picture.hash,
        "matches": integrity.picture_matches(picture),
    } | _sealed(integrity.of_picture(picture))


def version_as_json(version: PolicyVersion) -> dict[str, Any]:
    return {
        "id": version.pk,
        "policy": version.policy,
        "number": version.number,
        "effective_at": utc(version.effective_at) if version.effective_at else None,
        "published_at": utc(version.published_at) if version.published_at else None,
        "file": version.file().decode() if version.is_published else None,
        "hash": version.hash,
        "matches": integrity.version_matches(version),
    }


def _version_of_record(record: ConsentRecord, version: PolicyVersion) -> dict[str, Any]:
    return sealed_version_as_json(version) | {"html": shown.policy_of_record(record, version)}


def _shown(record: ConsentRecord, notice: Notice) -> dict[str, Any]:
    """The HTML of the question and of the table of cookies, in the language of the visitor."""
    parts = [*shown.question_parts(record), shown.Part.COOKIES]
    return {
        "language": record.language,
        "html": {part: shown.part_of_notice(notice, record.language, part) for part in parts},
    }


def _sealed(row: Integrity) -> dict[str, Any]:
    return {"seal": row.proof.as_json() if row.proof else None}
