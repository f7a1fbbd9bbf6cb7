"""The trial in the admin: marketing mails and the funnel; the rest is in `staff`."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.models import Mail
from evidence.admin import ReadOnlyAdmin
from trial import actions
from trial.models import FunnelCount, MarketingMail
from trial.staff import funnel_report
from trial.staff import marketing_consents as marketing_consents  # these register their pages
from trial.staff import objections as objections
from trial.staff import sign_ups as sign_ups
from trial.staff import webhooks as webhooks


@admin.register(MarketingMail)
class MarketingMailAdmin(admin.ModelAdmin):
    """Mails in both languages. One that was sent can be neither changed nor deleted."""

    list_display = ("subject_pl", "created_at", "sent_at")
    fields = (
        ("subject_pl", "subject_en"),
        ("text_pl", "text_en"),
        ("created_at", "sent_at"),
        "mails",
    )
    readonly_fields = ("created_at", "sent_at", "mails")
    actions = ("send",)

    class Media:
        css = {"all": ("css/admin/side_by_side.css", "css/admin/marketing_mail.css")}

    def has_change_permission(self, request: HttpRequest, obj: MarketingMail | None = None) -> bool:
        is_open = obj is None or obj.sent_at is None
        return is_open and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: MarketingMail | None = None) -> bool:
        is_open = obj is not None and obj.sent_at is None
        return is_open and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: MarketingMail, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        # A colleague may have sent the mail after this form was opened. The condition keeps its
        # text as it was sent, and saving only the changed fields keeps its `sent_at`.
        unsent_mail = MarketingMail.objects.filter(pk=obj.pk, sent_at__isnull=True)
        unsent_mail.update(**{name: form.cleaned_data[name] for name in form.changed_data})

    @admin.display(description=gettext_lazy("e-mail messages"))
    def mails(self, mail: MarketingMail) -> str:
        """The number of mails to single people, by state."""
        single_mails = Mail.objects.filter(kind=actions.MARKETING, about__startswith=f"{mail.pk} ")
        counts = single_mails.order_by("state").values_list("state").annotate(Count("pk"))
        lines = [(Mail.State(state).label, number) for state, number in counts]
        total = (_("total"), sum(number for _label, number in lines))
        return format_html_join("", "<div>{}: {}</div>", [*lines, total] if lines else [])

    @admin.action(
        description=gettext_lazy("Send to everybody with a live consent"), permissions=["change"]
    )
    def send(self, request: HttpRequest, queryset: QuerySet[MarketingMail]) -> None:
        with transaction.atomic():
            # Row lock: a colleague who sends the same mail waits, then reads that it was sent.
            for mail in queryset.select_for_update():
                self._send(request, mail)

    def _send(self, request: HttpRequest, mail: MarketingMail) -> None:
        if mail.sent_at is not None:
            text = _("“%(mail)s” has already been sent, and will not be sent again.")
            text %= {"mail": mail}
            self.message_user(request, text, messages.WARNING)
            return
        number = actions.send_marketing_mail(mail, at=timezone.now())
        self.log_change(request, mail, _("Sent to %(number)d.") % {"number": number})
        text = _("“%(mail)s” is on its way. Recipients: %(number)d.") % {
            "mail": mail,
            "number": number,
        }
        self.message_user(request, text, messages.SUCCESS)


@admin.register(FunnelCount)
class FunnelAdmin(ReadOnlyAdmin):
    """One page of sums. Single rows have no page: a small campaign could point to a person."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name="trial_funnelcount_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": self.opts.verbose_name_plural,
            "opts": self.opts,
            "reports": funnel_report.reports(today=timezone.localdate()),
            "languages": settings.LANGUAGES,
            "min_sign_ups": funnel_report.MIN_SIGN_UPS,
        }
        return TemplateResponse(request, "admin/trial/funnelcount/change_list.html", context)
