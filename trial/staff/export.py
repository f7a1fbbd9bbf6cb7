"""Sign-ups and the call list as CSV."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.csv_file import download
from trial import funnel
from trial.marketing.objections import StandingObjections
from trial.models import Channel, MarketingConsent, SignUp, SignUpQuerySet
from trial.sign_up.state import state_of

ROWS_AT_ONCE = 500


def sign_ups(queryset: SignUpQuerySet, *, at: datetime) -> StreamingHttpResponse:
    """Sign-ups for staff, with the consents that are live at the moment of the download.

    A consent of a person who objects to marketing does not stand.
    """
    head = [
        _("Signed up at"),
        _("State"),
        _("Confirmed at"),
        _("Trial over at"),
        _("Language"),
        _("Full name"),
        _("Work e-mail"),
        _("Company"),
        _("Telephone"),
        _("Campaign"),
        _("Marketing by e-mail: consent stands"),
        _("Marketing by telephone: consent stands"),
    ]
    return download(f"sign-ups-{_day(at)}.csv", head, _sign_up_rows(queryset, at=at))


def call_list(*, at: datetime) -> StreamingHttpResponse:
    """The people whom marketing may call at the moment of the download."""
    head = [_("Telephone"), _("Full name"), _("Company"), _("Language"), _("Date of consent")]
    return download(f"call-list-{_day(at)}.csv", head, _call_rows(at=at))


def people_to_call(*, at: datetime) -> Iterator[tuple[MarketingConsent, SignUp]]:
    """The live consents to calls whose number was confirmed, and to which nobody objected.

    Ask right before calling, not earlier.
    """
    objections = StandingObjections.load()
    live = MarketingConsent.objects.live(Channel.PHONE, at=at)
    confirmed = live.filter(number_confirmation__isnull=False).select_related("sign_up")
    for consent in confirmed.iterator(chunk_size=ROWS_AT_ONCE):
        person = consent.person
        if person and not objections.forbid(Channel.PHONE, person):
            yield consent, person


def _sign_up_rows(queryset: SignUpQuerySet, *, at: datetime) -> Iterator[Sequence[object]]:
    answers = {True: _("yes"), False: _("no")}
    objections = StandingObjections.load()
    annotated: QuerySet[Any] = queryset.annotate(
        may_be_mailed=_has_live_consent(Channel.EMAIL, at=at),
        may_be_called=_has_live_consent(Channel.PHONE, at=at),
    )
    for row in annotated.iterator(chunk_size=ROWS_AT_ONCE):
        yield (
            _moment(row.created_at),
            state_of(row, at=at).label,
            _moment(row.confirmed_at),
            _moment(row.over_at),
            row.language,
            row.name,
            row.email,
            row.company,
            row.telephone or "",
            funnel.campaign_of(row.attribution),
            answers[row.may_be_mailed and not objections.forbid(Channel.EMAIL, row)],
            answers[row.may_be_called and not objections.forbid(Channel.PHONE, row)],
        )


def _call_rows(*, at: datetime) -> Iterator[Sequence[object]]:
    for consent, person in people_to_call(at=at):
        day = _day(consent.confirmed_at)
        yield (person.telephone, person.name, person.company, consent.language, day)


def _has_live_consent(channel: Channel, *, at: datetime) -> Exists:
    live = MarketingConsent.objects.live(channel, at=at)
    return Exists(live.filter(sign_up=OuterRef("pk")))


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"
