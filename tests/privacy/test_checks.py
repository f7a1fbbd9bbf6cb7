"""Settings that would break a promise of a policy are warned of before the site starts."""

from datetime import UTC, datetime

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command

from privacy import checks
from privacy.checks import notice_period, periods
from privacy.rights.retention import purge

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("days", "ids"), [(14, []), (30, []), (13, ["privacy.W001"])])
def test_a_notice_period_shorter_than_promised_is_warned_of(
    days: int, ids: list[str], settings
) -> None:
    """Red when: the comparison is turned around, or the check is not registered."""
    settings.POLICY_NOTICE_DAYS = days

    assert [message.id for message in notice_period(None)] == ids


@pytest.mark.parametrize(("representative", "is_warned"), [("", True), ("Anna Example", False)])
def test_a_policy_without_a_representative_in_the_union_is_warned_of_when_deploying(
    representative: str, is_warned: bool, settings, capsys, monkeypatch
) -> None:
    """Red when: the check is not registered for `check --deploy`, or ignores the setting."""
    settings.EU_REPRESENTATIVE = representative
    # Set for the browser tests of the same process, and an error in a deployment.
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)

    call_command("check", deploy=True)

    assert ("privacy.W002" in capsys.readouterr().err) is is_warned


@pytest.mark.parametrize(
    ("setting", "value", "ids"),
    [
        ("PROOF_YEARS", 0, ["privacy.E006"]),
        ("UNCONFIRMED_SIGN_UP_DAYS", -1, ["privacy.E006"]),
        ("OPTIMIZATION_DAYS", 91, ["privacy.W003"]),
        ("OPTIMIZATION_DAYS", 90, []),
        ("SUPPRESSION_DAYS", 91, ["privacy.W003"]),
        ("BACKUP_DAYS", 0, ["privacy.E006"]),
        ("MAIL_DAYS", 1, []),
    ],
)
def test_a_period_that_deletes_at_once_or_breaks_the_policy_is_named(
    setting: str, value: int, ids: list[str], settings
) -> None:
    setattr(settings, setting, value)

    assert [message.id for message in periods(None)] == ids


def _queries() -> list[str]:
    return [str(rule.expired(NOW).query) for rule in purge.rules()]


@pytest.mark.django_db
def test_every_setting_that_retention_reads_is_checked(settings) -> None:
    """Red when: a period gets a setting that the check does not know."""
    names = [name for name in dir(django_settings) if name.endswith(("_DAYS", "_MONTHS", "_YEARS"))]
    before = _queries()
    read_by_retention = set()
    for name in names:
        value = getattr(settings, name)
        setattr(settings, name, value + 1)
        if _queries() != before:
            read_by_retention.add(name)
        setattr(settings, name, value)

    assert len(read_by_retention) >= 8
    assert read_by_retention <= {*checks.PERIODS}
