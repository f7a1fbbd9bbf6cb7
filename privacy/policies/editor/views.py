"""The pages on which staff write, check, review and publish versions of policies.

They are below /admin/; `admin.py` declares their addresses. A draft is a form; any other version is
a page with its text, its log and the steps that it can take next.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content.both_languages import LANGUAGES
from privacy.models import PolicyVersion, Stage
from privacy.policies import actions, consequences
from privacy.policies.actions import NotPublishable, Stale
from privacy.policies.editor import counsel, preview
from privacy.policies.editor.forms import DraftForm, StartForm, StepForm
from privacy.policies.review.problems import version_warnings

Step = Callable[[PolicyVersion, User, str], None]
require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_page
def start(request: HttpRequest) -> HttpResponse:
    """The choice of a document; a POST starts a draft with the text that was published last."""
    user = _require(request, "add")
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = actions.start_draft(
            policy=form.cleaned_data["policy"], user=user, at=timezone.now()
        )
        return redirect("admin:privacy_policyversion_change", version.pk)
    status = 422 if form.is_bound else 200
    return _page(request, "start", {"form": form, "title": _("New draft")}, status)


@require_page
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor of a draft, or the page of any other version; a POST saves the draft."""
    user = _require(request, "view")
    version = get_object_or_404(PolicyVersion, pk=pk)
    if request.method == "POST":
        return _save(request, version, _require(request, "change"))
    if version.stage == Stage.DRAFT and _may(user, "change"):
        return _draft_page(request, version, _draft_form(version))
    return _version_page(request, version)


@require_POST
def check(request: HttpRequest, pk: int) -> JsonResponse:
    """Problems, warnings and previews of what was typed, as JSON. Saves nothing."""
    _require(request, "change")
    version = get_object_or_404(PolicyVersion, pk=pk)
    form = _draft_form(version, request.POST)
    previews = {
        name: preview.section_preview(typed, language)
        for name, language, typed in ([] if form.excesses else form.sections())
    }
    result = {
        "problems": [vars(problem) for problem in form.problems],
        "warnings": [vars(warning) for warning in form.warnings],
        "previews": previews,
    }
    return JsonResponse(result)


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the saved draft over for review."""
    _require(request, "change")

    def act(version: PolicyVersion, user: User, note: str) -> None:
        actions.submit(version=version, user=user, at=timezone.now())

    return _take_step(request, pk, act, _("The draft is handed over for review."))


@require_POST
def return_to_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a version in review to its author, with a note."""
    _require(request, "change", "publish")

    def act(version: PolicyVersion, user: User, note: str) -> None:
        actions.return_to_draft(version=version, user=user, at=timezone.now(), note=note)

    return _take_step(request, pk, act, _("The version is a draft again."))


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard a version for good."""
    _require(request, "change")

    def act(version: PolicyVersion, user: User, note: str) -> None:
        actions.discard(version=version, user=user, at=timezone.now())

    return _take_step(request, pk, act, _("The version is discarded."))


@require_page
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the consequences; a POST publishes."""
    user, version = _require(request, "publish"), get_object_or_404(PolicyVersion, pk=pk)
    if version.stage != Stage.REVIEW:
        return _stale_page(request, version)
    if request.method != "POST":
        return _publish_page(request, version, user)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _publish_page(request, version, user, status=422)
    try:
        # The revision that the publisher has read: a newer one is not published unseen.
        version.revision = form.cleaned_data["revision"]
        actions.publish_version(
            version=version, user=user, at=timezone.now(), checked=request.POST.getlist("checked")
        )
    except Stale:
        return _stale_page(request, version)
    except NotPublishable:
        return _publish_page(request, version, user, status=422)
    return _done(request, version, _("%(version)s is published.") % {"version": version})


@require_safe
def page(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The whole page as readers will see it."""
    _require(request, "view")
    version = get_object_or_404(PolicyVersion, pk=pk)
    if language not in LANGUAGES:
        raise Http404
    with override(language):
        return preview.page(request, version)


@require_POST
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link for outside counsel, or end all links. Only this response shows the new link."""
    user, version = _require(request, "change", "publish"), get_object_or_404(PolicyVersion, pk=pk)
    if version.stage not in {Stage.DRAFT, Stage.REVIEW}:
        return _stale_page(request, version)
    if request.POST.get("then") == "end":
        counsel.end(version=version, user=user, at=timezone.now())
        return _done(request, version, _("The links no longer work."))
    token = counsel.make(version=version, user=user, at=timezone.now())
    addresses = []
    for code, name in settings.LANGUAGES:
        with override(code):
            path = reverse("policy_draft", kwargs={"token": token})
        addresses.append((name, settings.SITE_ORIGIN + path))
    # No redirect to a page with the link: the token would have to be stored for it.
    about = _about(version) | {"new_links": addresses}
    return _page(request, "links", about, 200)


def _save(request: HttpRequest, version: PolicyVersion, user: User) -> HttpResponse:
    form = _draft_form(version, request.POST)
    if not form.is_valid():
        return _draft_page(request, version, form, status=422)
    if request.POST.get("then") == "check":
        return _draft_page(request, version, form)
    version.revision = form.cleaned_data["revision"]
    try:
        actions.save_draft(version=version, values=form.values(), user=user, at=timezone.now())
        if request.POST.get("then") == "submit":
            actions.submit(version=version, user=user, at=timezone.now())
            return _done(request, version, _("The draft is saved and handed over for review."))
    except Stale:
        version.refresh_from_db()
        return _draft_page(request, version, form.rebased_on(version), status=409)
    return _done(request, version, _("The draft is saved."))


def _draft_form(version: PolicyVersion, data: QueryDict | None = None) -> DraftForm:
    return DraftForm(version, data, is_first=actions.is_first(version))


def _draft_page(
    request: HttpRequest, version: PolicyVersion, form: DraftForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "problems": form.problems,
        "warnings": form.warnings,
        "changes": preview.changes(version, form.draft()) if status == 409 else {},
        "last_step": version.steps.select_related("user").last(),
        "is_stale": status == 409,
    }
    return _page(request, "draft", {**_about(version), **context}, status)


def _version_page(
    request: HttpRequest, version: PolicyVersion, *, status: int = 200
) -> HttpResponse:
    before = actions.predecessor(version)
    draft = _draft_form(version) if version.stage == Stage.REVIEW else None
    context = {
        "before": before,
        "changes": preview.changes(before, version),
        "problems": draft.problems if draft else [],
        "warnings": draft.warnings if draft else [],
        "texts": preview.texts(version),
        "checklist": preview.checklist(version),
        "form": StepForm(initial={"revision": version.revision}),
        "may_change": _may(_user(request), "change"),
        "may_publish": _may(_user(request), "publish"),
        "is_stale": status == 409,
    }
    return _page(request, "version", {**_about(version), **context}, status)


def _publish_page(
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
    return _page(request, "publish", {**_about(version), **context}, status)


def _about(version: PolicyVersion) -> dict[str, Any]:
    return {
        "title": str(version),
        "version": version,
        "state": version.state(at=timezone.now()),
        "steps": version.steps.select_related("user"),
        "live_links": counsel.live(version, at=timezone.now()),
        "link_days": counsel.LIFETIME.days,
        "languages": settings.LANGUAGES,
    }


def _stale_page(request: HttpRequest, version: PolicyVersion) -> HttpResponse:
    """409: nothing was done, and this is the version as it is now."""
    version.refresh_from_db()
    return _version_page(request, version, status=409)


def _done(request: HttpRequest, version: PolicyVersion, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("admin:privacy_policyversion_change", version.pk)


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int) -> HttpResponse:
    whole = {**admin.site.each_context(request), "opts": PolicyVersion._meta, **context}
    return render(request, f"admin/privacy/policyversion/{name}.html", whole, status=status)


def _take_step(request: HttpRequest, pk: int, act: Step, success: str) -> HttpResponse:
    version, form = get_object_or_404(PolicyVersion, pk=pk), StepForm(request.POST)
    if not form.is_valid():
        return _version_page(request, version, status=422)
    version.revision = form.cleaned_data["revision"]
    try:
        act(version, _user(request), form.cleaned_data["note"])
    except Stale:
        return _stale_page(request, version)
    return _done(request, version, success)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - admin_view lets in staff only
    return request.user


def _may(user: User, permission: str) -> bool:
    return user.has_perm(f"privacy.{permission}_policyversion")


def _require(request: HttpRequest, *permissions: str) -> User:
    """The user, who needs one of these permissions. Raises PermissionDenied."""
    user = _user(request)
    if not any(_may(user, permission) for permission in permissions):
        raise PermissionDenied
    return user
