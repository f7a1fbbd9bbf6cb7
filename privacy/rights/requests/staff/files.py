"""Files that staff take: one case, as JSON or to print, and the data of its person."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from privacy.models import DataRequest, RequestStep
from privacy.rights.export import export
from privacy.rights.readings import pages as readings
from privacy.rights.requests import actions, mails
from privacy.rights.requests.staff import case_file
from privacy.rights.requests.staff.pages import about, log, refused_page, render_page, require


@require_POST
def case_as_file(request: HttpRequest, pk: Any) -> HttpResponse:
    """The case as JSON. Taking it is a step."""
    at = timezone.now()
    row = _exported(request, pk, _("the case, as a file"), at=at)
    return _file(f"request-{row.reference}.json", case_file.content(row, at=at))


@require_POST
def case_to_print(request: HttpRequest, pk: Any) -> HttpResponse:
    """The case as a page to print. Taking it is a step."""
    at = timezone.now()
    row = _exported(request, pk, _("the case, to print"), at=at)
    return render_page(request, "print", {**about(row, at=at), "made_at": at})


@require_POST
def data_of_person(request: HttpRequest, pk: Any) -> HttpResponse:
    """All data of the person, to hand over (GDPR Art. 15 and 20). Taking it is a step."""
    require(request, "change")
    row, at = get_object_or_404(DataRequest, pk=pk), timezone.now()
    if not row.is_verified:
        reason = _("First make sure who the person is: data in wrong hands is a breach.")
        return refused_page(request, row, reason, at=at)
    _exported(request, pk, _("the data of the person"), at=at)
    with override(row.language):
        file = _file(f"data-{row.reference}.json", export(row.person, at=at))
    return readings.about(file, row.person)


@require_safe
def letter_to_print(request: HttpRequest, pk: Any, step: int) -> HttpResponse:
    """The letter of one step, for a person without an address."""
    require(request, "view")
    told = RequestStep.objects.select_related("request").filter(kind__in=RequestStep.TOLD)
    row = get_object_or_404(told, request=pk, pk=step)
    if not row.is_by_letter:
        raise Http404
    letter = mails.letter_of(row)
    context = {"title": _("Letter"), "row": row.request, "letter": letter}
    return render_page(request, "letter", context | {"paragraphs": letter.paragraphs})


def _exported(request: HttpRequest, pk: Any, text: str, *, at: datetime) -> DataRequest:
    """The request, after a note that this member of staff has taken a file."""
    user, row = require(request, "change"), get_object_or_404(DataRequest, pk=pk)
    with transaction.atomic():
        actions.log_export(row, text=text, user=user, at=at)
        log(request, row, _("Exported: %(what)s.") % {"what": text})
    return row


def _file(name: str, content: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
