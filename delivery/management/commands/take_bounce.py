"""`manage.py take_bounce` takes a mail that came back, as a mail server pipes it in.

For example, in /etc/aliases: `bounces: "|/app/manage.py take_bounce"`. It ends with 0 whatever the
message is: another code would have the mail server return it, and bounces have no sender.
"""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from delivery import bounces, outbox
from delivery.deliveries import describe


class Command(BaseCommand):
    help = "Read one message from standard input; an address that does not exist gets no more mail."

    def handle(self, *args: Any, **options: Any) -> None:
        content = sys.stdin.buffer.read()
        try:
            mail = bounces.returned_mail(content)
            outbox.take_bounce(mail, at=timezone.now())
        except bounces.NoBounce as reason:
            self.stdout.write(f"Left alone: {reason}.")
        except DatabaseError as error:
            self.stderr.write(f"The database does not answer: {describe(error)}")
            sys.exit(os.EX_TEMPFAIL)  # the mail server keeps the message and comes again
        else:
            self.stdout.write(f"The mail {mail.pk} came back: its address gets no more.")
