"""`manage.py worker` with short waits: `python -m tests.hasty_worker`.

A mail is due again 2 minutes after its worker was killed, and 10 seconds after a refusal. Tests run
the same code with shorter times. With KILLED_AT the process sends itself SIGKILL before its step with
this number (tests/dying.py).
"""

import os
import sys
from datetime import timedelta

import django
from django.core.management import execute_from_command_line

LEASE = timedelta(seconds=2)
BACKOFF = (timedelta(seconds=0.3),) * 200


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voipstudio.settings")
    django.setup()
    from delivery import deliveries

    deliveries.LEASE, deliveries.BACKOFF = LEASE, BACKOFF
    from tests.dying import counted_steps, kill_this_process

    last = os.environ.get("KILLED_AT")
    with counted_steps(int(last) if last else None, end=kill_this_process):
        execute_from_command_line(["manage.py", "worker", *sys.argv[1:]])


if __name__ == "__main__":
    main()
