"""This migration will name the record of processing activities, for its permission."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("privacy", "0012_keep_what_the_retention_table_said")]

    operations = [
        migrations.CreateModel(
            name="ProcessingRecord",
            fields=[],
            options={
                "verbose_name": "record of processing activities",
                "verbose_name_plural": "record of processing activities",
                "proxy": True,
                "default_permissions": ("view",),
                "indexes": [],
                "constraints": [],
            },
            bases=("privacy.policyversion",),
        ),
    ]
