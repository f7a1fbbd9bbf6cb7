"""Policy versions in the admin: Polish and English side by side, publish, start a new draft."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy import actions
from privacy.models import PolicyCode, PolicyVersion


@admin.register(PolicyVersion)
class PolicyVersionAdmin(admin.ModelAdmin):
    """A published version is shown and never changed; adding starts from the one in force."""

    list_display = ("__str__", "title_pl", "effective_at", "published_at")
    list_filter = ("policy",)
    fieldsets = (
        (None, {"fields": ("policy", "number", "effective_at", "published_at")}),
        (gettext_lazy("Title"), {"fields": (("title_pl", "title_en"),)}),
        (gettext_lazy("Text"), {"fields": (("text_pl", "text_en"),)}),
    )
    readonly_fields = ("number", "published_at")
    actions = ("publish",)

    class Media:
        css = {"all": ("css/admin/policy.css",)}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        in_force = PolicyVersion.objects.in_force(PolicyCode.PRIVACY, at=timezone.now())
        names = ("policy", "title_pl", "title_en", "text_pl", "text_en")
        start = {name: getattr(in_force, name) for name in names} if in_force else {}
        return start | super().get_changeform_initial_data(request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name.startswith("text_"):
            kwargs["widget"] = forms.Textarea(
                attrs={"rows": 40, "cols": 70, "lang": db_field.name[-2:]}
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: PolicyVersion | None = None) -> bool:
        is_open = obj is None or not obj.is_published
        return is_open and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: PolicyVersion | None = None) -> bool:
        is_open = obj is not None and not obj.is_published
        return is_open and super().has_delete_permission(request, obj)

    @admin.action(description=gettext_lazy("Publish the selected drafts"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[PolicyVersion]) -> None:
        for version in queryset:
            try:
                actions.publish_version(version=version, at=timezone.now())
            except actions.NotPublishable as error:
                for reason in error.reasons:
                    self.message_user(request, f"{version}: {reason}", messages.ERROR)
            else:
                self.message_user(
                    request, _("%(version)s is published.") % {"version": version}, messages.SUCCESS
                )
