"""This migration will make the database refuse any change to consents to marketing, their proof."""

from django.db import migrations

from evidence.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("trial", "0001_create_the_tables")]

    operations = [
        refuse_changes("trial_consentwording"),
        refuse_changes("trial_marketingconsent"),
        refuse_changes("trial_marketingwithdrawal"),
    ]
