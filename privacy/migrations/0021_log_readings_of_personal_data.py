"""This migration will create the log of readings, whose rows retention alone can delete."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import evidence.keyed_hashes
from evidence.append_only import open_for_deletion, refuse_changes


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0020_keep_a_register_of_breaches"),
        ("evidence", "0001_create_the_control_row_of_deletions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=16, unique=True)),
                ("key", evidence.keyed_hashes.KeyedHashField(max_length=80, unique=True)),
                ("last_read_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("read_at", models.DateTimeField(db_index=True, verbose_name="when")),
                (
                    "what",
                    models.CharField(
                        choices=[("read", "read"), ("exported", "exported")],
                        max_length=8,
                        verbose_name="what was done",
                    ),
                ),
                (
                    "kind",
                    models.CharField(blank=True, max_length=64, verbose_name="which data"),
                ),
                (
                    "about",
                    models.CharField(
                        blank=True, db_index=True, max_length=16, verbose_name="about whom"
                    ),
                ),
                ("rows", models.PositiveIntegerField(null=True, verbose_name="rows")),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading of data",
                "verbose_name_plural": "log of readings",
                "ordering": ["-read_at", "-pk"],
            },
        ),
        refuse_changes("privacy_reading"),
        open_for_deletion("privacy_reading"),
    ]
