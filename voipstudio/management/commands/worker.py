"""The process beside the web server: it sends mails and hands trials over."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from privacy import worker

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0


class Command(BaseCommand):
    help = "Send mails and hand trials over, until told to stop. Any number of workers may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            worker.work_off(timezone.now())
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            if not self._work():
                stop.wait(IDLE_SECONDS)

    def _work(self) -> bool:
        """Whether there may be more to do at once. A database that is gone is waited for."""
        close_old_connections()
        try:
            return worker.work(timezone.now())
        except DatabaseError as error:
            logger.error("The database does not answer: %s", type(error).__name__)
            connection.close()
            return False
