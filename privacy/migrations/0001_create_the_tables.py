"""This migration will create the tables of the app."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ContentRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("seeded_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="privacy_one_revision_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "policy",
                    models.CharField(
                        choices=[
                            ("privacy", "privacy policy"),
                            ("terms", "terms of service"),
                            ("acceptable-use", "acceptable use policy"),
                        ],
                        max_length=20,
                        verbose_name="policy",
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="version")),
                ("title_pl", models.CharField(max_length=200, verbose_name="title (Polish)")),
                ("title_en", models.CharField(max_length=200, verbose_name="title (English)")),
                ("text_pl", models.TextField(verbose_name="text (Polish)")),
                ("text_en", models.TextField(verbose_name="text (English)")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                (
                    "effective_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Empty: as soon as published.",
                        null=True,
                        verbose_name="takes effect at",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="published at"),
                ),
            ],
            options={
                "verbose_name": "policy version",
                "verbose_name_plural": "policy versions",
                "ordering": ["policy", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "number"), name="privacy_version_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at__isnull", True),
                            models.Q(
                                ("effective_at__gte", models.F("published_at")),
                                ("effective_at__isnull", False),
                                models.Q(("title_pl", ""), _negated=True),
                                models.Q(("title_en", ""), _negated=True),
                                models.Q(("text_pl", ""), _negated=True),
                                models.Q(("text_en", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="privacy_published_is_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RateCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("minute", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "minute"), name="privacy_rate_key")
                ],
            },
        ),
    ]
