"""This migration will let the group that protects data see the records of choices, and their pictures.

A fresh database has no group yet: there `privacy/roles.py` gives the permission.
"""

from django.db import migrations


def let_see(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.filter(name="Ochrona danych")
    kinds, permissions = (
        apps.get_model("contenttypes", "ContentType"),
        apps.get_model("auth", "Permission"),
    )
    for group in groups:
        kind, _is_new = kinds.objects.get_or_create(app_label="consent", model="consentrecord")
        permission, _is_new = permissions.objects.get_or_create(
            codename="view_consentrecord",
            content_type=kind,
            defaults={"name": "Can view consent record"},
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0010_keep_how_the_question_looked"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(let_see, migrations.RunPython.noop)]
