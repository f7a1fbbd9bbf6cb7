"""Users, groups and permissions are a superuser's; a superuser lets somebody back in."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.pages import Page
from tests.voipstudio.accounts.people import (
    CODES,
    SETUP,
    is_inside,
    make_app,
    make_passkey,
    make_person,
    signed_in,
    verified,
)
from voipstudio.accounts.models import Passkey

pytestmark = pytest.mark.django_db


@pytest.fixture
def ambitious() -> Client:
    """A colleague with every permission there is, who is no superuser."""
    user = make_person("ambitious")
    user.user_permissions.set(Permission.objects.all())
    return signed_in("ambitious")


def whole_form(user: User, **changes: Any) -> dict[str, Any]:
    """What the form of a user sends."""
    return {
        "username": user.username,
        "date_joined_0": "2026-01-01",
        "date_joined_1": "12:00:00",
        "is_active": "on",
        "is_staff": "on",
        **changes,
    }


def test_staff_with_every_permission_cannot_make_themselves_superusers(ambitious) -> None:
    """Red when: UserAdmin asks for the permission `change_user` alone, as Django's does."""
    user = User.objects.get(username="ambitious")
    form = whole_form(user, is_superuser="on", groups=[Group.objects.first().pk])

    response = ambitious.post(f"/admin/auth/user/{user.pk}/change/", form)

    user.refresh_from_db()
    assert response.status_code == 403
    assert (user.is_superuser, user.groups.count()) == (False, 0)


@pytest.mark.parametrize(
    "page",
    [
        "user/", "user/add/", "user/{pk}/change/", "user/{pk}/delete/", "user/{pk}/password/",
        "user/{pk}/history/", "user/{pk}/reset-second-step/", "group/", "group/add/",
        "group/{group}/change/", "group/{group}/delete/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_of_users_and_groups_opens_for_them(ambitious, page: str, method: str) -> None:
    """Red when: SuperusersOnly leaves out one of its methods."""
    boss = make_person("boss", is_superuser=True)
    group = Group.objects.first()
    address = "/admin/auth/" + page.format(pk=boss.pk, group=group.pk)
    form = {
        "username": "mallory", "password1": "Zebra-w-paski-7", "password2": "Zebra-w-paski-7",
        "usable_password": "true", "name": "mine", "is_superuser": "on", "is_staff": "on",
        "post": "yes", "permissions": [Permission.objects.first().pk],
    }  # fmt: skip

    response = getattr(ambitious, method)(address, form if method == "post" else {})

    assert response.status_code == 403
    assert {*User.objects.values_list("username", flat=True)} == {"ambitious", "boss"}
    assert boss.check_password("for-tests-only")
    assert Group.objects.filter(pk=group.pk, name=group.name).exists()
    assert not Group.objects.filter(name="mine").exists()


def test_the_actions_of_the_lists_are_closed_too(ambitious) -> None:
    boss = make_person("boss", is_superuser=True)
    form = {"action": "delete_selected", "_selected_action": [boss.pk], "post": "yes"}

    assert ambitious.post("/admin/auth/user/", form).status_code == 403
    assert User.objects.filter(pk=boss.pk).exists()


def test_the_first_page_names_no_users_to_them(ambitious) -> None:
    assert "/admin/auth/" not in ambitious.get("/admin/").content.decode()


@pytest.mark.parametrize("model", ["otp_totp/totpdevice", "otp_static/staticdevice"])
def test_no_page_shows_the_secrets_of_the_second_step(admin_client, model: str) -> None:
    """Red when: django-otp's own pages are registered: they print every key."""
    assert admin_client.get(f"/admin/{model}/").status_code == 404
    assert admin_client.get(f"/admin/{model}/add/").status_code == 404


def test_a_superuser_gives_rights(admin_client) -> None:
    user = make_person("jan")
    group = Group.objects.first()

    response = admin_client.post(
        f"/admin/auth/user/{user.pk}/change/",
        whole_form(user, is_superuser="on", groups=[group.pk]),
    )

    user.refresh_from_db()
    assert response.status_code == 302
    assert user.is_superuser
    assert [*user.groups.all()] == [group]


def test_a_superuser_resets_the_second_step_of_somebody_who_lost_everything(admin_client) -> None:
    """Red when: a factor or a session stays, or the history has no line."""
    user, other = make_person(), make_person("jan")
    for person in (user, other):
        make_app(person)
        make_passkey(person)
    client, colleague = verified(user), verified(other)
    for session in (client, colleague):
        session.post(CODES)
    page = f"/admin/auth/user/{user.pk}/reset-second-step/"
    links = [*Page(admin_client.get(f"/admin/auth/user/{user.pk}/change/").content).links]
    assert page in links
    assert "anna" in admin_client.get(page).content.decode()
    assert TOTPDevice.objects.count() == 2

    response = admin_client.post(page)

    assert response["Location"] == f"/admin/auth/user/{user.pk}/change/"
    for model in (TOTPDevice, Passkey, StaticDevice):
        assert [device.user for device in model.objects.all()] == [other]
    assert not is_inside(client)
    assert is_inside(colleague)
    line = LogEntry.objects.first()
    assert (line.user.username, line.object_id) == ("admin", str(user.pk))
    assert line.get_change_message() == "Zresetowano drugi krok logowania."


def test_a_superuser_resets_the_own_second_step_and_goes_on() -> None:
    """Red when: the own session ends with the others, and its next save fails."""
    boss = make_person(is_superuser=True)
    make_app(boss)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = verified(boss)
        clock.shift(timedelta(minutes=1))
        response = client.post(f"/admin/auth/user/{boss.pk}/reset-second-step/")

        assert response["Location"] == f"/admin/auth/user/{boss.pk}/change/"
        assert is_inside(client)


def test_after_a_reset_the_password_leads_to_a_new_second_step(admin_client, settings) -> None:
    user = make_person()
    make_app(user)
    admin_client.post(f"/admin/auth/user/{user.pk}/reset-second-step/")
    settings.SECOND_STEP_REQUIRED = True

    assert signed_in().get("/admin/", follow=True).redirect_chain[-1] == (SETUP, 302)


def test_the_list_shows_who_has_a_second_step(admin_client) -> None:
    make_app(make_person())
    make_person("jan")

    page = Page(admin_client.get("/admin/auth/user/").content)

    marks = [e["alt"] for e in page.all("img") if "field-second_step" in e.parents[-1].classes]
    assert marks == ["False", "True", "False"]  # admin, anna, jan


def test_a_command_is_the_way_back_for_the_last_superuser(capsys) -> None:
    user = make_person("boss", is_superuser=True)
    make_app(user)
    client = verified(user)

    call_command("reset_second_step", "boss")

    assert not TOTPDevice.objects.exists()
    assert not is_inside(client)
    output = capsys.readouterr().out
    assert output.startswith("boss signs in with the password alone")
    assert "manage.py changepassword boss" in output


def test_the_command_names_the_superusers_when_there_is_no_such_user() -> None:
    make_person("boss", is_superuser=True)

    with pytest.raises(CommandError, match=r"There is no user 'bos'\. Superusers are: boss\."):
        call_command("reset_second_step", "bos")
