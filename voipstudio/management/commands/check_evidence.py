"""`manage.py check_evidence` proves that what was published and asked is what is in the database.

It makes every hash again, and ends with 1 at the first that does not match. Where somebody changed
a row and its hash, the hashes that others hold tell: those in the files that readers downloaded.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from consent import evidence as of_consent
from privacy import evidence as of_policies
from trial import evidence as of_trials

SERIES = (*of_policies.SERIES, *of_consent.SERIES, *of_trials.SERIES)


class Command(BaseCommand):
    help = "Make the hash of each published version, snapshot, notice and wording again."

    def handle(self, *args: Any, **options: Any) -> None:
        for series in SERIES:
            count = 0
            for exhibit in series.exhibits():
                if exhibit.flaw:
                    self.stderr.write(f"Does not match: {exhibit}.")
                    sys.exit(1)
                count += 1
            self.stdout.write(f"{series.name}: {count} checked, all match.")
