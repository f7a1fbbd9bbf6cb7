"""The list of requests: by clock, with its columns, filters and a search that names nobody."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.models import DataRequest
from privacy.rights.map.declarations import Person
from privacy.rights.requests import actions
from tests.privacy.rights.requests.made import (
    colleague,
    make_complaint_by_letter,
    make_request,
)
from tests.staff import make_staff, message_levels

pytestmark = pytest.mark.django_db

LIST = "/admin/privacy/datarequest/"
FIND = f"{LIST}find/"


def days_ago(number: float):
    return timezone.now() - timedelta(days=number)


def rows(client, query: str = "") -> list[str]:
    """The lines of the list, each with its cells."""
    page = client.get(f"{LIST}{query}")
    assert page.status_code == 200
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    lines = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    return [" ".join(re.sub(r"<[^>]*>", " ", line).split()).replace("\xa0", " ") for line in lines]


def named(lines: list[str], *requests: DataRequest) -> bool:
    """Whether the lines are these requests, in this order."""
    return [line.split()[0] for line in lines] == [row.reference for row in requests]


def test_the_list_is_sorted_by_clock_and_says_it_in_words(admin_client) -> None:
    """Red when: a closed request hides one that is late."""
    new = make_request(at=days_ago(1), is_verified=True)
    late = make_request("erasure", person=Person("ewa@example.com"), at=days_ago(40))
    paused = make_request(person=Person("ola@example.com"), at=days_ago(3))
    actions.pause(paused, reason="x", user=colleague(), at=days_ago(2))
    closed = make_request(person=Person("b@example.com"), at=days_ago(50))
    actions.answer(closed, text="x", outcome="refused", user=colleague(), at=days_ago(45))

    lines = rows(admin_client)

    assert named(lines, late, new, paused, closed)
    first, second, third, last = lines
    assert "usunięcie (art. 17)" in first
    assert "ewa@example.com" in first
    assert "w serwisie" in first
    assert "po terminie" in first
    assert "tożsamość niepotwierdzona" in first
    assert re.search(r"(zostało|zostały) \d+ dni dostęp", second)
    assert second.endswith("w toku")
    assert "termin nie biegnie od" in third
    assert last.endswith("odmowa, z podaniem powodu")


def test_a_complaint_shows_both_clocks_and_where_its_person_is_named(admin_client) -> None:
    make_complaint_by_letter(at=days_ago(29.5), text="Jan Kowalski, ul. Prosta 1, Gdańsk")

    [line] = rows(admin_client)

    assert "Jan Kowalski, ul. Prosta 1, Gdańsk" in line
    assert "potwierdzenie wpływu:" in line
    assert "wynik:" in line
    assert line.endswith("do potwierdzenia wpływu")


def test_filters_leave_what_was_asked_for(admin_client) -> None:
    late = make_request(at=days_ago(40))
    closed = make_request("erasure", person=Person("ewa@example.com"), at=days_ago(2))
    actions.answer(closed, text="x", outcome="done", user=colleague(), at=days_ago(1))
    complaint = make_complaint_by_letter(at=days_ago(1))

    assert named(rows(admin_client, "?state=open"), late, complaint)
    assert named(rows(admin_client, "?state=closed"), closed)
    assert named(rows(admin_client, "?clock=late"), late)
    assert named(rows(admin_client, "?kind__exact=complaint"), complaint)
    assert len(rows(admin_client, "?state=nonsense&clock=nonsense")) == 3


@pytest.mark.parametrize(
    "spelling", ["{0}", " {0} ", "{1}", "ANNA@EXAMPLE.com", " anna@example.com"]
)
def test_a_request_is_found_by_its_reference_and_by_the_address(
    admin_client, spelling: str
) -> None:
    """Red when: a person who reads the reference out must know where its hyphen is."""
    request = make_request()
    make_request(person=Person("ewa@example.com"))
    sought = spelling.format(request.reference, request.reference.replace("-", "").lower())

    answer = admin_client.post(FIND, {"sought": sought})

    assert answer.url == f"{LIST}{request.pk}/change/"


def test_an_address_with_many_requests_is_in_no_url(admin_client, log_lines) -> None:
    """I21. Red when: the search is a link with the address."""
    mine = {make_request(kind).reference for kind in ("access", "erasure")}
    make_request(person=Person("ewa@example.com"))

    answer = admin_client.post(FIND, {"sought": "anna@example.com"})

    assert "anna" not in answer.url
    query = answer.url.removeprefix(LIST)
    assert {line.split()[0] for line in rows(admin_client, query)} == mine
    assert "anna" not in "".join(log_lines)
    assert 'method="get"' not in admin_client.get(LIST).text.partition('role="search"')[0][-200:]


@pytest.mark.parametrize(
    "sought", ["", "nobody@example.com", "ZZZZ-ZZZZ", "\x00", "x" * 300, "@", "-"]
)
def test_what_is_not_found_is_said_without_repeating_it(admin_client, sought: str) -> None:
    make_complaint_by_letter()

    page = admin_client.post(FIND, {"sought": sought}, follow=True)

    assert page.redirect_chain == [(LIST, 302)]
    assert message_levels(page) == ["warning"]
    assert "nobody@" not in page.text


@pytest.mark.parametrize("path", ["", "find/"])
def test_only_who_may_look_sees_the_list(path: str) -> None:
    client = make_staff("view_restriction")

    answer = client.post(FIND, {"sought": "x"}) if path else client.get(LIST)

    assert answer.status_code == 403
