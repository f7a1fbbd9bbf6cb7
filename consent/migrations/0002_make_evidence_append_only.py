"""This migration will make the database refuse any change to records, notices and snapshots (I9)."""

from django.db import migrations

from evidence.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_create_the_tables")]

    operations = [
        refuse_changes("consent_registrysnapshot"),
        refuse_changes("consent_notice"),
        refuse_changes("consent_consentrecord"),
    ]
