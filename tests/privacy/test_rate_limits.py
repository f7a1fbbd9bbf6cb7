"""Keyed hashes of networks and mailboxes, and how often each acted in a window."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from content import store
from privacy import rate_limits
from privacy.client_address import client_address
from privacy.rate_limits import RateCount, mailbox_key, network_key

AT = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def from_address(remote: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=remote)


def forwarded_for(forwarded: str) -> HttpRequest:
    return RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})


def mailbox(address: str, *, purpose: str = "trial", at: datetime = NOON) -> str:
    return mailbox_key(address, purpose=purpose, window=DAY, at=at)


def network(remote: str, purpose: str = "choice", at: datetime = AT) -> str:
    key = network_key(from_address(remote), purpose=purpose, window=MINUTE, at=at)
    assert key is not None
    return key


def test_a_network_is_one_ipv4_address_or_one_ipv6_network_of_a_subscriber() -> None:
    """Red when: the prefix is 128 for IPv6, or 24 for IPv4."""
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9")
    assert network("2001:db8:1:2::1") != network("2001:db8:1:3::1")
    assert network("203.0.113.9") != network("203.0.113.8")
    assert network("203.0.113.9") == network("::ffff:203.0.113.9")


def test_the_keys_of_a_network_in_two_minutes_differ() -> None:
    """Red when: the minute is left out of the hash."""
    assert network("203.0.113.9") == network("203.0.113.9", at=NOON + timedelta(seconds=59))
    assert network("203.0.113.9") != network("203.0.113.9", at=NOON + timedelta(minutes=1))


def test_the_key_is_bound_to_its_purpose_and_to_the_secret_and_hides_the_address(settings) -> None:
    """Red when: the hash is made without the secret or the purpose."""
    key = network("203.0.113.9")

    assert len(key) == 64
    assert "203.0.113.9" not in key
    assert key != network("203.0.113.9", purpose="trial")
    settings.EVIDENCE_KEYS = ["a" * 32]
    assert key != network("203.0.113.9")


@hypothesis_settings(deadline=None, max_examples=300)
@given(
    st.one_of(
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
        st.ip_addresses().map(str),
        st.ip_addresses(v=6).map(lambda address: f"{address}%eth0"),
    )
)
def test_any_header_gives_a_key_or_none(forwarded: str) -> None:
    """Red when: `except ValueError` is dropped, or a scoped address has no network."""
    with override_settings(TRUSTED_PROXIES=1):
        request = forwarded_for(forwarded)
        key = network_key(request, purpose="choice", window=MINUTE, at=AT)
        assert (key is None) == (client_address(request) is None)
        assert key is None or len(key) == 64


def test_an_address_that_cannot_be_read_has_no_key_and_is_logged_once(settings, caplog) -> None:
    """Red when: all strangers without an address get one key, and so one limit."""
    settings.TRUSTED_PROXIES = 1
    rate_limits._warn_once.cache_clear()

    keys = {
        network_key(forwarded_for(header), purpose="choice", window=MINUTE, at=AT)
        for header in ("", "unknown", "_hidden")
    }

    assert keys == {None}
    assert [record.message for record in caplog.records if "TRUSTED_PROXIES" in record.message] == [
        "The address of a visitor cannot be read, so no limit per network holds. Let the proxy send "
        "X-Forwarded-For, and set TRUSTED_PROXIES to the number of proxies."
    ]


def test_a_network_cannot_be_followed_from_one_minute_to_the_next() -> None:
    """Red when: the minute is left out of the hash."""
    assert network("203.0.113.9", at=AT) == network("203.0.113.9", at=AT + timedelta(seconds=29))
    assert network("203.0.113.9", at=AT) != network("203.0.113.9", at=AT + timedelta(seconds=30))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna+1@example.com", "anna@example.com"),
        ("a.n.n.a@gmail.com", "anna@gmail.com"),
        ("anna@googlemail.com", "anna@gmail.com"),
        ("A.nna+x.y@GoogleMail.com", "anna@gmail.com"),
    ],
)
def test_ways_to_write_one_mailbox_count_together(one: str, other: str) -> None:
    """Red when: a tag or Gmail's dots give one mailbox three mails more."""
    assert mailbox(one) == mailbox(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.nna@example.com", "anna@example.com"),
        ("+1@example.com", "+2@example.com"),
        ("anna@example.com", "anna@example.org"),
    ],
)
def test_different_mailboxes_count_apart(one: str, other: str) -> None:
    """Red when: the mails to one person use up the limit of another."""
    assert mailbox(one) != mailbox(other)


def test_keys_of_two_days_or_two_purposes_cannot_be_linked() -> None:
    """Red when: the window or the purpose is left out of the hash."""
    address = "anna@example.com"
    keys = {mailbox(address), mailbox(address, at=NOON + DAY), mailbox(address, purpose="other")}

    assert len(keys) == 3
    assert mailbox(address, at=NOON + timedelta(hours=11)) == mailbox(address)


def test_the_key_of_a_mailbox_depends_on_the_secret(settings) -> None:
    """Red when: the hash is not keyed: lists of addresses could be tried against it."""
    before = mailbox("anna@example.com")
    settings.EVIDENCE_KEYS = ["a" * 32]

    assert mailbox("anna@example.com") != before


@pytest.mark.django_db
def test_events_are_counted_per_key_and_window() -> None:
    """Red when: `hit` does not filter by key, or never starts a new window."""
    at = timezone.now().replace(second=10)
    hit = partial(RateCount.objects.hit, window=MINUTE)

    assert [hit("a", at=at), hit("a", at=at + timedelta(seconds=40)), hit("b", at=at)] == [1, 2, 1]
    assert hit("a", at=at + timedelta(minutes=1)) == 1


@pytest.mark.django_db
def test_nothing_is_left_of_an_earlier_minute() -> None:
    """Red when: `forget_past` deletes nothing, or also counts of this minute."""
    at = timezone.now().replace(second=10)
    RateCount.objects.hit("a", window=MINUTE, at=at)
    RateCount.objects.hit("b", window=MINUTE, at=at + timedelta(minutes=1))

    RateCount.objects.forget_past(at=at + timedelta(minutes=1))

    assert list(RateCount.objects.values_list("key", "count")) == [("b", 1)]


@pytest.mark.django_db
def test_a_poll_forgets_the_counts_of_earlier_minutes() -> None:
    """Red when: no job calls `forget_past`: counts would outlive their minute."""
    RateCount.objects.hit("a", window=MINUTE, at=timezone.now() - timedelta(minutes=1))

    store.poll(timezone.now())

    assert not RateCount.objects.exists()
