"""The pages of policies."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from privacy import content, policy, policy_links, policy_preview
from privacy.models import PolicyCode
from privacy.policy import Version
from privacy.tokens import TokenRefused


@require_safe
def policy_page(request: HttpRequest, code: str) -> HttpResponse:
    """The version in force; until one is published, how to get the text."""
    version = policy.current().in_force(code)
    if version is None:
        title = str(PolicyCode(code).label).capitalize()
        return render(request, "privacy/unpublished.html", {"title": title, "code": code})
    return _version_page(request, version)


@require_safe
def privacy_policy_version(request: HttpRequest, number: int) -> HttpResponse:
    """A version at its permanent address."""
    for version in policy.current().of(PolicyCode.PRIVACY):
        if version.number == number:
            return _version_page(request, version)
    raise Http404


@require_safe
def privacy_policy_versions(request: HttpRequest) -> HttpResponse:
    """Every version that was ever in force, newest first."""
    language = get_language() or ""
    versions = [
        {
            "number": version.number,
            "title": version.titles[language],
            "effective_at": version.effective_at,
            "superseded_at": version.superseded_at,
            "is_in_force": version.is_in_force,
            "url": reverse("privacy_policy_version", kwargs={"number": version.number}),
        }
        for version in policy.current().of(PolicyCode.PRIVACY)
    ]
    return render(request, "privacy/versions.html", {"versions": versions})


@require_safe
def policy_draft(request: HttpRequest, token: str) -> HttpResponse:
    """A draft, for counsel outside who was sent the link; once published, at its own address."""
    content.require_database()
    try:
        version = policy_links.read(token, at=timezone.now())
    except TokenRefused as refusal:
        status = 410 if refusal.token else 404
        return render(request, "privacy/ended_link.html", status=status)
    if version.is_published:
        return redirect("privacy_policy_version", number=version.number)
    return policy_preview.page(request, version)


def _version_page(request: HttpRequest, version: Version) -> HttpResponse:
    language = get_language() or ""
    return render(
        request,
        "privacy/policy.html",
        {
            "policy": {
                "code": version.policy,
                "title": version.titles[language],
                "sections": version.texts[language].sections,
                "html": version.html(language),
            },
            "version": version,
        },
    )
