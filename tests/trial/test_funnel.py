"""The counts of the funnel: without people, safe from races, without click identifiers."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.utils import timezone

from content import store
from tests.factories import make_client
from trial import funnel
from trial.funnel import FunnelCount

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def counts_of(step: str = "visited") -> dict[tuple[str, str], int]:
    rows = FunnelCount.objects.filter(step=step)
    return {(row.language, row.campaign): row.count for row in rows}


def test_views_of_the_form_are_counted_by_language_after_the_next_poll(client) -> None:
    """Red when: nothing calls `flush_visits`, or a POST counts as a visit."""
    client.get("/darmowy-okres-probny/")
    client.get("/en/free-trial/")
    client.get("/en/free-trial/")
    client.head("/en/free-trial/")
    client.post("/en/free-trial/", {})
    assert counts_of() == {}

    store.poll(NOW)

    assert counts_of() == {("pl", ""): 1, ("en", ""): 2}
    store.poll(NOW)
    assert counts_of() == {("pl", ""): 1, ("en", ""): 2}


def test_a_visit_is_counted_whatever_the_visitor_chose() -> None:
    """A count stores nothing on the device. Red when: counting depends on the choice."""
    for visitor in (make_client(), make_client(refused=True), make_client("analytics")):
        visitor.get("/en/free-trial/")
    funnel.flush_visits()

    assert counts_of() == {("en", ""): 3}


def test_visits_that_the_database_refuses_are_stored_later() -> None:
    """Red when: the counter is emptied before the database has stored it."""
    funnel.count_visit(language="pl", at=NOW)
    with patch("trial.funnel._add", side_effect=DatabaseError), pytest.raises(DatabaseError):
        funnel.flush_visits()
    funnel.count_visit(language="pl", at=NOW)

    funnel.flush_visits()

    assert counts_of() == {("pl", ""): 2}


def test_days_begin_at_midnight_in_warsaw() -> None:
    """Red when: the day is taken in UTC."""
    funnel.count_visit(language="pl", at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    funnel.flush_visits()

    assert FunnelCount.objects.get().date.isoformat() == "2026-07-02"


@pytest.mark.parametrize(
    ("parameters", "campaign"),
    [
        ({"gclid": "secret"}, "Google Ads"),
        ({"wbraid": "secret"}, "Google Ads"),
        ({"msclkid": "secret"}, "Microsoft Ads"),
        ({"gclid": "secret", "utm_source": "google", "utm_campaign": "jesień"}, "google / jesień"),
        ({"utm_medium": "cpc", "utm_campaign": "jesień", "utm_term": "centrala"}, "jesień"),
        (None, ""),
    ],
    ids=str,
)
def test_a_campaign_is_counted_by_its_name_and_never_by_a_click_identifier(
    parameters, campaign
) -> None:
    """Red when: a click identifier gets into the counts."""
    attribution = parameters and {"referrer": "", "landing": "/", "parameters": parameters}

    for _twice in range(2):
        funnel.count(funnel.Step.SUBMITTED, language="pl", attribution=attribution, at=NOW)

    assert counts_of("submitted") == {("pl", campaign): 2}
