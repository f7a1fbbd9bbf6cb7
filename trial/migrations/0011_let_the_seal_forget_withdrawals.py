"""This migration will let the leaf of a withdrawal forget it when it ends with its consent (I20)."""

from django.db import migrations

from evidence.append_only import forget_in_seal


class Migration(migrations.Migration):
    dependencies = [
        ("trial", "0010_list_rows_by_their_moment"),
        ("evidence", "0002_make_the_tables_of_the_seal"),
    ]

    operations = [forget_in_seal("trial_marketingwithdrawal", "withdrawal", column="consent_id")]
