"""When the rows of a trial are over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_sign_up, make_trial
from trial import actions
from trial.models import Channel
from trial.rights import rows_of_person as rows

pytestmark = pytest.mark.django_db

NOW = timezone.now()
ATTRIBUTION = {"referrer": "", "landing": "/", "parameters": {"gclid": "a"}}


def after(**period: float):
    return NOW + timedelta(**period)


@pytest.mark.parametrize(("days", "is_over"), [(6.9, False), (7, True)])
def test_a_sign_up_that_nobody_confirms_is_over_after_a_week(days: float, is_over: bool) -> None:
    """Red when: a trial that was confirmed counts as well, or the row stays longer."""
    make_trial(at=NOW)
    make_sign_up(at=NOW, email="ela@example.com")

    assert rows.unconfirmed(after(days=days)).count() == is_over


@pytest.mark.parametrize(("days", "is_over"), [(119.9, False), (120, True)])
def test_a_trial_is_over_90_days_after_its_end(days: float, is_over: bool) -> None:
    """Red when: the period runs from the sign-up."""
    make_trial(at=NOW)

    assert rows.ended(after(days=days)).exists() is is_over


def test_a_trial_that_staff_ended_is_over_90_days_after_that() -> None:
    """Red when: `ends_at` counts although the trial ended before."""
    trial = make_trial(at=NOW)
    actions.end_trial(trial, at=after(days=1))

    assert not rows.ended(after(days=90.9)).exists()
    assert rows.ended(after(days=91)).exists()


def test_a_trial_stays_while_a_consent_to_marketing_stands() -> None:
    """Red when: somebody who wants to hear from us is deleted, or stays after the withdrawal."""
    trial = make_trial("email", "phone", at=NOW)
    by_mail, by_phone = (trial.consents.get(channel=channel) for channel in Channel)

    actions.withdraw(by_mail, method="page", at=after(days=1))
    assert not rows.ended(after(days=700)).exists()

    actions.withdraw(by_phone, method="page", at=after(days=2))
    assert rows.ended(after(days=700)).exists()


def test_a_trial_stays_no_longer_than_its_consent_to_marketing_lasts() -> None:
    make_trial("email", at=NOW)

    assert not rows.ended(after(days=730)).exists()
    assert rows.ended(after(days=732)).exists()


def test_an_attribution_is_over_once() -> None:
    """Red when: the second run finds the rows again whose values were written over."""
    make_sign_up(at=NOW, attribution=ATTRIBUTION)
    make_sign_up(at=NOW, email="ela@example.com")
    old = rows.with_old_attribution(after(days=90))

    assert not rows.with_old_attribution(after(days=89.9)).exists()
    assert old.update(attribution=None) == 1
    assert not rows.with_old_attribution(after(days=90)).exists()


def test_the_proof_of_a_consent_is_over_6_years_after_its_end() -> None:
    """The end is the withdrawal, or the lapse after 24 months.

    Red when: the period runs from the consent, or the lapse counts after a withdrawal.
    """
    withdrawn, lapsed = make_trial("email", "phone", at=NOW).consents.order_by("channel")
    actions.withdraw(withdrawn, method="page", at=after(days=100))

    six_years = 6 * 365 + 2
    assert not rows.consents_ended_long_ago(after(days=six_years)).exists()
    assert [*rows.consents_ended_long_ago(after(days=100 + six_years))] == [withdrawn]
    assert {*rows.consents_ended_long_ago(after(days=731 + six_years))} == {withdrawn, lapsed}


def test_counts_of_the_funnel_are_over_90_days_after_their_day() -> None:
    make_sign_up(at=NOW)

    assert not rows.old_funnel_counts(after(days=89)).exists()
    assert rows.old_funnel_counts(after(days=92)).exists()
