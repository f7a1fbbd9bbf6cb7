"""What the data protection officer must not miss: sentences in the admin, and one mail a day.

The mail names breaches too. Both name requests by reference, right and day, and nobody by name or
address.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.company import COMPANY
from content.paths import absolute
from delivery import outbox
from delivery.letters import Letter, letter
from privacy.models import DataRequest
from privacy.rights.breaches import breach
from privacy.rights.requests import clock_text
from privacy.rights.requests.data_request import DataRequestQuerySet

# The kind of the mail. It is about a day, so that no day has two.
DIGEST = "data-digest"
# By the clock of the site: the mail is there when the officer begins to work.
FROM_HOUR = 7
DUE_WITHIN_DAYS = 7
# The law gives 30 days to acknowledge a complaint. Ten of them are left then.
UNACKNOWLEDGED_AFTER_DAYS = 20


@dataclass(frozen=True)
class Section:
    """One part of the mail: a heading, and a line for each thing to do."""

    heading: str
    lines: Sequence[str]


def _overdue(at: datetime) -> Section:
    requests = DataRequest.objects.overdue(at=at)
    return Section(_("Answers that are late:"), _lines(requests, at=at))


def _due_soon(at: datetime) -> Section:
    heading = _("Answers due within %(days)d days:") % {"days": DUE_WITHIN_DAYS}
    return Section(heading, _lines(_due_soon_requests(at), at=at))


def _unacknowledged(at: datetime) -> Section:
    day = timezone.localdate(at) - timedelta(days=UNACKNOWLEDGED_AFTER_DAYS)
    heading = _("Complaints that nobody has acknowledged for more than %(days)d days:") % {
        "days": UNACKNOWLEDGED_AFTER_DAYS
    }
    return Section(
        heading, _lines(DataRequest.objects.unacknowledged().received_before(day), at=at)
    )


def _breaches(at: datetime) -> Section:
    urgent = breach.urgent(at=at).order_by("aware_at")
    lines = [f"{each}, {each.clock.in_words(at=at)}" for each in urgent]
    return Section(_("Personal data breaches to notify:"), lines)


# The parts of the mail in their order. Whatever else has a clock adds a function here.
_SECTIONS: tuple[Callable[[datetime], Section], ...] = (
    _breaches,
    _overdue,
    _due_soon,
    _unacknowledged,
)


def remind_daily(at: datetime) -> bool:
    """Queue the mail of the day, where there is anything to say. A job of the worker."""
    if timezone.localtime(at).hour < FROM_HOUR:
        return False
    day = timezone.localdate(at)
    if outbox.is_put(kind=DIGEST, about=day) or not _sections(at):
        return False
    # Of two workers, the number of the mail lets only one.
    return outbox.put_once(kind=DIGEST, about=day, at=at)


def write(about: str, at: datetime) -> Letter | None:
    """The mail as things stand now; None where everything was done meanwhile."""
    with translation.override(settings.LANGUAGE_CODE):
        sections = _sections(at)
        if not sections:
            return None
        context = {
            "sections": sections,
            "link": absolute(reverse("admin:privacy_datarequest_changelist")),
        }
        subject = _("Requests of people: what has to be done")
        return letter(str(COMPANY["dpo_email"]), subject, "privacy/mail/digest.txt", context)


def reader(about: str) -> str | None:
    return str(COMPANY["dpo_email"])


def reminders(*, at: datetime) -> Iterator[str]:
    """What staff read on the first page of the admin, and above the list of requests."""
    if number := DataRequest.objects.overdue(at=at).count():
        yield ngettext(
            "%(number)d answer to a person is late. Answer it now.",
            "%(number)d answers to people are late. Answer them now.",
            number,
        ) % {"number": number}
    if number := _due_soon_requests(at).count():
        yield ngettext(
            "%(number)d answer to a person is due within seven days.",
            "%(number)d answers to people are due within seven days.",
            number,
        ) % {"number": number}
    if number := DataRequest.objects.unacknowledged().count():
        yield ngettext(
            "%(number)d complaint is not acknowledged: the law gives 30 days for it.",
            "%(number)d complaints are not acknowledged: the law gives 30 days for each.",
            number,
        ) % {"number": number}


def _sections(at: datetime) -> list[Section]:
    """The parts that have something to say."""
    return [section for make in _SECTIONS if (section := make(at)).lines]


def _due_soon_requests(at: datetime) -> DataRequestQuerySet:
    today = timezone.localdate(at)
    last_day = today + timedelta(days=DUE_WITHIN_DAYS)
    return DataRequest.objects.due_until(last_day).filter(due_on__gte=today)


def _lines(requests: DataRequestQuerySet, *, at: datetime) -> list[str]:
    return [_line(request, at=at) for request in requests.order_by("due_on", "opened_at")]


def _line(request: DataRequest, *, at: datetime) -> str:
    """Such as "7K3M-9Q2X, access (Art. 15): answer by 3 May 2026 (2 days left)"."""
    clocks = [
        _("%(name)s by %(day)s (%(text)s)")
        % {"name": each.name, "day": date_format(each.last_day), "text": each.text}
        for each in clock_text.clocks(request, at=at)
        if each.last_day
    ]
    return f"{request.reference}, {request.get_kind_display()}: {'; '.join(clocks)}"
