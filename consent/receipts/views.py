"""The pages of receipts: a visitor's own, and the one where anybody checks a receipt."""

import json
import logging

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consent.models import ConsentRecord
from consent.receipts.check import MOST_BYTES, BadReceipt, Question, check
from consent.receipts.receipt import file_name, kept_until, receipt_of
from content import store
from content.private_pages import private_page
from evidence.seal import note
from privacy.rate_limits import HOUR, TooManyForms, count_form, network_key
from privacy.rights.cases import erasure_cases
from privacy.rights.map.declarations import Person
from privacy.rights.your_data.forms import RecordForm

logger = logging.getLogger(__name__)

# In seconds, by status.
RETRY_AFTER = {429: "3600", 503: "60"}

_methods = require_http_methods(["GET", "HEAD", "POST"])


@_methods
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt of a choice, by the number of its record, which nobody can guess.

    The number comes in the body of a POST: no address, log or referrer holds it.
    """
    return _receipt(request) if request.method == "POST" else _ask(request, RecordForm())


@private_page
def _receipt(request: HttpRequest) -> HttpResponse:
    form, at = RecordForm(request.POST), timezone.now()
    if not form.is_valid():
        return _ask(request, form, status=422)
    try:
        store.require_database()
        record = _find(form)
        if record is None:
            # Only a wrong number counts: whoever has theirs may come as often as they like.
            count_form(network_key(request, purpose="form", window=HOUR, at=at), at=at)
    except (DatabaseError, InterfaceError):
        logger.exception("A receipt could not be made.")
        problem = _("We cannot look the record up right now. Please try again later.")
        return _ask(request, form, status=503, problem=problem)
    except TooManyForms:
        problem = _("Too many forms came from your network. Please try again in an hour.")
        return _ask(request, form, status=429, problem=problem)
    if record is None:
        form.add_error("number", _("We hold no record with this number. Check each character."))
        return _ask(request, form, status=422)
    made = receipt_of(record)
    is_sound = check(json.dumps(made)).is_unchanged
    if not is_sound:
        logger.error("A receipt was made whose record was altered. Run manage.py check_evidence.")
    if request.POST.get("as") == "file":
        return _file(made, file_name(record))
    context = {
        "record": record,
        "receipt": made,
        "is_sound": is_sound,
        "kind": made["event"]["event_type"],
        "kept_until": kept_until(record),
        "erasure": erasure_cases.pending_of(Person("", frozenset({record.pk}))).first(),
        "later": record.superseded_by.first(),
        "words": (record.notice.texts if record.notice else {}).get(record.language, {}),
    }
    return render(request, "consent/receipt.html", context)


def _find(form: RecordForm) -> ConsentRecord | None:
    rows = ConsentRecord.objects.select_related("notice__snapshot", "policy_version")
    return rows.filter(pk=form.cleaned_data["number"]).first()


def _file(made: object, name: str) -> HttpResponse:
    text = json.dumps(made, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _ask(
    request: HttpRequest, form: RecordForm, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    context = {"form": form, "problem": problem}
    response = render(request, "consent/ask_for_receipt.html", context, status=status)
    if status in RETRY_AFTER:
        response["Retry-After"] = RETRY_AFTER[status]
    return response


@_methods
def check_receipt(request: HttpRequest) -> HttpResponse:
    """Check a receipt: in the browser, which sends it nowhere, or here, where it is not kept."""
    return _checked(request) if request.method == "POST" else _check_page(request)


def _check_page(request: HttpRequest, *, status: int = 200, **context: object) -> HttpResponse:
    always = {"questions": [question.value for question in Question], "origin": note.origin()}
    return render(request, "consent/check_receipt.html", always | context, status=status)


@private_page
def _checked(request: HttpRequest) -> HttpResponse:
    text = request.POST.get("receipt", "")
    try:
        if len(text) > MOST_BYTES:
            raise BadReceipt
        checked = check(text)
    except BadReceipt:
        # A text that no receipt has is not sent back.
        shown = text if len(text) <= MOST_BYTES else ""
        return _check_page(request, status=422, text=shown, is_no_receipt=True)
    answers = {question.value: checked.answers[question] for question in Question}
    return _check_page(request, text=text, checked=checked, answers=answers)
