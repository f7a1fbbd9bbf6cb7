"""The page on which staff write an answer, look at the very mail, and send it."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.models import DataRequest, RequestStep
from privacy.rights.requests import actions, answers
from privacy.rights.requests.actions import NotPossible
from privacy.rights.requests.data_request import Right
from privacy.rights.requests.staff.forms import AnswerForm
from privacy.rights.requests.staff.pages import (
    about,
    done,
    log,
    refused_page,
    render_page,
    require,
    require_page,
    user_of,
)

Kind = RequestStep.Kind
# For these rights the person gets a file with their data.
OF_A_COPY = {Right.ACCESS, Right.PORTABILITY}


@require_page
def answer(request: HttpRequest, pk: Any) -> HttpResponse:
    """The answer: a draft for its outcome, the preview of the very mail, and then the mail."""
    require(request, "change")
    row, at = get_object_or_404(DataRequest, pk=pk), timezone.now()
    if request.method == "POST":
        return _take_answer(request, row, at=at)
    if reason := actions.reason_against(Kind.ANSWERED, row, at=at):
        return refused_page(request, row, reason, at=at)
    return _answer_page(request, row, _draft(row, request.GET.get("outcome", "")))


def _take_answer(request: HttpRequest, row: DataRequest, *, at: datetime) -> HttpResponse:
    form, then = AnswerForm(request.POST), request.POST.get("then")
    if reason := actions.reason_against(Kind.ANSWERED, row, at=at):
        return refused_page(request, row, reason, words=form.data.get("words", ""), at=at)
    if then == "draft":
        return _answer_page(request, row, _draft(row, request.POST.get("outcome", "")))
    if not form.is_valid():
        return _answer_page(request, row, form, status=422)
    words, outcome = form.cleaned_data["words"], form.cleaned_data["outcome"]
    if then != "send" or request.POST.get("shown") != _fingerprint(words, outcome):
        return _answer_page(request, row, form, preview=(words, outcome), at=at)
    try:
        with transaction.atomic():
            actions.answer(row, text=words, outcome=outcome, user=user_of(request), at=at)
            log(request, row, _("The request was answered."))
    except NotPossible as reason:
        return refused_page(request, row, str(reason), words=words, at=at)
    is_sent = _("The answer is on its way. The request is closed.")
    return done(
        request, row, is_sent if row.email else _("The request is closed. Send the letter.")
    )


def _draft(row: DataRequest, outcome: str) -> AnswerForm:
    """An answer of which nothing is typed yet."""
    is_known = outcome in DataRequest.Outcome.values
    words = answers.draft(row, outcome) if is_known else ""
    return AnswerForm(initial={"outcome": outcome if is_known else "", "words": words})


def _answer_page(
    request: HttpRequest,
    row: DataRequest,
    form: AnswerForm,
    *,
    preview: tuple[str, str] | None = None,
    at: datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    at = at or timezone.now()
    context = about(row, at=at) | {
        "form": form,
        "offers_data": row.kind in OF_A_COPY,
    }
    if preview:
        words, outcome = preview
        letter = answers.preview(row, words=words, outcome=outcome, at=at)
        context |= {
            "letter": letter,
            "paragraphs": letter.paragraphs,
            "shown": _fingerprint(words, outcome),
        }
    context["title"] = _("Answer to %(reference)s") % {"reference": row.reference}
    return render_page(request, "answer", context, status=status)


def _fingerprint(words: str, outcome: str) -> str:
    """Tells whether an answer is the one that the preview has shown."""
    return hashlib.sha256(f"{outcome}\n{words}".encode()).hexdigest()
