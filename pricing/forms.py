"""The admin forms for prices and cells, below their plan or their row."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pricing.models import ComparisonRow, Currency, Plan


class LinesFormSet(forms.BaseInlineFormSet):
    """One line for each value of a fixed field (currency, plan or row); staff fill in the rest."""

    fixed_field: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_num == 0:  # the admin sets 0 for staff without the permission to add
            return
        values = list(self.fixed_values())
        stored = set(self.get_queryset().values_list(self.fixed_field, flat=True))
        self.initial_extra = [{self.fixed_field: value} for value in values if value not in stored]
        self.extra = 0
        # Exactly one line for each value, so that the admin has no button to add or remove lines.
        self.min_num = self.max_num = len(values)

    def fixed_values(self) -> Iterable[Any]:
        raise NotImplementedError

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.empty_permitted = True  # a line that staff leave empty is not saved
        field = form.fields[self.fixed_field]
        field.widget = forms.Select(choices=field.choices)
        field.disabled = True  # Django then ignores the value that the browser sends

    def filled_values(self) -> set[Any]:
        """The fixed values of the lines that will be stored after this save."""
        column = self.get_queryset().model._meta.get_field(self.fixed_field).attname
        remaining = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        stored = [form for form in remaining if form.instance.pk or form.has_changed()]
        return {getattr(form.instance, column) for form in stored}


class PriceForm(forms.ModelForm):
    """Takes amounts with a comma, as people in Poland type them (59,90), and with a point."""

    class Meta:
        localized_fields = ("amount",)


class PriceFormSet(LinesFormSet):
    """Prices in all currencies or in none: a visitor who changes the currency must see a price."""

    fixed_field = "currency"

    def fixed_values(self) -> Iterable[str]:
        return Currency.values

    def clean(self) -> None:
        super().clean()
        filled = self.filled_values()
        missing = [str(code.label) for code in Currency if code not in filled]
        if self.instance.is_active and filled and missing and not any(self.errors):
            raise ValidationError(
                _(
                    "A plan that is offered needs a price in every currency, or in none: then the "
                    "page says “price on request”. Missing: %(missing)s."
                ),
                params={"missing": ", ".join(missing)},
            )


class CellsOfRowFormSet(LinesFormSet):
    """The cells of one row, one for each plan."""

    fixed_field = "plan"

    def fixed_values(self) -> Iterable[int]:
        return Plan.objects.values_list("pk", flat=True)

    def clean(self) -> None:
        super().clean()
        offered = Plan.objects.filter(is_active=True).exclude(pk__in=self.filled_values())
        if not any(self.errors):
            _refuse_gaps([str(plan) for plan in offered])


class CellsOfPlanFormSet(LinesFormSet):
    """The cells of one plan, one for each row."""

    fixed_field = "row"

    def fixed_values(self) -> Iterable[int]:
        return ComparisonRow.objects.values_list("pk", flat=True)

    def clean(self) -> None:
        super().clean()
        if self.instance.is_active and not any(self.errors):
            rows = ComparisonRow.objects.exclude(pk__in=self.filled_values())
            _refuse_gaps([str(row) for row in rows])


def _refuse_gaps(missing: list[str]) -> None:
    if missing:
        raise ValidationError(
            _("The comparison has no gaps: say what is included. Missing: %(missing)s."),
            params={"missing": ", ".join(missing)},
        )
