"""Counts of the funnel: of nobody, lost by no race, by campaign without a click's identifier."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.utils import timezone

from content import store
from tests.factories import make_client
from trial import funnel
from trial.models import FunnelCount

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def counted(step: str = "visited") -> dict[tuple[str, str], int]:
    rows = FunnelCount.objects.filter(step=step)
    return {(row.language, row.campaign): row.count for row in rows}


def test_views_of_the_form_are_counted_by_language_after_the_next_poll(client) -> None:
    """Red when: nobody calls `flush_visits`, or a POST counts as a visit."""
    client.get("/darmowy-okres-probny/")
    client.get("/en/free-trial/")
    client.get("/en/free-trial/")
    client.head("/en/free-trial/")
    client.post("/en/free-trial/", {})
    assert counted() == {}

    store.poll(NOW)

    assert counted() == {("pl", ""): 1, ("en", ""): 2}
    store.poll(NOW)
    assert counted() == {("pl", ""): 1, ("en", ""): 2}


def test_who_refused_or_granted_is_counted_like_anybody() -> None:
    """A count is no cookie and needs none. Red when: it is made of the choice."""
    for visitor in (make_client(), make_client(refused=True), make_client("analytics")):
        visitor.get("/en/free-trial/")
    funnel.flush_visits()

    assert counted() == {("en", ""): 3}


def test_what_the_database_does_not_take_is_counted_later() -> None:
    """Red when: the counter is emptied before the database has it."""
    funnel.count_visit(language="pl", at=NOW)
    with patch("trial.funnel._add", side_effect=DatabaseError), pytest.raises(DatabaseError):
        funnel.flush_visits()
    funnel.count_visit(language="pl", at=NOW)

    funnel.flush_visits()

    assert counted() == {("pl", ""): 2}


def test_a_day_is_a_day_in_warsaw() -> None:
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
def test_a_campaign_goes_by_its_name_and_never_by_the_click(parameters, campaign) -> None:
    """Red when: an identifier of a click ends up in the counts."""
    attribution = parameters and {"referrer": "", "landing": "/", "parameters": parameters}

    for _twice in range(2):
        funnel.count(funnel.Step.SUBMITTED, language="pl", attribution=attribution, at=NOW)

    assert counted("submitted") == {("pl", campaign): 2}
