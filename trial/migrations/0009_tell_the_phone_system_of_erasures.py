"""This migration will make the table of notices that tell the phone system of erasures."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trial", "0008_keep_objections_of_addresses_and_numbers"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasureNotice",
            fields=[
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("delivered", "delivered"),
                            ("failed", "given up"),
                            ("canceled", "no longer needed"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False, verbose_name="created at")),
                (
                    "next_attempt_at",
                    models.DateTimeField(editable=False, verbose_name="next attempt"),
                ),
                ("claimed_until", models.DateTimeField(editable=False, null=True)),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="attempts"
                    ),
                ),
                (
                    "finished_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="finished at"),
                ),
                (
                    "last_error",
                    models.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="last error"
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "trial_id",
                    models.UUIDField(
                        editable=False, unique=True, verbose_name="number of the trial"
                    ),
                ),
                ("erased_at", models.DateTimeField(editable=False, verbose_name="erased at")),
            ],
            options={
                "verbose_name": "notice of an erasure",
                "verbose_name_plural": "notices of erasures",
                "ordering": ["-created_at"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["next_attempt_at"],
                        name="trial_erasurenotice_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("finished_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="trial_erasurenotice_finished",
                    )
                ],
            },
        ),
    ]
