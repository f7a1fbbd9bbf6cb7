"""Plans, their prices and their comparison in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from content.admin import ContentAdmin
from pricing.forms import CellsOfPlanFormSet, CellsOfRowFormSet, PriceForm, PriceFormSet
from pricing.models import ComparisonCell, ComparisonRow, Plan, Price


class OfferAdmin(ContentAdmin):
    """Shows Polish and English side by side, and inlines as lines with a fixed first column."""

    class Media:
        css = {"all": ("css/admin/side_by_side.css", "css/admin/lines.css")}


class PriceInline(admin.TabularInline):
    model = Price
    form = PriceForm
    formset = PriceFormSet
    classes = ("lines",)
    fields = ("currency", "amount")


class CellInline(admin.TabularInline):
    """Cells of the comparison, below their plan or below their row."""

    model = ComparisonCell
    classes = ("lines",)
    can_delete = False


class CellsOfPlanInline(CellInline):
    formset = CellsOfPlanFormSet
    fields = ("row", "answer", "text_pl", "text_en")


class CellsOfRowInline(CellInline):
    formset = CellsOfRowFormSet
    fields = ("plan", "answer", "text_pl", "text_en")


@admin.register(Plan)
class PlanAdmin(OfferAdmin):
    """A plan with its prices and its column of the comparison."""

    list_display = ("name_pl", "order", "is_active", "is_sample")
    list_editable = ("order",)
    prepopulated_fields = {"code": ("name_en",)}
    inlines = (PriceInline, CellsOfPlanInline)
    fieldsets = (
        (None, {"fields": (("name_pl", "name_en"), ("code", "order"), "is_active", "is_sample")}),
        (
            _("Texts"),
            {"fields": (("description_pl", "description_en"), ("features_pl", "features_en"))},
        ),
        (_("How its prices are stated"), {"fields": (("billing_period", "vat"),)}),
    )


@admin.register(ComparisonRow)
class ComparisonRowAdmin(OfferAdmin):
    """A row of the comparison, with its cell for every plan."""

    list_display = ("name_pl", "name_en", "order")
    list_editable = ("order",)
    fields = (("name_pl", "name_en"), "order")
    inlines = (CellsOfRowInline,)
