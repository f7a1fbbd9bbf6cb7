"""This migration will make the database refuse any change to a published policy version (I14)."""

from django.db import migrations

from evidence.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_create_the_tables")]

    operations = [refuse_changes("privacy_policyversion", when="OLD.published_at IS NOT NULL")]
