"""`manage.py worker`, the process that sends mails and hands trials over."""

import logging
import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from delivery import worker

logger = logging.getLogger(__name__)

# The pause of a worker that found no work. A new mail or a stop signal waits this long at most.
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
        """Set a flag and nothing else: a signal can arrive while the main thread holds any lock."""
        self._is_told_to_stop = True

    def _work(self) -> bool:
        """Whether there may be more work. An error is logged, and the worker goes on."""
        close_old_connections()
        try:
            return worker.work(timezone.now(), is_told_to_stop=lambda: self._is_told_to_stop)
        except DatabaseError:
            logger.exception("The database does not answer.")
            connection.close()  # the next round opens a new one
        except Exception:
            logger.exception("A job failed.")
        return False
