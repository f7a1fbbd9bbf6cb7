"""Until when a request must be answered, and a complaint acknowledged.

All days are those of the site's time zone (`TIME_ZONE`), so a change of the hour moves nothing. A
day that falls on a weekend or a holiday stays: the law would allow the next working day (Regulation
1182/71, Art. 3(4)), and an earlier answer is never too late.
"""

from datetime import date, timedelta

from privacy.rights.map.periods import months_before

# GDPR Art. 12(3): one month, and two further months where the request is complex.
MONTHS = 1
EXTENDED_MONTHS = 3
# Data (Use and Access) Act 2025, s. 103: within 30 days that begin with the day of receipt.
ACKNOWLEDGE_DAYS = 30


def due_on(received_on: date, *, is_extended: bool, paused_days: int) -> date:
    """The last day for the answer: the same day of a later month, or the last one of that month.

    The days on which the identity was in doubt are added (EDPB Guidelines 01/2022).
    """
    months = EXTENDED_MONTHS if is_extended else MONTHS
    return months_before(received_on, -months) + timedelta(days=paused_days)


def acknowledge_by(received_on: date) -> date:
    """The last day on which a complaint must be acknowledged."""
    return received_on + timedelta(days=ACKNOWLEDGE_DAYS - 1)
