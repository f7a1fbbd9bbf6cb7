"""This migration will make room for the name of the key in the hashes of struck-off numbers."""

from django.db import migrations

import evidence.keyed_hashes


class Migration(migrations.Migration):
    dependencies = [
        ("trial", "0005_note_confirmed_and_struck_off_numbers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="struckoffnumber",
            name="key",
            field=evidence.keyed_hashes.KeyedHashField(editable=False, max_length=80, unique=True),
        ),
    ]
