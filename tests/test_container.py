"""The image takes every app of the project: .dockerignore names what is let in."""

from pathlib import Path

from django.apps import apps
from django.conf import settings

from tests.run_once import needs_no_database

pytestmark = needs_no_database

ROOT = Path(settings.BASE_DIR)


def test_every_app_of_the_project_is_in_the_image() -> None:
    """Red when: an app is added, and .dockerignore does not let it into the image."""
    own_apps = {app.name for app in apps.get_app_configs() if Path(app.path).parent == ROOT}
    let_in = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }

    assert len(own_apps) >= 8
    assert own_apps - let_in == set()
