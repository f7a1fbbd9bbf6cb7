"""`manage.py compile_translations` makes the .mo file of each catalog that has changed."""

import os
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Compiles with Babel: GNU gettext would be a system package."""

    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in map(Path, settings.LOCALE_PATHS):
            for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
                compile_if_stale(source, source.with_suffix(".mo"))


def compile_if_stale(source: Path, target: Path) -> None:
    if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
        return
    with source.open("rb") as file:
        catalog = read_po(file)
    # Written beside it and renamed: another process may be reading the old file right now.
    unfinished = target.with_suffix(f".{os.getpid()}.mo")
    with unfinished.open("wb") as file:
        write_mo(file, catalog)
    unfinished.replace(target)
