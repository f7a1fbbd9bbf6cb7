"""This migration will let the log of a version keep its approval by a person, once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0018_keep_requests_and_links")]

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
                    ("approved", "approved"),
                    ("discarded", "discarded"),
                    ("link-made", "preview link made"),
                    ("links-ended", "preview links ended"),
                ],
                max_length=12,
                verbose_name="step",
            ),
        ),
        # A unique index, which rebuilds no table either.
        migrations.AddConstraint(
            model_name="policystep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "approved")),
                fields=("version",),
                name="privacy_one_approval",
            ),
        ),
    ]
