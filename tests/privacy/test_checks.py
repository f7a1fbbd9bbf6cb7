"""Settings that would break a promise of a policy are warned of before the site starts."""

import pytest

from privacy.checks import notice_period


@pytest.mark.parametrize(("days", "ids"), [(14, []), (30, []), (13, ["privacy.W001"])])
def test_a_notice_period_shorter_than_promised_is_warned_of(
    days: int, ids: list[str], settings
) -> None:
    """Red when: the comparison is turned around, or the check is not registered."""
    settings.POLICY_NOTICE_DAYS = days

    assert [message.id for message in notice_period(None)] == ids
