"""Manifests of code and pictures, made without a browser."""

from datetime import datetime, timedelta
from unittest import mock

from django.utils import timezone

from consent.looks import actions, code
from consent.looks.look import Look
from consent.looks.shots import Shot
from consent.models import CodeManifest, Notice, Picture


def make_manifest(name: str = "other", *, at: datetime | None = None) -> CodeManifest:
    """The manifest of a release whose code has this name, in force from a moment on."""
    with mock.patch.object(code, "content", return_value={"templates": {name: "0" * 64}}):
        actions.store_manifest(at=at or timezone.now())
    manifest = CodeManifest.objects.first()
    assert manifest is not None
    return manifest


def make_shot(
    language: str = "pl", place: str = "banner", device: str = "phone", image: bytes = b"PNG"
) -> Shot:
    return Shot(Look(language, place, device), image, 390, 844, "Chrome/1.0")


def make_picture(
    *shots: Shot, manifest: CodeManifest | None = None, at: datetime | None = None
) -> Picture:
    """Pictures of the present notice; by default one. Returns the last of them."""
    notice = Notice.objects.first()
    manifest = manifest or CodeManifest.objects.first()
    assert notice is not None
    assert manifest is not None
    actions.store_pictures(
        shots or [make_shot()], notice=notice, manifest=manifest, at=at or timezone.now()
    )
    picture = Picture.objects.first()
    assert picture is not None
    return picture


def days(number: int) -> datetime:
    return timezone.now() + timedelta(days=number)
