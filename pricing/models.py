"""Plans and their prices, in every currency that we quote."""

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
    """One offer, described in both languages. Prices are per user and month, net of VAT."""

    code = models.SlugField(_("code"), unique=True)
    name_pl = models.CharField(_("name (Polish)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    description_pl = models.TextField(_("description (Polish)"))
    description_en = models.TextField(_("description (English)"))
    features_pl = models.TextField(_("features (Polish)"), help_text=_("One per line."))
    features_en = models.TextField(_("features (English)"), help_text=_("One per line."))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    is_sample = models.BooleanField(
        _("sample content"), default=False, help_text=_("Marked as a sample on the page.")
    )

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name_pl


class Price(models.Model):
    """The price of a plan in one currency: net, per user and month."""

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
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
