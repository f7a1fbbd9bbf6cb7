"""Staff type in, read and work on one request; what they cannot do now is not offered, or refused."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from delivery.models import Mail
from privacy.models import DataRequest, ErasureCase, LegalHold, Restriction
from privacy.rights.map.declarations import Person
from privacy.rights.requests import actions
from tests.factories import make_trial
from tests.privacy.rights.requests.made import (
    colleague,
    kinds,
    make_complaint_by_letter,
    make_request,
)
from tests.staff import make_staff, message_levels

pytestmark = pytest.mark.django_db

LIST = "/admin/privacy/datarequest/"
ADD = f"{LIST}add/"
WORDS = {"verified": "Called back.", "paused": "Who are you?", "extended": "Much.", "note": "Hm."}
STEPS = {"acknowledged", "resumed", *WORDS}


def address(request: DataRequest, page: str = "change") -> str:
    return f"{LIST}{request.pk}/{page}/"


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.text).split()).replace("\xa0", " ")


def offered(response) -> set[str]:
    return set(re.findall(r'name="step" value="(\w+)"', response.text))


def take(client, request: DataRequest, step: str, **fields: str):
    words = {f"{step}-words": WORDS[step]} if step in WORDS else {f"{step}-how": "otherwise"}
    return client.post(address(request), {"step": step} | words | fields)


def typed_in(**changes: str) -> dict[str, str]:
    form = {
        "source": "letter",
        "received_on": str(timezone.localdate() - timedelta(days=3)),
        "kind": "access",
        "text": "Please send me my data.\r\n\r\nJan Kowalski",
        "language": "en",
        "email": "",
        "record_ids": "",
        "verified_by": "",
    }
    return form | changes


def test_a_letter_is_typed_in(admin_client) -> None:
    page = admin_client.post(ADD, typed_in(), follow=True)

    [request] = DataRequest.objects.all()
    assert page.redirect_chain == [(address(request), 302)]
    assert request.text == "Please send me my data.\n\nJan Kowalski"
    assert (request.source, request.language, request.email) == ("letter", "en", "")
    assert request.received_on == timezone.localdate() - timedelta(days=3)
    assert message_levels(page) == ["success"]
    [entry] = LogEntry.objects.all()
    assert entry.object_id == str(request.pk)
    assert "Kowalski" not in entry.object_repr + entry.change_message


def test_a_typed_in_request_of_an_address_is_acknowledged_if_the_box_is_ticked(
    admin_client,
) -> None:
    form = typed_in(email="ANNA@example.com", verified_by="Called back.", source="telephone")
    admin_client.post(ADD, form | {"sends_mail": "on"})
    admin_client.post(ADD, form | {"text": "Another one."})

    first, second = DataRequest.objects.order_by("pk").order_by("text").reverse()
    assert (first.email, first.is_verified) == ("anna@example.com", True)
    assert (bool(first.acknowledged_at), bool(second.acknowledged_at)) == (True, False)
    assert Mail.objects.get().about == str(first.pk)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"received_on": "2999-01-01"}, "Ten dzień jeszcze nie nadszedł."),
        ({"received_on": "0001-01-01"}, "Ten dzień był lata temu."),
        ({"received_on": "2026-02-30"}, "Wpisz poprawną datę."),
        ({"text": " "}, "To pole jest wymagane."),
        ({"kind": ""}, "To pole jest wymagane."),
        ({"source": "site"}, "site"),
        ({"email": "nobody"}, "Wpisz poprawny adres e-mail."),
        ({"record_ids": "123"}, "Numer wygląda tak"),
        ({"text": "x" * 20_001}, "20000"),
    ],
)
def test_bad_input_is_answered_with_what_to_do_and_keeps_what_was_typed(
    admin_client, changes: dict[str, str], problem: str
) -> None:
    page = admin_client.post(ADD, typed_in(verified_by="Called back.") | changes)

    assert page.status_code == 422
    assert problem in text_of(page)
    assert "Called back." in page.text
    assert not DataRequest.objects.exists()


def test_an_erasure_asked_for_on_the_site_says_what_is_left_for_staff(admin_client) -> None:
    """Red when: staff erase what the site erases; a task of theirs reads as the person's words."""
    row = make_request("erasure", at=timezone.now(), text="Usuń konto.", is_verified=True)

    page = text_of(admin_client.get(address(row)))

    assert "Serwis sam usunie dane" in page
    assert "Co zostało do zrobienia dla zespołu" in page
    assert "Co ta osoba napisała lub powiedziała" not in page


def test_the_page_has_the_clock_first_then_what_to_do_next(admin_client) -> None:
    """Red when: staff must read through the steps to learn how long they have."""
    page = text_of(admin_client.get(address(make_request(at=timezone.now()))))

    places = [
        page.index(words)
        for words in (
            "ostatni dzień:",
            "Najpierw upewnij się, kto to jest.",
            "Napisz odpowiedź…",
            "Zatrzymaj zegar",
            "anna@example.com",
            "Dotychczasowe kroki",
        )
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("before", "steps"),
    [
        ([], {"verified", "paused", "extended", "note"}),
        (["verified"], {"extended", "note"}),
        (["paused"], {"resumed", "verified", "extended", "note"}),
        (["extended"], {"verified", "paused", "note"}),
    ],
)
def test_only_what_is_possible_now_is_offered(
    admin_client, before: list[str], steps: set[str]
) -> None:
    request = make_request(at=timezone.now())
    for step in before:
        assert take(admin_client, request, step).status_code == 302

    assert offered(admin_client.get(address(request))) == steps


def test_a_closed_request_offers_a_note_alone(admin_client) -> None:
    request = make_request(at=timezone.now())
    actions.answer(request, text="x", outcome="done", user=colleague(), at=timezone.now())

    page = admin_client.get(address(request))

    assert offered(page) == {"note"}
    assert "Napisz odpowiedź…" not in page.text
    assert "Nie ma już nic do zrobienia." in text_of(page)


def test_every_step_is_taken_noted_with_who_and_logged(admin_client, admin_user) -> None:
    """Red when: a step leaves no line in the history of the admin."""
    request = make_complaint_by_letter(at=timezone.now())
    assert take(admin_client, request, "acknowledged").status_code == 302
    other = make_request(at=timezone.now())
    for step in ("paused", "resumed", "extended", "verified", "note"):
        assert take(admin_client, other, step).status_code == 302, step

    taken = [*request.steps.filter(user=admin_user), *other.steps.filter(user=admin_user)]
    assert [step.kind for step in taken] == [
        "acknowledged", "paused", "resumed", "extended", "verified", "note",
    ]  # fmt: skip
    assert LogEntry.objects.filter(object_id__in=[str(request.pk), str(other.pk)]).count() == 6
    page = text_of(admin_client.get(address(other)))
    assert "admin Who are you?" in page
    assert "e-mail: oczekuje" in page


def test_a_step_that_became_impossible_is_said_and_its_words_are_kept(admin_client) -> None:
    """Red when: a colleague was faster, and what was typed is gone, or is done a second time."""
    request = make_request(at=timezone.now())
    take(admin_client, request, "paused")

    page = take(admin_client, request, "paused", **{"paused-words": "Long & careful words."})

    assert page.status_code == 409
    assert "Niczego nie zmieniono. Zegar jest już zatrzymany." in text_of(page)
    assert "Long &amp; careful words." in page.text
    assert kinds(request) == ["received", "acknowledged", "paused"]

    # The words stand in the form for a note.
    assert take(admin_client, request, "note", **{"note-words": "Long."}).status_code == 302


def test_a_step_without_its_words_is_refused(admin_client) -> None:
    request = make_request(at=timezone.now())

    for step in WORDS:
        page = take(admin_client, request, step, **{f"{step}-words": " \r\n "})
        assert page.status_code == 422
        assert "To pole jest wymagane." in page.text
    assert kinds(request) == ["received", "acknowledged"]


@pytest.mark.parametrize("step", ["", "answered", "closed", "received", "nonsense"])
def test_what_is_no_step_of_the_page_is_refused(admin_client, step: str) -> None:
    """Red when: a request can be closed without an answer."""
    request = make_request(at=timezone.now())

    assert admin_client.post(address(request), {"step": step}).status_code == 400
    assert kinds(request) == ["received", "acknowledged"]


def test_the_forms_for_the_person_open_filled_in_without_an_address_in_a_url(admin_client) -> None:
    """Red when: staff type the address again, and mistype it, or it stands in a log."""
    make_trial()
    request = make_request(at=timezone.now())
    page = admin_client.get(address(request))
    assert not re.search(r'(href|action)="[^"]*anna', page.text)
    person = {"email": request.email, "record_ids": "", "prefilled": "1"}

    erasure = admin_client.post("/admin/privacy/erasurecase/add/", person)
    assert "Co stanie się z danymi: anna@example.com" in text_of(erasure)
    for name in ("restriction", "legalhold"):
        assert f'action="/admin/privacy/{name}/add/"' in page.text
        form = admin_client.post(f"/admin/privacy/{name}/add/", person)
        assert form.status_code == 200
        assert 'value="anna@example.com"' in form.text
        assert "errorlist" not in form.text
    for model in (ErasureCase, Restriction, LegalHold):
        assert not model.objects.exists()


def test_the_rows_of_the_person_are_linked_by_their_numbers(admin_client) -> None:
    trial = make_trial("email")
    make_trial(email="ewa@example.com")
    page = admin_client.get(address(make_request(at=timezone.now())))

    link = f"/admin/trial/signup/?id__in={trial.pk}"
    assert f'href="{link}"' in page.text
    rows = admin_client.get(link)
    assert "anna@example.com" in rows.text
    assert "ewa@example.com" not in rows.text


def test_a_person_who_is_named_in_the_words_alone_has_no_links(admin_client) -> None:
    """Red when: a letter without an address finds the rows of others without one."""
    make_trial()
    make_complaint_by_letter(at=timezone.now())
    page = admin_client.get(address(make_complaint_by_letter(at=timezone.now())))

    assert "Dane tej osoby" not in page.text


def test_who_may_only_look_sees_no_form() -> None:
    request = make_request(at=timezone.now())
    client = make_staff("view_datarequest")

    page = client.get(address(request))

    assert page.status_code == 200
    assert offered(page) == set()
    assert 'method="post"' not in page.text.partition("content-main")[2]
    assert take(client, request, "note").status_code == 403
    assert client.get(ADD).status_code == client.post(ADD, typed_in()).status_code == 403
    assert kinds(request) == ["received", "acknowledged"]


def test_who_may_not_look_sees_nothing() -> None:
    request = make_request(at=timezone.now())
    client = make_staff("view_restriction", "add_datarequest")

    for page in ("change", "answer"):
        assert client.get(address(request, page)).status_code == 403
    assert client.get(ADD).status_code == 200


def test_a_form_of_another_site_is_refused(admin_user) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    request = make_request(at=timezone.now())

    for page in ("change", "answer", "file", "print", "data"):
        form = {
            "step": "note",
            "note-words": "x",
            "outcome": "done",
            "words": "x" * 30,
            "then": "send",
        }
        assert client.post(address(request, page), form).status_code == 403, page
    assert kinds(request) == ["received", "acknowledged"]


ODD = (
    "", "a\x00b", "x" * 100_000, "\r\n\r\n", "\u202e", "<script>alert(1)</script>", "{{ settings }}",
    "%(day)s %s", "9" * 5000, "9999-12-31", "10000-01-01", "\U0001f600", "[…]",
)  # fmt: skip


def test_whatever_is_sent_is_answered_with_a_page(admin_client) -> None:
    """Red when: a field is read before it is checked."""
    request = make_request(person=Person("b@example.com"), at=timezone.now())
    answers: dict[int, int] = {}

    def send(path: str, form: dict[str, str]) -> None:
        status = admin_client.post(path, form).status_code
        answers[status] = answers.get(status, 0) + 1

    for text in ODD:
        for field in typed_in():
            send(ADD, typed_in() | {field: text})
        for step in sorted(STEPS):
            send(address(request), {"step": step, f"{step}-words": text, f"{step}-how": text})
        for field in ("outcome", "words", "then", "shown"):
            form = {"outcome": "done", "words": "All is done as you asked.", "then": "preview"}
            send(address(request, "answer"), form | {field: text})

    assert {*answers} <= {200, 302, 409, 422}
    assert answers[422] > 60
    page = admin_client.get(address(request))
    assert "<script>alert" not in page.text
