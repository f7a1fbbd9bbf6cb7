"""A visitor makes every choice in turn, and each one leaves its record in the database."""

import pytest
from django.db.models import QuerySet

from consent.models import ConsentRecord
from tests.browser.conftest import NewVisitor

EVERYTHING = ["preferences", "analytics", "marketing"]


@pytest.mark.parametrize("has_javascript", [True, False], ids=["javascript", "no-javascript"])
def test_each_choice_supersedes_the_grant_before_it(
    new_visitor: NewVisitor, has_javascript: bool
) -> None:
    """The visitor refuses, grants everything, grants one group, and withdraws it.

    Red when: views.py leaves out what a grant supersedes, or links a refusal to an earlier one.
    """
    visitor = new_visitor(has_javascript=has_javascript)
    visitor.open("/kontakt/")
    visitor.press("reject")
    assert visitor.cookie_names == ["l7_choice"]
    visitor.follow_to_settings()
    visitor.press("accept")
    visitor.choose("analytics")
    visitor.press("reject")
    assert visitor.cookie_names == ["l7_choice"]

    everything, one, withdrawal = superseding()
    assert (everything.granted, everything.supersedes) == (EVERYTHING, None)
    assert (one.granted, one.supersedes) == (["analytics"], everything)
    assert (withdrawal.granted, withdrawal.supersedes) == ([], one)
    refusal = records().exclude(pk__in=[everything.pk, one.pk, withdrawal.pk]).get()
    assert (refusal.granted, refusal.supersedes) == ([], None)
    assert {row.has_javascript for row in records()} == {has_javascript}


@pytest.mark.parametrize("has_javascript", [True, False], ids=["javascript", "no-javascript"])
def test_the_signal_alone_is_not_recorded_and_a_grant_under_it_says_so(
    new_visitor: NewVisitor, has_javascript: bool
) -> None:
    """Red when: the signal alone is recorded; a grant made with it does not say so."""
    visitor = new_visitor(has_javascript=has_javascript, extra_http_headers={"Sec-GPC": "1"})
    visitor.open("/en/contact/")
    assert visitor.banner.count() == 0
    assert not records().exists()

    visitor.follow(".signal a")
    visitor.choose("analytics")

    record = records().get()
    assert (record.granted, record.has_gpc_signal) == (["analytics"], True)
    assert "l7_choice" in visitor.cookie_names


def records() -> QuerySet[ConsentRecord]:
    return ConsentRecord.objects.all()


def superseding() -> list[ConsentRecord]:
    """The chain of records, from the first one to the one that nothing supersedes."""
    (last,) = records().filter(supersedes__isnull=False, superseded_by__isnull=True)
    chain = [last]
    while chain[0].supersedes:
        chain.insert(0, chain[0].supersedes)
    return chain
