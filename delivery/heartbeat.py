"""The sign of life of the workers: without one of them no mail leaves (`/readyz` says so)."""

from datetime import datetime, timedelta

from delivery.models import Heartbeat

INTERVAL = timedelta(seconds=10)
# When to worry. A worker gives its sign between two deliveries, and one can take a minute.
LATE = timedelta(minutes=5)


def beat(at: datetime) -> bool:
    """Note that a worker lives, once per interval. A job of the worker that never leaves work."""
    if not Heartbeat.objects.filter(at__gt=at - INTERVAL).exists():
        Heartbeat.objects.update_or_create(pk=Heartbeat.ONLY, defaults={"at": at})
    return False


def last() -> datetime | None:
    """When a worker gave its last sign; None where none ever did."""
    return Heartbeat.objects.values_list("at", flat=True).first()
