"""This migration will hand the model of the content revision over to the app content."""

from django.db import migrations

from privacy.migrations._content_types import move_content_types


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0007_freeze_versions_and_their_steps"),
        ("content", "0001_take_over_the_content_revision"),
        ("contenttypes", "0002_remove_content_type_name"),
        # Rows that refer to a content type.
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        # No SQL reaches the table: processes of the release before go on working.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="ContentRevision")]
        ),
        move_content_types("contentrevision", to="content"),
    ]
