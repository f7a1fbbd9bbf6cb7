"""This migration will let staff switch personalized ads on, which the question then names (I19)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_make_evidence_append_only")]

    operations = [
        migrations.AddField(
            model_name="groupdetails",
            name="personalizes_ads",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "For the marketing group. The question, the cookie page and the policy then "
                    "say so, and those who consented are asked again."
                ),
                verbose_name="Google may personalise ads",
            ),
        ),
    ]
