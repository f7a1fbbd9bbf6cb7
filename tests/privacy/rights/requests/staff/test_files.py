"""Files that staff take: a whole case, and the data of its person; each is noted with who took it."""

import json
import uuid

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from privacy.models import DataRequest, PersonNumber, Reading
from privacy.rights.map.declarations import Person
from privacy.rights.requests import actions
from tests.factories import make_trial
from tests.privacy.rights.requests.made import colleague, kinds, make_request
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

LIST = "/admin/privacy/datarequest/"


def take(client, request: DataRequest, what: str):
    return client.post(f"{LIST}{request.pk}/{what}/")


@pytest.fixture
def answered() -> DataRequest:
    now = timezone.now()
    request = make_request("erasure", at=now, text="Erase <me>.")
    actions.pause(request, reason="Who are you?", user=colleague(), at=now)
    actions.answer(request, text="We erase it.", outcome="done", user=colleague(), at=now)
    request.refresh_from_db()
    return request


def test_the_case_is_one_file_with_every_step_and_the_answer(admin_client, answered) -> None:
    """Red when: an authority gets less than we did."""
    response = take(admin_client, answered, "file")

    name = f'attachment; filename="request-{answered.reference}.json"'
    assert response["Content-Disposition"] == name
    case = json.loads(response.content)
    assert case["reference"] == answered.reference
    assert case["right"]["code"] == "erasure"
    assert case["person"] == ["anna@example.com"]
    assert case["received"]["text"] == "Erase <me>."
    assert case["outcome"]["code"] == "done"
    steps = [(step["step"]["code"], step["by"], step["words"]) for step in case["steps"]]
    assert steps[2:4] == [("paused", "ola", "Who are you?"), ("answered", "ola", "We erase it.")]
    assert steps[-1][:2] == ("exported", "admin")
    assert case["steps"][3]["told"] == "e-mail: oczekuje"
    assert case["steps"][0]["by"] is None


def test_the_case_can_be_printed(admin_client, answered) -> None:
    response = take(admin_client, answered, "print")

    for words in ("Erase &lt;me&gt;.", "Who are you?", "We erase it.", answered.reference):
        assert words in response.text
    assert kinds(answered)[-1] == "exported"


def test_each_file_is_noted_with_who_took_it(admin_client, admin_user, answered) -> None:
    """Red when: data leaves the house and nobody knows by whom."""
    answered.is_verified = True
    answered.save()
    for what in ("file", "print", "data"):
        assert take(admin_client, answered, what).status_code == 200

    taken = answered.steps.filter(kind="exported", user=admin_user)
    texts = [step.text for step in taken]
    assert texts == ["sprawa jako plik", "sprawa do druku", "dane tej osoby"]
    assert LogEntry.objects.filter(object_id=str(answered.pk)).count() == 3


def test_the_data_of_the_person_is_in_their_language(admin_client) -> None:
    make_trial(email="anna@example.com", name="Anna Nowak")
    make_trial(email="ewa@example.com", name="Ewa Kowalska")
    now = timezone.now()
    request = actions.receive(
        Person("anna@example.com"), kind="access", language="en", at=now, is_verified=True
    )

    response = take(admin_client, request, "data")

    data = json.loads(response.content)
    assert data["email"] == "anna@example.com"
    assert "Anna Nowak" in response.content.decode()
    assert "Kowalska" not in response.content.decode()
    assert "contract" in response.content.decode()
    # The log of readings names no table: it is everything about the person.
    reading = Reading.objects.get()
    assert (reading.what, reading.kind) == ("exported", "")
    assert PersonNumber.objects.get().number == reading.about


def test_the_data_of_somebody_unknown_is_not_handed_out(admin_client) -> None:
    """Red when: a stranger gets the data of whoever they claim to be."""
    request = make_request(at=timezone.now())

    response = take(admin_client, request, "data")

    assert response.status_code == 409
    assert "Najpierw upewnij się, kto to jest" in response.text.replace("\xa0", " ")
    assert kinds(request) == ["received", "acknowledged"]


@pytest.mark.parametrize("what", ["file", "print", "data"])
def test_who_may_only_look_takes_no_file(answered, what: str) -> None:
    client = make_staff("view_datarequest")

    assert take(client, answered, what).status_code == 403
    assert client.get(f"{LIST}{answered.pk}/{what}/").status_code == 405
    assert "exported" not in kinds(answered)


@pytest.mark.parametrize("what", ["file", "print", "data", "change", "answer"])
def test_a_request_that_is_not_there_is_not_found(admin_client, what: str) -> None:
    response = admin_client.post(f"{LIST}{uuid.uuid4()}/{what}/", {"step": "note"})

    assert response.status_code == 404
