"""The form, its answer, and what it does for whom."""

import re
from unittest.mock import patch

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content import store
from content.company import COMPANY
from delivery.models import Mail
from tests.factories import (
    make_client,
    make_sign_up,
    make_sign_up_form,
    make_trial,
    ticked,
)
from tests.pages import Page
from tests.privacy.policies.drafts import make_published
from trial import actions
from trial.models import SignUp
from trial.sign_up import attribution
from trial.sign_up.attribution import Attribution

pytestmark = pytest.mark.django_db

FORM = "/en/free-trial/"
NOW = timezone.now()


@pytest.mark.parametrize("address", ["/darmowy-okres-probny/", FORM])
def test_the_page_also_says_how_to_reach_a_person(client, address: str) -> None:
    links = list(Page(client.get(address).content).links)

    assert f"mailto:{COMPANY['email']}" in links
    assert COMPANY["phone_href"] in links


def test_a_wrong_form_comes_back_with_everything_that_was_typed(client) -> None:
    """Red when: the status is 200, a value is left out, or the title does not say so."""
    typed = make_sign_up_form(email="anna", phone="12", name='Anna "A" <b>', **ticked("email"))

    response = client.post(FORM, typed)

    page = Page(response.content)
    assert response.status_code == 422
    assert page.one("title").text.startswith("Error: ")
    for name in ("name", "email", "company", "phone"):
        assert page.one("input", name=name)["value"] == typed[name]
    assert "checked" in page.one("input", name="marketing_email").attributes
    assert "checked" not in page.one("input", name="marketing_phone").attributes
    assert not SignUp.objects.exists()


def test_what_is_wrong_is_said_beside_the_field_and_in_a_summary_that_takes_the_focus(
    client,
) -> None:
    """WCAG 3.3.1. Red when: the error is not tied to its field, or autofocus is left out."""
    page = Page(client.post(FORM, make_sign_up_form(email="anna")).content)

    field = page.one("input", name="email")
    assert field["aria-invalid"] == "true"
    described = " ".join(page.one(id=i).text for i in field["aria-describedby"].split())
    sentence = "Enter an e-mail address in the form name@company.com."
    assert sentence in described
    [summary] = page.with_attribute("autofocus")
    assert (summary["tabindex"], summary["role"]) == ("-1", "alert")
    [link] = [a for a in page.all("a", href="#email") if summary in a.parents]
    assert link.text == sentence
    assert "aria-invalid" not in page.one("input", name="name").attributes


def test_a_box_over_words_that_changed_is_not_ticked_again(client) -> None:
    """A new text must be read first. Red when: `_box` looks at whether anything was sent."""
    response = client.post(FORM, make_sign_up_form(marketing_email="0" * 16))

    box = Page(response.content).one("input", name="marketing_email")
    assert response.status_code == 422
    assert "checked" not in box.attributes
    assert box["value"] == ticked("email")["marketing_email"]


def test_the_trap_is_hidden_until_somebody_fell_into_it(client) -> None:
    """Red when: the trap is shown to people, or is not shown to who must get out of it."""
    field = Page(client.get(FORM).content).one("input", name="website")
    assert any("hidden" in parent.attributes for parent in field.parents)

    wrong = Page(client.post(FORM, make_sign_up_form(website="x")).content)

    field = wrong.one("input", name="website")
    assert not any("hidden" in parent.attributes for parent in field.parents)


def test_the_terms_are_linked_to_once_they_are_in_force(client) -> None:
    """Red when: people accept terms that nobody has published."""
    note = Page(client.get(FORM).content).with_class("form__note")[0]
    assert "terms" not in note.text

    make_published(policy="terms")
    store.forget()

    note = Page(client.get(FORM).content).with_class("form__note")[0]
    assert "accept the terms of service" in note.text
    client.post(FORM, make_sign_up_form())
    assert SignUp.objects.get().terms_version.policy == "terms"
    assert SignUp.objects.get().policy_version.policy == "privacy"


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"name=%00&email=a", b"a" * 3000, b"&".join([b"name=x"] * 300)],
    ids=["empty", "no-utf8", "null", "one-long-word", "many"],
)
def test_garbage_is_answered_with_the_form(client, body: bytes) -> None:
    response = client.post(FORM, body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 422
    assert not SignUp.objects.exists()


def test_the_page_of_the_form_asks_the_database_for_nothing(client) -> None:
    """I18. Red when: the terms or the wordings are read from the database."""
    client.get(FORM)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(FORM).status_code == 200

    assert list(queries) == []


def test_the_answer_shows_where_the_mail_goes_and_lets_it_be_corrected(client) -> None:
    form = make_sign_up_form(phone="0044 20 3432 9230", **ticked("email"))
    sent = Page(client.post(FORM, form).content)
    assert "anna@example.com" in sent.one("main").text
    assert "+44 20 3432 9230" in sent.one("main").text.replace("\u00a0", " ")

    again = client.post(FORM, sent.form_fields | {"email": "anna@firma.pl"})

    assert again.status_code == 200
    corrected = SignUp.objects.get(email="anna@firma.pl")
    first = SignUp.objects.get(email="anna@example.com")
    kept = ("name", "company", "phone", "email_wording_id", "phone_wording_id")
    assert [getattr(corrected, n) for n in kept] == [getattr(first, n) for n in kept]
    assert first.email_wording_id


def answer_and_work(address: str) -> tuple[bytes, list[str], list[str]]:
    """What somebody sees who signs up with an address, the queries behind it, and the new mails."""
    before = set(Mail.objects.values_list("pk", flat=True))
    client = Client()
    with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as queries:
        response = client.post(FORM, make_sign_up_form(email=address))
    assert response.status_code == 200
    shapes = [re.sub(r"'[^']*'|\b[0-9a-f]{32}\b|\d+", "?", query["sql"]) for query in queries]
    kinds = Mail.objects.exclude(pk__in=before).values_list("kind", flat=True)
    return response.content.replace(address.encode(), b"ADDRESS"), shapes, list(kinds)


def test_a_known_address_gets_the_same_answer_for_the_same_work() -> None:
    """I16. Red when: the view or the action asks whether the address is known."""
    make_trial(email="known@firma.pl")
    make_sign_up(email="waits@firma.pl")
    store.current()  # as every process has it in memory

    known, waits, fresh = map(
        answer_and_work, ("known@firma.pl", "waits@firma.pl", "fresh@firma.pl")
    )

    assert known[0] == fresh[0] == waits[0]
    assert known[1] == fresh[1] == waits[1]
    assert len(known[1]) >= 4
    assert known[2] == fresh[2] == waits[2] == [actions.CONFIRM]


def test_of_a_thousand_posts_for_one_address_three_become_mails(settings) -> None:
    """From a thousand networks. Red when: `_may_mail` is not asked, or its answer is shown."""
    settings.TRUSTED_PROXIES = 1
    answers = set()
    client = Client()
    with time_machine.travel(NOW, tick=False):
        form = make_sign_up_form()
        for number in range(1000):
            network = f"10.{number // 250}.{number % 250}.1"
            response = client.post(FORM, form, headers={"X-Forwarded-For": network})
            answers.add((response.status_code, response.content))

    assert len(answers) == 1
    assert SignUp.objects.count() == Mail.objects.count() == 3


def test_a_network_that_signs_up_too_often_is_told_and_loses_nothing(client) -> None:
    with time_machine.travel(NOW, tick=False):
        for number in range(10):
            assert client.post(FORM, make_sign_up_form(email=f"a{number}@b.pl")).status_code == 200
        response = client.post(FORM, make_sign_up_form(email="a10@b.pl"))

    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert "Too many sign-ups came from your network." in response.text
    assert Page(response.content).one("input", name="email")["value"] == "a10@b.pl"


@pytest.mark.parametrize("address", ["/darmowy-okres-probny/", FORM])
def test_without_a_database_the_form_answers_503_and_keeps_what_was_typed(
    client, address: str
) -> None:
    """I18. Red when: the DatabaseError is not caught, or the form comes back empty."""
    store.current()
    with patch("trial.actions.sign_up", side_effect=DatabaseError):
        response = client.post(address, make_sign_up_form(**ticked("email")))

    page = Page(response.content)
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert page.one("input", name="company")["value"] == "Firma Przykładowa"
    assert "checked" in page.one("input", name="marketing_email").attributes
    assert page.one("html")["lang"] == ("en" if address == FORM else "pl")


def test_a_database_known_to_be_gone_is_not_even_asked(client) -> None:
    """I18. Red when: `database_answers` is not asked: a frozen one would hold the thread."""
    store.current()
    with (
        patch("content.store.database_answers", return_value=False),
        patch("trial.actions.sign_up") as sign_up,
    ):
        assert client.post(FORM, make_sign_up_form()).status_code == 503

    sign_up.assert_not_called()


AD = Attribution(referrer="https://ads.example", landing="/", parameters={"gclid": "x"})


@pytest.mark.parametrize(
    ("groups", "is_kept"), [(("marketing",), True), (("analytics",), False), ((), False)]
)
def test_where_a_visit_came_from_goes_along_only_while_marketing_is_granted(
    groups: tuple[str, ...], is_kept: bool
) -> None:
    """I7. Red when: the cookie is read without asking for the grant."""
    client = make_client(*groups)
    client.cookies["Xl7ref"] = attribution.sign(AD)

    client.post(FORM, make_sign_up_form())

    kept = SignUp.objects.get().attribution
    assert kept == ({**vars(AD)} if is_kept else None)
