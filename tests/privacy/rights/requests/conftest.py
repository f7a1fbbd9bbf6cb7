"""A run of retention, which the pages of staff would miss otherwise."""

from datetime import datetime

import pytest

from privacy.models import PurgeRun


@pytest.fixture
def run_of_retention() -> None:
    """Without one, the admin warns of it."""
    PurgeRun.objects.create(started_at=datetime.now().astimezone(), is_complete=True)
