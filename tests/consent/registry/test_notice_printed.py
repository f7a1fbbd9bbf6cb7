"""Banner, cookie page and cookie table print the words of the stored notice (I9)."""

from unittest import mock

import pytest
from django.urls import reverse
from django.utils import translation

from consent.models import Notice
from consent.registry import notice, registry
from consent.registry.declared import Cookie
from tests.factories import publish_registry
from tests.pages import Element, Page

pytestmark = pytest.mark.django_db

PLACES = {"pl": ("/", "/cookies/"), "en": ("/en/", "/en/cookies/")}


def made_up(words: dict, place: str) -> dict:
    """Other words for each place, so that a page which translates anew prints none of them."""
    return {
        key: made_up(value, f"{place} {key}") if isinstance(value, dict) else f"[{place} {key}]"
        for key, value in words.items()
    }


def test_each_place_prints_the_words_of_the_stored_notice(client) -> None:
    """Red when: a template translates a word anew, or leaves one out."""
    stored = Notice.objects.first().texts
    texts = {language: made_up(words, language) for language, words in stored.items()}
    with mock.patch("consent.registry.notice.texts", return_value=texts):
        publish_registry()

    for language, (home, cookie_page) in PLACES.items():
        banner, page = client.get(home).text, client.get(cookie_page).text
        words = texts[language]
        own = [word for word in words.values() if isinstance(word, str)]
        assert len(own) == 12
        assert [word for word in own if word not in banner] == []
        below = [words["accept"], words["reject"], words["save"]]
        below += [*words["cookie_page"].values(), *words["cookie_table"].values()]
        assert len(below) == 19
        assert [word for word in below if word not in page] == []


def test_the_first_layer_links_the_settings_and_the_policy(client) -> None:
    """Red when: who is asked for consent cannot read the policy from there."""
    links = [
        [link["href"] for link in Page(client.get(home).text).all("a") if _is_in_question(link)]
        for home, _cookie_page in PLACES.values()
    ]

    assert links == [
        ["/cookies/", "/polityka-prywatnosci/"],
        ["/en/cookies/", "/en/privacy-policy/"],
    ]


def _is_in_question(element: Element) -> bool:
    return any("ask__text" in parent.classes for parent in element.parents)


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("name", ["cookies", "privacy_policy"])
def test_the_fixed_words_of_the_cookie_table_are_in_the_notice(client, name, language) -> None:
    """I9. Red when: _cookie_table.html prints a head or a remark that the notice does not hold."""
    words = Notice.objects.first().texts[language]["cookie_table"]
    with translation.override(language):
        page = Page(client.get(reverse(name)).content)
        known = [str(text) for cookie in registry.current().cookies for text in _values(cookie)]
        known += [group.name for group in registry.current().groups]

    tables = [e.text for e in page.all("table") if "storage-list" in e.classes]
    rest = " ".join(tables)
    for text in sorted({*known, *words.values()}, key=len, reverse=True):
        rest = rest.replace(" ".join(text.split()), "")

    assert len(tables) >= 4
    assert rest.replace(",", "").split() == []


def _values(cookie: Cookie) -> list[str]:
    """What a row prints of its cookie."""
    texts = [cookie.name, cookie.purpose, cookie.justification, cookie.provider.name]
    labels = [cookie.life_label, cookie.storage_label, cookie.party_label, cookie.domain]
    return [text for text in texts + labels if text]


def test_words_that_an_earlier_release_did_not_store_are_those_of_this_release() -> None:
    """Red when: the table has no heads between the start of a release and its `migrate`."""
    earlier = {
        language: {key: text for key, text in words.items() if key != "cookie_table"}
        | {"title": f"{language} as it was"}
        for language, words in Notice.objects.first().texts.items()
    }

    words = notice.completed(earlier)

    assert words["pl"]["cookie_table"]["name"] == "Nazwa"
    assert words["en"]["cookie_table"]["name"] == "Name"
    assert words["pl"]["title"] == "pl as it was"
    with mock.patch("consent.registry.notice.texts", return_value=earlier):
        publish_registry()
    assert registry.current().texts == words


def test_the_words_around_the_form_of_the_cookie_page_are_in_the_notice(client) -> None:
    """I9. Red when: cookies.html prints a sentence around its form that the notice does not hold."""
    texts = Notice.objects.first().texts["en"]
    page = Page(client.get("/en/cookies/").content)
    (form,) = page.with_attribute("data-settings")

    rest = form.text
    groups = registry.current().groups
    with translation.override("en"):
        known = [text for group in groups for text in (group.description, group.name)]
    known += [texts["accept"], texts["reject"], texts["save"], texts["cookie_page"]["always_on"]]
    # Hidden, and no part of the question: what to do when the choice could not be saved.
    known += [error.text for error in page.with_attribute("data-error") if error.is_inside("form")]
    for text in sorted(known, key=len, reverse=True):
        rest = rest.replace(" ".join(text.split()), "")

    assert rest.split() == []
    headings = {heading.text for heading in page.all("h1", "h2") if heading.is_inside("main")}
    assert set(texts["cookie_page"].values()) >= headings - {"Your choice now", trial_call(page)}


def trial_call(page: Page) -> str:
    """The heading of the call to the trial, which every page ends with."""
    return next(
        heading.text
        for heading in page.all("h2")
        if any("trial-call" in parent.classes for parent in heading.parents)
    )
