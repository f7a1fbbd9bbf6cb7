"""What the phone system is told, in the admin: hand-overs of trials, and notices of erasures."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.admin import NextAttempt
from delivery.deliveries import Delivery
from evidence.growing.admin import GrowingAdmin
from trial.models import ErasureNotice, HandOver
from trial.staff.person_search import PersonSearch


class WebhookAdmin(NextAttempt, GrowingAdmin):
    """Webhooks, their state, and another try for those that were given up."""

    list_filter = ("state",)
    date_hierarchy = "created_at"
    actions = ("try_again",)

    @admin.action(description=gettext_lazy("Try again"), permissions=["act"])
    def try_again(self, request: HttpRequest, queryset: Any) -> None:
        with transaction.atomic():
            # Row lock: the worker writes to the same rows.
            deliveries = list(queryset.select_for_update())
            failed = [row for row in deliveries if row.state == Delivery.State.FAILED]
            for delivery in failed:
                delivery.try_again(at=timezone.now())
            self.log(request, failed, _("The delivery was started over."))
        text = _("Started over: %(done)d. Skipped, as they have not failed: %(skipped)d.")
        counts = {"done": len(failed), "skipped": len(deliveries) - len(failed)}
        self.tell(request, len(failed), text % counts)


@admin.register(HandOver)
class HandOverAdmin(PersonSearch, WebhookAdmin):
    """Confirmed trials on their way to the phone system."""

    list_display = ("sign_up", "state", "attempts", "next_attempt", "finished_at", "last_error")
    list_select_related = ("sign_up",)
    search_fields = ("email", "company")
    fields = ("id", "created_at", *list_display)


@admin.register(ErasureNotice)
class ErasureNoticeAdmin(WebhookAdmin):
    """Erased trials, of which only the number is left, on their way to the phone system."""

    list_display = ("trial_id", "erased_at", "state", "attempts", "next_attempt", "finished_at",
                    "last_error")  # fmt: skip
    fields = ("id", "created_at", *list_display)
