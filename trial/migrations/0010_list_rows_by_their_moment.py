"""This migration will let staff list consents, objections and webhooks, however many there are."""

from django.db import migrations, models

from evidence.indexes import AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("trial", "0009_tell_the_phone_system_of_erasures")]

    operations = [
        AddIndexBesideWriters(
            model_name="erasurenotice",
            index=models.Index(fields=["created_at"], name="trial_erasurenotice_created"),
        ),
        AddIndexBesideWriters(
            model_name="handover",
            index=models.Index(fields=["created_at"], name="trial_handover_created"),
        ),
        AddIndexBesideWriters(
            model_name="marketingconsent",
            index=models.Index(fields=["confirmed_at"], name="trial_consent_confirmed"),
        ),
        AddIndexBesideWriters(
            model_name="objection",
            index=models.Index(fields=["objected_at"], name="trial_objection_objected"),
        ),
    ]
