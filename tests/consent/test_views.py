"""The form that stores every choice, and the page that shows it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from cookie_consent.models import CookieGroup
from django.conf import settings
from django.test import Client

from consent.choice import choice
from consent.models import ConsentRecord, CookieDetails, Notice
from consent.registry import registry
from tests.factories import (
    FORM,
    kept_cookies,
    make_client,
    make_cookie,
    make_form,
    post_choice,
    publish_registry,
)

pytestmark = pytest.mark.django_db

COOKIE = settings.CHOICE_COOKIE_NAME
AT = datetime(2100, 3, 1, 12, 0, tzinfo=UTC)  # after the seeded policy took effect
PROBLEM = '<p class="notice notice--problem" role="alert">'
CHANGED = "The question has changed meanwhile. Please read it and choose again."
TOO_MANY = "Too many choices came from your network. Please try again in a minute."


def fix_a_typo() -> None:
    row = CookieDetails.objects.get(cookie__name="_ga")
    row.purpose_en = "Tells visitors apart."
    row.save()
    publish_registry()


def test_a_grant_is_recorded_and_remembered() -> None:
    client = make_client()

    response = post_choice(client, "save", "analytics")

    assert response.status_code == 303
    assert response["Location"] == "/#saved"
    record = ConsentRecord.objects.get()
    grant = choice.read(response.cookies[COOKIE].value)
    assert isinstance(grant, choice.Grant)
    assert (grant.record_id, grant.groups) == (record.pk, {"analytics"})


@time_machine.travel(AT, tick=False)
def test_a_record_says_what_was_asked_chosen_how_when_and_under_which_policy() -> None:
    """Red when: one of these fields is filled with a constant."""
    post_choice(
        make_client(sec_gpc="1"),
        "save",
        "analytics",
        "preferences",
        path="/en/cookies/",
        place="cookie-page",
        javascript="1",
        next="/en/cookies/",
    )

    record = ConsentRecord.objects.get()
    assert record.notice == Notice.objects.first()
    assert record.notice.texts["en"]["accept"] == "Accept all"
    assert record.notice.texts["en"]["cookie_page"]["change"] == "Change your choice"
    assert record.policy_version.policy == "privacy"
    assert {
        name: getattr(record, name)
        for name in (
            "made_at", "expires_at", "language", "offered", "granted", "is_refusal", "method",
            "has_javascript", "has_gpc_signal", "supersedes",
        )
    } == {
        "made_at": AT,
        "expires_at": AT + timedelta(days=182),
        "language": "en",
        "offered": ["preferences", "analytics", "marketing"],
        "granted": ["preferences", "analytics"],
        "is_refusal": False,
        "method": "cookie-page",
        "has_javascript": True,
        "has_gpc_signal": True,
        "supersedes": None,
    }  # fmt: skip


@time_machine.travel(AT, tick=False)
def test_a_refusal_is_recorded_without_a_link_to_the_browser() -> None:
    """Red when: the record id is put in the cookie or in the answer."""
    response = post_choice(make_client(), "reject")

    record = ConsentRecord.objects.get()
    assert (record.is_refusal, record.granted, record.language) == (True, [], "pl")
    assert (record.has_javascript, record.has_gpc_signal, record.method) == (False, False, "banner")
    assert (record.made_at, record.expires_at) == (AT, AT + timedelta(days=182))
    assert record.notice == Notice.objects.first()
    assert str(record.pk) not in response.text + str(response.headers) + str(response.cookies)


def test_no_field_of_a_record_holds_an_address_or_a_name() -> None:
    """Red when: a field is added that could identify a visitor."""
    assert {field.name for field in ConsentRecord._meta.get_fields()} == {
        "id", "made_at", "expires_at", "notice", "language", "offered", "granted", "is_refusal",
        "method", "has_javascript", "has_gpc_signal", "policy_version", "supersedes", "hash", "stored_at",
        "superseded_by",
    }  # fmt: skip


def test_record_ids_are_random() -> None:
    for _visitor in range(3):
        post_choice(make_client(), "accept")

    ids = list(ConsentRecord.objects.values_list("pk", flat=True))
    assert len(set(ids)) == 3
    assert {record_id.version for record_id in ids} == {4}
    assert all(isinstance(record_id, uuid.UUID) for record_id in ids)


def test_the_choose_button_leads_back_with_the_groups_open_and_stores_nothing() -> None:
    """Red when: `choose` is stored as a refusal."""
    client = make_client()

    response = post_choice(client, "choose", next="/en/", path="/en/cookies/")

    assert (response.status_code, response["Location"]) == (303, "/en/?ask=open")
    assert dict(response.cookies) == {}
    assert ConsentRecord.objects.count() == 0
    assert "data-groups>" in client.get("/en/?ask=open").text


def test_the_redirect_keeps_the_query_of_the_page() -> None:
    """Red when: the redirect drops the query."""
    referer = {"referer": "http://testserver/en/?gclid=abc"}

    granted = post_choice(make_client(**referer), "accept", next="/en/")
    opened = post_choice(make_client(**referer), "choose", next="/en/")

    assert granted["Location"] == "/en/?gclid=abc#saved"
    assert opened["Location"] == "/en/?gclid=abc&ask=open"


def test_a_refusal_in_the_background_is_answered_without_a_page() -> None:
    response = post_choice(make_client(), "reject", javascript="1", background="1")

    assert (response.status_code, response.content) == (204, b"")
    assert kept_cookies(response) == {COOKIE: choice.write_refusal()}


def test_a_grant_in_the_background_is_recorded_before_it_is_answered_without_a_page() -> None:
    """I4. Red when: the answer to a grant is a redirect, which fetch() would follow to a page."""
    response = post_choice(make_client(), "save", "analytics", javascript="1", background="1")

    assert (response.status_code, response.content) == (204, b"")
    grant = choice.read(kept_cookies(response)[COOKIE])
    assert isinstance(grant, choice.Grant)
    assert ConsentRecord.objects.get(pk=grant.record_id).granted == ["analytics"]


def test_a_grant_in_the_background_may_take_the_place_of_an_earlier_one() -> None:
    """Red when: every form in the background is answered 409 to a visitor with a grant."""
    client = make_client()
    post_choice(client, "accept")

    response = post_choice(client, "save", "analytics", javascript="1", background="1")

    assert response.status_code == 204
    assert response["Clear-Site-Data"] == '"storage"'
    assert ConsentRecord.objects.get(supersedes__isnull=False).granted == ["analytics"]


def test_a_withdrawal_in_the_background_is_not_stored() -> None:
    """Red when: the check for the grant is left out: no page would show the record (I8)."""
    client = make_client()
    post_choice(client, "accept")

    response = post_choice(client, "reject", javascript="1", background="1")

    assert (response.status_code, kept_cookies(response)) == (409, {})
    assert ConsentRecord.objects.count() == 1


@pytest.mark.parametrize("choice_", ["accept", "reject", "save"])
def test_an_answer_that_stores_a_choice_is_not_cached(choice_: str) -> None:
    """Red when: the Cache-Control of the answer is left out."""
    assert post_choice(make_client(), choice_)["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "notice", ["", "f" * 16, "0", "../../etc", "' OR 1=1", "ż" * 300, "\x00"], ids=ascii
)
@pytest.mark.parametrize("choice_", ["accept", "save"])
def test_a_grant_on_an_unknown_notice_is_answered_with_the_present_question(
    choice_: str, notice: str
) -> None:
    """Red when: `_has_outdated_question` looks for changes alone."""
    response = post_choice(make_client(), choice_, "analytics", path="/en/cookies/", notice=notice)

    assert response.status_code == 409
    assert f"{PROBLEM}{CHANGED}</p>" in response.text
    assert "data-ask" in response.text
    assert f'name="notice" value="{registry.current().notice_key}"' in response.text
    assert dict(response.cookies) == {}
    assert ConsentRecord.objects.count() == 0


def test_a_grant_on_a_notice_that_differs_in_what_matters_does_not_count() -> None:
    """Red when: `changes_since` is not called in `_has_outdated_question`."""
    form = make_form("accept")
    make_cookie("_hjid")

    response = make_client().post("/en/cookies/", form, content_type=FORM)

    assert response.status_code == 409
    assert CHANGED in response.text
    assert "_hjid" in response.text
    assert (dict(response.cookies), ConsentRecord.objects.count()) == ({}, 0)


def test_a_grant_on_a_notice_with_a_typo_counts_and_names_the_notice_shown() -> None:
    """Red when: the record names the present notice instead of the one in the form."""
    client = make_client()
    form = make_form("accept")
    shown = Notice.objects.first()
    fix_a_typo()

    response = client.post("/cookies/", form, content_type=FORM)

    assert response.status_code == 303
    assert Notice.objects.first() != shown
    assert ConsentRecord.objects.get().notice == shown
    assert client.get("/").wsgi_request.consent.granted == {
        "preferences",
        "analytics",
        "marketing",
    }


def test_a_refusal_on_a_notice_that_differs_counts_and_names_the_notice_shown() -> None:
    """Red when: the notice is compared for refusals too."""
    form = make_form("reject")
    shown = Notice.objects.first()
    make_cookie("_hjid")

    response = make_client().post("/cookies/", form, content_type=FORM)

    assert kept_cookies(response) == {COOKIE: choice.write_refusal()}
    assert ConsentRecord.objects.get().notice == shown


def test_a_record_says_what_its_own_notice_offered() -> None:
    """Red when: the groups offered are those of the present registry."""
    form = make_form("reject")
    CookieGroup.objects.filter(varname="marketing").delete()
    publish_registry()

    make_client().post("/cookies/", form, content_type=FORM)
    post_choice(make_client(), "reject")

    assert list(ConsentRecord.objects.order_by("notice_id").values_list("offered", flat=True)) == [
        ["preferences", "analytics", "marketing"],
        ["preferences", "analytics"],
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "origin": "https://evil.example"},
        {"sec_fetch_site": "same-site", "origin": "http://shop.testserver"},
        {"origin": "https://evil.example"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "https://testserver"},
        {"origin": "null"},
    ],
    ids=str,
)
@pytest.mark.parametrize("choice_", ["accept", "reject"])
def test_a_form_from_another_site_is_not_read(choice_: str, headers: dict[str, str]) -> None:
    """Red when: PublicCsrfMiddleware is taken out of the settings."""
    client = Client(enforce_csrf_checks=True, headers=headers)

    response = client.post("/en/cookies/", make_form(choice_), content_type=FORM)

    assert response.status_code == 403
    assert "This form did not come from our site" in response.text
    assert (dict(response.cookies), ConsentRecord.objects.count()) == ({}, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin", "origin": "null"},
        {"origin": "http://testserver"},
        {},
    ],
    ids=str,
)
def test_a_form_from_our_own_page_is_read_without_any_token(headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True, headers=headers)

    response = client.post("/cookies/", make_form("accept"), content_type=FORM)

    assert response.status_code == 303


def test_the_site_says_that_it_honors_the_signal() -> None:
    response = make_client().get("/.well-known/gpc.json")

    assert response.json() == {"gpc": True, "lastUpdate": "2026-11-22"}
    assert make_client().post("/.well-known/gpc.json").status_code == 405
