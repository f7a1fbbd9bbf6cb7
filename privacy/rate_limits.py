"""Rate limits: how often one network or one mailbox acted in a window, counted by keyed hashes.

No address is stored, and the keys of two windows cannot be linked.
"""

import ipaddress
import logging
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models import F, Max
from django.http import HttpRequest

from delivery.addresses import normalized
from evidence.keyed_hashes import KeyedHashField, keyed_hash
from privacy.client_address import client_address

logger = logging.getLogger(__name__)

# Gmail ignores dots in the local part, and has two domains for one mailbox.
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# A program can send a form with another address each time, so the network is limited too.
MAX_FORMS_PER_NETWORK_AND_HOUR = 10
# Anyone can type the address of somebody else: a form must not fill that mailbox.
MAX_MAILS_PER_MAILBOX_AND_DAY = 3

# Counting and reading in one statement: of two requests at once each gets a count of its own.
# With `hit_values` it can be a part of a larger statement.
HIT = """
INSERT INTO privacy_ratecount (key, ends_at, count) VALUES (%(key)s, %(ends_at)s, 1)
ON CONFLICT (key, ends_at) DO UPDATE SET count = privacy_ratecount.count + 1 RETURNING count
"""


def end_of_window(at: datetime, window: timedelta) -> datetime:
    """When the window that holds `at` ends: windows follow each other from midnight UTC."""
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return start + ((at - start) // window + 1) * window


def network_key(
    request: HttpRequest, *, purpose: str, window: timedelta, at: datetime
) -> str | None:
    """A keyed hash of the client's network (one IPv4 address, one IPv6 /64), for rate limits.

    The hash covers the window, so that the acts of a network in two windows cannot be linked.
    None where the address cannot be read: strangers must not share one limit.
    """
    address = client_address(request)
    if address is None:
        _warn_once()
        return None
    # A subscriber has a whole /64 of IPv6, and can take any address in it.
    prefix = 32 if address.version == 4 else 64
    network = str(ipaddress.ip_network((address, prefix), strict=False))
    value = f"{end_of_window(at, window):%Y-%m-%dT%H:%M} {network}"
    return keyed_hash(f"network:{purpose}", value)


@lru_cache(maxsize=1)
def _warn_once() -> None:
    logger.warning(
        "The address of a visitor cannot be read, so no limit per network holds. Let the proxy "
        "send X-Forwarded-For, and set TRUSTED_PROXIES to the number of proxies."
    )


def mailbox_key(address: str, *, purpose: str, window: timedelta, at: datetime) -> str:
    """A keyed hash of a mailbox in one window, for rate limits: +tags and Gmail's dots folded."""
    local, _at, domain = normalized(address).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), _DOTLESS[domain]
    value = f"{end_of_window(at, window):%Y-%m-%dT%H:%M} {local}@{domain}"
    return keyed_hash(f"mailbox:{purpose}", value)


def mailbox_counts(address: str, *, purpose: str, window: timedelta) -> "RateCountQuerySet":
    """The counts of a mailbox in the windows that the database still has."""
    # A key covers its window, so each end of a window has another key.
    ends = RateCount.objects.order_by().values_list("ends_at", flat=True).distinct()
    starts = [end - window for end in ends if end_of_window(end - window, window) == end]
    keys = [mailbox_key(address, purpose=purpose, window=window, at=start) for start in starts]
    return RateCount.objects.filter(key__in=keys if address else [])


def hit_values(key: str, *, window: timedelta, at: datetime) -> dict[str, Any]:
    """What the placeholders of `HIT` stand for."""
    ends_at = connection.ops.adapt_datetimefield_value(end_of_window(at, window))
    return {"key": key, "ends_at": ends_at}


class TooManyForms(Exception):
    """More forms of one purpose came from one network in an hour than the limit allows."""


def count_form(network_key: str | None, *, at: datetime) -> None:
    """Count one form of a network. Raises TooManyForms. Without a key there is no limit."""
    if network_key and (
        RateCount.objects.hit(network_key, window=HOUR, at=at) > MAX_FORMS_PER_NETWORK_AND_HOUR
    ):
        raise TooManyForms


def may_mail(address: str, *, purpose: str, at: datetime) -> bool:
    """Count one mail to a mailbox for a purpose. False from the fourth a day on."""
    key = mailbox_key(address, purpose=purpose, window=DAY, at=at)
    return RateCount.objects.hit(key, window=DAY, at=at) <= MAX_MAILS_PER_MAILBOX_AND_DAY


class RateCountQuerySet(models.QuerySet["RateCount"]):
    def hit(self, key: str, *, window: timedelta, at: datetime) -> int:
        """Count one more event for `key` in the window of `at`, and return the new count.

        The same statement counts the first event and the next ones: the time that it takes must not
        tell a known address from an unknown one (I16: the same work for both).
        """
        with connection.cursor() as cursor:
            cursor.execute(HIT, hit_values(key, window=window, at=at))
            [count] = cursor.fetchone()
        return int(count)

    def number(self, key: str, *, window: timedelta, at: datetime) -> int:
        """How many events of `key` were counted in the window of `at`. Writes nothing."""
        row = self.filter(key=key, ends_at=end_of_window(at, window)).first()
        return row.count if row else 0

    def take_back(self, key: str, *, window: timedelta, at: datetime) -> None:
        """Count one event less for `key` in the window of `at`."""
        counted = self.filter(key=key, ends_at=end_of_window(at, window), count__gt=0)
        counted.update(count=F("count") - 1)

    def refuse(self, key: str, *, until: datetime) -> None:
        """Let `refused_until` return this moment for `key`."""
        self.bulk_create([self.model(key=key, ends_at=until, count=1)], ignore_conflicts=True)

    def refused_until(self, key: str, *, at: datetime) -> datetime | None:
        """The moment up to which `key` is refused, or None if it is not refused at `at`."""
        moments = self.filter(key=key, ends_at__gt=at)
        latest: datetime | None = moments.aggregate(latest=Max("ends_at"))["latest"]
        return latest

    def forget_past(self, *, at: datetime) -> None:
        """Delete the counts of windows that have ended at `at`."""
        past = self.filter(ends_at__lte=at)
        if past.exists():  # called twice a second, seldom with work: a read is cheaper
            past.delete()


class RateCount(models.Model):
    """The number of events of one keyed hash in one window; deleted when the window has ended.

    A key that is refused until a moment has one row as well, which ends at that moment.
    """

    key = KeyedHashField()
    ends_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    objects = RateCountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "ends_at"], name="privacy_rate_key")]

    def __str__(self) -> str:
        return f"{self.ends_at:%H:%M} {self.count}"
