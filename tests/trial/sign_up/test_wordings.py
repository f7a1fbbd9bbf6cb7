"""The words of the consents: stored when they change, and never changed after that."""

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
    """PKE Art. 398: one consent for each channel. Red when: one text asks for both channels."""
    texts = {row.channel: row.texts for row in ConsentWording.objects.all()}

    assert "e-mail" in texts["email"]["en"]
    assert "call" in texts["phone"]["en"]
    assert "pocztą elektroniczną" in texts["email"]["pl"]
    assert "kontakt telefoniczny" in texts["phone"]["pl"]
    assert "telefon" not in texts["email"]["pl"]
    assert "mail" not in texts["phone"]["en"]
    for language in ("pl", "en"):
        for channel in Channel.values:
            assert "Level 7 Systems" in texts[channel][language]


def test_unchanged_words_are_not_stored_again() -> None:
    """Red when: every `migrate` makes a row."""
    revision = ContentRevision.objects.number()
    wordings.store_wordings(at=NOW)

    assert ConsentWording.objects.count() == 2
    assert ContentRevision.objects.number() == revision


def test_new_words_are_shown_at_once_and_the_old_row_stays_valid() -> None:
    old_key = wordings.current().key(Channel.EMAIL)
    with other_words("Zgoda."):
        wordings.store_wordings(at=NOW)
    store.poll(NOW)

    current = wordings.current()
    assert ConsentWording.objects.count() == 4
    assert current.text(Channel.EMAIL) == "Zgoda."
    assert current.key(Channel.EMAIL) != old_key
    assert current.id_of(Channel.EMAIL, old_key)


def test_words_of_an_earlier_release_can_come_back() -> None:
    """Red when: words are not stored again where an older row has the same hash."""
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
