"""This migration will let the log of a version keep the warnings that a publisher has checked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0009_hand_mails_and_tokens_over")]

    operations = [
        # Only choices change: the table is not rebuilt, so its triggers stay.
        migrations.AlterField(
            model_name="policystep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("started", "started"),
                    ("edited", "edited"),
                    ("submitted", "submitted for review"),
                    ("returned", "returned to its author"),
                    ("checked", "warning checked"),
                    ("published", "published"),
                    ("discarded", "discarded"),
                    ("link-made", "preview link made"),
                    ("links-ended", "preview links ended"),
                ],
                max_length=12,
                verbose_name="step",
            ),
        ),
    ]
