"""Models that moved to another app keep their rows, their permissions and their log, forth and back."""

import ast
import json
from pathlib import Path
from typing import Any

from tests.run_once import has_own_database
from tests.running_site import environment, manage

pytestmark = has_own_database

USE_IT = """
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from content.models import ContentRevision
from delivery import outbox
from delivery.models import Mail

mail = outbox.put(kind="trial-confirm", about="1", at=timezone.now())
ContentRevision.objects.bump()
anna = User.objects.create_user("anna", is_staff=True)
group = Group.objects.create(name="Support")
group.permissions.add(Permission.objects.get(codename="change_mail"))
anna.groups.add(group)
LogEntry.objects.create(
    user=anna, content_type=ContentType.objects.get_for_model(Mail), object_id=mail.pk,
    object_repr="mail", action_flag=CHANGE,
)
"""
LOOK = """
import json
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection

moved = ContentType.objects.filter(model__in=["contentrevision", "mail", "suppressedaddress", "token"])
log = LogEntry.objects.get()
with connection.cursor() as cursor:
    rows = {}
    for table in ("privacy_mail", "privacy_contentrevision"):
        cursor.execute(f"SELECT * FROM {table}")
        rows[table] = str(cursor.fetchall())
print(json.dumps({
    "labels": sorted(moved.values_list("app_label", "model")),
    "ids": {row.model: row.pk for row in moved},
    "permissions": sorted(User.objects.get().get_all_permissions()),
    "log": [log.content_type.app_label, log.content_type.model],
    "rows": rows,
}))
"""


def look(env: dict[str, str]) -> dict[str, Any]:
    output = manage("shell", "--verbosity=0", "--command", LOOK, env=env).stdout
    return json.loads(output.splitlines()[-1])


def revision_number(seen: dict[str, Any]) -> int:
    [(_id, number, _seeded_at)] = ast.literal_eval(seen["rows"]["privacy_contentrevision"])
    return number


def test_a_migration_back_and_forth_keeps_rows_permissions_and_the_log(tmp_path: Path) -> None:
    """Red when: content types are deleted and made anew, or post_migrate's new ones are in the way."""
    env = environment(tmp_path)
    manage("migrate", "--verbosity=0", env=env)
    manage("shell", "--verbosity=0", "--command", USE_IT, env=env)
    before = look(env)
    assert before["labels"] == [
        ["content", "contentrevision"],
        ["delivery", "mail"],
        ["delivery", "suppressedaddress"],
        ["delivery", "token"],
    ]
    assert before["permissions"] == ["delivery.change_mail"]

    manage("migrate", "privacy", "0007", "--verbosity=0", env=env)

    back = look(env)
    assert back["permissions"] == ["privacy.change_mail"]
    assert back["log"] == ["privacy", "mail"]
    assert back["rows"] == before["rows"]

    manage("migrate", "--verbosity=0", env=env)

    # The two tables of a policy are stored anew, so readers' content has two more revisions.
    after = look(env)
    assert revision_number(after) == revision_number(before) + 2
    del before["rows"]["privacy_contentrevision"], after["rows"]["privacy_contentrevision"]
    assert after == before
