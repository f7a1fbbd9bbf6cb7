"""This migration will take drafts through review, and log every step of a version."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from evidence.append_only import allow_changes


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0004_create_mails_and_tokens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # 0007 sets the trigger again, once every version has its hash. On SQLite it is gone anyway:
        # Django rebuilds the table.
        allow_changes("privacy_policyversion", when="OLD.published_at IS NOT NULL"),
        migrations.CreateModel(
            name="PolicyStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("started", "started"),
                            ("edited", "edited"),
                            ("submitted", "submitted for review"),
                            ("returned", "returned to its author"),
                            ("published", "published"),
                            ("discarded", "discarded"),
                            ("link-made", "preview link made"),
                            ("links-ended", "preview links ended"),
                        ],
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                ("taken_at", models.DateTimeField(verbose_name="when")),
                ("note", models.TextField(blank=True, verbose_name="note")),
            ],
            options={
                "verbose_name": "step of a version",
                "verbose_name_plural": "steps of a version",
                "ordering": ["pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="policyversion",
            options={
                "ordering": [
                    "policy",
                    models.OrderBy(models.F("number"), descending=True, nulls_first=True),
                    "-pk",
                ],
                "permissions": [("publish_policyversion", "Can publish policy versions")],
                "verbose_name": "policy version",
                "verbose_name_plural": "policy versions",
            },
        ),
        migrations.RemoveConstraint(
            model_name="policyversion",
            name="privacy_published_is_complete",
        ),
        migrations.AddField(
            model_name="policyversion",
            name="article_13",
            field=models.JSONField(blank=True, default=dict, verbose_name="GDPR Art. 13"),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="asks_again",
            field=models.BooleanField(default=False, verbose_name="ask for consent again"),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="change_summary_en",
            field=models.TextField(blank=True, verbose_name="what changes (English)"),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="change_summary_pl",
            field=models.TextField(blank=True, verbose_name="what changes (Polish)"),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="hash",
            field=models.CharField(
                blank=True, editable=False, max_length=64, verbose_name="SHA-256"
            ),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="is_material",
            field=models.BooleanField(default=False, verbose_name="material change"),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="revision",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="stage",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("in-review", "in review"),
                    ("published", "published"),
                    ("discarded", "discarded"),
                ],
                default="draft",
                max_length=9,
                verbose_name="stage",
            ),
        ),
        migrations.AlterField(
            model_name="policyversion",
            name="effective_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="takes effect at"),
        ),
        migrations.AlterField(
            model_name="policyversion",
            name="number",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="version"),
        ),
        migrations.AlterField(
            model_name="policyversion",
            name="text_en",
            field=models.TextField(blank=True, verbose_name="text (English)"),
        ),
        migrations.AlterField(
            model_name="policyversion",
            name="text_pl",
            field=models.TextField(blank=True, verbose_name="text (Polish)"),
        ),
        migrations.AlterField(
            model_name="policyversion",
            name="title_en",
            field=models.CharField(blank=True, max_length=200, verbose_name="title (English)"),
        ),
        migrations.AlterField(
            model_name="policyversion",
            name="title_pl",
            field=models.CharField(blank=True, max_length=200, verbose_name="title (Polish)"),
        ),
        migrations.AddField(
            model_name="policystep",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
        migrations.AddField(
            model_name="policystep",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="privacy.policyversion",
                verbose_name="policy version",
            ),
        ),
    ]
