"""The admin base class of rows that readers see: a change is on the site within a second."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from content.models import ContentRevision


class ContentAdmin(admin.ModelAdmin):
    """Bumps the content revision in the transaction of each change.

    The bump comes first: its row lock serializes writers (see `ContentRevision.bump`).
    """

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        ContentRevision.objects.bump()
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        ContentRevision.objects.bump()
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        # The admin opens a transaction for the two methods above, but not for this one.
        with transaction.atomic():
            ContentRevision.objects.bump()
            super().delete_queryset(request, queryset)
