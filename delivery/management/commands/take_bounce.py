"""`manage.py take_bounce` reads a mail that came back, from the pipe of a mail server.

For example, in /etc/aliases: `bounces: "|/app/manage.py take_bounce"`. The exit code is 0 for every
message that was read: with another one the mail server would return it, and a bounce has no sender.
75 (sysexits.h) asks it to try again, while the database is gone.
"""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from delivery.bounces import reports
from delivery.deliveries import kind_and_code


class Command(BaseCommand):
    help = "Read one message from standard input; an address that does not exist gets no more mail."

    def handle(self, *args: Any, **options: Any) -> None:
        content = sys.stdin.buffer.read(reports.MAX_BYTES)  # bytes: a mail can be in any encoding
        while sys.stdin.buffer.read(reports.MAX_BYTES):
            pass  # a closed pipe would look like a failure to the mail server
        try:
            bounce = reports.read(content)
            reports.take(bounce, at=timezone.now())
        except reports.NotABounce as reason:
            self.stdout.write(f"Ignored: {reason}.")
        except DatabaseError as error:
            self.stderr.write(f"The database does not answer: {kind_and_code(error)}")
            sys.exit(os.EX_TEMPFAIL)  # the mail server keeps the message and tries again
        else:
            mail, code = bounce
            end = "its address gets no more mail" if bounce.is_of_address else f"the code is {code}"
            self.stdout.write(f"The mail {mail.pk} bounced: {end}.")
