"""A notice keeps the words for the values of its cookies."""

import pytest
from django.utils import translation

from consent.models import Notice
from consent.registry import registry
from tests.factories import DAY, make_client, make_cookie

pytestmark = pytest.mark.django_db


def test_a_notice_keeps_the_words_for_each_value_that_its_cookies_have() -> None:
    """Red when: `of_snapshot` leaves a kind of value out, or `notice.texts` all of them."""
    make_cookie("_odd", max_age_seconds=11 * DAY, storage="local")

    words = {language: texts["values"] for language, texts in Notice.objects.first().texts.items()}

    assert words["pl"]["life"][str(11 * DAY)] == "11 dni"
    assert words["en"]["life"][str(11 * DAY)] == "11 days"
    assert words["en"]["party"] == {"first": "first party", "third": "third party"}
    assert words["en"]["storage"]["local"] == "localStorage"
    for language in ("pl", "en"):
        with translation.override(language):
            for cookie in registry.current().cookies:
                kept = words[language]
                assert cookie.party_label in kept["party"].values()
                assert cookie.storage_label in kept["storage"].values()
                assert cookie.life_label in kept["life"].values()


def test_a_page_prints_the_kept_words_and_not_those_of_the_release(monkeypatch) -> None:
    """Red when: `Cookie.life_label` and its neighbours translate anew."""
    kept = make_client().get("/en/cookies/").text
    for name in ("life", "party", "storage"):
        monkeypatch.setattr(f"consent.registry.value_words.{name}", lambda *values: "Otherwise")

    assert "90 days" in kept
    assert "Otherwise" not in make_client(refused=True).get("/en/cookies/").text


def test_a_notice_that_keeps_none_shows_those_of_the_release() -> None:
    """Red when: `_kept` fails on a notice of an earlier release."""
    shown = Notice.objects.select_related("snapshot").first()
    for texts in shown.texts.values():
        del texts["values"]

    with translation.override("en"):
        labels = {cookie.party_label for cookie in registry.as_it_was(shown).cookies}

    assert labels == {"first party", "third party"}
