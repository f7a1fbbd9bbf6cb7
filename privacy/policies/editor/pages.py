"""The pages of one version in the admin, from its draft on: what each one shows."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.models import PolicyVersion, Stage
from privacy.policies import actions, consequences
from privacy.policies.editor import counsel, preview
from privacy.policies.editor.forms import DraftForm, StartForm, StepForm
from privacy.policies.editor.permissions import may, user_of
from privacy.policies.review.problems import version_warnings


def start_page(request: HttpRequest, form: StartForm, *, status: int) -> HttpResponse:
    return _render(request, "start", {"form": form, "title": _("New draft")}, status)


def draft_form(version: PolicyVersion, data: QueryDict | None = None) -> DraftForm:
    return DraftForm(version, data, is_first=actions.is_first(version))


def draft_page(
    request: HttpRequest, version: PolicyVersion, form: DraftForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "problems": form.problems,
        "warnings": form.warnings,
        "changes": preview.changes(version, form.draft) if status == 409 else {},
        "last_step": version.steps.select_related("user").last(),
        "is_stale": status == 409,
    }
    return _render(request, "draft", {**_about(version), **context}, status)


def version_page(
    request: HttpRequest, version: PolicyVersion, *, status: int = 200
) -> HttpResponse:
    user, before = user_of(request), actions.predecessor(version)
    awaits_approval = version in actions.awaiting_approval(at=timezone.now())
    draft = draft_form(version) if version.stage == Stage.REVIEW else None
    context = {
        "before": before,
        "changes": preview.changes(before, version),
        "problems": draft.problems if draft else [],
        "warnings": draft.warnings if draft else [],
        "texts": preview.texts(version),
        "checklist": preview.checklist(version),
        "form": StepForm(initial={"revision": version.revision}),
        "may_change": may(user, "change"),
        "may_publish": may(user, "publish"),
        "awaits_approval": awaits_approval,
        "reasons": actions.reasons_of_writer(version, user=user) if awaits_approval else [],
        "is_stale": status == 409,
    }
    return _render(request, "version", {**_about(version), **context}, status)


def publish_page(
    request: HttpRequest, version: PolicyVersion, user: User, status: int = 200
) -> HttpResponse:
    at = timezone.now()
    before = actions.predecessor(version)
    to_check, checked = version_warnings(version), request.POST.getlist("checked")
    unchecked = [warning for warning in to_check if warning.text not in checked]
    context = {
        "before": before,
        "changes": preview.changes(before, version),
        "reasons": actions.reasons_against(version, user=user, at=at),
        "warnings": to_check,
        "checked": checked,
        "unchecked": unchecked if status == 422 else [],
        "takes_force_at": actions.effective_date(version, at=at),
        "is_at_once": actions.effective_date(version, at=at) == at,
        "replaced": actions.replaced_by(version, at=at),
        "consequences": consequences.descriptions(version, at=at),
        "form": StepForm(initial={"revision": version.revision}),
    }
    return _render(request, "publish", {**_about(version), **context}, status)


def stale_page(request: HttpRequest, version: PolicyVersion) -> HttpResponse:
    """409: nothing was done, and this is the version as it is now."""
    version.refresh_from_db()
    return version_page(request, version, status=409)


def links_page(
    request: HttpRequest, version: PolicyVersion, *, new_links: list[tuple[str, str]]
) -> HttpResponse:
    return _render(request, "links", {**_about(version), "new_links": new_links}, 200)


def _about(version: PolicyVersion) -> dict[str, Any]:
    return {
        "title": str(version),
        "version": version,
        "state": version.state(at=timezone.now()),
        "is_unapproved": PolicyVersion.objects.unapproved().filter(pk=version.pk).exists(),
        "steps": version.steps.select_related("user"),
        "live_links": counsel.live(version, at=timezone.now()),
        "link_days": counsel.LIFETIME.days,
        "languages": settings.LANGUAGES,
    }


def _render(request: HttpRequest, name: str, context: dict[str, Any], status: int) -> HttpResponse:
    whole = {**admin.site.each_context(request), "opts": PolicyVersion._meta, **context}
    return render(request, f"admin/privacy/policyversion/{name}.html", whole, status=status)
