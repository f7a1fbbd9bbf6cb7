"""`manage.py worker` with short waits: `python -m tests.hasty_worker`.

A mail is due again 2 minutes after its worker was killed, and 10 seconds after a refusal. Tests run
the same code with shorter times.
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
    execute_from_command_line(["manage.py", "worker", *sys.argv[1:]])


if __name__ == "__main__":
    main()
