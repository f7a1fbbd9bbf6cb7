"""Colleagues who sign in to the admin, and what they do there."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.db.models import Model
from django.test import Client


def make_staff(*codenames: str) -> Client:
    """A colleague who may do exactly this, signed in."""
    user = User.objects.create_user("colleague", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def act(client: Client, page: str, action: str, *rows: Model, follow: bool = True) -> Any:
    """Choose rows in a list, choose an action, and press the button."""
    form = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return client.post(page, form, follow=follow)


def told(response: Any) -> list[str]:
    """The kinds of the messages that a page shows, as `success` or `warning`."""
    return [message.level_tag for message in response.context["messages"]]
