"""A record finds the pictures of what was asked, and the audit finds a picture that was changed."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from consent.looks.pictures import pictures_of
from consent.models import CodeManifest, Notice, Picture
from evidence.seal.tree import Leaf
from tests.consent.looks.rows import days, make_manifest, make_picture, make_shot
from tests.evidence.seal.sealed import make_record, seal
from tests.evidence.test_check_evidence import check
from tests.factories import make_cookie
from tests.tampering import tampered

pytestmark = pytest.mark.django_db

NOW = timezone.now()
COVERED = {
    CodeManifest: {
        "content": json.dumps({"templates": {}}),
        "code_hash": "0" * 64,
        "created_at": NOW - timedelta(days=9),
        "hash": "0" * 64,
    },
    Picture: {
        "notice_id": None,
        "manifest_id": None,
        "language": "en",
        "place": "cookie-page",
        "device": "desk",
        "image": b"another picture",
        "image_hash": "0" * 64,
        "width": 1,
        "height": 1,
        "browser": "Firefox",
        "taken_at": NOW - timedelta(days=9),
        "hash": "0" * 64,
    },
}
CASES = [(model, column) for model, changes in COVERED.items() for column in changes]


def present_notice() -> Notice:
    notice = Notice.objects.first()
    assert notice is not None
    return notice


def test_a_record_finds_the_pictures_of_its_notice_language_and_place() -> None:
    """Red when: a condition of `pictures_of` is left out."""
    notice = present_notice()
    places = ("banner", "cookie-page")
    shots = [make_shot(a, b, c) for a in ("pl", "en") for b in places for c in ("phone", "desk")]
    make_picture(*shots)
    record = make_record(notice=notice)
    make_cookie("_hjid")
    make_picture(*shots)

    found = [*pictures_of(record)]

    assert Picture.objects.count() == 16
    assert {(p.notice_id, p.language, p.place) for p in found} == {(notice.pk, "pl", "banner")}
    assert sorted(p.device for p in found) == ["desk", "phone"]


def test_a_record_finds_the_pictures_of_the_code_of_its_moment() -> None:
    """Red when: the latest manifest counts, whenever the choice was made."""
    yesterday = make_picture(make_shot(image=b"yesterday"))
    manifest = make_manifest("of today", at=days(1))
    today = make_picture(make_shot(image=b"today"), manifest=manifest)

    assert [*pictures_of(make_record(notice=yesterday.notice))] == [yesterday]
    assert [*pictures_of(make_record(notice=today.notice, made_at=days(2)))] == [today]


def test_a_record_older_than_every_manifest_or_without_a_notice_has_no_picture() -> None:
    make_picture()

    assert [*pictures_of(make_record(notice=present_notice(), made_at=days(-999)))] == []
    assert [*pictures_of(make_record())] == []


def test_the_database_takes_one_picture_of_each_look() -> None:
    """Red when: the constraint is left out."""
    picture = make_picture()
    picture.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        picture.save(force_insert=True)


def test_the_hash_of_a_picture_is_that_of_its_file() -> None:
    """Red when: it is another hash than `sha256sum` prints."""
    picture = make_picture(make_shot(image=b"the bytes"))

    assert picture.image_hash == sha256(b"the bytes").hexdigest()


def test_the_alternative_text_says_what_the_picture_asks() -> None:
    """Red when: a picture has no text, or has one in the language of the notice alone."""
    banner = make_picture(make_shot("pl", "banner", "phone"))
    page = make_picture(make_shot("en", "cookie-page", "desk"))

    with translation.override("en"):
        assert banner.alternative_text == (
            "Banner, Polish, phone. It says “Możemy używać plików cookie?” and has the buttons: "
            "Akceptuj wszystko, Odrzuć wszystko, Wybierz grupy."
        )
    with translation.override("pl"):
        assert page.alternative_text == (
            "Strona o\xa0plikach cookie, angielski, komputer. Tekst: „Cookies and your choice”. "
            "Przyciski: Accept all, Reject all, Save my choice."
        )


def test_both_are_sealed() -> None:
    """Red when: a series is not registered, so that a changed row and hash are found by nobody."""
    make_picture()
    seal()

    for code, model in (("question-code", CodeManifest), ("picture", Picture)):
        assert Leaf.objects.filter(series=code).count() == model.objects.count() >= 1


@pytest.mark.parametrize("model", COVERED, ids=lambda model: model.__name__)
def test_every_column_but_the_id_is_covered(model) -> None:
    """Red when: a new column is not listed here."""
    assert {field.column for field in model._meta.concrete_fields} == {"id", *COVERED[model]}


@pytest.mark.parametrize(("model", "column"), CASES)
def test_a_change_of_a_column_is_found_and_named(model, column: str) -> None:
    """Red when: the hash leaves the column out."""
    picture = make_picture()
    row = model.objects.first()
    value = COVERED[model][column]
    if column == "notice_id":
        make_cookie("_hjid")
        value = Notice.objects.exclude(pk=picture.notice_id).values_list("pk", flat=True)[0]
    if column == "manifest_id":
        value = make_manifest().pk
    table = model._meta.db_table
    assert check()[0] == 0

    with tampered(f"UPDATE {table} SET {column} = %s WHERE id = %s", value, row.pk):
        code, _out, err = check()

    assert code == 1
    assert err.startswith(f"Does not match: {table}, id {row.pk} (")
