"""Which rows a record rests on, and whether each still is what its hash and its leaf say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from consent.looks.pictures import hash_of_image, hash_of_picture, pictures_of
from consent.models import ConsentRecord, Notice, Picture, RegistrySnapshot
from consent.records.record_hash import hash_of
from consent.registry.notice import digest_of_notice
from consent.staff.seal_proof import SealProof, proof_of
from evidence.audit import hash_mismatch
from evidence.canonical_json import digest
from evidence.seal.tree import RowId
from privacy.models import PolicyVersion
from privacy.policies import version_file


@dataclass(frozen=True)
class Integrity:
    """One row: the hash that it stores, whether its content still has that hash, and its proof."""

    name: str
    hash: str
    matches: bool
    # A snapshot has no leaf: the hash of its notice covers it.
    has_own_leaf: bool = True
    # None until the row is sealed.
    proof: SealProof | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the row is no longer what it was."""
        if self.proof and not self.proof.is_unchanged:
            return True
        return bool(self.hash) and not self.matches

    @property
    def breaks_the_seal(self) -> bool:
        """Whether the tree does not lead from its leaf to the root of the checkpoint."""
        proof = self.proof
        return bool(proof and proof.checkpoint and not proof.is_in_checkpoint)


def all_of(record: ConsentRecord) -> list[Integrity]:
    """The record itself, and every row that it names."""
    rows = [of_record(record)]
    if record.notice:
        rows += [of_notice(record.notice), of_snapshot(record.notice.snapshot)]
    if record.policy_version:
        rows.append(of_version(record.policy_version))
    return rows + [of_picture(picture) for picture in pictures_of(record)]


def of_record(record: ConsentRecord) -> Integrity:
    return _sealed(_("This record"), "record", record.pk, record.hash, record_matches(record))


def of_notice(notice: Notice) -> Integrity:
    return _sealed(_("The words"), "notice", notice.pk, notice.hash, notice_matches(notice))


def of_snapshot(snapshot: RegistrySnapshot) -> Integrity:
    matches = snapshot_matches(snapshot)
    return Integrity(_("The list of cookies"), snapshot.hash, matches, has_own_leaf=False)


def of_version(version: PolicyVersion) -> Integrity:
    name = _("The privacy policy")
    return _sealed(name, "policy", version.pk, version.hash, version_matches(version))


def of_picture(picture: Picture) -> Integrity:
    return _sealed(str(picture), "picture", picture.pk, picture.hash, picture_matches(picture))


def record_matches(record: ConsentRecord) -> bool:
    return _matches(record.hash, hash_of, record)


def notice_matches(notice: Notice) -> bool:
    return _matches(notice.hash, digest_of_notice, notice.texts, notice.snapshot.hash)


def snapshot_matches(snapshot: RegistrySnapshot) -> bool:
    return _matches(snapshot.hash, digest, snapshot.content)


def version_matches(version: PolicyVersion) -> bool:
    return _matches(version.hash, lambda: version_file.digest(version.file()))


def picture_matches(picture: Picture) -> bool:
    """Whether the row has its hash, and the file the one that the row names."""
    has_its_file = _matches(picture.image_hash, hash_of_image, bytes(picture.image))
    return has_its_file and _matches(picture.hash, hash_of_picture, picture)


def _sealed(name: str, series: str, pk: RowId, stored: str, matches: bool) -> Integrity:
    # The leaf is compared with the hash that is stored, and that with the content.
    return Integrity(name, stored, matches, proof=proof_of(series, pk, stored))


def _matches(stored: str, compute: Callable[..., str], *parts: Any) -> bool:
    return not hash_mismatch(stored, compute, *parts)
