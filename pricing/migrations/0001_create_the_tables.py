"""This migration will create the tables of the app."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(unique=True, verbose_name="code")),
                ("name_pl", models.CharField(max_length=60, verbose_name="name (Polish)")),
                ("name_en", models.CharField(max_length=60, verbose_name="name (English)")),
                ("description_pl", models.TextField(verbose_name="description (Polish)")),
                ("description_en", models.TextField(verbose_name="description (English)")),
                (
                    "features_pl",
                    models.TextField(help_text="One per line.", verbose_name="features (Polish)"),
                ),
                (
                    "features_en",
                    models.TextField(help_text="One per line.", verbose_name="features (English)"),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                (
                    "is_sample",
                    models.BooleanField(
                        default=False,
                        help_text="Marked as a sample on the page.",
                        verbose_name="sample content",
                    ),
                ),
            ],
            options={
                "verbose_name": "plan",
                "verbose_name_plural": "plans",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        choices=[
                            ("PLN", "Polish zloty"),
                            ("GBP", "pound sterling"),
                            ("EUR", "euro"),
                            ("USD", "US dollar"),
                        ],
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=8,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="amount",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="pricing.plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "price",
                "verbose_name_plural": "prices",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "currency"), name="pricing_price_currency"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="pricing_price_not_negative"
                    ),
                ],
            },
        ),
    ]
