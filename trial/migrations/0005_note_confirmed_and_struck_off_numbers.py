"""This migration will note which numbers their people confirmed, and which nobody may call."""

import django.db.models.deletion
from django.db import migrations, models

from evidence.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [
        ("trial", "0004_keep_the_extension_of_a_telephone_number"),
    ]

    operations = [
        migrations.CreateModel(
            name="StruckOffNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "struck_off_at",
                    models.DateTimeField(editable=False, verbose_name="struck off at"),
                ),
            ],
            options={
                "verbose_name": "struck-off number",
                "verbose_name_plural": "struck-off numbers",
                "ordering": ["-struck_off_at"],
            },
        ),
        migrations.CreateModel(
            name="NumberConfirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("noted_at", models.DateTimeField(verbose_name="noted at")),
                (
                    "consent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="number_confirmation",
                        to="trial.marketingconsent",
                        verbose_name="consent",
                    ),
                ),
            ],
            options={
                "verbose_name": "confirmation of a number",
                "verbose_name_plural": "confirmations of numbers",
            },
        ),
        refuse_changes("trial_numberconfirmation"),
    ]
