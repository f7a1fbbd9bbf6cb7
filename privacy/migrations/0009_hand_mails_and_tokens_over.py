"""This migration will hand the models of mails, blocked addresses and tokens over to delivery."""

from django.db import migrations

from privacy.migrations._content_types import move_content_types


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0008_hand_the_content_revision_over"),
        ("delivery", "0001_take_over_mails_and_tokens"),
    ]

    operations = [
        # No SQL reaches the tables: processes of the release before go on working.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name="Mail"),
                migrations.DeleteModel(name="SuppressedAddress"),
                migrations.DeleteModel(name="Token"),
            ]
        ),
        move_content_types("mail", "suppressedaddress", "token", to="delivery"),
    ]
