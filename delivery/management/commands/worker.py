"""The process beside the web server: it sends mails and hands trials over."""

import logging
import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from delivery import worker
from delivery.deliveries import describe, where

logger = logging.getLogger(__name__)

# How long a mail waits at most for a worker with nothing to do, and a stop for its end.
IDLE_SECONDS = 0.5


class Command(BaseCommand):
    help = "Send mails and hand trials over, until told to stop. Any number of workers may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            worker.work_off(timezone.now())
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        logger.info("The worker is waiting for work.")
        while not self._is_told_to_stop:
            if not self._work():
                time.sleep(IDLE_SECONDS)

    _is_told_to_stop = False

    def _stop(self, *_args: Any) -> None:
        """Only a note, as any lock may be held just now: what is under way is finished first."""
        self._is_told_to_stop = True

    def _work(self) -> bool:
        """Whether there may be more to do at once. A database that is gone is waited for."""
        close_old_connections()
        try:
            return worker.work(timezone.now())
        except DatabaseError as error:
            logger.error("The database does not answer: %s", describe(error))
            connection.close()
        except Exception as error:
            logger.error("A job broke off: %s\n%s", describe(error), where(error))
        return False
