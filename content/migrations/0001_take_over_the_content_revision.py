"""This migration will take the model of the content revision over from privacy, with its table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("privacy", "0007_freeze_versions_and_their_steps")]

    operations = [
        # The table stays as it is. Content types follow in privacy 0008.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="ContentRevision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.PositiveBigIntegerField(default=0)),
                        ("seeded_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "db_table": "privacy_contentrevision",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("pk", 1)), name="privacy_one_revision_row"
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
