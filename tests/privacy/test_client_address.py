"""The address of the client behind trusted proxies."""

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from privacy.client_address import client_address, network_key

AT = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)

MINUTE = timedelta(minutes=1)
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


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
    "a-port": (1, "203.0.113.9:4711", None),
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
    """Red when: hops are counted from the left, or TRUSTED_PROXIES is not looked at."""
    settings.TRUSTED_PROXIES = proxies

    assert client_address(_request(forwarded)) == (address and ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("remote", "address"),
    [("::ffff:203.0.113.9", "203.0.113.9"), ("2001:db8::1", "2001:db8::1"), ("", None)],
    ids=["mapped", "ipv6", "unix-socket"],
)
def test_without_proxies_it_is_who_connects(settings, remote: str, address: str | None) -> None:
    settings.TRUSTED_PROXIES = 0

    found = client_address(_request(remote=remote))

    assert found == (address and ipaddress.ip_address(address))


def _key(remote: str, purpose: str = "choice", at: datetime = AT) -> str:
    return network_key(_request(remote=remote), purpose=purpose, window=MINUTE, at=at)


def test_a_network_is_one_ipv4_address_or_one_ipv6_network_of_a_subscriber() -> None:
    """Red when: the prefix is 128 for IPv6, or 24 for IPv4."""
    assert _key("2001:db8:1:2::1") == _key("2001:db8:1:2:ffff::9")
    assert _key("2001:db8:1:2::1") != _key("2001:db8:1:3::1")
    assert _key("203.0.113.9") != _key("203.0.113.8")
    assert _key("203.0.113.9") == _key("::ffff:203.0.113.9")


def test_the_keys_of_two_minutes_cannot_be_tied_to_each_other() -> None:
    """Red when: the minute is left out of the hash."""
    assert _key("203.0.113.9") == _key("203.0.113.9", at=NOON + timedelta(seconds=59))
    assert _key("203.0.113.9") != _key("203.0.113.9", at=NOON + timedelta(minutes=1))


def test_the_key_is_bound_to_its_purpose_and_to_the_secret_and_hides_the_address(settings) -> None:
    """Red when: the hash is made without the secret or the purpose."""
    key = _key("203.0.113.9")

    assert len(key) == 64
    assert "203.0.113.9" not in key
    assert key != _key("203.0.113.9", purpose="trial")
    settings.SECRET_KEY = "another"
    assert key != _key("203.0.113.9")


@hypothesis_settings(deadline=None, max_examples=300)
@given(
    st.one_of(
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
        st.ip_addresses().map(str),
        st.ip_addresses(v=6).map(lambda address: f"{address}%eth0"),
    )
)
def test_whatever_the_header_says_a_key_is_found(forwarded: str) -> None:
    """Red when: `except ValueError` is dropped, or a scoped address has no network."""
    with override_settings(TRUSTED_PROXIES=1):
        assert len(network_key(_request(forwarded), purpose="choice", window=MINUTE, at=AT)) == 64


def test_a_network_cannot_be_followed_from_one_minute_to_the_next() -> None:
    """Red when: the minute is left out of the hash."""
    assert _key("203.0.113.9", at=AT) == _key("203.0.113.9", at=AT + timedelta(seconds=29))
    assert _key("203.0.113.9", at=AT) != _key("203.0.113.9", at=AT + timedelta(seconds=30))
