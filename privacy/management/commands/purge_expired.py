"""`manage.py purge_expired` ends what is past its period. The worker does the same each day."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from privacy.rights.retention import purge, purge_runs
from privacy.rights.retention.purge_runs import PurgeRun


class Command(BaseCommand):
    help = "Delete or strip what is past its period, and say how many rows that were."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["dry_run"]:
            self._print({rule.key: purge.count(rule, at=at) for rule in purge.rules()})
            self.stdout.write("Nothing was changed.")
            return
        purge_runs.start(at=at)
        run = PurgeRun.objects.unfinished().first()
        while purge_runs.go_on(timezone.now(), waits=True):
            pass
        if run is not None:  # else another process has just finished it
            run.refresh_from_db()
            self._print(run.counts)
            self._fail_for(run)

    def _print(self, counts: Mapping[str, int]) -> None:
        with translation.override("en"):
            for rule in purge.rules():
                number = counts.get(rule.key, 0)
                self.stdout.write(f"{number:>9}  {rule.name}: {rule.text}")

    def _fail_for(self, run: PurgeRun) -> None:
        if keys := run.left_rules():
            raise CommandError(
                f"These could not be purged: {', '.join(keys)}. Read the log, mend the cause, "
                "and run the command again."
            )
