"""This migration will let a sign-up be deleted while the proofs of its consents stay (I20).

A proof names the sign-up by its id alone, which erasure empties, and the person by keyed hashes of
address and number. A deletion window opens for proofs that are past their period.

The hashes have a default in the database: the release before, which still runs during an upgrade,
does not write them. Its proofs are found by their sign-up, as long as that is there.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError
from django.db.models import Exists, OuterRef

from delivery import addresses
from evidence.append_only import allow_changes, open_for_deletion, refuse_changes
from evidence.keyed_hashes import KeyedHashField, keyed_hash

PURPOSE = "trial:proof"
ROWS_AT_ONCE = 500


def fill_hashes(apps: Any, schema_editor: Any) -> None:
    consent = apps.get_model("trial", "MarketingConsent")
    filled = []
    for row in consent.objects.select_related("sign_up").iterator(chunk_size=ROWS_AT_ONCE):
        row.address_hash = keyed_hash(PURPOSE, addresses.normalized(row.sign_up.email))
        if row.channel == "phone":
            row.number_hash = keyed_hash(PURPOSE, row.sign_up.phone.as_e164)
        filled.append(row)
    consent.objects.bulk_update(filled, ["address_hash", "number_hash"], batch_size=ROWS_AT_ONCE)


def refuse_without_people(apps: Any, schema_editor: Any) -> None:
    """The release before keeps no proof without its sign-up. Raises IrreversibleError."""
    sign_up, consent = (
        apps.get_model("trial", "SignUp"),
        apps.get_model("trial", "MarketingConsent"),
    )
    people = sign_up.objects.filter(pk=OuterRef("sign_up"))
    if number := consent.objects.filter(~Exists(people)).count():
        raise IrreversibleError(
            f"Proofs of consent whose sign-up was deleted: {number}. The release before cannot keep "
            "them: stay with this one, or restore a backup from before it."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("trial", "0006_name_the_key_of_a_hash"),
        ("evidence", "0001_create_the_control_row_of_deletions"),
    ]

    operations = [
        allow_changes("trial_marketingconsent"),
        allow_changes("trial_marketingwithdrawal"),
        allow_changes("trial_numberconfirmation"),
        migrations.AddField(
            model_name="marketingconsent",
            name="address_hash",
            field=KeyedHashField(db_default="", editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name="marketingconsent",
            name="number_hash",
            field=KeyedHashField(blank=True, db_default="", editable=False, max_length=80),
        ),
        migrations.RunPython(fill_hashes, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="marketingconsent",
            name="sign_up",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="consents",
                to="trial.signup",
                verbose_name="sign-up",
            ),
        ),
        migrations.AddIndex(
            model_name="marketingconsent",
            index=models.Index(fields=["address_hash"], name="trial_consent_address"),
        ),
        migrations.AlterField(
            model_name="marketingwithdrawal",
            name="consent",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="withdrawal",
                to="trial.marketingconsent",
                verbose_name="consent",
            ),
        ),
        migrations.AlterField(
            model_name="numberconfirmation",
            name="consent",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="number_confirmation",
                to="trial.marketingconsent",
                verbose_name="consent",
            ),
        ),
        refuse_changes("trial_marketingconsent"),
        refuse_changes("trial_marketingwithdrawal"),
        refuse_changes("trial_numberconfirmation"),
        open_for_deletion("trial_marketingconsent", strips="sign_up_id"),
        open_for_deletion("trial_marketingwithdrawal"),
        open_for_deletion("trial_numberconfirmation"),
        # The last operation here is the first on the way back.
        migrations.RunPython(migrations.RunPython.noop, refuse_without_people),
    ]
