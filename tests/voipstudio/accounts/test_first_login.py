"""The login that `make serve` prints: made once, and led to what nobody has approved yet."""

import re
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from privacy.models import PolicyStep, PolicyVersion
from tests.pages import Page

pytestmark = pytest.mark.django_db


def first_login() -> str:
    """What the command prints."""
    output = StringIO()
    call_command("first_login", stdout=output)
    return output.getvalue()


def test_the_first_login_is_made_once() -> None:
    """Red when: a second start prints, or makes, another account."""
    assert re.fullmatch(
        r"Admin login, shown only now: admin / \S{24} at http://127\.0\.0\.1:8000/admin/\n",
        first_login(),
    )
    assert first_login() == ""
    assert User.objects.get().is_superuser


def test_the_first_login_approves_the_first_version_alone(client: Client, settings) -> None:
    """Red when: the first reminder does not lead to the version, or four eyes stop the only person."""
    assert settings.POLICY_FOUR_EYES is True
    password = first_login().split()[7]
    form = {"username": "admin", "password": password, "next": "/admin/"}

    home = Page(client.post("/admin/login/", form, follow=True).content)
    reminder = home.all("li", class_="warning")[0]
    [link] = [link for link in home.all("a") if reminder in link.parents]
    page = Page(client.get(link["href"]).content)
    version = PolicyVersion.objects.get()
    [button] = page.all("form", action=f"/admin/privacy/policyversion/{version.pk}/approve/")
    response = client.post(button["action"], {"revision": str(version.revision)}, follow=True)

    assert response.redirect_chain == [(link["href"], 302)]
    [step] = PolicyStep.objects.filter(kind=PolicyStep.Kind.APPROVED)
    assert step.user == User.objects.get()
    assert reminder.text not in client.get("/admin/").text
