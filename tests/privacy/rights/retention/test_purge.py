"""Nothing is kept longer than its declaration says (I20)."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command

from consent.models import ConsentRecord
from delivery import tokens
from delivery.models import Mail, SuppressedAddress, Token
from privacy.models import PurgeRun
from privacy.rights.map.periods import months_before
from privacy.rights.retention import purge, purge_runs
from tests.factories import make_sign_up, make_trial
from tests.privacy.rights.people import (
    ATTRIBUTION,
    START,
    days,
    everything,
    make_people,
    make_record,
    people,
)
from trial import actions, funnel
from trial.models import (
    FunnelCount,
    MarketingConsent,
    MarketingWithdrawal,
    NumberConfirmation,
    Objection,
    SignUp,
)

pytestmark = pytest.mark.django_db


def purge_all(at: datetime) -> PurgeRun:
    purge_runs.start(at=at)
    while purge_runs.go_on(at, waits=True):
        pass
    run = PurgeRun.objects.latest("pk")
    assert run.is_complete, run.errors
    return run


def years_after(at: datetime, years: int) -> datetime:
    return months_before(at, -12 * years)


def test_after_400_days_what_must_be_gone_is_gone_and_what_must_stay_stays() -> None:
    """Red when: a declaration loses its `expired`, or a rule is not worked off."""
    make_people()

    purge_all(START + days(400))

    assert people() == {"consent"}
    assert SignUp.objects.get().attribution is None
    assert MarketingConsent.objects.count() == 2
    assert MarketingWithdrawal.objects.count() == NumberConfirmation.objects.count() == 1
    assert ConsentRecord.objects.count() == Objection.objects.count() == 1
    for model in (Mail, Token, SuppressedAddress, FunnelCount):
        assert not model.objects.exists(), model
    # The page of a row that is gone ends with it; the download stays for two years.
    assert [entry.object_id for entry in LogEntry.objects.all()] == [None]


def test_after_10_years_only_an_objection_is_left() -> None:
    """Red when: a proof, a withdrawal or a record has no end."""
    make_people()

    purge_all(years_after(START, 10))

    assert {name: len(rows) for name, rows in everything().items() if rows} == {"Objection": 1}


def test_a_second_run_does_nothing() -> None:
    """Red when: `expired` of a stripping rule finds stripped rows again."""
    make_people()
    first = purge_all(START + days(400))
    assert first.rows >= 15
    after = everything()

    second = purge_all(START + days(400))

    assert second.rows == 0
    assert everything() == after


def make_unconfirmed(at: datetime) -> Any:
    return SignUp.objects.filter(pk=make_sign_up(at=at).pk)


def make_ended(at: datetime) -> Any:
    trial = make_trial(at=at - days(30))
    return SignUp.objects.filter(pk=trial.pk)


def make_ended_by_staff(at: datetime) -> Any:
    trial = make_trial(at=at - days(1))
    actions.end_trial(trial, at=at)
    return SignUp.objects.filter(pk=trial.pk)


def make_attribution(at: datetime) -> Any:
    trial = make_trial(at=at, attribution=ATTRIBUTION)
    return SignUp.objects.filter(pk=trial.pk, attribution__isnull=False)


def make_withdrawn_proof(at: datetime) -> Any:
    trial = make_trial("email", at=at - days(3))
    actions.withdraw(trial.consents.get(), method="page", at=at)
    return MarketingConsent.objects.filter(sign_up_id=trial.pk)


def make_lapsed_proof(at: datetime) -> Any:
    trial = make_trial("email", at=months_before(at, 24))
    return MarketingConsent.objects.filter(sign_up_id=trial.pk)


def make_expired_record(at: datetime) -> Any:
    record = make_record(made_at=at - days(182))
    return ConsentRecord.objects.filter(pk=record.pk)


def make_token(at: datetime) -> Any:
    tokens.make(purpose="x", subject="x", at=at - tokens.LIFETIME)
    return Token.objects.filter(purpose="x")


def make_mail(at: datetime) -> Any:
    mail = Mail.objects.create(kind="x", about="x", created_at=at, next_attempt_at=at)
    mail.finish(Mail.State.DELIVERED, at=at)
    return Mail.objects.filter(pk=mail.pk)


@pytest.mark.parametrize(
    ("make", "first_moment"),
    [
        (make_unconfirmed, START + days(7)),
        (make_ended, START + days(90)),
        (make_ended_by_staff, START + days(90)),
        (make_attribution, START + days(90)),
        (make_withdrawn_proof, years_after(START, 6)),
        (make_lapsed_proof, years_after(START, 6)),
        (make_expired_record, years_after(START, 3)),
        (make_token, START + days(30)),
        (make_mail, START + days(90)),
    ],
)
def test_each_period_ends_at_its_moment_and_not_a_second_earlier(make, first_moment) -> None:
    """Red when: a period runs from another moment, or has another length."""
    rows = make(START)
    assert rows.count() == 1

    purge_all(first_moment - days(1) / 86400)
    assert rows.count() == 1

    purge_all(first_moment)
    assert rows.count() == 0


def test_a_count_of_the_funnel_ends_90_days_after_its_day() -> None:
    funnel.count(funnel.Step.SUBMITTED, language="pl", attribution=None, at=START)

    purge_all(START + days(90))
    assert FunnelCount.objects.exists()

    purge_all(START + days(91))
    assert not FunnelCount.objects.exists()


def test_a_trial_with_a_standing_consent_stays_until_the_consent_lapses() -> None:
    """Red when: `ended` forgets the consent, or asks only whether it was withdrawn."""
    make_trial("email", at=START)
    lapse = months_before(START, -24)

    purge_all(lapse - days(1))
    assert SignUp.objects.exists()

    purge_all(lapse)
    assert not SignUp.objects.exists()
    assert MarketingConsent.objects.exists()


def test_a_trial_that_ended_long_ago_ends_with_the_withdrawal_of_its_consent() -> None:
    trial = make_trial("email", at=START)
    at = START + days(200)
    purge_all(at)
    assert SignUp.objects.exists()

    actions.withdraw(trial.consents.get(), method="page", at=at)
    purge_all(at)

    assert not SignUp.objects.exists()


def test_a_later_record_stays_when_the_one_that_it_supersedes_has_ended() -> None:
    """Red when: `supersedes` is a foreign key of the database."""
    first = make_record(made_at=START)
    second = make_record(made_at=START + days(100), supersedes=first)

    purge_all(years_after(START + days(182), 3))

    assert ConsentRecord.objects.get().pk == second.pk
    assert ConsentRecord.objects.get().supersedes_id == first.pk


def test_mails_and_links_go_with_what_they_are_about() -> None:
    """Red when: a row that is gone leaves a mail that waits, or a link that works."""
    sign_up = make_sign_up(at=START)
    at = START + days(7)
    actions.send_new_link(sign_up, at=at)
    token = tokens.make(purpose=actions.CONFIRM, subject=str(sign_up.pk), at=at)
    Mail.objects.create(
        kind=actions.POLICY, about=f"{sign_up.pk} 1", created_at=at, next_attempt_at=at
    )
    Mail.objects.create(
        kind=actions.MARKETING, about=f"1 {sign_up.pk}", created_at=at, next_attempt_at=at
    )
    other = Mail.objects.create(kind="x", about="another", created_at=at, next_attempt_at=at)

    purge_all(at)

    assert list(Mail.objects.all()) == [other]
    with pytest.raises(tokens.TokenRefused):
        tokens.read(token, purpose=actions.CONFIRM, at=at)


def test_a_dry_run_counts_the_same_rows_and_changes_nothing(time_machine, capsys) -> None:
    """Red when: --dry-run deletes, or counts otherwise than the run does."""
    make_people()
    time_machine.move_to(START + days(400))
    before = everything()

    call_command("purge_expired", dry_run=True)
    *counted, last = capsys.readouterr().out.splitlines()
    assert last == "Nothing was changed."
    assert everything() == before
    assert not PurgeRun.objects.exists()

    call_command("purge_expired")
    assert capsys.readouterr().out.splitlines() == counted
    assert everything() != before
    assert any(line.startswith("        2  sign-ups and trials: 90 days") for line in counted)


def test_the_report_holds_counts_and_nothing_of_a_person() -> None:
    make_people()

    run = purge_all(START + days(400))

    assert set(run.counts) == {rule.key for rule in purge.rules()}
    assert all(type(number) is int for number in run.counts.values())
    assert run.counts["trial_signup 1"] == 1
    assert run.counts["trial_signup 2"] == 2
    assert run.finished_at == START + days(400)


def test_every_period_of_the_map_with_an_end_is_a_rule() -> None:
    """Red when: `rules` reads only a part of the map."""
    tables = {rule.model._meta.db_table for rule in purge.rules()}

    assert tables >= {
        "consent_consentrecord", "django_admin_log", "privacy_mail", "privacy_ratecount",
        "privacy_suppressedaddress", "privacy_token", "trial_funnelcount",
        "trial_marketingconsent", "trial_signup",
    }  # fmt: skip
    assert len({rule.key for rule in purge.rules()}) == len(purge.rules()) >= 11


def test_a_batch_has_at_most_some_hundred_rows(monkeypatch) -> None:
    """Red when: a run deletes all rows of a table in one transaction."""
    monkeypatch.setattr(purge, "ROWS_AT_ONCE", 2)
    for _number in range(5):
        make_record(made_at=START)
    [rule] = [rule for rule in purge.rules() if rule.model is ConsentRecord]
    at = years_after(START, 4)

    assert [purge.purge_some(rule, at=at) for _call in range(4)] == [2, 2, 1, 0]
