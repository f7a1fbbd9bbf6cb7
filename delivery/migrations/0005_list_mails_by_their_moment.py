"""This migration will let staff list mails, newest first, however many there are."""

from django.db import migrations, models

from evidence.indexes import AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("delivery", "0004_find_what_is_about_a_deleted_row")]

    operations = [
        AddIndexBesideWriters(
            model_name="mail",
            index=models.Index(fields=["created_at"], name="privacy_mail_created"),
        ),
    ]
