"""This migration will create the table of the control row that opens the deletion window."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="EvidenceWindow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=9)),
            ],
            options={"db_table": "evidence_window"},
        ),
    ]
