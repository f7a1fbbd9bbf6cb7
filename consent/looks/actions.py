"""The verbs of looks: store the manifest of a release, and the pictures that are missing."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.migrations import Migration
from django.utils import timezone

from consent.after_migrate import has_table_of_today
from consent.looks import code
from consent.looks.look import Look, every_look
from consent.looks.pictures import (
    CodeManifest,
    Picture,
    hash_of_image,
    hash_of_manifest,
    hash_of_picture,
)
from consent.looks.shots import Shot
from consent.models import Notice
from evidence.canonical_json import digest

logger = logging.getLogger(__name__)


class NothingToPicture(Exception):
    """This code or this database is not the one that visitors are asked with. Says what to do."""


def store_manifest(*, at: datetime) -> None:
    """Store the manifest of this release, unless the release before had the same code.

    Raises code.NotCollected.
    """
    content = code.content()
    code_hash = digest(content)
    latest = CodeManifest.objects.first()
    if latest is None or latest.code_hash != code_hash:
        manifest = CodeManifest(content=content, code_hash=code_hash, created_at=at)
        manifest.hash = hash_of_manifest(manifest)
        manifest.save()


def store_manifest_after_migrate(
    plan: Sequence[tuple[Migration, bool]] = (), **kwargs: Any
) -> None:
    """Store the manifest of a new release before its first page is shown."""
    if has_table_of_today(CodeManifest, plan):
        try:
            store_manifest(at=timezone.now())
        except code.NotCollected as error:
            logger.warning("The code of the question has no manifest yet. %s", error)


def present_question() -> tuple[Notice, CodeManifest]:
    """What visitors are asked now, and the code that asks. Raises NothingToPicture."""
    notice, manifest = Notice.objects.first(), CodeManifest.objects.first()
    if notice is None:
        raise NothingToPicture("There is no notice yet. Run `manage.py seed` first.")
    try:
        is_of_this_release = manifest is not None and manifest.code_hash == digest(code.content())
    except code.NotCollected as error:
        raise NothingToPicture(str(error)) from error
    if manifest is None or not is_of_this_release:
        raise NothingToPicture(
            "The database knows another code of the question than this one. Take pictures with "
            "the release that visitors see, after its `manage.py migrate`."
        )
    return notice, manifest


def missing_looks(notice: Notice, manifest: CodeManifest) -> list[Look]:
    """The looks of which there is no picture."""
    taken = Picture.objects.of(notice, manifest).values_list("language", "place", "device")
    there = {Look(*each) for each in taken}
    return [look for look in every_look() if look not in there]


def store_pictures(
    shots: Sequence[Shot], *, notice: Notice, manifest: CodeManifest, at: datetime
) -> int:
    """Store pictures, but for those that another run has stored meanwhile. Returns how many."""
    with transaction.atomic():
        missing = missing_looks(notice, manifest)
        pictures = [
            _picture(shot, notice=notice, manifest=manifest, at=at)
            for shot in shots
            if shot.look in missing
        ]
        Picture.objects.bulk_create(pictures)
    return len(pictures)


def _picture(shot: Shot, *, notice: Notice, manifest: CodeManifest, at: datetime) -> Picture:
    picture = Picture(
        notice=notice,
        manifest=manifest,
        language=shot.look.language,
        place=shot.look.place,
        device=shot.look.device,
        image=shot.image,
        image_hash=hash_of_image(shot.image),
        width=shot.width,
        height=shot.height,
        browser=shot.browser,
        taken_at=at,
    )
    picture.hash = hash_of_picture(picture)
    return picture
