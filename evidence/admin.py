"""Rows that staff read and never write, in the admin; actions on them leave a line in the log."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


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
