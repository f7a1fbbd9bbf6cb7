"""This migration will make room for the name of the key in the hashes of suppressed addresses."""

from django.db import migrations

import evidence.keyed_hashes


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0002_let_a_worker_say_that_it_lives"),
    ]

    operations = [
        migrations.AlterField(
            model_name="suppressedaddress",
            name="key",
            field=evidence.keyed_hashes.KeyedHashField(max_length=80, unique=True),
        ),
    ]
