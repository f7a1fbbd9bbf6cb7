"""Settings that would break a promise of a policy are warned of before the site starts."""

import pytest
from django.core.management import call_command

from privacy.checks import notice_period


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
