"""This migration will let retention find mails and tokens quickly: by their age, and by the row that
they are about.
"""

from django.db import migrations, models
from django.db.models.functions import Left, Right


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0003_name_the_key_of_a_hash"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(Left("about", 36), name="privacy_mail_about_first"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(Right("about", 36), name="privacy_mail_about_last"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["finished_at"], name="privacy_mail_finished"),
        ),
        migrations.AddIndex(
            model_name="token",
            index=models.Index(fields=["subject"], name="privacy_token_subject"),
        ),
        migrations.AddIndex(
            model_name="token",
            index=models.Index(fields=["expires_at"], name="privacy_token_expires"),
        ),
    ]
