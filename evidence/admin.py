"""Admin base classes for rows that staff only read. Actions on them are logged."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

DOWNLOADED_ROWS = "downloaded_rows"


def moment_text(moment: datetime | None) -> str:
    """A moment as the admin writes it. Django formats fields, but not the results of methods."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else "–"


class ReadOnly:
    """No forms for rows that the site writes. Staff change them by actions only."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Read-only rows below the row that they belong to."""

    extra = 0


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """Read-only rows with actions.

    An action that changes rows asks for the permission `act`, calls `log`, and ends with `tell`.
    """

    show_full_result_count = False  # it would count the whole table for every filtered list

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any) -> Any:
        """Raises BadRequest where the form names what can be no row: no database can look it up."""
        for text in request.POST.getlist(ACTION_CHECKBOX_NAME):
            try:
                self.opts.pk.to_python(text)
            except ValidationError:
                raise BadRequest from None
        return super().response_action(request, queryset, *args)

    def has_act_permission(self, request: HttpRequest) -> bool:
        """The change permission, which `has_change_permission` hides so that no form appears."""
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")

    def log(self, request: HttpRequest, rows: Sequence[Model], text: str) -> None:
        """Log the action for each row. It names a row by its id: log lines outlive erased rows."""
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

    def log_download(self, request: HttpRequest, rows: int, *, form: str = "CSV") -> None:
        """Log that a member of staff downloaded this many rows, in which form of file.

        The request keeps the number for the log of readings, which is written afterwards.
        """
        setattr(request, DOWNLOADED_ROWS, rows)
        LogEntry.objects.create(
            user_id=str(request.user.pk),
            content_type=ContentType.objects.get_for_model(self.model),
            object_repr=str(self.opts.verbose_name_plural),
            action_flag=CHANGE,
            change_message=_("Downloaded as %(form)s. Rows: %(rows)d.")
            % {"form": form, "rows": rows},
        )

    def tell(self, request: HttpRequest, done: int, text: str) -> None:
        """Show a message: a warning if no row was changed, else a success."""
        self.message_user(request, text, messages.SUCCESS if done else messages.WARNING)


def admin_of(model: type[Model]) -> ReadOnlyAdmin:
    """The admin of a model whose rows are read-only, for pages that log what they send out."""
    return cast(ReadOnlyAdmin, admin.site.get_model_admin(model))
