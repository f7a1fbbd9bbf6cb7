"""Staff read the funnel as sums in which no person can be recognized."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.pages import Element, Page
from tests.staff import make_staff
from trial.funnel import FunnelCount

pytestmark = pytest.mark.django_db

FUNNEL = "/admin/trial/funnelcount/"


def count(step: str, number: int, *, days_ago: int = 0, campaign: str = "", language="pl") -> None:
    FunnelCount.objects.create(
        date=timezone.localdate() - timedelta(days=days_ago),
        step=step,
        language=language,
        campaign=campaign,
        count=number,
    )


def inside(parent: Element, page: Page, *tags: str) -> list[Element]:
    """The elements inside one element, by identity: two elements can be equal."""
    return [e for e in page.all(*tags) if any(outer is parent for outer in e.parents)]


def elements_of_funnel(page: Page, tag: str) -> list[Element]:
    """The elements of the funnel, without those of the admin around it."""
    return inside(page.one("div", id="content-main"), page, tag)


def tables(client) -> list[list[list[str]]]:
    """The cells of each row of each table of the funnel, without its head."""
    page = Page(client.get(FUNNEL).content)
    return [
        [
            [cell.text for cell in inside(row, page, "th", "td")]
            for row in inside(table, page, "tr")
            if row.is_inside("tbody")
        ]
        for table in elements_of_funnel(page, "table")
    ]


def test_the_funnel_counts_the_steps_of_the_last_days_by_language(admin_client) -> None:
    """Red when: a period is a day too long or short, or a percentage is of the wrong step."""
    for days_ago in (0, 6, 7):
        count("visited", 10, days_ago=days_ago)
    count("submitted", 5)
    count("confirmed", 4)
    count("visited", 3, language="en")
    count("visited", 100, days_ago=90)

    week, _campaigns, month, *_rest = tables(admin_client)

    assert [row[1:] for row in week] == [
        ["3", "0 (0%)", "0"],
        ["20", "5 (25%)", "4 (80%)"],
        ["23", "5 (22%)", "4 (80%)"],
    ]
    assert [row[0] for row in week[:2]] == ["English", "Polski"]
    assert month[-1][1] == "33"
    assert tables(admin_client)[4][-1][1] == "33"


def test_campaigns_of_fewer_than_five_sign_ups_are_one_line_without_a_name(admin_client) -> None:
    """Red when: the limit is removed, or lower than five."""
    for campaign, number in (("spring", 5), ("lonely", 4), ("single", 1), ("", 2)):
        count("submitted", number, campaign=campaign)
    count("confirmed", 1, campaign="single")

    _languages, campaigns, *_rest = tables(admin_client)

    assert [row[1:] for row in campaigns] == [["5", "0 (0%)"], ["5", "1 (20%)"], ["2", "0 (0%)"]]
    assert campaigns[0][0] == "spring"
    words = admin_client.get(FUNNEL).content.decode()
    assert "lonely" not in words
    assert "single" not in words


def test_no_page_shows_a_single_row_of_the_funnel(admin_client) -> None:
    """Red when: `get_urls` adds the standard pages, which name the smallest campaigns."""
    count("submitted", 1, campaign="single")
    row = FunnelCount.objects.get()

    for address in (f"{FUNNEL}{row.pk}/change/", f"{FUNNEL}{row.pk}/history/", f"{FUNNEL}add/"):
        assert admin_client.get(address).status_code in {302, 404}, address
    assert "single" not in admin_client.get(FUNNEL, {"q": "single"}).content.decode()


def test_the_funnel_needs_a_permission(client) -> None:
    """Red when: the view checks no permission."""
    assert client.get(FUNNEL).status_code == 302
    assert make_staff("view_signup").get(FUNNEL).status_code == 403


def test_the_view_permission_is_enough_for_the_funnel() -> None:
    assert make_staff("view_funnelcount").get(FUNNEL).status_code == 200


def test_the_tables_of_the_funnel_have_captions_and_scopes_for_screen_readers(admin_client) -> None:
    """Red when: a table has no caption, or a heading no scope."""
    page = Page(admin_client.get(FUNNEL).content)

    assert len(elements_of_funnel(page, "table")) == len(elements_of_funnel(page, "caption")) == 6
    assert {heading.get("scope") for heading in elements_of_funnel(page, "th")} == {"col", "row"}


def test_the_funnel_needs_no_more_queries_for_more_counts(admin_client) -> None:
    """Red when: each campaign needs a query."""
    admin_client.get(FUNNEL)
    with CaptureQueriesContext(connection) as few:
        admin_client.get(FUNNEL)
    for number in range(9):
        count("submitted", 7, campaign=f"campaign {number}")
    with CaptureQueriesContext(connection) as more:
        admin_client.get(FUNNEL)

    assert len(more) == len(few)
