"""This migration will name a way in which consent ends: a withdrawal before an erasure.

It changes no table.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0011_let_data_protection_see_records"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consentrecord",
            name="method",
            field=models.CharField(
                choices=[
                    ("banner", "banner"),
                    ("cookie-page", "cookie page"),
                    ("erasure", "erasure of the data"),
                ],
                max_length=12,
                verbose_name="method",
            ),
        ),
    ]
