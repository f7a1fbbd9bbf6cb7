"""What staff open for the person of a request: the rows that we hold, and forms that act on them.

No address stands in a URL: rows are named by their numbers, and a form gets the person by POST.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from privacy.models import DataRequest, ErasureCase, LegalHold, Restriction
from privacy.rights.cases.case import names_of
from privacy.rights.map.declarations import Text
from privacy.rights.map.register import all_declared

# Of one table. More would make an address that no proxy takes.
MAX_ROWS = 50


@dataclass(frozen=True)
class RowsLink:
    """Rows of the person in one list of the admin."""

    name: str
    number: int
    address: str


@dataclass(frozen=True)
class Tool:
    """A form of the admin that opens with the person filled in."""

    button: Text
    address: str


def links(row: DataRequest, request: HttpRequest) -> Iterator[RowsLink]:
    """The lists that this member of staff may open, each with the rows of the person alone."""
    for data in all_declared():
        if not _may_look(data.model, request):
            continue
        found = (
            data.rows_of(row.person).exclude(pk=row.pk)
            if data.model is DataRequest
            else data.rows_of(row.person)
        )
        ids = [str(pk) for pk in found.values_list("pk", flat=True)[:MAX_ROWS]]
        if ids:
            yield RowsLink(capfirst(str(data.name)), len(ids), _list_of(data.model, ids))


def _may_look(model: Any, request: HttpRequest) -> bool:
    is_shown = admin.site.is_registered(model)
    return is_shown and admin.site.get_model_admin(model).has_view_permission(request)


def _list_of(model: Any, ids: list[str]) -> str:
    meta = model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return f"{address}?{urlencode({f'{meta.pk.name}__in': ','.join(ids)})}"


def tools(row: DataRequest, request: HttpRequest) -> list[Tool]:
    """The forms for this person that the member of staff may use."""
    if not names_of(row.person):
        return []
    buttons = (
        (ErasureCase, _("Erase the person…")),
        (Restriction, _("Restrict the data…")),
        (LegalHold, _("Put a legal hold on the data…")),
    )
    return [
        Tool(button, reverse(f"admin:privacy_{model._meta.model_name}_add"))
        for model, button in buttons
        if request.user.has_perm(f"privacy.add_{model._meta.model_name}")
    ]
