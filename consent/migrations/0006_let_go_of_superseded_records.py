"""This migration will let a consent record end before the record that supersedes it (I20).

It names the earlier record by its id alone, and a deletion window opens for expired records.
"""

import django.db.models.deletion
from django.db import migrations, models

from evidence.append_only import allow_changes, open_for_deletion, refuse_changes


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0005_name_the_fields_of_evidence"),
        ("evidence", "0001_create_the_control_row_of_deletions"),
    ]

    operations = [
        allow_changes("consent_consentrecord"),
        migrations.AlterField(
            model_name="consentrecord",
            name="expires_at",
            field=models.DateTimeField(db_index=True, verbose_name="until"),
        ),
        migrations.AlterField(
            model_name="consentrecord",
            name="supersedes",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="superseded_by",
                to="consent.consentrecord",
                verbose_name="supersedes",
            ),
        ),
        refuse_changes("consent_consentrecord"),
        open_for_deletion("consent_consentrecord"),
    ]
