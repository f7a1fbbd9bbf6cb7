"""`manage.py replay_erasures` erases again whoever a restored backup has brought back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from evidence.keyed_hashes import missing_keys_of
from privacy.rights import erasure_journal


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
        hashes = [each for entry in entries for each in entry.hashes]
        if names := missing_keys_of(hashes):
            raise CommandError(
                f"The journal names keys that EVIDENCE_KEYS lacks: {', '.join(sorted(names))}. "
                "Without them nobody is recognized: put them back, after those that are there."
            )
        again = erasure_journal.replay(entries, at=timezone.now())
        self.stdout.write(f"Erasures in the journal: {len(entries)}. Erased again: {again}.")
