"""The page of the differences between two versions, and the form that leads to it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from content import store
from tests.pages import Page
from tests.privacy.policies.drafts import make_published

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
VERSIONS = "/en/privacy-policy/versions/"
OLD = "## 0. Start\n\n0.1 We keep it for **ninety** days.\n\n{{ cookies }}\n\n0.2 Gone & out."
NEW = (
    "## 0. Start\n\n0.1 We keep it for thirty days, see [0.2](#s0-2).\n\n{{ cookies }}\n\n"
    "0.2 A whole new one."
)
OLD_PL = "## 0. Wstęp\n\n0.1 Ten ustęp jest taki sam.\n\n{{ cookies }}\n\n0.2 Przedtem tak."
NEW_PL = OLD_PL.replace("Przedtem tak", "Teraz inaczej, zob. [0.2](#s0-2)")


@pytest.fixture(autouse=True)
def three_versions() -> None:
    """Version 1 is the seeded one; 2 and 3 differ by a few words."""
    now = timezone.now()
    make_published(text_pl=OLD_PL, text_en=OLD, change_summary_en="First words.", at=now)
    make_published(text_pl=NEW_PL, text_en=NEW, change_summary_en="Shorter.", at=now + SECOND)
    store.poll(now + SECOND)


def _page(client, older: int, newer: int) -> Page:
    response = client.get(f"{VERSIONS}{older}/differences/{newer}/")
    assert response.status_code == 200
    return Page(response.content)


def test_each_changed_word_is_marked_for_eyes_and_for_screen_readers(client) -> None:
    """Red when: the templates show a change by a class or a color alone."""
    page = _page(client, 2, 3)

    removed, added = page.all("del"), page.all("ins")
    assert [e.text for e in removed] == [
        "removed: ninety days (end of what was removed)",
        "removed: Gone & out. (end of what was removed)",
    ]
    assert [e.text for e in added] == [
        "added: thirty days, see 0.2 (→ #s0-2) (end of what was added)",
        "added: A whole new one. (end of what was added)",
    ]


def test_the_list_of_changes_links_to_each_and_each_to_its_place_in_the_version(client) -> None:
    """Red when: the ids and the list are numbered differently."""
    page = _page(client, 2, 3)

    links = [a["href"] for a in page.all("a") if a["href"].startswith("#change-")]
    titles = [e.text for e in page.with_class("passage__title")]
    assert links == ["#change-1", "#change-2"]
    assert [e["id"] for e in page.with_class("passage")] == ["change-1", "change-2"]
    assert titles == ["0.1 changed", "0.2 changed"]
    for anchor in ("s0-1", "s0-2"):
        assert f"{VERSIONS}3/#{anchor}" in list(page.links)
    assert "Passages without change: 2 (0)" in page.one("main").text


def test_differences_over_several_versions_say_in_words_what_each_changed(client) -> None:
    """Red when: only the newest version's words are shown."""
    page = _page(client, 1, 3)

    assert [e.text for e in page.with_class("prose") if e.is_inside("main")] == [
        "First words.",
        "Shorter.",
    ]


def test_the_form_leads_to_the_differences_without_javascript(client) -> None:
    """Red when: the form names other fields than the view reads."""
    page = Page(client.get(VERSIONS).content)
    form = page.one("form", method="get")
    fields = {e["name"]: page.form_fields[e["name"]] for e in page.all("select")}

    assert fields == {"older": "2", "newer": "3"}
    response = client.get(form["action"], fields)
    assert (response.status_code, response["Location"]) == (302, f"{VERSIONS}2/differences/3/")


@pytest.mark.parametrize(("older", "newer"), [(3, 2), (2, 3)])
def test_the_older_version_always_comes_first(client, older: int, newer: int) -> None:
    """Red when: the numbers are not sorted."""
    asked = client.get(f"{VERSIONS}differences/", {"older": older, "newer": newer}, follow=True)

    assert asked.redirect_chain[-1][0] == f"{VERSIONS}2/differences/3/"
    direct = client.get(f"{VERSIONS}{older}/differences/{newer}/", follow=True)
    assert direct.content == asked.content


def test_a_version_does_not_differ_from_itself(client) -> None:
    response = client.get(f"{VERSIONS}differences/", {"older": 2, "newer": 2}, follow=True)

    assert (
        "There is no difference: every word is the same." in Page(response.content).one("main").text
    )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?older=1",
        "?older=1&newer=",
        "?older=1&newer=9",
        "?older=-1&newer=2",
        "?older=1&newer=x",
        "?older=1&newer=²",
        "?older=1&newer=١",
        "?older=1&newer=99999999999999999999",
    ],
)
def test_an_invalid_number_of_a_version_is_not_found(client, query: str) -> None:
    """Red when: int() gets a text that is not a number."""
    assert client.get(f"{VERSIONS}differences/{query}").status_code == 404


@pytest.mark.parametrize("rest", ["1/differences/9/", "9/differences/1/", "0/differences/1/"])
def test_differences_from_a_version_that_does_not_exist_are_not_found(client, rest: str) -> None:
    assert client.get(f"{VERSIONS}{rest}").status_code == 404


def test_each_language_is_compared_with_itself(client) -> None:
    """Red when: a language is fixed in the view."""
    address = "/polityka-prywatnosci/wersje/2/roznice/3/"
    page = Page(client.get(address).content)

    assert [e.text for e in page.with_class("passage__title")] == ["0.2 zmieniono"]
    assert "Przedtem tak" in page.one("del").text
    assert "Teraz inaczej" in page.one("ins").text
    assert page.one("meta", name="robots")["content"] == "noindex"
