"""Versions of policies in the admin: their list, and the addresses of the editor's pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import content.number_in_path  # noqa: F401 - registers <number:>
from privacy.models import PolicyStep, PolicyVersion
from privacy.policies.editor import views as editor


@admin.register(PolicyVersion)
class PolicyVersionAdmin(admin.ModelAdmin):
    """The list of versions. Pages of one version are in views.py: each step is logged there."""

    list_display = ("__str__", "state", "last_step", "effective_at", "published_at")
    list_filter = ("policy", "stage")
    # No "delete selected": each step goes through actions.py, which logs it.
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyVersion]:
        return super().get_queryset(request).prefetch_related("steps__user")

    @admin.display(description=_("state"))
    def state(self, version: PolicyVersion) -> str:
        return str(version.state(at=timezone.now()).label)

    @admin.display(description=_("last step"))
    def last_step(self, version: PolicyVersion) -> str:
        steps: list[PolicyStep] = list(version.steps.all())
        if not steps:
            return "–"
        user = steps[-1].user
        return f"{steps[-1].get_kind_display()}, {user}" if user else steps[-1].get_kind_display()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: versions and their steps are evidence. An unwanted draft is discarded instead."""
        return False

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("add/", editor.start, "add"),
            ("<number:pk>/change/", editor.version_page, "change"),
            ("<number:pk>/check/", editor.check, "check"),
            ("<number:pk>/submit/", editor.submit, "submit"),
            ("<number:pk>/return/", editor.return_to_draft, "return"),
            ("<number:pk>/discard/", editor.discard, "discard"),
            ("<number:pk>/publish/", editor.publish, "publish"),
            ("<number:pk>/approve/", editor.approve, "approve"),
            ("<number:pk>/links/", editor.links, "links"),
            ("<number:pk>/page/<str:language>/", editor.page, "page"),
        )
        editor_pages = [
            path(route, self.admin_site.admin_view(view), name=f"privacy_policyversion_{name}")
            for route, view, name in pages
        ]
        return [*editor_pages, *super().get_urls()]
