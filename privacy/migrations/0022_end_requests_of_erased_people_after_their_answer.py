"""This migration will mark the requests that were open when their person was erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0021_log_readings_of_personal_data"),
    ]

    operations = [
        migrations.AddField(
            model_name="datarequest",
            name="is_person_erased",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                verbose_name="person erased while it was open",
            ),
        ),
    ]
