"""Rows that end while staff read a list."""

from collections.abc import Callable

import pytest
from django.db.models import Model

from evidence.deletion_window import Reason, deletion_window


@pytest.fixture
def deletion() -> Callable[..., None]:
    """Deletes rows as retention does."""

    def delete(*rows: Model) -> None:
        with deletion_window(Reason.RETENTION):
            for row in rows:
                row.delete()

    return delete
