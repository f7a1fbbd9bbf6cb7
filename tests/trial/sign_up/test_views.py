"""The page of the sign-up form, its errors, and the work behind a valid one."""

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
    ticked_boxes,
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
def test_the_page_links_to_a_mail_address_and_a_telephone_number(client, address: str) -> None:
    links = list(Page(client.get(address).content).links)

    assert f"mailto:{COMPANY['email']}" in links
    assert COMPANY["phone_href"] in links


def test_an_invalid_form_comes_back_with_all_typed_values(client) -> None:
    """Red when: the status is 200, a value is missing, or the title does not say “Error”."""
    typed = make_sign_up_form(
        email="anna", phone="12", full_name='Anna "A" <b>', **ticked_boxes("email")
    )

    response = client.post(FORM, typed)

    page = Page(response.content)
    assert response.status_code == 422
    assert page.one("title").text.startswith("Error: ")
    for name in ("full_name", "email", "company", "phone"):
        assert page.one("input", name=name)["value"] == typed[name]
    assert "checked" in page.one("input", name="marketing_email").attributes
    assert "checked" not in page.one("input", name="marketing_phone").attributes
    assert not SignUp.objects.exists()


def test_an_error_is_shown_beside_its_field_and_in_a_summary_with_the_focus(
    client,
) -> None:
    """WCAG 3.3.1. Red when: the field does not refer to its error, or autofocus is missing."""
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
    assert "aria-invalid" not in page.one("input", name="full_name").attributes


def test_a_box_is_not_ticked_again_beside_changed_words(client) -> None:
    """A new text has to be read first. Red when: `_box` accepts any value."""
    response = client.post(FORM, make_sign_up_form(marketing_email="0" * 16))

    box = Page(response.content).one("input", name="marketing_email")
    assert response.status_code == 422
    assert "checked" not in box.attributes
    assert box["value"] == ticked_boxes("email")["marketing_email"]


def test_the_honeypot_is_hidden_until_it_was_filled_in(client) -> None:
    """Red when: it is always shown, or stays hidden from a person who has to empty it."""
    field = Page(client.get(FORM).content).one("input", name="website")
    assert any("hidden" in parent.attributes for parent in field.parents)

    page = Page(client.post(FORM, make_sign_up_form(website="x")).content)

    field = page.one("input", name="website")
    assert not any("hidden" in parent.attributes for parent in field.parents)


def test_the_form_links_to_the_terms_once_they_are_in_force(client) -> None:
    """Red when: the form asks to accept unpublished terms."""
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
    [b"", b"\xff\xfe", b"full_name=%00&email=a", b"a" * 3000, b"&".join([b"full_name=x"] * 300)],
    ids=["empty", "no-utf8", "null", "one-long-word", "many"],
)
def test_a_broken_body_is_answered_with_the_form(client, body: bytes) -> None:
    response = client.post(FORM, body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 422
    assert not SignUp.objects.exists()


def test_the_page_of_the_form_needs_no_query(client) -> None:
    """I18 (no database). Red when: the terms or the wordings are read from the database."""
    client.get(FORM)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(FORM).status_code == 200

    assert list(queries) == []


def test_the_answer_shows_the_address_of_the_mail_and_can_correct_it(client) -> None:
    form = make_sign_up_form(phone="0044 20 3432 9230", **ticked_boxes("email"))
    page = Page(client.post(FORM, form).content)
    assert "anna@example.com" in page.one("main").text
    assert "+44 20 3432 9230" in page.one("main").text.replace("\u00a0", " ")

    response = client.post(FORM, page.form_fields | {"email": "anna@firma.pl"})

    assert response.status_code == 200
    corrected = SignUp.objects.get(email="anna@firma.pl")
    first = SignUp.objects.get(email="anna@example.com")
    same_fields = ("name", "company", "phone", "email_wording_id", "phone_wording_id")
    assert [getattr(corrected, n) for n in same_fields] == [getattr(first, n) for n in same_fields]
    assert first.email_wording_id


def answer_and_work(address: str) -> tuple[bytes, list[str], list[str]]:
    """The answer to a sign-up with this address, its queries, and the new mails."""
    existing_ids = set(Mail.objects.values_list("pk", flat=True))
    client = Client()
    with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as queries:
        response = client.post(FORM, make_sign_up_form(email=address))
    assert response.status_code == 200
    shapes = [re.sub(r"'[^']*'|\b[0-9a-f]{32}\b|\d+", "?", query["sql"]) for query in queries]
    kinds = Mail.objects.exclude(pk__in=existing_ids).values_list("kind", flat=True)
    return response.content.replace(address.encode(), b"ADDRESS"), shapes, list(kinds)


def test_known_and_unknown_addresses_get_the_same_answer_with_the_same_work() -> None:
    """I16. Red when: the view or the action looks the address up."""
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


def test_two_hundred_posts_for_one_address_send_three_mails(settings) -> None:
    """From many networks. Red when: `_may_mail` is not called, or the page shows its answer."""
    settings.TRUSTED_PROXIES = 1
    answers = set()
    client = Client()
    with time_machine.travel(NOW, tick=False):
        form = make_sign_up_form()
        for number in range(200):
            response = client.post(FORM, form, headers={"X-Forwarded-For": f"10.0.{number}.1"})
            answers.add((response.status_code, response.content))

    assert len(answers) == 1
    assert SignUp.objects.count() == Mail.objects.count() == 3


def test_above_the_limit_of_a_network_the_form_says_so_and_keeps_its_values(client) -> None:
    with time_machine.travel(NOW, tick=False):
        for number in range(10):
            assert client.post(FORM, make_sign_up_form(email=f"a{number}@b.pl")).status_code == 200
        response = client.post(FORM, make_sign_up_form(email="a10@b.pl"))

    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert "Too many sign-ups came from your network." in response.text
    assert Page(response.content).one("input", name="email")["value"] == "a10@b.pl"


@pytest.mark.parametrize("address", ["/darmowy-okres-probny/", FORM])
def test_without_a_database_the_form_answers_503_and_keeps_its_values(client, address: str) -> None:
    """I18 (no database). Red when: DatabaseError is not caught, or the form is empty."""
    store.current()
    with patch("trial.actions.sign_up", side_effect=DatabaseError):
        response = client.post(address, make_sign_up_form(**ticked_boxes("email")))

    page = Page(response.content)
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert page.one("input", name="company")["value"] == "Firma Przykładowa"
    assert "checked" in page.one("input", name="marketing_email").attributes
    assert page.one("html")["lang"] == ("en" if address == FORM else "pl")


def test_an_unreachable_database_is_not_tried(client) -> None:
    """I18 (no database). Red when: `database_answers` is not called: a frozen database would block
    the thread."""
    store.current()
    with (
        patch("content.store.database_answers", return_value=False),
        patch("trial.actions.sign_up") as sign_up,
    ):
        assert client.post(FORM, make_sign_up_form()).status_code == 503

    sign_up.assert_not_called()


AD = Attribution(referrer="https://ads.example", landing="/", parameters={"gclid": "x"})


@pytest.mark.parametrize(
    ("groups", "is_stored"), [(("marketing",), True), (("analytics",), False), ((), False)]
)
def test_a_sign_up_stores_the_attribution_only_while_marketing_is_granted(
    groups: tuple[str, ...], is_stored: bool
) -> None:
    """I7 (not granted, not read). Red when: the cookie is read without the grant."""
    client = make_client(*groups)
    client.cookies["Xl7ref"] = attribution.sign(AD)

    client.post(FORM, make_sign_up_form())

    stored = SignUp.objects.get().attribution
    assert stored == ({**vars(AD)} if is_stored else None)
