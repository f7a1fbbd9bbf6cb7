"""Rate limits: how often one network or one mailbox acted in a window, counted by keyed hashes.

No address is stored, and a key of one window says nothing about another.
"""

import ipaddress
from datetime import UTC, datetime, timedelta

from django.db import connection, models
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from delivery.addresses import normalized
from privacy.client_address import client_address

# Gmail delivers to the same mailbox whatever dots the local part has.
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}

_HIT = """
INSERT INTO privacy_ratecount (key, ends_at, count) VALUES (%s, %s, 1)
ON CONFLICT (key, ends_at) DO UPDATE SET count = privacy_ratecount.count + 1 RETURNING count
"""


def end_of_window(at: datetime, window: timedelta) -> datetime:
    """When the window that holds `at` ends: windows follow each other from midnight UTC."""
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return start + ((at - start) // window + 1) * window


def network_key(request: HttpRequest, *, purpose: str, window: timedelta, at: datetime) -> str:
    """A keyed hash of the client's network (one IPv4 address, one IPv6 /64), for rate limits.

    The window goes in too, so that what a network did in one cannot be tied to another.
    """
    address = client_address(request)
    if address is None:
        network = "unknown"
    else:
        prefix = 32 if address.version == 4 else 64
        network = str(ipaddress.ip_network((address, prefix), strict=False))
    value = f"{end_of_window(at, window):%Y-%m-%dT%H:%M} {network}"
    return salted_hmac(f"network:{purpose}", value, algorithm="sha256").hexdigest()


def mailbox_key(address: str, *, purpose: str, window: timedelta, at: datetime) -> str:
    """A keyed hash of a mailbox in one window, for rate limits: +tags and Gmail's dots folded."""
    local, _at, domain = normalized(address).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), _DOTLESS[domain]
    value = f"{end_of_window(at, window):%Y-%m-%dT%H:%M} {local}@{domain}"
    return salted_hmac(f"mailbox:{purpose}", value, algorithm="sha256").hexdigest()


class RateCountQuerySet(models.QuerySet["RateCount"]):
    def hit(self, key: str, *, window: timedelta, at: datetime) -> int:
        """Count one more event for `key` in the window of `at`, and return how many there are.

        One statement, whether it is the first or not: how long it takes must not tell (I16).
        """
        ends_at = connection.ops.adapt_datetimefield_value(end_of_window(at, window))
        with connection.cursor() as cursor:
            cursor.execute(_HIT, [key, ends_at])
            [count] = cursor.fetchone()
        return int(count)

    def forget_past(self, *, at: datetime) -> None:
        """Delete what was counted in windows that are over at `at`."""
        past = self.filter(ends_at__lte=at)
        if past.exists():  # asked first: this is called twice a second, and seldom has work
            past.delete()


class RateCount(models.Model):
    """How often one keyed hash acted in one window. No address; gone when the window is over."""

    key = models.CharField(max_length=64)
    ends_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    objects = RateCountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "ends_at"], name="privacy_rate_key")]

    def __str__(self) -> str:
        return f"{self.ends_at:%H:%M} {self.count}"
