"""The views on which staff write, check, review and publish versions of policies.

They are below /admin/; `admin.py` declares their addresses, `pages.py` makes their pages. A draft
is a form; any other version is a page with its text, its log and the steps that it can take next.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content.both_languages import LANGUAGES
from privacy.models import PolicyVersion, Stage
from privacy.policies import actions
from privacy.policies.actions import NotPublishable, Stale
from privacy.policies.editor import counsel, pages, preview
from privacy.policies.editor.forms import StartForm, StepForm
from privacy.policies.editor.permissions import may, require, user_of

Step = Callable[[PolicyVersion, User, str], None]
require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_page
def start(request: HttpRequest) -> HttpResponse:
    """The choice of a document; a POST starts a draft with the text that was published last."""
    user = require(request, "add")
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = actions.start_draft(
            policy=form.cleaned_data["policy"], user=user, at=timezone.now()
        )
        return redirect("admin:privacy_policyversion_change", version.pk)
    status = 422 if form.is_bound else 200
    return pages.start_page(request, form, status=status)


@require_page
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor of a draft, or the page of any other version; a POST saves the draft."""
    user = require(request, "view")
    version = get_object_or_404(PolicyVersion, pk=pk)
    if request.method == "POST":
        return _save(request, version, require(request, "change"))
    if version.stage == Stage.DRAFT and may(user, "change"):
        return pages.draft_page(request, version, pages.draft_form(version))
    return pages.version_page(request, version)


@require_POST
def check(request: HttpRequest, pk: int) -> JsonResponse:
    """Problems and warnings of what was typed, as JSON, and the previews of the fields that are
    named. Saves nothing.
    """
    require(request, "change")
    version = get_object_or_404(PolicyVersion, pk=pk)
    form = pages.draft_form(version, request.POST)
    result = {
        "problems": [vars(problem) for problem in form.problems],
        "warnings": [vars(warning) for warning in form.warnings],
        "previews": form.previews(request.POST.getlist("preview")),
    }
    return JsonResponse(result)


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the saved draft over for review."""
    require(request, "change")

    def act(version: PolicyVersion, user: User, note: str) -> None:
        actions.submit(version=version, user=user, at=timezone.now())

    return _take_step(request, pk, act, _("The draft is handed over for review."))


@require_POST
def return_to_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a version in review to its author, with a note."""
    require(request, "change", "publish")

    def act(version: PolicyVersion, user: User, note: str) -> None:
        actions.return_to_draft(version=version, user=user, at=timezone.now(), note=note)

    return _take_step(request, pk, act, _("The version is a draft again."))


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard a version for good."""
    require(request, "change")

    def act(version: PolicyVersion, user: User, note: str) -> None:
        actions.discard(version=version, user=user, at=timezone.now())

    return _take_step(request, pk, act, _("The version is discarded."))


@require_page
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the consequences; a POST publishes."""
    user, version = require(request, "publish"), get_object_or_404(PolicyVersion, pk=pk)
    if version.stage != Stage.REVIEW:
        return pages.stale_page(request, version)
    if request.method != "POST":
        return pages.publish_page(request, version, user)
    form = StepForm(request.POST)
    if not form.is_valid():
        return pages.publish_page(request, version, user, status=422)
    try:
        # The revision that the publisher has read: a newer one is not published unseen.
        version.revision = form.cleaned_data["revision"]
        actions.publish_version(
            version=version, user=user, at=timezone.now(), checked=request.POST.getlist("checked")
        )
    except Stale:
        return pages.stale_page(request, version)
    except NotPublishable:
        return pages.publish_page(request, version, user, status=422)
    return _done(request, version, _("%(version)s is published.") % {"version": version})


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the first version, which the site itself published."""
    require(request, "publish")

    def act(version: PolicyVersion, user: User, note: str) -> None:
        actions.approve(version=version, user=user, at=timezone.now())

    return _take_step(request, pk, act, _("The version is approved."))


@require_safe
def page(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The whole page as readers will see it."""
    require(request, "view")
    version = get_object_or_404(PolicyVersion, pk=pk)
    if language not in LANGUAGES:
        raise Http404
    with override(language):
        return preview.page(request, version)


@require_POST
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link for outside counsel, or end all links. Only this response shows the new link."""
    user, version = require(request, "change", "publish"), get_object_or_404(PolicyVersion, pk=pk)
    if version.stage not in {Stage.DRAFT, Stage.REVIEW}:
        return pages.stale_page(request, version)
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
    return pages.links_page(request, version, new_links=addresses)


def _save(request: HttpRequest, version: PolicyVersion, user: User) -> HttpResponse:
    form = pages.draft_form(version, request.POST)
    if not form.is_valid():
        return pages.draft_page(request, version, form, status=422)
    if request.POST.get("then") == "check":
        return pages.draft_page(request, version, form)
    version.revision = form.cleaned_data["revision"]
    try:
        actions.save_draft(version=version, values=form.values(), user=user, at=timezone.now())
        if request.POST.get("then") == "submit":
            actions.submit(version=version, user=user, at=timezone.now())
            return _done(request, version, _("The draft is saved and handed over for review."))
    except Stale:
        version.refresh_from_db()
        return pages.draft_page(request, version, form.rebased_on(version), status=409)
    return _done(request, version, _("The draft is saved."))


def _done(request: HttpRequest, version: PolicyVersion, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("admin:privacy_policyversion_change", version.pk)


def _take_step(request: HttpRequest, pk: int, act: Step, success: str) -> HttpResponse:
    version, form = get_object_or_404(PolicyVersion, pk=pk), StepForm(request.POST)
    if not form.is_valid():
        return pages.version_page(request, version, status=422)
    version.revision = form.cleaned_data["revision"]
    try:
        act(version, user_of(request), form.cleaned_data["note"])
    except Stale:
        return pages.stale_page(request, version)
    except NotPublishable:
        return pages.version_page(request, version, status=422)
    return _done(request, version, success)
