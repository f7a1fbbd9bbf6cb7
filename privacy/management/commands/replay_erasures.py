"""`manage.py replay_erasures` erases again whoever a restored backup has brought back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from privacy.rights.cases import erasure_journal


class Command(BaseCommand):
    help = "After a restored backup: erase again the people whom the journal of erasures names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folders",
            nargs="*",
            type=Path,
            help="folders with the journal, one of each worker; by default that of STATE_DIR",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folders = options["folders"] or [erasure_journal.folder()]
        for folder in folders:
            if not folder.is_dir():
                raise CommandError(f"{folder} is no folder: name where the journal is.")
        try:
            entries = list(erasure_journal.entries(folders))
        except erasure_journal.Unreadable as error:
            raise CommandError(str(error)) from error
        except erasure_journal.KeyMissing as error:
            raise CommandError(
                f"The journal was written with a key that EVIDENCE_KEYS does not have ({error}): "
                "add that key. Without it, nobody is recognized."
            ) from error
        again = erasure_journal.replay(entries, at=timezone.now())
        self.stdout.write(f"Erasures in the journal: {len(entries)}. Erased again: {again}.")
