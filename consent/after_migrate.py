"""When `migrate` may store rows of this release. Every release runs it."""

from collections.abc import Sequence

from django.db import connection
from django.db.migrations import Migration
from django.db.models import Model


def has_table_of_today(model: type[Model], plan: Sequence[tuple[Migration, bool]]) -> bool:
    """Whether the table is as the model of this release reads it."""
    # On the way back the tables lack what the models of today read.
    if any(is_backwards for _migration, is_backwards in plan):
        return False
    # A `migrate` of another app alone can come before the table, and post_migrate is sent then too.
    return model._meta.db_table in connection.introspection.table_names()
