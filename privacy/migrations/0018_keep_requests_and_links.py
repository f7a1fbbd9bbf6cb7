"""This migration will keep what people ask for, and the links to their data."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import privacy.rights.requests.data_request


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0017_add_the_first_recipients"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DataLink",
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
                    "language",
                    models.CharField(
                        choices=[("pl", "Polski"), ("en", "English")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
            ],
            options={
                "verbose_name": "link to a person’s data",
                "verbose_name_plural": "links to a person’s data",
                "ordering": ["-opened_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DataRequest",
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
                    "reference",
                    models.CharField(
                        default=privacy.rights.requests.data_request.make_reference,
                        editable=False,
                        max_length=9,
                        unique=True,
                        verbose_name="reference",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "access (Art. 15)"),
                            ("rectification", "rectification (Art. 16)"),
                            ("erasure", "erasure (Art. 17)"),
                            ("restriction", "restriction (Art. 18)"),
                            ("portability", "portability (Art. 20)"),
                            ("objection", "objection (Art. 21)"),
                            ("automated", "automated decisions (Art. 22)"),
                            ("complaint", "complaint"),
                        ],
                        max_length=13,
                        verbose_name="right",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("site", "on the site"),
                            ("email", "by e-mail"),
                            ("letter", "by letter"),
                            ("telephone", "by telephone"),
                        ],
                        default="site",
                        max_length=9,
                        verbose_name="received",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("pl", "Polski"), ("en", "English")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="what the person wrote")),
                (
                    "is_verified",
                    models.BooleanField(default=False, verbose_name="identity verified"),
                ),
                (
                    "due_on",
                    models.DateField(db_index=True, editable=False, verbose_name="answer due on"),
                ),
                (
                    "acknowledged_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="acknowledged at"),
                ),
                (
                    "extended_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="extended at"),
                ),
                (
                    "paused_on",
                    models.DateField(editable=False, null=True, verbose_name="paused since"),
                ),
                (
                    "paused_days",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="days paused"
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="closed at"),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "done as asked"),
                            ("partly", "done in part"),
                            ("refused", "refused, with the reason"),
                            ("nothing", "we hold nothing about the person"),
                            ("taken-back", "taken back by the person"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
            ],
            options={
                "verbose_name": "request of a person",
                "verbose_name_plural": "requests of people",
                "ordering": ["-opened_at"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("outcome", "")),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="privacy_datarequest_outcome",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestStep",
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
                            ("received", "received"),
                            ("acknowledged", "acknowledged"),
                            ("verified", "identity verified"),
                            ("extended", "extended"),
                            ("paused", "paused"),
                            ("resumed", "resumed"),
                            ("note", "note"),
                            ("answered", "answered"),
                            ("exported", "exported as a file"),
                            ("closed", "closed"),
                        ],
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                ("taken_at", models.DateTimeField(verbose_name="moment")),
                ("text", models.TextField(blank=True, verbose_name="words")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="privacy.datarequest",
                        verbose_name="request of a person",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a request",
                "verbose_name_plural": "steps of a request",
                "ordering": ["taken_at", "pk"],
            },
        ),
    ]
