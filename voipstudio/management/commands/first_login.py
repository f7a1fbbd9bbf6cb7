"""`manage.py first_login` creates the first account of staff in an empty database."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Create a superuser with a random password and print it, unless there is any user."

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects
        if users.exists():
            return
        password = secrets.token_urlsafe(18)
        users.create_superuser("admin", password=password)
        address = f"{settings.SITE_ORIGIN}{settings.ADMIN_PREFIX}"
        self.stdout.write(f"Admin login, shown only now: admin / {password} at {address}")
