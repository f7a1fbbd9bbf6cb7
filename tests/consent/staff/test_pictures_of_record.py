"""The page and the file of a record have the pictures of its question, and say when one was changed."""

import base64
import json
from hashlib import sha256
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import ConsentRecord, Picture
from consent.staff import evidence_file
from tests.consent.looks.rows import days, make_manifest, make_picture, make_shot
from tests.consent.staff.asked import make_record
from tests.consent.staff.test_evidence_file import root_of
from tests.evidence.seal.sealed import seal
from tests.pages import Page
from tests.staff import make_staff
from tests.tampering import tampered

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> ConsentRecord:
    shots = [make_shot(device="phone", image=b"small"), make_shot(device="desk", image=b"wide")]
    # A record has whole seconds: it must not be older than the release.
    make_picture(*shots, manifest=make_manifest(at=days(-1)))
    return make_record()


def page_of(client: Client, record: ConsentRecord) -> Page:
    address = reverse("admin:consent_consentrecord_change", args=[record.pk])
    return Page(client.get(address).content)


def test_the_page_shows_the_pictures_with_their_words(admin_client, record) -> None:
    """Red when: the page shows the pictures of another place or language, or without words."""
    pictures = page_of(admin_client, record).with_class("picture")

    assert {each["src"] for each in pictures} == {
        f"/admin/consent/picture/{picture.pk}/picture.png" for picture in Picture.objects.all()
    }
    assert len(pictures) == 2
    assert all("Możemy używać plików cookie?" in each["alt"] for each in pictures)


def test_without_a_picture_the_page_says_so(admin_client) -> None:
    address = reverse("admin:consent_consentrecord_change", args=[make_record().pk])

    text = admin_client.get(address).text

    assert "<figure" not in text
    assert "Nie ma zrzutu ekranu" in text


def test_who_may_see_records_sees_their_pictures(record) -> None:
    """Red when: the pictures ask for a permission of their own."""
    address = reverse("admin:consent_picture_file", args=[Picture.objects.first().pk])
    colleague = make_staff("view_policyversion")

    assert colleague.get(address).status_code == 403
    for codename in ("view_consentrecord", "view_picture"):
        user = User.objects.get()
        user.user_permissions.set(Permission.objects.filter(codename=codename))
        assert colleague.get(address).status_code == 200


def test_the_file_has_each_picture_with_its_hash_and_proof(record) -> None:
    """Red when: the file leaves the picture or its leaf out."""
    seal()

    content = json.loads(json.dumps(evidence_file.content(record, at=timezone.now())))

    pictures = {each["device"]: each for each in content["pictures"]}
    assert {*pictures} == {"phone", "desk"}
    for device, image in {"phone": b"small", "desk": b"wide"}.items():
        each = pictures[device]
        assert base64.b64decode(each["png"]) == image
        assert each["image_hash"] == sha256(image).hexdigest()
        assert each["matches"] is True
        assert each["seal"]["is_in_checkpoint"] is True
        # From the file alone: the leaf needs the id.
        assert root_of(each, str(UUID(int=each["id"]))) == each["seal"]["checkpoint"]["root"]


@pytest.mark.parametrize("change", ["image = %s", "browser = %s"])
def test_a_picture_that_was_changed_is_named(admin_client, record, change: str) -> None:
    """Red when: `picture_matches` looks at the row alone, or at the file alone."""
    value = b"other" if change.startswith("image") else "Other"
    assert page_of(admin_client, record).with_class("errornote") == []

    with tampered(f"UPDATE consent_picture SET {change} WHERE device = 'phone'", value):
        [alert] = page_of(admin_client, record).with_class("errornote")

    assert "treść nie jest taka, jaką zapisano" in alert.text
