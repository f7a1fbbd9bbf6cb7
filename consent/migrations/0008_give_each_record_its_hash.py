"""This migration will give each record a column for its hash, and for the moment it was stored.

Records without a hash get it from the worker (`consent/records/record_hashes.py`), batch by batch: to
rewrite a large table here would keep visitors waiting. Until then such a row can be changed.
"""

import django.db.models.functions.datetime
from django.db import migrations, models

from evidence.append_only import (
    allow_changes,
    close_for_deletion,
    forget_in_seal,
    open_for_deletion,
    refuse_changes,
)

TABLE = "consent_consentrecord"


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0007_keep_the_indexes_that_pay"),
        ("evidence", "0002_make_the_tables_of_the_seal"),
    ]

    operations = [
        close_for_deletion(TABLE),
        allow_changes(TABLE),
        migrations.AddField(
            model_name="consentrecord",
            name="hash",
            field=models.CharField(db_default="", max_length=64, verbose_name="SHA-256 hash"),
        ),
        migrations.AddField(
            model_name="consentrecord",
            name="stored_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), verbose_name="stored at"
            ),
        ),
        refuse_changes(TABLE, when="OLD.hash <> ''"),
        open_for_deletion(TABLE),
        forget_in_seal(TABLE, "record"),
    ]
