"""This migration will keep the runs of retention and their counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0013_name_the_record_of_processing"),
    ]

    operations = [
        migrations.CreateModel(
            name="PurgeRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(null=True, unique=True, verbose_name="day")),
                ("started_at", models.DateTimeField(db_index=True, verbose_name="started at")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                ("is_complete", models.BooleanField(default=False, verbose_name="complete")),
                ("counts", models.JSONField(default=dict, verbose_name="rows")),
                ("errors", models.JSONField(default=dict, verbose_name="errors")),
                ("done", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "run of retention",
                "verbose_name_plural": "runs of retention",
                "ordering": ["-started_at"],
            },
        ),
    ]
