"""After a test that commits, the seeded rows are put back."""

from typing import Any

import pytest
from cookie_consent.models import Cookie
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection

from consent.models import ConsentRecord
from tests import seeded_database
from tests.factories import make_client, make_cookie, post_choice


@pytest.mark.django_db(transaction=True)
def test_restore_puts_every_seeded_row_back() -> None:
    """Red when: `restore` does nothing, leaves a table out, or only adds missing rows."""
    seeded = rows_of_every_table()
    post_choice(make_client(), "accept")
    make_cookie("_new")
    Cookie.objects.filter(name="_ga").delete()
    Permission.objects.all().delete()
    changed = {name for name, rows in rows_of_every_table().items() if rows != seeded[name]}
    assert changed >= {"consent_consentrecord", "cookie_consent_cookie", "auth_permission"}

    seeded_database.restore()

    assert rows_of_every_table() == seeded


@pytest.mark.django_db(transaction=True)
def test_evidence_is_append_only_after_restore_too() -> None:
    """Red when: `restore` leaves the connection as a replica, or drops the triggers."""
    seeded_database.restore()
    post_choice(make_client(), "accept")

    with pytest.raises(DatabaseError, match="append-only"):
        ConsentRecord.objects.all().delete()


def rows_of_every_table() -> dict[str, list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        rows = {}
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            rows[name] = sorted(cursor.fetchall(), key=repr)
        return rows
