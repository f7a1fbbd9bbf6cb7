"""The address of the client behind trusted proxies."""

import ipaddress

import pytest
from django.test import RequestFactory

from privacy.client_address import client_address
from tests.run_once import needs_no_database

pytestmark = needs_no_database


def _request(forwarded: str | None = None, *, remote: str = "10.0.0.1"):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)


_CASES = {
    "no-proxy-ignores-the-header": (0, "203.0.113.9", "10.0.0.1"),
    "one-proxy": (1, "203.0.113.9", "203.0.113.9"),
    "one-proxy-and-a-forged-hop": (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
    "two-proxies": (2, "203.0.113.9, 10.0.0.2", "203.0.113.9"),
    "two-proxies-and-forged-hops": (2, "1.1.1.1, 2.2.2.2, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
    "fewer-hops-than-proxies": (2, "203.0.113.9", None),
    "no-header": (1, None, None),
    "empty-header": (1, "", None),
    "a-word": (1, "unknown", None),
    "a-port": (1, "203.0.113.9:49152", "203.0.113.9"),
    "ipv6-and-a-port": (1, "[2001:db8::1]:443", "2001:db8::1"),
    "ipv6-in-brackets": (1, "[2001:db8::1]", "2001:db8::1"),
    "ipv6-that-ends-like-a-port": (1, "2001:db8::443", "2001:db8::443"),
    "a-port-without-an-address": (1, ":443", None),
    "no-number-after-the-colon": (1, "203.0.113.9:http", None),
    "a-forged-word-on-the-left": (1, "x' OR 1=1, 203.0.113.9", "203.0.113.9"),
    "too-large-a-number": (1, "256.0.0.1", None),
    "spaces": (1, "  203.0.113.9  ", "203.0.113.9"),
    "ipv6": (1, "2001:db8::1", "2001:db8::1"),
    "ipv4-in-ipv6": (1, "::ffff:203.0.113.9", "203.0.113.9"),
}


@pytest.mark.parametrize(("proxies", "forwarded", "address"), _CASES.values(), ids=_CASES)
def test_the_address_is_counted_from_the_right(
    settings, proxies: int, forwarded: str | None, address: str | None
) -> None:
    """Red when: hops are counted from the left, or TRUSTED_PROXIES is ignored."""
    settings.TRUSTED_PROXIES = proxies

    assert client_address(_request(forwarded)) == (address and ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("remote", "address"),
    [("::ffff:203.0.113.9", "203.0.113.9"), ("2001:db8::1", "2001:db8::1"), ("", None)],
    ids=["mapped", "ipv6", "unix-socket"],
)
def test_without_proxies_it_is_the_address_of_the_connection(
    settings, remote: str, address: str | None
) -> None:
    settings.TRUSTED_PROXIES = 0

    result = client_address(_request(remote=remote))

    assert result == (address and ipaddress.ip_address(address))
