"""The site of the admin: it opens after the second step, and has the pages of that step."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from content import store
from voipstudio.accounts import factors, login


class StaffSite(admin.AdminSite):
    """`admin.site` of this project."""

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not factors.lacks_second_step(request.user)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        store.require_database()
        if request.method == "GET" and factors.has_given_password(request.user):
            page = login.page_after_login(request)
            return login.redirect_onward(request, page or reverse("admin:index"))
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        request.current_app = self.name  # Django's own way
        return login.Login.as_view(extra_context=context)(request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if not context["has_permission"]:
            # The pages before the second step show nothing of what is behind it.
            context |= {
                "available_apps": [],
                "is_nav_sidebar_enabled": False,
                "log_entries": None,
            }
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        # Django imports this module before its models are ready.
        from privacy import reminders

        context = {"reminders": reminders.for_staff(request.user, at=timezone.now())}
        context |= extra_context or {}
        return super().index(request, context)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Log what staff read of people: each page of a ModelAdmin comes through here."""
        # Django imports this module before its models are ready.
        from privacy.rights.readings import pages

        return super().admin_view(pages.logged(view), cacheable)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """No form of this admin needs it, and it would show names of people beside the log."""
        raise Http404

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Django imports this module before its models are ready, and these need them.
        from voipstudio.accounts import views

        setup = "second-step/setup/"
        own: list[URLPattern | URLResolver] = [
            path("second-step/", views.second_step, name="second_step"),
            path("second-step/passkey/options/", views.passkey_options, name="passkey_options"),
            path("second-step/passkey/", views.passkey_answer, name="passkey_answer"),
            path("second-step/start-again/", views.start_again, name="start_again"),
            path(setup, views.overview, name="factors"),
            path(f"{setup}app/", views.set_up_app, name="set_up_app"),
            path(f"{setup}passkey/options/", views.new_passkey_options, name="new_passkey_options"),
            path(f"{setup}passkey/", views.add_passkey, name="add_passkey"),
            path(f"{setup}remove/", views.remove, name="remove_factor"),
            path(f"{setup}recovery-codes/", views.recovery_codes, name="recovery_codes"),
            path(f"{setup}recovery-codes/file/", views.recovery_codes_file, name="recovery_file"),
        ]
        return [*own, *super().get_urls()]
