"""Users, groups and permissions in the admin: a superuser's alone."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

import content.number_in_path  # noqa: F401 - registers <number:>
from voipstudio.accounts import factors

# These pages of django-otp show the secrets of colleagues, and let staff write their own.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])


class SuperusersOnly(admin.ModelAdmin):
    """Rows that decide what people may do.

    With Django's own rule, staff who may change users make themselves superusers.
    """

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser


@admin.register(Group)
class StaffGroupAdmin(SuperusersOnly, GroupAdmin):
    pass


@admin.register(User)
class StaffUserAdmin(SuperusersOnly, UserAdmin):
    """Accounts of staff, and the way back in for somebody who has lost every second step."""

    list_display = ("username", "email", "is_staff", "is_superuser", "second_step", "last_login")

    @admin.display(description=gettext_lazy("second step"), boolean=True)
    def second_step(self, user: User) -> bool:
        return factors.has_second_step(user)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.reset_second_step)
        route = "<number:pk>/reset-second-step/"
        return [path(route, view, name="auth_user_reset_second_step"), *super().get_urls()]

    def reset_second_step(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Says what will happen; a POST removes every second step of the person."""
        user = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if request.method == "POST":
            with transaction.atomic():
                factors.reset(user, but=request.session.session_key)
                by = factors.signed_in(request)
                factors.record(user, _("The second step of the login was reset."), by=by)
            messages.success(request, _("The second step of %(user)s is reset.") % {"user": user})
            return redirect("admin:auth_user_change", user.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reset the second step of %(user)s") % {"user": user},
            "person": user,
            "opts": self.opts,
        }
        return render(request, "admin/auth/user/reset_second_step.html", context)
