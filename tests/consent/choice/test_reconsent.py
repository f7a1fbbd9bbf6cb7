"""The reconsent version: a privacy policy that asks for consent again from its effective date on."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.choice import choice, reconsent
from consent.choice.choice import State
from consent.models import ConsentRecord
from content import store
from privacy.models import PolicyCode
from tests.factories import expired_cookies, make_client, make_form, post_choice
from tests.pages import Page
from tests.privacy.policies.drafts import make_published

pytestmark = pytest.mark.django_db

COOKIE = settings.CHOICE_COOKIE_NAME
DAY = timedelta(days=1)
BANNER = "data-ask"
CHANGED = "The question has changed meanwhile. Please read it and choose again."


def publish(*, at: datetime | None = None, **fields) -> int:
    """Publish a reconsent version, load it into this process, and return its number."""
    moment = at or timezone.now()
    version = make_published(at=moment, **{"asks_again": True} | fields)
    store.poll(moment)
    return version.number


def reconsent_number(at: datetime) -> int:
    store.poll(at)
    version = reconsent.current()
    return version.number if version else 0


def granting_visitor(*groups: str) -> Client:
    client = make_client()
    assert post_choice(client, "save", *groups, path="/en/cookies/").status_code == 303
    return client


def test_a_grant_is_asked_for_again_once_and_counts_nothing_meanwhile() -> None:
    """I11. Red when: the middleware passes no version to `resolve`, or a new grant does not keep
    under which one it was asked."""
    client = granting_visitor("analytics", "preferences")
    assert BANNER not in client.get("/en/").text

    publish()

    asked = client.get("/en/")
    assert asked.wsgi_request.consent.granted == frozenset()
    assert BANNER in asked.text
    post_choice(client, "save", "analytics", path="/en/cookies/")
    again = client.get("/en/")
    assert again.wsgi_request.consent.granted == {"analytics"}
    assert BANNER not in again.text


def test_the_banner_names_the_reconsent_version_and_links_to_it() -> None:
    """Red when: the line is left out, or shown to visitors who have not chosen yet."""
    client = granting_visitor("analytics")
    publish()
    day = timezone.localtime()

    for address, words in (
        ("/en/", "Our privacy policy has changed since your choice:"),
        ("/en/cookies/", "Since then our privacy policy has changed (version 2)"),
    ):
        page = Page(client.get(address).content)
        assert words in page.one("body").text
        assert words not in Client().get(address).text
        links = [a for a in page.all("a") if a["href"] == "/en/privacy-policy/versions/2/"]
        assert f"version 2, in force from {day.day} {day:%B %Y}" in [a.text for a in links]


def test_cookies_of_a_grant_that_no_longer_counts_expire() -> None:
    """I7. Red when: the grant still counts where cookies expire."""
    client = granting_visitor("analytics", "preferences")
    client.cookies["_ga"] = "GA1.1.2"
    publish()

    assert ("_ga", "", "/") in expired_cookies(client.get("/en/"))
    assert "google" not in client.get("/en/")["Content-Security-Policy"]


def test_a_visitor_who_refused_or_never_chose_is_asked_as_before() -> None:
    """Red when: a version ends refusals, too."""
    publish()

    refused = make_client(refused=True).get("/en/")
    assert (refused.wsgi_request.consent.state, BANNER in refused.text) == (State.REFUSED, False)
    assert Client().get("/en/").wsgi_request.consent == choice.Choice(shows_banner=True)


def test_under_the_signal_no_visitor_is_asked_and_everything_is_off() -> None:
    """I10. Red when: the version shows the banner under the signal, too."""
    client = make_client(sec_gpc="1")
    post_choice(client, "save", "analytics")
    publish()

    response = client.get("/en/cookies/")

    assert response.wsgi_request.consent.granted == frozenset()
    assert BANNER not in response.text
    assert "until you choose again, all of this is off" in response.text


@pytest.mark.parametrize(
    "fields", [{"asks_again": False}, {"policy": PolicyCode.TERMS}], ids=["silent", "terms"]
)
def test_a_version_without_the_mark_or_of_other_policies_asks_no_visitor(fields) -> None:
    """Red when: `_read` does not filter by the mark, or by the policy."""
    client = granting_visitor("analytics")

    publish(**fields)

    assert client.get("/en/").wsgi_request.consent.granted == {"analytics"}


def test_a_later_version_without_the_mark_does_not_end_the_question_of_an_earlier_one() -> None:
    """Red when: only the version in force is read."""
    client = granting_visitor("analytics")
    publish()
    publish(asks_again=False)

    assert client.get("/en/").wsgi_request.consent.shows_banner


def test_a_scheduled_version_asks_from_its_moment_on_without_any_save() -> None:
    """Red when: `_build` does not compare with the clock, or `_changes_at` returns None."""
    now = timezone.now()
    publish(at=now, effective_at=now + 3 * DAY)
    publish(at=now, effective_at=now + 5 * DAY)

    rows = reconsent.SOURCE.read()
    days = (0, 3, 5)
    coming = [reconsent.SOURCE.changes_at(rows, now + day * DAY) for day in days]
    assert coming == [now + 3 * DAY, now + 5 * DAY, None]
    moments = (now, now + 3 * DAY - timedelta(seconds=1), now + 3 * DAY, now + 5 * DAY)
    assert [reconsent_number(at) for at in moments] == [0, 0, 2, 3]


def test_a_version_replaced_before_its_effective_date_asks_no_visitor() -> None:
    """Red when: `_read` takes every published version."""
    now = timezone.now()
    publish(at=now, effective_at=now + 5 * DAY)
    publish(at=now, effective_at=now + 3 * DAY, asks_again=False)

    assert reconsent_number(now + 9 * DAY) == 0


def test_a_grant_on_an_outdated_form_is_answered_with_the_present_question() -> None:
    """I9. Red when: `_has_outdated_question` does not look at the policy."""
    client = make_client()
    before = make_form("accept")
    publish()

    response = client.post("/en/cookies/", before, content_type="application/x-www-form-urlencoded")

    page = Page(response.content)
    assert (response.status_code, COOKIE in response.cookies) == (409, False)
    assert ConsentRecord.objects.count() == 0
    assert CHANGED in page.one("main").text
    assert [field["value"] for field in page.all("input", name="policy")] == ["2", "2"]
    fields = page.form_fields | {"choice": "accept", "next": "/en/"}
    assert post_choice(client, path="/en/cookies/", choice_="accept", **fields).status_code == 303
    assert client.get("/en/").wsgi_request.consent.granted


@pytest.mark.parametrize("policy", ["", "1", "3", "02", "٢", "x", "2 "])
def test_a_grant_that_names_another_version_is_not_taken(policy: str) -> None:
    """Also one that this process has not loaded yet: its page could not say what changed."""
    publish()

    assert post_choice(make_client(), "accept", policy=policy).status_code == 409
    assert ConsentRecord.objects.count() == 0


def test_a_refusal_counts_whatever_version_its_form_names() -> None:
    """I9. Red when: the version is compared before the form is known to grant anything."""
    client = granting_visitor("analytics")
    publish()

    assert post_choice(client, "reject", policy="1").status_code == 200
    assert client.get("/").wsgi_request.consent.state is State.REFUSED


def test_a_grant_taken_before_the_process_loaded_the_version_is_asked_for_again() -> None:
    """By the clock it is newer than the version; its form showed the question of before.

    Red when: the moment of the grant is compared instead of the version that its form showed.
    """
    at = timezone.now()
    client = make_client()
    client.get("/")
    make_published(at=at, asks_again=True)
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        assert post_choice(client, "accept").status_code == 303
        store.poll(timezone.now())
        assert client.get("/").wsgi_request.consent.shows_banner


def test_pages_with_a_reconsent_version_make_no_query() -> None:
    client = granting_visitor("analytics")
    publish()
    client.get("/")

    with CaptureQueriesContext(connection) as queries:
        assert [client.get(path).status_code for path in ("/en/", "/cookies/")] == [200, 200]
    assert [query["sql"] for query in queries] == []


def test_a_page_that_asks_again_is_not_served_to_a_visitor_who_is_not_asked() -> None:
    """I13. Red when: `page_key` leaves the version out."""
    older = granting_visitor("analytics")
    publish()
    newer = granting_visitor("analytics")
    newer.handler = older.handler

    assert BANNER in older.get("/en/").text
    assert BANNER not in newer.get("/en/").text
    assert BANNER in older.get("/en/").text
