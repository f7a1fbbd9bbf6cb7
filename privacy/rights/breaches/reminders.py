"""What staff read on the first page of the admin about breaches."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from privacy.rights.breaches.breach import Breach
from privacy.rights.breaches.clock import ClockState

SOON = timedelta(hours=24)


def reminders(*, at: datetime) -> Iterator[str]:
    """A sentence for each clock with less than a day left, and for people who were not told."""
    for breach in Breach.objects.with_less_left(SOON, at=at):
        yield _of_clock(breach, at=at)
    for breach in Breach.objects.people_untold().order_by("aware_at"):
        yield _(
            "Breach of %(breach)s: the risk is high, and the people concerned have not been told. "
            "Tell them without undue delay, or write why they need not be told (GDPR Art. 34)."
        ) % {"breach": breach}


def _of_clock(breach: Breach, *, at: datetime) -> str:
    if breach.clock.state(at=at) == ClockState.OVERDUE:
        text = _(
            "Breach of %(breach)s, notification %(clock)s. Tell now, with the reasons for the "
            "delay (GDPR Art. 33(1)): %(authorities)s."
        )
    else:
        text = _("Breach of %(breach)s, %(clock)s for the notification. Tell: %(authorities)s.")
    return text % {
        "breach": breach,
        "clock": breach.clock.in_words(at=at),
        "authorities": ", ".join(str(each.label) for each in breach.untold_authorities),
    }
