"""Plans, their prices in every quoted currency, and the comparison of the plans."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Currency(models.TextChoices):
    """The closed list of currencies (ISO 4217)."""

    PLN = "PLN", _("Polish zloty")
    GBP = "GBP", _("pound sterling")
    EUR = "EUR", _("euro")
    USD = "USD", _("US dollar")


class Plan(models.Model):
    """One offer, described in both languages. A plan without a price is priced on request."""

    class Period(models.TextChoices):
        """The period that one payment for one user covers."""

        MONTH = "month", _("month")
        YEAR = "year", _("year")

    class Vat(models.TextChoices):
        NET = "net", _("net, without VAT")
        GROSS = "gross", _("gross, with VAT")

    code = models.SlugField(_("code"), unique=True)
    name_pl = models.CharField(_("name (Polish)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    description_pl = models.TextField(_("description (Polish)"))
    description_en = models.TextField(_("description (English)"))
    features_pl = models.TextField(_("features (Polish)"), help_text=_("One per line."))
    features_en = models.TextField(_("features (English)"), help_text=_("One per line."))
    billing_period = models.CharField(
        _("billing period"), max_length=5, choices=Period, default=Period.MONTH
    )
    vat = models.CharField(_("prices are"), max_length=5, choices=Vat, default=Vat.NET)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    is_sample = models.BooleanField(
        _("sample content"), default=False, help_text=_("Marked as a sample on the page.")
    )

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="pricing_plan_is_in_both_languages",
                condition=~Q(name_pl="")
                & ~Q(name_en="")
                & ~Q(description_pl="")
                & ~Q(description_en="")
                & ~Q(features_pl="")
                & ~Q(features_en=""),
            ),
            models.CheckConstraint(
                name="pricing_plan_says_what_its_prices_are",
                condition=Q(billing_period__in=["month", "year"], vat__in=["net", "gross"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name_pl

    def clean(self) -> None:
        """Refuse a different number of features in the two languages: one would be missing."""
        counts = [len(lines(text)) for text in (self.features_pl, self.features_en)]
        if all(counts) and counts[0] != counts[1]:
            raise ValidationError(
                _(
                    "List the same features in both languages: here are %(pl)d in Polish and "
                    "%(en)d in English."
                ),
                params={"pl": counts[0], "en": counts[1]},
            )


class Price(models.Model):
    """The price of a plan in one currency, per user. The plan has the period and the VAT."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="prices")
    currency = models.CharField(_("currency"), max_length=3, choices=Currency)
    amount = models.DecimalField(
        _("amount"), max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["plan", "currency"], name="pricing_price_currency"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="pricing_price_not_negative"),
            models.CheckConstraint(
                condition=Q(currency__in=["PLN", "GBP", "EUR", "USD"]),
                name="pricing_price_currency_is_quoted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class ComparisonRow(models.Model):
    """One row of the comparison: a feature, named in both languages."""

    name_pl = models.CharField(_("name (Polish)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("row of the comparison")
        verbose_name_plural = _("rows of the comparison")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="pricing_row_is_in_both_languages",
                condition=~Q(name_pl="") & ~Q(name_en=""),
            )
        ]

    def __str__(self) -> str:
        return self.name_pl


class ComparisonCell(models.Model):
    """One cell of the comparison: yes, no, or a few words in both languages."""

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        WORDS = "words", _("in words")

    row = models.ForeignKey(
        ComparisonRow, models.CASCADE, related_name="cells", verbose_name=_("row of the comparison")
    )
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="cells", verbose_name=_("plan"))
    answer = models.CharField(_("included"), max_length=5, choices=Answer)
    text_pl = models.CharField(_("words (Polish)"), max_length=60, blank=True)
    text_en = models.CharField(_("words (English)"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("cell of the comparison")
        verbose_name_plural = _("what it includes")
        ordering = ["row__order", "row", "plan__order", "plan"]
        constraints = [
            models.UniqueConstraint(fields=["row", "plan"], name="pricing_cell_of_row_and_plan"),
            models.CheckConstraint(
                name="pricing_cell_says_one_thing",
                condition=(Q(answer="words") & ~Q(text_pl="") & ~Q(text_en=""))
                | Q(answer__in=["yes", "no"], text_pl="", text_en=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row}: {self.plan}"

    def clean(self) -> None:
        """Refuse words in one language only, and words beside a yes or a no."""
        texts = {"text_pl": self.text_pl, "text_en": self.text_en}
        if self.answer == self.Answer.WORDS:
            empty = [name for name, text in texts.items() if not text]
            errors: dict[str, Any] = dict.fromkeys(empty, _("Say it in both languages."))
        elif self.answer and any(texts.values()):
            errors = {"answer": _("Choose “in words” here, or leave the words empty.")}
        else:
            errors = {}
        if errors:
            raise ValidationError(errors)


def lines(text: str) -> list[str]:
    """The lines of a text that staff typed, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]
