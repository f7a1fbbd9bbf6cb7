"""This migration will make the tables of how the question looked: manifests and pictures (I9).

Both are append-only in the database.
"""

import django.db.models.deletion
from django.db import migrations, models

from evidence.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0009_put_the_records_of_a_browser_into_one_line"),
    ]

    operations = [
        migrations.CreateModel(
            name="CodeManifest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.JSONField(verbose_name="contents")),
                (
                    "code_hash",
                    models.CharField(max_length=64, verbose_name="SHA-256 hash of the code"),
                ),
                ("created_at", models.DateTimeField(verbose_name="in force from")),
                ("hash", models.CharField(max_length=64, verbose_name="SHA-256 hash")),
            ],
            options={
                "verbose_name": "code of the question",
                "verbose_name_plural": "code of the question",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2, verbose_name="language")),
                (
                    "place",
                    models.CharField(
                        choices=[("banner", "banner"), ("cookie-page", "cookie page")],
                        max_length=12,
                        verbose_name="place",
                    ),
                ),
                (
                    "device",
                    models.CharField(
                        choices=[("phone", "phone"), ("desk", "desk")],
                        max_length=5,
                        verbose_name="device",
                    ),
                ),
                ("image", models.BinaryField(verbose_name="picture")),
                (
                    "image_hash",
                    models.CharField(max_length=64, verbose_name="SHA-256 hash of the picture"),
                ),
                ("width", models.PositiveIntegerField(verbose_name="width")),
                ("height", models.PositiveIntegerField(verbose_name="height")),
                ("browser", models.CharField(max_length=100, verbose_name="browser")),
                ("taken_at", models.DateTimeField(verbose_name="taken at")),
                ("hash", models.CharField(max_length=64, verbose_name="SHA-256 hash")),
                (
                    "manifest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="consent.codemanifest",
                        verbose_name="code of the question",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="consent.notice",
                        verbose_name="notice",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture of the question",
                "verbose_name_plural": "pictures of the question",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "manifest", "language", "place", "device"),
                        name="consent_one_picture_of_each",
                    )
                ],
            },
        ),
        refuse_changes("consent_codemanifest"),
        refuse_changes("consent_picture"),
    ]
