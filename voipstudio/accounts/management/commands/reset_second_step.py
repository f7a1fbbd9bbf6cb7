"""`manage.py reset_second_step NAME` removes every second step of a person's login.

It is the way back in for the last superuser; other people are helped in the admin.
"""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from voipstudio.accounts import factors


class Command(BaseCommand):
    help = "Remove the authenticator app, the passkeys and the recovery codes of a user."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name that the person signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.get(username=options["name"])
        except User.DoesNotExist as error:
            names = ", ".join(
                User.objects.filter(is_superuser=True).values_list("username", flat=True)
            )
            raise CommandError(
                f"There is no user {options['name']!r}. Superusers are: {names or 'none'}."
            ) from error
        factors.reset(user)
        self.stdout.write(
            f"{user} signs in with the password alone, and sets up a new second step. The sessions "
            "of this account have ended. If somebody else may know the password, change it first: "
            f"manage.py changepassword {user}"
        )
