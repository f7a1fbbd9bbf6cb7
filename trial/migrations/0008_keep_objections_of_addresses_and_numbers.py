"""This migration will make objections to marketing of struck-off numbers, and room for addresses.

The rows and their hashes stay as they are. Whoever may add or view them, still may. Table and
column keep their names, and a new column has a default in the database: the release before still
reads and writes the table during an upgrade (docs/decisions/0013).
"""

from typing import Any

from django.db import migrations, models

OLD, NEW = "struckoffnumber", "objection"


def rename_permissions(apps: Any, old: str, new: str, name: str) -> None:
    """Rename those that colleagues hold; `migrate` itself would only add new ones."""
    permissions = apps.get_model("auth", "Permission").objects
    of_app = permissions.filter(content_type__app_label="trial")
    for verb in ("add", "view"):
        of_app.filter(codename=f"{verb}_{old}").update(
            codename=f"{verb}_{new}", name=f"Can {verb} {name}"
        )


def forwards(apps: Any, schema_editor: Any) -> None:
    rename_permissions(apps, OLD, NEW, "objection to marketing")
    permissions = apps.get_model("auth", "Permission").objects
    gone = [f"{verb}_{OLD}" for verb in ("change", "delete")]
    permissions.filter(content_type__app_label="trial", codename__in=gone).delete()


def backwards(apps: Any, schema_editor: Any) -> None:
    rename_permissions(apps, NEW, OLD, "struck-off number")


class Migration(migrations.Migration):
    dependencies = [
        ("trial", "0007_let_proofs_outlive_their_people"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelTable("StruckOffNumber", "trial_struckoffnumber"),
        migrations.AlterField(
            model_name="struckoffnumber",
            name="struck_off_at",
            field=models.DateTimeField(
                db_column="struck_off_at", editable=False, verbose_name="objected at"
            ),
        ),
        migrations.RenameModel("StruckOffNumber", "Objection"),
        migrations.RenameField("Objection", "struck_off_at", "objected_at"),
        migrations.AddField(
            model_name="objection",
            name="channel",
            field=models.CharField(
                choices=[("email", "e-mail"), ("phone", "telephone")],
                db_default="phone",
                editable=False,
                max_length=5,
                verbose_name="channel",
            ),
        ),
        migrations.AlterModelOptions(
            name="objection",
            options={
                "default_permissions": ("add", "view"),
                "ordering": ["-objected_at"],
                "verbose_name": "objection to marketing",
                "verbose_name_plural": "objections to marketing",
            },
        ),
        migrations.AlterField(
            model_name="marketingwithdrawal",
            name="method",
            field=models.CharField(
                choices=[
                    ("page", "on the page of consents"),
                    ("one-click", "with one click in the mail program"),
                    ("staff", "by staff"),
                    ("objection", "by an objection"),
                ],
                max_length=9,
                verbose_name="method",
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
