"""A snapshot and a notice are stored whenever the registry or the words of the banner change."""

from datetime import UTC, datetime
from io import StringIO
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import transaction

from consent.models import CookieDetails, Notice, RegistrySnapshot
from consent.registry import notice
from consent.registry.actions import store_notice
from content.models import ContentRevision
from tests.factories import make_cookie

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def counts() -> tuple[int, int]:
    return (RegistrySnapshot.objects.count(), Notice.objects.count())


def test_an_unchanged_registry_stores_no_new_notice() -> None:
    """Red when: `store_notice` writes without comparing."""
    before = counts()

    store_notice(at=AT)
    store_notice(at=AT)

    assert counts() == before


def test_storing_a_notice_always_bumps_the_content_revision() -> None:
    """Red when: the bump is left out, so that no process reloads."""
    before = ContentRevision.objects.number()

    store_notice(at=AT)

    assert ContentRevision.objects.number() == before + 1


def test_a_changed_registry_stores_a_new_snapshot_and_a_new_notice() -> None:
    """Red when: only the wording is compared."""
    before = counts()
    CookieDetails.objects.filter(cookie__name="_ga").update(purpose_en="Tells visitors apart.")

    store_notice(at=AT)

    assert counts() == (before[0] + 1, before[1] + 1)
    assert Notice.objects.first().snapshot == RegistrySnapshot.objects.first()
    assert (Notice.objects.first().created_at, RegistrySnapshot.objects.first().created_at) == (
        AT,
        AT,
    )


def test_changed_words_store_a_new_notice_over_the_same_snapshot() -> None:
    """Red when: only the registry is compared."""
    before = counts()
    words = notice.texts(notice.snapshot_of_registry())
    words["en"]["title"] = "Cookies?"

    with mock.patch("consent.registry.notice.texts", return_value=words):
        store_notice(at=AT)

    assert counts() == (before[0], before[1] + 1)
    assert Notice.objects.first().texts["en"]["title"] == "Cookies?"
    assert Notice.objects.first().snapshot == RegistrySnapshot.objects.first()


def test_a_failed_change_stores_nothing() -> None:
    before = (counts(), ContentRevision.objects.number())

    with (
        mock.patch("consent.registry.notice.texts", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        make_cookie("_hjid")

    assert (counts(), ContentRevision.objects.number()) == before


def test_migrate_stores_a_notice_whose_words_the_release_changed() -> None:
    """Red when: the receiver of post_migrate is not connected."""
    before = counts()
    words = notice.texts(notice.snapshot_of_registry())
    words["pl"]["title"] = "Ciasteczka?"

    with mock.patch("consent.registry.notice.texts", return_value=words):
        call_command("migrate", verbosity=0, stdout=StringIO())

    assert counts() == (before[0], before[1] + 1)
    assert Notice.objects.first().texts["pl"]["title"] == "Ciasteczka?"


def test_migrate_stores_no_notice_where_the_release_changed_no_word() -> None:
    before = counts()

    call_command("migrate", verbosity=0, stdout=StringIO())

    assert counts() == before
