"""`manage.py check_evidence` proves that stored evidence was not changed.

It computes every hash again, names what does not match, and exits with 1 where there is such a row.
A row that was changed together with its hash differs from its leaf in the seal. Where its leaf was
changed too, the tree differs from a checkpoint that somebody has kept: `--checkpoint FILE` compares
the two.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence import audit
from evidence.audit import EvidenceSeries
from evidence.seal import verification
from evidence.seal.note import BadNote

# Of each series: one leaf that was altered makes many nodes and checkpoints wrong.
MOST_NAMED = 20
WHAT_TO_DO = (
    "Change nothing in the database. Keep this output and a copy of the database, restore a backup "
    "into another database and compare the rows, and tell the data protection officer."
)


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
        kept = [(path, _read(path)) for path in options["checkpoint"]]
        number = sum(self._check(series) for series in audit.all_series())
        number += sum(self._compare(path, text) for path, text in kept)
        if number:
            self.stderr.write(WHAT_TO_DO)
            sys.exit(1)

    def _check(self, series: EvidenceSeries) -> int:
        """Returns how many rows do not match."""
        count, wrong = 0, 0
        for row in series.check():
            count += 1
            if row.mismatch:
                wrong += 1
                if wrong <= MOST_NAMED:
                    self.stderr.write(f"Does not match: {row}.")
        result = f"{wrong} do not match" if wrong else "all match"
        self.stdout.write(f"{series.name}: {count} checked, {result}.")
        return wrong

    def _compare(self, path: Path, text: str) -> int:
        try:
            mismatch = verification.mismatch_of_kept(text)
        except BadNote as error:
            raise CommandError(f"{path}: {error}") from error
        if mismatch:
            self.stderr.write(f"Does not match: the checkpoint in {path}: {mismatch}.")
        else:
            self.stdout.write(f"The checkpoint in {path} matches.")
        return int(bool(mismatch))


def _read(path: Path) -> str:
    """Before anything is computed, which takes long. Raises CommandError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
