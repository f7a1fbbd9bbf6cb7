"""Sign-ups and the call list as CSV, in which no spreadsheet reads a text as a formula.

The cells hold what visitors typed: https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from trial import calls, funnel
from trial.models import Channel, MarketingConsent, SignUpQuerySet, StruckOffNumber
from trial.sign_up.state import state_of

ROWS_AT_ONCE = 500
_BOM = "\ufeff"  # without it, Excel reads UTF-8 as something else
_DELIMITER = ";"  # what Excel splits at where a comma is the decimal sign, as in Poland

# What a spreadsheet may skip before a formula, and the signs that begin one, full-width included.
_SKIPPED = r'[\s"\x00-\x1f\u200b-\u200f\u2060\ufeff]*'
_SIGN = r"(?=[=+\-@＝＋－＠])"
_BEGINS_A_CELL = re.compile(rf"[\t\r\n]|{_SKIPPED}{_SIGN}")
# A spreadsheet that splits at another sign than our delimiter begins a cell there.
_MAY_BEGIN_A_CELL = re.compile(rf"([,;\t\r\n]{_SKIPPED}){_SIGN}")


def safe(value: object) -> str:
    """The text of a cell, with an apostrophe before a sign that would begin a formula.

    A valid telephone number stays as it is, with its +: it holds digits, spaces, hyphens and the
    word before its extension only.
    """
    text = str(value)
    if isinstance(value, PhoneNumber) and value.is_valid():
        return text
    prefix = "'" if _BEGINS_A_CELL.match(text) else ""
    return prefix + _MAY_BEGIN_A_CELL.sub(r"\1'", text)


def sign_ups(queryset: SignUpQuerySet, *, at: datetime) -> StreamingHttpResponse:
    """Sign-ups for staff, with the consents that are live at the moment of the download."""
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
    return _download(f"sign-ups-{_day(at)}.csv", head, _sign_up_rows(queryset, at=at))


def call_list(*, at: datetime) -> StreamingHttpResponse:
    """The people whom marketing may call at the moment of the download."""
    head = [_("Telephone"), _("Full name"), _("Company"), _("Language"), _("Date of consent")]
    return _download(f"call-list-{_day(at)}.csv", head, _call_rows())


def people_to_call() -> Iterator[MarketingConsent]:
    """The live consents to calls whose number was confirmed and is not struck off.

    Ask right before calling, not earlier.
    """
    struck_off = set(StruckOffNumber.objects.values_list("key", flat=True))
    live = MarketingConsent.objects.live(Channel.PHONE)
    confirmed = live.filter(number_confirmation__isnull=False).select_related("sign_up")
    for consent in confirmed.iterator(chunk_size=ROWS_AT_ONCE):
        if struck_off.isdisjoint(calls.keys_of(consent.sign_up.phone)):
            yield consent


def _sign_up_rows(queryset: SignUpQuerySet, *, at: datetime) -> Iterator[Sequence[object]]:
    answers = {True: _("yes"), False: _("no")}
    annotated: QuerySet[Any] = queryset.annotate(
        may_be_mailed=_has_live_consent(Channel.EMAIL),
        may_be_called=_has_live_consent(Channel.PHONE),
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
            answers[row.may_be_mailed],
            answers[row.may_be_called],
        )


def _call_rows() -> Iterator[Sequence[object]]:
    for consent in people_to_call():
        person = consent.sign_up
        day = _day(consent.confirmed_at)
        yield (person.telephone, person.name, person.company, consent.language, day)


def _has_live_consent(channel: Channel) -> Exists:
    return Exists(MarketingConsent.objects.live(channel).filter(sign_up=OuterRef("pk")))


class _Echo:
    """A file for csv.writer that returns each line, so that the response can stream it."""

    def write(self, line: str) -> str:
        return line


def _download(
    filename: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    writer = csv.writer(_Echo(), delimiter=_DELIMITER, quoting=csv.QUOTE_ALL)

    def lines() -> Iterator[str]:
        yield _BOM
        yield writer.writerow(head)
        for row in rows:
            yield writer.writerow([safe(cell) for cell in row])

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"
