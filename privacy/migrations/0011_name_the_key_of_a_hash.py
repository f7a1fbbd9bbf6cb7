"""This migration will make room for the name of the key in the hashes of rate limits."""

from django.db import migrations

import evidence.keyed_hashes


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0010_log_checked_warnings"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ratecount",
            name="key",
            field=evidence.keyed_hashes.KeyedHashField(max_length=80),
        ),
    ]
