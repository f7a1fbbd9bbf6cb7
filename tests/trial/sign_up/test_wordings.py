"""The words of the consents: kept when they change, never changed once kept."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone, translation

from content import store
from content.models import ContentRevision
from trial.models import Channel, ConsentWording
from trial.sign_up import wordings

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def other_words(text: str):
    return patch("trial.sign_up.wordings._words", return_value=dict.fromkeys(Channel, text))


def test_each_channel_has_its_words_in_both_languages() -> None:
    """PKE Art. 398: one consent for each channel. Red when: one text asks for both."""
    texts = {row.channel: row.texts for row in ConsentWording.objects.all()}

    assert "e-mail" in texts["email"]["en"]
    assert "call" in texts["phone"]["en"]
    assert "pocztą elektroniczną" in texts["email"]["pl"]
    assert "telefonowanie" in texts["phone"]["pl"]
    assert "telefon" not in texts["email"]["pl"]
    assert "mail" not in texts["phone"]["en"]
    for language in ("pl", "en"):
        for channel in Channel.values:
            assert "Level 7 Systems" in texts[channel][language]


def test_the_same_words_are_kept_once() -> None:
    """Red when: every `migrate` makes a row."""
    revision = ContentRevision.objects.number()
    wordings.store_wordings(at=NOW)

    assert ConsentWording.objects.count() == 2
    assert ContentRevision.objects.number() == revision


def test_new_words_are_asked_with_at_once_and_the_old_ones_stay_known() -> None:
    old = wordings.current().key(Channel.EMAIL)
    with other_words("Zgoda."):
        wordings.store_wordings(at=NOW)
    store.poll(NOW)

    now = wordings.current()
    assert ConsentWording.objects.count() == 4
    assert now.text(Channel.EMAIL) == "Zgoda."
    assert now.key(Channel.EMAIL) != old
    assert now.id_of(Channel.EMAIL, old)


def test_words_that_come_back_are_asked_with_again() -> None:
    """Red when: rows are found by their hash, whenever they were in use."""
    first = wordings.current().text(Channel.EMAIL)
    with other_words("Zgoda."):
        wordings.store_wordings(at=NOW)
    wordings.store_wordings(at=NOW + timedelta(days=1))
    store.poll(NOW)

    assert wordings.current().text(Channel.EMAIL) == first


def test_the_words_are_shown_in_the_language_of_the_page() -> None:
    with translation.override("en"):
        assert wordings.current().text(Channel.PHONE).startswith("I agree")
    with translation.override("pl"):
        assert wordings.current().text(Channel.PHONE).startswith("Wyrażam zgodę")
