"""A release stores its manifest once, and each picture is stored once."""

import logging
from unittest import mock

import pytest
from django.core.management import call_command

from consent.looks import actions, code
from consent.looks.look import every_look
from consent.models import CodeManifest, Notice, Picture
from tests.consent.looks.rows import days, make_manifest, make_picture, make_shot
from tests.factories import make_cookie

pytestmark = pytest.mark.django_db


def test_migrate_stores_the_manifest_of_the_release() -> None:
    """Red when: the receiver of post_migrate is not connected."""
    make_manifest("of the release before")

    call_command("migrate", verbosity=0)

    latest = CodeManifest.objects.first()
    assert latest is not None
    assert latest.content == code.content()


def test_the_same_code_stores_no_new_manifest() -> None:
    """Red when: each `migrate` stores one, so that every release needs new pictures."""
    before = CodeManifest.objects.count()

    call_command("migrate", verbosity=0)

    assert CodeManifest.objects.count() == before


def test_migrate_goes_on_where_the_static_files_are_not_collected(caplog) -> None:
    """Red when: the error ends `migrate`, or nobody is told."""
    make_manifest("of the release before")
    before = CodeManifest.objects.count()

    with mock.patch.object(code, "content", side_effect=code.NotCollected("Run it.")):
        call_command("migrate", verbosity=0)

    assert CodeManifest.objects.count() == before
    [record] = [each for each in caplog.records if each.name == "consent.looks.actions"]
    assert (record.levelno, record.getMessage().endswith("Run it.")) == (logging.WARNING, True)


def test_all_looks_of_a_new_notice_are_missing_and_of_a_pictured_one_the_others() -> None:
    """Red when: pictures of an earlier notice count for the present one."""
    notice, manifest = actions.present_question()
    assert len(every_look()) == 8
    make_picture(make_shot())
    assert len(actions.missing_looks(notice, manifest)) == 7

    make_cookie("_hjid")

    notice, manifest = actions.present_question()
    assert actions.missing_looks(notice, manifest) == every_look()


def test_new_code_needs_new_pictures_and_code_that_comes_back_needs_none() -> None:
    """Red when: pictures are found by the row of the manifest, not by its code."""
    notice = Notice.objects.first()
    make_picture(manifest=make_manifest("first", at=days(1)))

    second = make_manifest("second", at=days(2))
    again = make_manifest("first", at=days(3))

    assert len(actions.missing_looks(notice, second)) == 8
    assert len(actions.missing_looks(notice, again)) == 7


def test_a_picture_that_another_run_stored_is_not_stored_again() -> None:
    """Red when: the second of two runs fails or stores its pictures too."""
    notice, manifest = actions.present_question()
    make_picture(make_shot(image=b"first"))
    shots = [make_shot(image=b"second"), make_shot(device="desk")]

    number = actions.store_pictures(shots, notice=notice, manifest=manifest, at=days(0))

    assert number == 1
    assert Picture.objects.filter(device="phone").count() == 1


def test_pictures_are_taken_with_the_code_of_the_release_alone() -> None:
    """Red when: the pictures of one release are stored under the manifest of another."""
    make_manifest("of another release")

    with pytest.raises(actions.NothingToPicture, match="the release that visitors see"):
        actions.present_question()


def test_without_a_notice_there_is_nothing_to_picture() -> None:
    with (
        mock.patch.object(Notice.objects, "first", return_value=None),
        pytest.raises(actions.NothingToPicture, match="There is no notice yet"),
    ):
        actions.present_question()
