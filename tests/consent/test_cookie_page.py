"""The cookie page: what it lists, in which order, and how often it asks."""

import pytest

from consent.policy_tables import cookie_table
from consent.registry import registry
from tests.factories import make_client, make_cookie, post_choice
from tests.pages import Page

pytestmark = pytest.mark.django_db

COOKIE_PAGES = pytest.mark.parametrize("path", ["/cookies/", "/en/cookies/"])


def rows(page: Page) -> list[str]:
    """The names in the tables of cookies, from the top."""
    return [e.text for e in page.all("th", scope="row")]


@COOKIE_PAGES
def test_what_only_staff_get_comes_last_and_is_folded(path: str) -> None:
    """Red when: the tables of the groups print it too; cookies.html leaves the list open."""
    page = Page(make_client().get(path).content)
    names = {cookie.name for cookie in registry.current().staff_cookies}

    folded = [e.text for e in page.all("th", scope="row") if e.is_inside("details")]

    assert len(names) >= 7
    assert sorted(rows(page)) == sorted(cookie.name for cookie in registry.current().cookies)
    assert rows(page)[0] == "l7_choice"
    assert set(rows(page)[-len(names) :]) == set(folded) == names
    (fold,) = page.all("details", class_="question")
    assert "open" not in fold.attributes


def test_the_table_of_the_policy_prints_the_rows_of_staff_after_the_others() -> None:
    """Red when: groups_of keeps the order of the rows, in which staff's come first."""
    make_cookie("l7_late", group="necessary", justification_pl="Bo.", justification_en="So.")
    (necessary, *_others) = registry.current().groups

    names = rows(Page(cookie_table(None)))[: len(necessary.cookies)]

    of_staff = [cookie.name for cookie in registry.current().staff_cookies]
    assert names == ["l7_choice", "l7_late", *of_staff]


@COOKIE_PAGES
def test_a_visitor_without_a_choice_is_asked_once(path: str) -> None:
    """Red when: cookies.html shows the banner beside its own form."""
    page = Page(make_client().get(path).content)

    assert page.with_attribute("data-ask") == []
    values = [button["value"] for button in page.all("button", name="choice")]
    assert sorted(values) == ["accept", "choose", "reject", "save"]


@COOKIE_PAGES
def test_the_answer_to_a_form_that_failed_keeps_the_banner(path: str) -> None:
    """I4. Red when: cookies.html hides the banner from every visitor without a choice."""
    response = post_choice(make_client(), "accept", path=path, notice="unknown")

    assert response.status_code == 409
    assert len(Page(response.content).with_attribute("data-ask")) == 1


@COOKIE_PAGES
def test_a_visitor_who_is_asked_again_reads_in_the_banner_why(path: str) -> None:
    """Red when: cookies.html hides the banner from every visitor."""
    client = make_client()
    post_choice(client, "accept")
    make_cookie("_new")

    (banner,) = Page(client.get(path).content).with_attribute("data-ask")

    assert "_new" in banner.text
