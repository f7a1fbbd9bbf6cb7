"""Settings of staff accounts that an operator can get wrong are named."""

import pytest
from django.core.checks import run_checks

from tests.run_once import needs_no_database
from voipstudio.accounts import checks

pytestmark = needs_no_database


def ids(check) -> list[str]:
    return [message.id for message in check(None)]


@pytest.mark.parametrize("value", ["203.0.113.9/24", "office", "203.0.113.0/33", "2001:db8::/x"])
def test_a_malformed_network_is_named(settings, value: str) -> None:
    """Red when: `network_of` takes an address with bits behind the prefix."""
    settings.ADMIN_NETWORKS = ["203.0.113.0/24", value, "2001:db8:1::/48"]

    (message,) = checks.admin_networks(None)

    assert message.id == "accounts.E001"
    assert message.msg == f"ADMIN_NETWORKS has {value!r}, which is not a network."
    assert "203.0.113.0/24" in message.hint


@pytest.mark.parametrize("networks", [[], ["203.0.113.9"], ["0.0.0.0/0", "::/0"]])
def test_good_networks_pass(settings, networks: list[str]) -> None:
    settings.ADMIN_NETWORKS = networks

    assert ids(checks.admin_networks) == []


@pytest.mark.parametrize(
    ("minutes", "wrong"), [(0, True), (-5, True), (1, False), (720, False), (721, True)]
)
def test_idle_minutes_have_an_effect(settings, minutes: int, wrong: bool) -> None:
    settings.ADMIN_IDLE_MINUTES = minutes

    assert ids(checks.idle_minutes) == ["accounts.E002"] * wrong


@pytest.mark.parametrize(
    ("is_https", "has_passkeys", "expected"),
    [(True, True, []), (True, False, ["accounts.W001"]), (False, False, [])],
)
def test_an_https_origin_without_a_name_is_named(
    settings, is_https, has_passkeys, expected
) -> None:
    settings.IS_HTTPS, settings.HAS_PASSKEYS = is_https, has_passkeys

    assert ids(checks.passkeys_need_a_name) == expected


def test_the_checks_are_registered(settings) -> None:
    settings.ADMIN_NETWORKS, settings.ADMIN_IDLE_MINUTES = ["x"], 0

    assert {"accounts.E001", "accounts.E002"} <= {message.id for message in run_checks()}
