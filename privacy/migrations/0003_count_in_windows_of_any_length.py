"""This migration will let rate limits count in windows other than a minute."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_freeze_published_versions")]

    operations = [
        migrations.RemoveConstraint("ratecount", "privacy_rate_key"),
        migrations.RenameField("ratecount", "minute", "ends_at"),
    ]
