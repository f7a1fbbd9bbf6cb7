"""This migration will keep the extension of a telephone number. Going back loses it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("trial", "0003_give_addresses_one_form")]

    operations = [
        migrations.AddField(
            model_name="signup",
            name="extension",
            field=models.CharField(blank=True, max_length=20, verbose_name="extension"),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(
                condition=Q(extension="") | ~Q(phone=""), name="trial_extension_needs_a_number"
            ),
        ),
    ]
