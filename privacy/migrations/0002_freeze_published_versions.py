"""This migration will make the database refuse changes to published policy versions (I14: they stay)."""

from django.db import migrations

from evidence.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_create_the_tables")]

    operations = [refuse_changes("privacy_policyversion", when="OLD.published_at IS NOT NULL")]
