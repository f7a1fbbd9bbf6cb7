"""Stand-ins for the addresses of the public pages about rights, which the letters name."""

from datetime import datetime

import pytest

from privacy.models import PurgeRun
from privacy.rights.requests import mails


@pytest.fixture(autouse=True)
def addresses_of_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "page_address", lambda name: f"https://voipstudio.pl/{name}/")


@pytest.fixture
def run_of_retention() -> None:
    """Without one, the admin warns of it."""
    PurgeRun.objects.create(started_at=datetime.now().astimezone(), is_complete=True)
