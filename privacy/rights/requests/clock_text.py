"""The clocks of a request in words: how long is left, since when it is late or stands still."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.models import DataRequest
from privacy.rights.requests.data_request import Right


@dataclass(frozen=True)
class ClockText:
    """One clock: what it is for, its last day, and how it stands now."""

    name: str
    # None where nothing has to be done any more.
    last_day: date | None
    text: str
    is_late: bool = False

    def __str__(self) -> str:
        return self.text


def clocks(request: DataRequest, *, at: datetime) -> list[ClockText]:
    """The clock of the answer; before it, for a complaint, that of the acknowledgement."""
    answer = _answer(request, at=at)
    return (
        [answer] if request.acknowledge_by is None else [_acknowledgement(request, at=at), answer]
    )


def _acknowledgement(request: DataRequest, *, at: datetime) -> ClockText:
    name = _("acknowledgement")
    left = request.days_to_acknowledge(at=at)
    if left is not None:
        return ClockText(name, request.acknowledge_by, _days(left), is_late=left < 0)
    day = request.acknowledged_on
    text = _("acknowledged on %(day)s") % {"day": date_format(day)} if day else "–"
    return ClockText(name, None, text)


def _answer(request: DataRequest, *, at: datetime) -> ClockText:
    name = _("outcome") if request.acknowledge_by else _("answer")
    if request.closed_at:
        day = date_format(timezone.localdate(request.closed_at))
        return ClockText(name, None, _("answered on %(day)s") % {"day": day})
    if request.paused_on:
        text = _("clock stopped since %(day)s") % {"day": date_format(request.paused_on)}
        return ClockText(name, None, text)
    text = _days(request.days_left(at=at))
    if request.extended_at:
        text = _("%(days)s, extended") % {"days": text}
    return ClockText(name, request.due_on, text, is_late=request.is_overdue(at=at))


def days_after_pause(request: DataRequest) -> str:
    """How long is left from the day on which a paused clock runs again."""
    return _days((request.due_on - request.paused_on).days) if request.paused_on else ""


def _days(left: int) -> str:
    if left == 0:
        return _("today is the last day")
    if left < 0:
        late = ngettext("%(number)d day late", "%(number)d days late", -left)
        return late % {"number": -left}
    return ngettext("%(number)d day left", "%(number)d days left", left) % {"number": left}


def _is_left_by_the_site(request: DataRequest) -> bool:
    """Whether the site erases by itself, and the words of the request are what staff must do."""
    is_of_site = request.source == DataRequest.Source.SITE
    return is_of_site and request.kind == Right.ERASURE and bool(request.text)


def what_next(request: DataRequest, *, at: datetime) -> str:
    """What staff do next, in one sentence."""
    if not request.is_open:
        return _("Nothing more is to be done.")
    if request.days_to_acknowledge(at=at) is not None:
        return _("First acknowledge the complaint.")
    if request.paused_on:
        return _("Wait for the person. When you know who it is, note it: the clock runs again.")
    if _is_left_by_the_site(request):
        return _(
            "The site erases the data by itself when the day to undo it is over. Do by hand what "
            "is named below, then answer."
        )
    if not request.is_verified and request.kind != Right.COMPLAINT:
        return _("First make sure who the person is. Then do what is asked for, and answer.")
    return _("Do what is asked for, and answer.")
