"""The pages of one record in the admin: what was asked and answered, and whether it still holds."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from consent.looks.pictures import pictures_of
from consent.models import ConsentRecord, Notice
from consent.registry.declared import groups_of
from consent.staff import chain, evidence_file, integrity, shown
from consent.staff.shown import Part
from evidence.admin import admin_of, moment_text
from privacy.policies.reading.addresses import address

View = Callable[..., HttpResponse]
VIEW_RECORDS = "consent.view_consentrecord"

# Nothing runs in a frame, nothing is sent from it, and only our own pages may hold it. Without
# `allow-same-origin` the stylesheet would be that of a foreign site, which may not load it.
_FRAME_POLICY = {
    "script-src": [NONE],
    "connect-src": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-same-origin"],
}


def framed(view: View) -> View:
    """A page that a page of the admin shows in a frame."""
    return cast(View, xframe_options_sameorigin(csp_replace(_FRAME_POLICY)(view)))


@require_safe
@permission_required(VIEW_RECORDS, raise_exception=True)
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type] # its types know no arguments
def record_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything about one record, read-only."""
    record = record_of(pk)
    version = record.policy_version
    of_browser, rows = chain.chain_of(record), integrity.all_of(record)
    context = {
        **admin.site.each_context(request),
        "opts": ConsentRecord._meta,
        "title": _("Consent record"),
        "row": record,
        "facts": facts(record),
        "parts": _frames(record, shown.question_parts(record)),
        "cookies": _frames(record, [Part.COOKIES]),
        "keeps_all_words": shown.keeps_all_words(record),
        "asked_again": chain.asked_again(record),
        "groups": groups_of(record.notice.snapshot.content) if record.notice else (),
        "version": version,
        "version_url": address(version.policy, "version", number=version.number) if version else "",
        "pictures": pictures_of(record).select_related("notice").defer("image"),
        "chain": of_browser,
        "links": [
            (each, answer_of(each), integrity.record_matches(each)) for each in of_browser.records
        ],
        "rows": rows,
        "is_changed": any(row.is_changed for row in rows),
        "breaks_the_seal": any(row.breaks_the_seal for row in rows),
    }
    return render(request, "admin/consent/consentrecord/evidence.html", context)


@require_safe
@permission_required(VIEW_RECORDS, raise_exception=True)
@framed
def policy_frame(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The policy that applied to one record."""
    record = record_of(pk)
    if record.policy_version is None:
        raise Http404
    return HttpResponse(shown.policy_of_record(record, record.policy_version))


@require_safe
@framed
def notice_frame(request: HttpRequest, pk: int, language: str, part: str) -> HttpResponse:
    """One part of a notice. It tells nothing of a person: many records name the same notice."""
    if not any(request.user.has_perm(each) for each in (VIEW_RECORDS, "consent.view_notice")):
        raise PermissionDenied
    notice = get_object_or_404(Notice.objects.select_related("snapshot"), pk=pk)
    if language not in notice.texts or part not in {*Part}:
        raise Http404
    return HttpResponse(shown.part_of_notice(notice, language, Part(part)))


@require_POST
@permission_required(VIEW_RECORDS, raise_exception=True)
def record_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same as JSON."""
    record, at = record_of(pk), timezone.now()
    response = JsonResponse(
        evidence_file.content(record, at=at),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    response["Content-Disposition"] = f'attachment; filename="consent-record-{record.pk}.json"'
    admin_of(ConsentRecord).log(request, [record], _("Downloaded as JSON, with the evidence."))
    return response


def record_of(pk: UUID) -> ConsentRecord:
    """The record with all that it names. Raises Http404."""
    rows = ConsentRecord.objects.select_related("notice__snapshot", "policy_version")
    return get_object_or_404(rows, pk=pk)


def facts(record: ConsentRecord) -> list[tuple[str, str]]:
    """The answer and how it came, for people: name and value."""
    answers = {True: _("yes"), False: _("no")}
    return [
        (_("Answer"), answer_of(record)),
        (_("Groups offered"), _names(record, record.offered)),
        (_("Made at"), moment_text(record.made_at)),
        (_("Counts until"), moment_text(record.expires_at)),
        (_("Place"), capfirst(record.get_method_display())),
        (_("Language"), get_language_info(record.language)["name_translated"]),
        (_("With JavaScript"), answers[record.has_javascript]),
        (_("With GPC signal"), answers[record.has_gpc_signal]),
        (_("Stored at"), moment_text(record.stored_at)),
        (_("Number"), str(record.pk)),
    ]


def answer_of(record: ConsentRecord) -> str:
    """What the visitor answered, in a few words."""
    if not record.is_refusal:
        return _names(record, record.granted)
    if record.supersedes_id:
        return _("withdrew consent: refused everything optional")
    return _("refused everything optional")


def _names(record: ConsentRecord, codes: Any) -> str:
    """The names that the groups had then, in the language of the admin."""
    groups = groups_of(record.notice.snapshot.content) if record.notice else ()
    names = {group.code: group.name for group in groups}
    return ", ".join(names.get(code, str(code)) for code in codes or []) or "–"


def _frames(record: ConsentRecord, parts: list[Part]) -> list[dict[str, Any]]:
    """The frames of these parts; none where nothing is kept to show."""
    titles = {
        Part.BANNER: _("The banner, as it appeared"),
        Part.GROUPS: _("The banner after “Choose groups”"),
        Part.COOKIE_PAGE: _("The form of the cookie page, with its list"),
        Part.COOKIES: _("The cookies that the banner and the policy listed"),
    }
    if not shown.can_show(record):
        return []
    return [{"part": part.value, "title": titles[part]} for part in parts]
