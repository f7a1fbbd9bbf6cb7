"""`manage.py check_evidence` proves that stored evidence was not changed.

It computes every hash again, and exits with 1 at the first row that does not match. It cannot see a
row that was changed together with its hash: for that, compare the files that readers downloaded.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from evidence import audit


class Command(BaseCommand):
    help = "Compute the hash of each published version, snapshot, notice and wording again."

    def handle(self, *args: Any, **options: Any) -> None:
        for series in audit.all_series():
            count = 0
            for row in series.check():
                if row.mismatch:
                    self.stderr.write(f"Does not match: {row}.")
                    sys.exit(1)
                count += 1
            self.stdout.write(f"{series.name}: {count} checked, all match.")
