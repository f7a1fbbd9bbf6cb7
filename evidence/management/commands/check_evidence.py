"""`manage.py check_evidence` proves that stored evidence was not changed.

It computes every hash again, and exits with 1 at the first row that does not match. A row that was
changed together with its hash differs from its leaf in the seal. Where its leaf was changed too,
the tree differs from a checkpoint that somebody has kept: `--checkpoint FILE` compares the two.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence import audit
from evidence.seal import verification
from evidence.seal.note import BadNote


class Command(BaseCommand):
    help = "Compute every hash of the stored evidence, and the seal over it, again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--checkpoint",
            type=Path,
            help="a file with a checkpoint of the seal that somebody kept; may be given more often",
            action="append",
            default=[],
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for series in audit.all_series():
            count = 0
            for row in series.check():
                if row.mismatch:
                    self.stderr.write(f"Does not match: {row}.")
                    sys.exit(1)
                count += 1
            self.stdout.write(f"{series.name}: {count} checked, all match.")
        for path in options["checkpoint"]:
            self._compare(path)

    def _compare(self, path: Path) -> None:
        try:
            mismatch = verification.mismatch_of_kept(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        except BadNote as error:
            raise CommandError(f"{path}: {error}") from error
        if mismatch:
            self.stderr.write(f"Does not match: the checkpoint in {path}: {mismatch}.")
            sys.exit(1)
        self.stdout.write(f"The checkpoint in {path} matches.")
