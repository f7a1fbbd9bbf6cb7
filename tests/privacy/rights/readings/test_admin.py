"""Who protects data reads the log, by colleague, by day and by person."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from privacy.models import Reading
from privacy.rights.cases import erasure
from privacy.rights.map.declarations import Person
from privacy.rights.readings import reading
from privacy.rights.readings.personal_data import all_numbers_of
from privacy.roles import DATA_PROTECTION
from tests.factories import make_reading
from tests.pages import Page
from tests.privacy.rights.people import START
from tests.staff import make_staff, message_levels
from trial.models import SignUp

pytestmark = pytest.mark.django_db

LIST = "/admin/privacy/reading/"
FIND = f"{LIST}find/"
ANNA = Person("anna@example.com")
EWA = Person("ewa@example.com")


@pytest.fixture
def officer() -> Client:
    user = User.objects.create_user("inspektor", is_staff=True)
    user.groups.add(Group.objects.get(name=DATA_PROTECTION))
    client = Client()
    client.force_login(user)
    return client


def rows(client: Client, **query: str) -> list[str]:
    """The texts of the rows that the list shows."""
    page = Page(client.get(LIST, query).content)
    return [row.text for row in page.all("tr") if row.is_inside("tbody")]


def test_the_officer_reads_who_read_what_and_about_whom(officer) -> None:
    """Red when: the group lacks the permission, or a row shows a code in place of a name."""
    kasia = User.objects.create_user("kasia")
    exported = Reading.What.EXPORTED
    reading.log(kasia, person=None, what=exported, kind=SignUp, rows=12, at=START)
    reading.log(kasia, person=ANNA, what=exported, at=START)
    row = make_reading(ANNA, at=START)

    page = officer.get(LIST).content.decode()
    assert "<h1>Dziennik wglądu w\xa0dane</h1>" in page
    assert "Wiersze: 3" in page
    texts = rows(officer)[1:]  # without the look at the list before this one

    assert len(texts) == 3
    assert f"({row.user_id})odczytZgłoszenia i okresy próbne{row.about[:8]}1" in texts[0]
    assert f"kasiaeksportwszystko o tej osobie{row.about[:8]}-" in texts[1]
    assert "kasiaeksportZgłoszenia i okresy próbne–12" in texts[2]


def test_the_log_of_one_person_is_found_by_typing_an_address(officer) -> None:
    """Red when: an address lands in that of a page, or only one spelling is found."""
    about = make_reading(ANNA).about
    make_reading(EWA)

    response = officer.post(FIND, {"whose": " ANNA@Example.com "})

    assert response.status_code == 302
    assert response["Location"] == f"{LIST}?about__in={about}"
    page = officer.get(response["Location"])
    assert "anna" not in page.content.decode().lower()
    [text] = rows(officer, about__in=about)
    assert about[:8] in text


def test_the_log_of_a_visitor_is_found_by_the_number_of_a_record(officer) -> None:
    record = uuid.uuid4()
    about = make_reading(Person("", frozenset({record}))).about

    response = officer.post(FIND, {"whose": str(record)})

    assert response["Location"] == f"{LIST}?about__in={about}"


def test_the_number_in_a_row_leads_to_the_other_readings_about_the_person(officer) -> None:
    about = make_reading(ANNA).about
    make_reading(ANNA)
    make_reading(EWA)

    links = [*Page(officer.get(LIST).content).links]

    assert links.count(f"{LIST}?about__in={about}") == 2
    assert len(rows(officer, about__in=about)) == 2


@pytest.mark.parametrize(
    ("typed", "level"),
    [("ewa@example.com", "warning"), ("", "error"), ("anna", "error"), ("1" * 5000, "error"),
     ("\x00", "error"), ("a@b@c", "error")],
)  # fmt: skip
def test_whoever_is_not_in_the_log_is_not_found(officer, typed: str, level: str) -> None:
    """Red when: the whole log is shown as if it were about the person."""
    make_reading(ANNA)

    page = officer.post(FIND, {"whose": typed}, follow=True)

    assert page.status_code == 200
    assert message_levels(page) == [level]
    assert typed not in page.content.decode() or not typed


def test_nobody_is_found_by_an_address_after_an_erasure(officer) -> None:
    make_reading(ANNA)
    erasure.erase(ANNA, at=START)

    page = officer.post(FIND, {"whose": ANNA.email}, follow=True)

    assert message_levels(page) == ["warning"]
    assert len(rows(officer)) == 2  # that of the person, and the look at the list before this one


def test_the_log_is_filtered_by_colleague_and_by_day(officer) -> None:
    kasia = User.objects.create_user("kasia")
    reading.log(kasia, person=ANNA, what=Reading.What.READ, at=START)
    reading.log(kasia, person=ANNA, what=Reading.What.READ, at=START + timedelta(days=3))
    former = make_reading(EWA, at=START).user_id

    assert len(rows(officer, who=str(kasia.pk))) == 2
    assert len(rows(officer, who=str(former))) == 1
    assert len(rows(officer, read_at__day="4", read_at__month="3", read_at__year="2026")) == 1
    [filters] = Page(officer.get(LIST, {"who": "zz"}).content).all("nav", id="changelist-filter")
    assert all(name in filters.text for name in ("kasia", "inspektor", f"({former})"))


def test_a_list_needs_no_more_queries_for_more_rows(officer) -> None:
    """Red when: each row asks for its colleague."""

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            officer.get(LIST)
        return len(captured)

    for name in ("kasia", "ola"):
        user = User.objects.create_user(name)
        reading.log(user, person=ANNA, what=Reading.What.READ, at=START)
    queries()
    few = queries()
    for number in range(5):
        user = User.objects.create_user(f"user{number}")
        reading.log(user, person=ANNA, what=Reading.What.READ, at=START)

    assert queries() == few


def test_nobody_writes_into_the_log_and_others_do_not_read_it(admin_client) -> None:
    """Red when: a superuser gets a form, or a colleague of sales sees the log."""
    row = make_reading(ANNA)

    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{row.pk}/change/", {"rows": "3"}).status_code == 403
    assert admin_client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.get(FIND).status_code == 405
    sales = make_staff("view_signup")
    assert sales.get(LIST).status_code == 403
    assert sales.post(FIND, {"whose": ANNA.email}).status_code == 403
    assert all_numbers_of(ANNA).exists()
    assert Reading.objects.filter(pk=row.pk).values().get()["rows"] == 1
