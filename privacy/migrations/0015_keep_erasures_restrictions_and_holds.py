"""This migration will create the tables of erasures, restrictions and legal holds of people."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0014_keep_the_runs_of_retention"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasureCase",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "email",
                    models.CharField(
                        blank=True, db_index=True, max_length=254, verbose_name="e-mail address"
                    ),
                ),
                (
                    "record_ids",
                    models.JSONField(
                        blank=True, default=list, verbose_name="numbers of consent records"
                    ),
                ),
                ("opened_at", models.DateTimeField(editable=False, verbose_name="opened at")),
                ("next_attempt_at", models.DateTimeField(editable=False)),
                (
                    "undone_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="undone at"),
                ),
                (
                    "erased_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="erased at"),
                ),
                ("counts", models.JSONField(default=dict, editable=False, verbose_name="rows")),
            ],
            options={
                "verbose_name": "erasure of a person",
                "verbose_name_plural": "erasures of people",
                "ordering": ["-opened_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "email",
                    models.CharField(
                        blank=True, db_index=True, max_length=254, verbose_name="e-mail address"
                    ),
                ),
                (
                    "record_ids",
                    models.JSONField(
                        blank=True, default=list, verbose_name="numbers of consent records"
                    ),
                ),
                ("opened_at", models.DateTimeField(editable=False, verbose_name="opened at")),
                (
                    "reason",
                    models.TextField(help_text="Which claim, and of whom.", verbose_name="reason"),
                ),
                (
                    "review_on",
                    models.DateField(
                        help_text="From this day on, the admin asks whether the hold is still needed.",
                        verbose_name="review on",
                    ),
                ),
                (
                    "lifted_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="lifted at"),
                ),
            ],
            options={
                "verbose_name": "legal hold",
                "verbose_name_plural": "legal holds",
                "ordering": ["-opened_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "email",
                    models.CharField(
                        blank=True, db_index=True, max_length=254, verbose_name="e-mail address"
                    ),
                ),
                (
                    "record_ids",
                    models.JSONField(
                        blank=True, default=list, verbose_name="numbers of consent records"
                    ),
                ),
                ("opened_at", models.DateTimeField(editable=False, verbose_name="opened at")),
                (
                    "reason",
                    models.TextField(
                        help_text="What the person asked for, and which data is in doubt.",
                        verbose_name="reason",
                    ),
                ),
                (
                    "lifted_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="lifted at"),
                ),
            ],
            options={
                "verbose_name": "restriction of processing",
                "verbose_name_plural": "restrictions of processing",
                "ordering": ["-opened_at"],
                "abstract": False,
            },
        ),
    ]
