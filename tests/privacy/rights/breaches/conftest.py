"""A moved clock, and the officer who keeps the register."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client

from privacy.roles import DATA_PROTECTION
from tests.privacy.rights.breaches.pages import NOW


@pytest.fixture
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def officer(now, django_user_model) -> Client:
    """A colleague of the group that protects data, and nothing more."""
    user = django_user_model.objects.create_user("officer", is_staff=True)
    user.groups.add(Group.objects.get(name=DATA_PROTECTION))
    client = Client()
    client.force_login(user)
    return client
