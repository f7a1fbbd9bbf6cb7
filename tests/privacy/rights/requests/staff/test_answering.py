"""Staff write an answer from a draft, see the very mail, and send it once."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from delivery.models import Mail
from privacy.models import DataRequest
from privacy.rights.map.declarations import Person
from privacy.rights.requests import actions, mails
from tests.privacy.rights.requests.made import (
    colleague,
    kinds,
    make_complaint_by_letter,
    make_request,
)
from tests.staff import make_staff, message_levels

pytestmark = pytest.mark.django_db

LIST = "/admin/privacy/datarequest/"
WORDS = "Dzień dobry,\r\n\r\nodmawiamy & wyjaśniamy: <b>bo tak</b>."


def answer_page(request: DataRequest) -> str:
    return f"{LIST}{request.pk}/answer/"


def shown(response) -> str:
    return re.search(r'name="shown" value="(\w+)"', response.text)[1]


def preview(client, request: DataRequest, **changes: str):
    form = {"outcome": "refused", "words": WORDS, "then": "preview"} | changes
    return client.post(answer_page(request), form)


def send(client, request: DataRequest, *, after, **changes: str):
    form = {"outcome": "refused", "words": WORDS, "then": "send", "shown": shown(after)} | changes
    return client.post(answer_page(request), form, follow=True)


@pytest.fixture
def request_of_anna() -> DataRequest:
    return make_request(at=timezone.now(), is_verified=True, sends_mail=False)


def test_the_answer_begins_with_the_draft_of_its_outcome(admin_client, request_of_anna) -> None:
    page = admin_client.get(f"{answer_page(request_of_anna)}?outcome=refused")

    assert "[… powód]" in page.text
    assert page.context["form"].initial["outcome"] == "refused"

    other = preview(admin_client, request_of_anna, outcome="nothing", then="draft")
    assert "poza tą korespondencją" in other.text
    for nonsense in ("", "?outcome=nonsense"):
        empty = admin_client.get(answer_page(request_of_anna) + nonsense)
        assert empty.context["form"].initial == {"outcome": "", "words": ""}


def test_the_preview_is_the_very_mail(admin_client, request_of_anna) -> None:
    """Red when: staff see other words than the person will, in text or in HTML."""
    page = preview(admin_client, request_of_anna)

    assert page.status_code == 200
    assert DataRequest.objects.get().is_open
    done = send(admin_client, request_of_anna, after=page)
    assert message_levels(done) == ["success"]
    letter = mails.step(Mail.objects.get().about, timezone.now())
    assert page.context["letter"] == letter
    words = letter.html.partition('<div class="letter">')[2].partition("</div>")[0]
    assert "".join(words.split()) in "".join(page.text.split())
    assert "odmawiamy &amp; wyjaśniamy: &lt;b&gt;bo tak&lt;/b&gt;." in words
    assert "(UODO)" in letter.text
    assert "do sądu" in letter.text


def test_a_sent_answer_closes_the_request_with_its_outcome(
    admin_client, admin_user, request_of_anna
) -> None:
    send(admin_client, request_of_anna, after=preview(admin_client, request_of_anna))

    request_of_anna.refresh_from_db()
    assert (request_of_anna.is_open, request_of_anna.outcome) == (False, "refused")
    answered = request_of_anna.steps.get(kind="answered")
    assert (answered.user, answered.text) == (admin_user, WORDS.replace("\r\n", "\n"))
    assert LogEntry.objects.get().object_id == str(request_of_anna.pk)


@pytest.mark.parametrize(
    "changes", [{"words": f"{WORDS} More."}, {"outcome": "done"}, {"shown": ""}]
)
def test_nothing_is_sent_that_the_preview_did_not_show(
    admin_client, request_of_anna, changes: dict[str, str]
) -> None:
    """Red when: words that were changed after the preview go out unseen."""
    page = send(
        admin_client, request_of_anna, after=preview(admin_client, request_of_anna), **changes
    )

    assert page.status_code == 200
    assert page.context["letter"]
    assert not Mail.objects.exists()
    assert DataRequest.objects.get().is_open


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"outcome": ""}, "To pole jest wymagane."),
        ({"outcome": "nonsense"}, "nonsense"),
        ({"words": " "}, "To pole jest wymagane."),
        ({"words": "Too short."}, "20"),
        ({"words": f"{WORDS} [… powód]"}, "Uzupełnij albo usuń: [… powód]"),
    ],
)
def test_an_answer_lacks_nothing(
    admin_client, request_of_anna, changes: dict[str, str], problem: str
) -> None:
    """Red when: an answer goes out without its outcome, or with the gaps of its draft."""
    for then in ("preview", "send"):
        page = preview(admin_client, request_of_anna, **changes, then=then)
        assert page.status_code == 422
        assert problem in page.text.replace("\xa0", " ")
    assert not Mail.objects.exists()


def test_a_colleague_was_faster(admin_client, request_of_anna) -> None:
    """Red when: the person gets two answers, or the second one is lost for its author."""
    page = preview(admin_client, request_of_anna)
    at = timezone.now()
    actions.answer(request_of_anna, text="First.", outcome="done", user=colleague(), at=at)

    late = send(admin_client, request_of_anna, after=page)

    assert late.status_code == 409
    assert "Sprawa jest zamknięta." in late.text
    assert "odmawiamy &amp; wyjaśniamy" in late.text
    assert Mail.objects.count() == 1
    assert admin_client.get(answer_page(request_of_anna)).status_code == 409
    assert kinds(request_of_anna)[-2:] == ["answered", "closed"]


def test_a_person_without_an_address_gets_a_letter_to_print(admin_client) -> None:
    """Red when: the answer to a letter is sent to nobody, and no page can be printed."""
    request = make_complaint_by_letter(at=timezone.now())

    page = preview(admin_client, request)
    assert "To jest list do druku" in page.text.replace("\xa0", " ")
    done = send(admin_client, request, after=page)

    assert not Mail.objects.exists()
    assert "listem" in done.text
    step = request.steps.get(kind="answered")
    letter = admin_client.get(f"{LIST}{request.pk}/letter/{step.pk}/")
    assert f'href="{LIST}{request.pk}/letter/{step.pk}/"' in done.text
    assert "odmawiamy &amp; wyjaśniamy" in letter.text
    other = request.steps.get(kind="received")
    assert admin_client.get(f"{LIST}{request.pk}/letter/{other.pk}/").status_code == 404


@pytest.mark.parametrize("kind", ["access", "portability", "erasure"])
def test_the_data_is_offered_for_a_copy_and_to_a_verified_person_alone(
    admin_client, kind: str
) -> None:
    request = make_request(kind, at=timezone.now())
    data = f"{LIST}{request.pk}/data/"

    before = admin_client.get(answer_page(request)).text
    actions.verify(request, text="x", user=colleague(), at=timezone.now())
    after = admin_client.get(answer_page(request)).text

    assert data not in before
    assert (data in after) == (kind != "erasure")
    assert ("Nie wysyłaj danych e-mailem" in after) == (kind != "erasure")


def test_who_may_only_look_answers_nothing(request_of_anna) -> None:
    client = make_staff("view_datarequest")

    for response in (client.get(answer_page(request_of_anna)), preview(client, request_of_anna)):
        assert response.status_code == 403


def test_a_late_answer_is_still_possible(admin_client) -> None:
    """Red when: the clock keeps staff from answering."""
    request = make_request(at=timezone.now() - timedelta(days=90), person=Person("b@example.com"))

    send(admin_client, request, after=preview(admin_client, request))

    request.refresh_from_db()
    assert not request.is_open
