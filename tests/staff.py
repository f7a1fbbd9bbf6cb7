"""Colleagues who are signed in to the admin, and their actions there."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.db.models import Model
from django.test import Client


def make_staff(*codenames: str) -> Client:
    """A signed-in colleague with exactly these permissions."""
    user = User.objects.create_user("colleague", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def act(client: Client, page: str, action: str, *rows: Model, follow: bool = True) -> Any:
    """Run an action of the admin on rows of a list."""
    form = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return client.post(page, form, follow=follow)


def message_levels(response: Any) -> list[str]:
    """The levels of the messages on a page, such as `success` or `warning`."""
    return [message.level_tag for message in response.context["messages"]]
