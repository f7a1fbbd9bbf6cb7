"""Plans and prices in the admin."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from pricing.models import Plan, Price
from privacy.models import ContentRevision


class PriceInline(admin.TabularInline):
    model = Price
    extra = 0


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):
    """Every save and deletion is on the page within a second."""

    list_display = ("name_pl", "order", "is_active", "is_sample")
    inlines = (PriceInline,)

    def save_model(self, request: HttpRequest, obj: Plan, form: Any, change: bool) -> None:
        ContentRevision.objects.bump()
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Plan) -> None:
        ContentRevision.objects.bump()
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Plan]) -> None:
        with transaction.atomic():
            ContentRevision.objects.bump()
            super().delete_queryset(request, queryset)
