"""This migration will say what prices are, and add the table that compares the plans."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pricing", "0001_create_the_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="ComparisonCell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("yes", "yes"), ("no", "no"), ("words", "in words")],
                        max_length=5,
                        verbose_name="included",
                    ),
                ),
                (
                    "text_pl",
                    models.CharField(blank=True, max_length=60, verbose_name="words (Polish)"),
                ),
                (
                    "text_en",
                    models.CharField(blank=True, max_length=60, verbose_name="words (English)"),
                ),
            ],
            options={
                "verbose_name": "cell of the comparison",
                "verbose_name_plural": "what it includes",
                "ordering": ["row__order", "row", "plan__order", "plan"],
            },
        ),
        migrations.CreateModel(
            name="ComparisonRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_pl", models.CharField(max_length=80, verbose_name="name (Polish)")),
                ("name_en", models.CharField(max_length=80, verbose_name="name (English)")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "row of the comparison",
                "verbose_name_plural": "rows of the comparison",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.AddField(
            model_name="plan",
            name="billing_period",
            field=models.CharField(
                choices=[("month", "month"), ("year", "year")],
                default="month",
                max_length=5,
                verbose_name="billing period",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="vat",
            field=models.CharField(
                choices=[("net", "net, without VAT"), ("gross", "gross, with VAT")],
                default="net",
                max_length=5,
                verbose_name="prices are",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name_pl", ""), _negated=True),
                    models.Q(("name_en", ""), _negated=True),
                    models.Q(("description_pl", ""), _negated=True),
                    models.Q(("description_en", ""), _negated=True),
                    models.Q(("features_pl", ""), _negated=True),
                    models.Q(("features_en", ""), _negated=True),
                ),
                name="pricing_plan_is_in_both_languages",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("billing_period__in", ["month", "year"]), ("vat__in", ["net", "gross"])
                ),
                name="pricing_plan_says_what_its_prices_are",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__in", ["PLN", "GBP", "EUR", "USD"])),
                name="pricing_price_currency_is_quoted",
            ),
        ),
        migrations.AddField(
            model_name="comparisoncell",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="cells",
                to="pricing.plan",
                verbose_name="plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="comparisonrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name_pl", ""), _negated=True),
                    models.Q(("name_en", ""), _negated=True),
                ),
                name="pricing_row_is_in_both_languages",
            ),
        ),
        migrations.AddField(
            model_name="comparisoncell",
            name="row",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="cells",
                to="pricing.comparisonrow",
                verbose_name="row of the comparison",
            ),
        ),
        migrations.AddConstraint(
            model_name="comparisoncell",
            constraint=models.UniqueConstraint(
                fields=("row", "plan"), name="pricing_cell_of_row_and_plan"
            ),
        ),
        migrations.AddConstraint(
            model_name="comparisoncell",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", "words"),
                        models.Q(("text_pl", ""), _negated=True),
                        models.Q(("text_en", ""), _negated=True),
                    ),
                    models.Q(("answer__in", ["yes", "no"]), ("text_en", ""), ("text_pl", "")),
                    _connector="OR",
                ),
                name="pricing_cell_says_one_thing",
            ),
        ),
    ]
