"""This migration will make records, notices and snapshots append-only in the database (I9)."""

from django.db import migrations

from evidence.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_create_the_tables")]

    operations = [
        refuse_changes("consent_registrysnapshot"),
        refuse_changes("consent_notice"),
        refuse_changes("consent_consentrecord"),
    ]
