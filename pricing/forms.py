"""The lines below a plan and below a row of the comparison, as staff fill them in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pricing.models import ComparisonRow, Currency, Plan


class LinesFormSet(forms.BaseInlineFormSet):
    """A line for each head: a currency, a plan, a row. Heads are given; staff fill in the rest."""

    head: str  # the field of a line that holds its head

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_num == 0:  # somebody who may look, but not add
            return
        heads = list(self.heads())
        there = set(self.get_queryset().values_list(self.head, flat=True))
        self.initial_extra = [{self.head: head} for head in heads if head not in there]
        self.extra = 0
        # As many as there are heads, no fewer and no more: the admin offers neither.
        self.min_num = self.max_num = len(heads)

    def heads(self) -> Iterable[Any]:
        raise NotImplementedError

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.empty_permitted = True
        field = form.fields[self.head]
        field.widget = forms.Select(choices=field.choices)
        field.disabled = True

    def filled(self) -> set[Any]:
        """The heads of the lines that will be there after this save."""
        head = self.get_queryset().model._meta.get_field(self.head).attname
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        there = [form for form in kept if form.instance.pk or form.has_changed()]
        return {getattr(form.instance, head) for form in there}


class PriceForm(forms.ModelForm):
    """An amount as people in Poland type it, 59,90; and 59.90 as well."""

    class Meta:
        localized_fields = ("amount",)


class PriceFormSet(LinesFormSet):
    """All or none: who changes the currency must not lose the price."""

    head = "currency"

    def heads(self) -> Iterable[str]:
        return Currency.values

    def clean(self) -> None:
        super().clean()
        filled = self.filled()
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
    """What every plan offers of one row."""

    head = "plan"

    def heads(self) -> Iterable[int]:
        return Plan.objects.values_list("pk", flat=True)

    def clean(self) -> None:
        super().clean()
        offered = Plan.objects.filter(is_active=True).exclude(pk__in=self.filled())
        if not any(self.errors):
            _refuse_gaps([str(plan) for plan in offered])


class CellsOfPlanFormSet(LinesFormSet):
    """What one plan offers of every row."""

    head = "row"

    def heads(self) -> Iterable[int]:
        return ComparisonRow.objects.values_list("pk", flat=True)

    def clean(self) -> None:
        super().clean()
        if self.instance.is_active and not any(self.errors):
            rows = ComparisonRow.objects.exclude(pk__in=self.filled())
            _refuse_gaps([str(row) for row in rows])


def _refuse_gaps(missing: list[str]) -> None:
    if missing:
        raise ValidationError(
            _("The comparison has no gaps: say what is included. Missing: %(missing)s."),
            params={"missing": ", ".join(missing)},
        )
