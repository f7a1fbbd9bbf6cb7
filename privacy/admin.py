"""Mails in the admin, and what became of them; versions of policies are in policy_admin.py."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy import outbox
from privacy.models import Mail
from privacy.policy_admin import PolicyVersionAdmin  # and it registers the versions

__all__ = ["MailAdmin", "PolicyVersionAdmin", "ReadOnlyAdmin", "ReadOnlyInline", "moment_text"]


def moment_text(moment: datetime | None) -> str:
    """What a column of our own says of a moment: Django formats only fields, not methods."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else "–"


class ReadOnly:
    """Rows that the site writes: staff read them, and change them by actions alone."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows of another table below the row that they belong to."""

    extra = 0


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """An action that changes something names the permission `act`, writes to the log, and tells."""

    show_full_result_count = False

    def has_act_permission(self, request: HttpRequest) -> bool:
        """The change permission, which `has_change_permission` hides so that no form appears."""
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")

    def log(self, request: HttpRequest, rows: Sequence[Model], text: str) -> None:
        """Who did it, and when. By the id of the row: a name would outlive the row itself."""
        LogEntry.objects.bulk_create(
            LogEntry(
                user_id=str(request.user.pk),
                content_type=ContentType.objects.get_for_model(self.model),
                object_id=str(row.pk),
                object_repr=f"{self.opts.verbose_name} {row.pk}"[:200],
                action_flag=CHANGE,
                change_message=text,
            )
            for row in rows
        )

    def log_download(self, request: HttpRequest, rows: int) -> None:
        """Who took how many rows away, and when."""
        LogEntry.objects.create(
            user_id=str(request.user.pk),
            content_type=ContentType.objects.get_for_model(self.model),
            object_repr=str(self.opts.verbose_name_plural),
            action_flag=CHANGE,
            change_message=_("Downloaded as CSV. Rows: %(rows)d.") % {"rows": rows},
        )

    def tell(self, request: HttpRequest, done: int, text: str) -> None:
        """A success where anything was done at all."""
        self.message_user(request, text, messages.SUCCESS if done else messages.WARNING)


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """Mails and how far they have come. Whom one is for is asked only as it is sent."""

    list_display = (
        "created_at",
        "kind",
        "state",
        "attempts",
        "next_attempt",
        "finished_at",
        "last_error",
    )
    list_filter = ("state", "kind")
    search_fields = ("about",)
    search_help_text = gettext_lazy("The number of the sign-up that the mail is about.")
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
        "last_error",
    )
    actions = ("send_again", "take_bounce", "lift_block")

    @admin.display(description=gettext_lazy("next attempt"), ordering="next_attempt_at")
    def next_attempt(self, mail: Mail) -> str:
        return moment_text(mail.next_attempt_at if mail.state == Mail.State.WAITING else None)

    @admin.action(description=gettext_lazy("Try again: send a new copy"), permissions=["act"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        """A new row: the old one may have used up its copies, and stays as it ended."""
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
                elif outbox.take_bounce(mail, at=timezone.now()):
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
                if address and outbox.lift(address):
                    lifted.append(mail)
                else:
                    skipped += 1
            self.log(request, lifted, _("The block of its address was lifted."))
        text = _(
            "Blocks lifted: %(done)d. Skipped, as the address is not blocked or no longer known: "
            "%(skipped)d."
        )
        self.tell(request, len(lifted), text % {"done": len(lifted), "skipped": skipped})
