"""`manage.py messages --update` rewrites the Polish catalog; `--check` lists its problems."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from voipstudio.management.catalog import extracted, read_catalog, update
from voipstudio.management.catalog_problems import catalog_problems


class Command(BaseCommand):
    """Keeps locale/pl/LC_MESSAGES/django.po in step with the sources."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument("--update", action="store_true", help="rewrite the catalog")
        action.add_argument(
            "--check", action="store_true", help="list the problems; exit 1 if there are any"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        path = root / "locale" / "pl" / "LC_MESSAGES" / "django.po"
        if options["update"]:
            update(root, path)
        elif problems := list(catalog_problems(extracted(root), read_catalog(path))):
            summary = (
                f"{path.relative_to(root)}: {len(problems)} to repair (make fix adds messages)."
            )
            raise CommandError("\n".join([*problems, summary]))
