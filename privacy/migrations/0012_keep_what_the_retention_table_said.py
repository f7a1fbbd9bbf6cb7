"""This migration will keep what the table of retention periods said, append-only (I14)."""

from django.db import migrations, models

from evidence.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("privacy", "0011_name_the_key_of_a_hash")]

    operations = [
        migrations.CreateModel(
            name="RetentionSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.JSONField(verbose_name="contents")),
                ("hash", models.CharField(max_length=64, verbose_name="SHA-256 hash")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "table of retention periods",
                "verbose_name_plural": "tables of retention periods",
                "ordering": ["-pk"],
            },
        ),
        refuse_changes("privacy_retentionsnapshot"),
    ]
