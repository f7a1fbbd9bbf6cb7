"""Mails in the admin: their state, and the actions of staff on them."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery import addresses, outbox
from delivery.bounces import reports
from delivery.deliveries import Delivery
from delivery.models import Mail
from evidence.admin import moment_text
from evidence.growing.admin import GrowingAdmin


class AddressSearch(admin.ModelAdmin):
    """Finds an address in every spelling, as it is stored in one form only."""

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, addresses.search_term(search_term))


class NextAttempt:
    """The column `next_attempt` of deliveries: empty for those that no longer wait."""

    @admin.display(description=gettext_lazy("next attempt"))
    def next_attempt(self, delivery: Delivery) -> str:
        is_waiting = delivery.state == Delivery.State.WAITING
        return moment_text(delivery.next_attempt_at if is_waiting else None)


class KindFilter(admin.SimpleListFilter):
    """The kinds that the apps declare. Django's own filter reads all rows to find their kinds."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(name, name) for name in outbox.kinds()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Mail)
class MailAdmin(NextAttempt, GrowingAdmin):
    """Mails and their state. The address is not a column: a mail looks it up when it is sent."""

    list_display = (
        "created_at",
        "kind",
        "state",
        "attempts",
        "next_attempt",
        "finished_at",
        "error",
    )
    list_filter = ("state", KindFilter)
    search_fields = ("about",)
    search_help_text = gettext_lazy("The number of the sign-up that the e-mail is about.")
    date_hierarchy = "created_at"
    fields = (
        "kind",
        "about",
        "state",
        "created_at",
        "attempts",
        "possible_copies",
        "next_attempt",
        "finished_at",
        "error",
    )
    actions = ("send_again", "take_bounce", "lift_block")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """By the whole number: the database would compare a part of it with every row."""
        if not search_term:
            return queryset, False
        try:
            return queryset.about_any([UUID(search_term.strip())]), False
        except ValueError:
            return queryset.filter(about=search_term.strip()), False

    @admin.display(description=gettext_lazy("last error"))
    def error(self, mail: Mail) -> str:
        # gettext translates an empty text into the header of the catalog.
        return _(mail.last_error) if mail.last_error else "–"

    @admin.action(description=gettext_lazy("Try again: send a new copy"), permissions=["act"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        """Queue a new row. The old row may have used up its copies, and keeps its state."""
        with transaction.atomic():
            mails = list(queryset)
            failed = [mail for mail in mails if mail.state == Mail.State.FAILED]
            for mail in failed:
                outbox.put(kind=mail.kind, about=mail.about, at=timezone.now())
            self.log(request, failed, _("A new copy was put in the queue."))
        text = _("New copies in the queue: %(done)d. Skipped, as not given up: %(skipped)d.")
        counts = {"done": len(failed), "skipped": len(mails) - len(failed)}
        self.tell(request, len(failed), text % counts)

    @admin.action(
        description=gettext_lazy("The mail bounced: send nothing more to this address"),
        permissions=["act"],
    )
    def take_bounce(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        blocked, unsent, unknown = [], 0, 0
        with transaction.atomic():
            for mail in queryset:
                if not mail.possible_copies:
                    unsent += 1
                elif reports.block_reader(mail, at=timezone.now()):
                    blocked.append(mail)
                else:
                    unknown += 1
            self.log(request, blocked, _("The mail bounced: its address was blocked."))
        text = _(
            "Addresses blocked: %(done)d. Skipped, as the mail was never sent: %(unsent)d; as it "
            "is no longer known whom it was for: %(unknown)d."
        )
        counts = {"done": len(blocked), "unsent": unsent, "unknown": unknown}
        self.tell(request, len(blocked), text % counts)

    @admin.action(description=gettext_lazy("Lift the block of this address"), permissions=["act"])
    def lift_block(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        lifted, skipped = [], 0
        with transaction.atomic():
            for mail in queryset:
                address = outbox.address_of(mail)
                if address and outbox.lift_suppression(address):
                    lifted.append(mail)
                else:
                    skipped += 1
            self.log(request, lifted, _("The block of its address was lifted."))
        text = _(
            "Blocks lifted: %(done)d. Skipped, as the address is not blocked or no longer known: "
            "%(skipped)d."
        )
        self.tell(request, len(lifted), text % {"done": len(lifted), "skipped": skipped})
