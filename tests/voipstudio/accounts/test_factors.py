"""Second steps are set up, used, removed and replaced; each change ends the other sessions."""

from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.pages import Page
from tests.voipstudio.accounts.people import (
    CODES,
    SECOND_STEP,
    SETUP,
    code_of,
    code_of_key,
    is_inside,
    make_app,
    make_passkey,
    make_person,
    signed_in,
    verified,
)
from voipstudio.accounts.models import Passkey

pytestmark = pytest.mark.django_db


def set_up_app(client: Client) -> Any:
    """Type the code that an app with the key of the page shows."""
    page = Page(client.get(f"{SETUP}app/").content)
    (key,) = page.with_class("key")
    return client.post(f"{SETUP}app/", {"code": code_of_key(key.text)})


def new_codes(client: Client) -> list[str]:
    """The recovery codes that a page shows."""
    return [element.text for element in Page(client.post(CODES).content).all("code")]


def history_of(user: User) -> list[str]:
    lines = LogEntry.objects.filter(object_id=str(user.pk)).order_by("pk")
    return [line.get_change_message() for line in lines]


def test_an_app_is_set_up_and_opens_the_admin_that_requires_it(settings) -> None:
    settings.SECOND_STEP_REQUIRED = True
    user = make_person()
    client = signed_in()

    response = set_up_app(client)

    assert response["Location"] == CODES
    assert is_inside(client)
    assert TOTPDevice.objects.get().user == user
    assert history_of(user) == ["Dodano aplikację uwierzytelniającą."]


@time_machine.travel("2026-03-01 12:00 +0000", tick=False)
def test_the_code_that_set_the_app_up_is_used_up() -> None:
    user = make_person()
    set_up_app(signed_in())
    app = TOTPDevice.objects.get(user=user)

    assert signed_in().post(SECOND_STEP, {"code": code_of(app)}).status_code == 422
    client = signed_in(address="198.51.100.7")
    assert client.post(SECOND_STEP, {"code": code_of(app, steps_later=1)}).status_code == 302


@pytest.mark.parametrize("code", ["000000", "", "x", "²", "9" * 16])
def test_a_wrong_code_sets_nothing_up(code: str) -> None:
    make_person()
    client = signed_in()
    key = Page(client.get(f"{SETUP}app/").content).with_class("key")[0].text

    response = client.post(f"{SETUP}app/", {"code": code})

    assert response.status_code == 422
    assert Page(response.content).with_class("key")[0].text == key
    assert not TOTPDevice.objects.exists()


def test_recovery_codes_are_shown_once_and_stored_as_hashes() -> None:
    user = make_person()
    make_app(user)
    client = verified(user)

    codes = new_codes(client)

    assert len({*codes}) == 10
    assert {len(code) for code in codes} == {19}
    stored = {*StaticToken.objects.values_list("token", flat=True)}
    assert len(stored) == 10
    assert stored & ({*codes} | {code.replace("-", "")[:16] for code in codes}) == set()
    again = client.get(CODES).content.decode()
    assert [code for code in codes if code in again] == []


def test_a_recovery_code_lets_in_once_and_leads_to_the_lost_device() -> None:
    """Red when: a code is not deleted, or the person is not told what to do next."""
    user = make_person()
    make_app(user)
    codes = new_codes(verified(user))
    client = signed_in()

    response = client.post(SECOND_STEP, {"code": f" {codes[0].upper().replace('-', ' ')} "})

    assert response["Location"] == SETUP
    assert is_inside(client)
    assert StaticToken.objects.count() == 9
    assert "Pozostało 9 kodów" in client.get(SETUP).content.decode()
    assert signed_in().post(SECOND_STEP, {"code": codes[0]}).status_code == 422


def test_a_person_with_few_codes_is_told_at_the_login() -> None:
    user = make_person()
    app = make_app(user)

    client = signed_in()
    response = client.post(SECOND_STEP, {"code": code_of(app)}, follow=True)

    (message,) = response.context["messages"]
    assert message.level_tag == "warning"
    assert str(message).startswith("Liczba kodów zapasowych, które Ci zostały: 0.")


def test_a_new_set_ends_the_old_one() -> None:
    user = make_person()
    make_app(user)
    client = verified(user)
    old, new = new_codes(client), new_codes(client)

    assert signed_in().post(SECOND_STEP, {"code": old[0]}).status_code == 422
    assert signed_in().post(SECOND_STEP, {"code": new[0]}).status_code == 302


def test_the_codes_of_a_colleague_open_nothing() -> None:
    user, other = make_person(), make_person("jan")
    make_app(user)
    make_app(other)
    codes = new_codes(verified(other))

    assert signed_in().post(SECOND_STEP, {"code": codes[0]}).status_code == 422


def test_the_file_holds_the_codes_of_the_page() -> None:
    user = make_person()
    make_app(user)
    client = verified(user)
    codes = new_codes(client)

    response = client.post(f"{CODES}file/", {"code": codes})

    assert response["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert "no-store" in response["Cache-Control"]
    lines = response.content.decode().split("\r\n")
    assert lines == ["Kody zapasowe do 127.0.0.1. Każdy działa jeden raz.", *codes, ""]


def test_without_a_second_step_there_are_no_recovery_codes() -> None:
    """They would be a second step that nobody asks for."""
    make_person()

    assert signed_in().post(CODES)["Location"] == SETUP
    assert not StaticToken.objects.exists()


def test_removing_the_last_second_step_removes_the_codes_and_requires_a_new_one(settings) -> None:
    settings.SECOND_STEP_REQUIRED = True
    user = make_person()
    app = make_app(user)
    client = verified(user)
    new_codes(client)

    client.post(f"{SETUP}remove/", {"device": app.persistent_id})

    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    assert client.get("/admin/", follow=True).redirect_chain[-1] == (SETUP, 302)
    assert history_of(user)[-1] == "Usunięto drugi krok logowania."


def test_nobody_removes_the_second_step_of_a_colleague() -> None:
    """Red when: `remove` takes any device by its number."""
    user, other = make_person(), make_person("jan")
    make_app(user)
    theirs = [make_app(other), make_passkey(other)]
    client = verified(user)

    for device in theirs:
        client.post(f"{SETUP}remove/", {"device": device.persistent_id})
    client.post(f"{SETUP}remove/", {"device": "nonsense"})

    assert TOTPDevice.objects.count() == 2
    assert Passkey.objects.count() == 1


def make_codes(client: Client, user: User) -> None:
    client.post(CODES)


def remove_app(client: Client, user: User) -> None:
    app = TOTPDevice.objects.get(user=user)
    client.post(f"{SETUP}remove/", {"device": app.persistent_id})


def replace_app(client: Client, user: User) -> None:
    set_up_app(client)


def change_password(client: Client, user: User) -> None:
    fields = {"old_password": "for-tests-only", "new_password1": "Zebra-w-paski-7"}
    fields["new_password2"] = fields["new_password1"]
    assert client.post("/admin/password_change/", fields).status_code == 302


@pytest.mark.parametrize("change", [make_codes, remove_app, replace_app, change_password])
def test_a_change_ends_the_other_sessions_of_the_person_alone(change) -> None:
    """Red when: `_changed` ends no session, or those of colleagues too."""
    user, other = make_person(), make_person("jan")
    make_app(user)
    at_work, elsewhere = verified(user), verified(user, address="198.51.100.7")
    colleague = signed_in(other.username)
    assert is_inside(elsewhere)

    change(at_work, user)

    assert not is_inside(elsewhere)
    assert is_inside(at_work)
    assert is_inside(colleague)


def test_a_device_that_is_gone_lets_nobody_in() -> None:
    """Red when: a session stays verified by a device that somebody deleted in the database."""
    user = make_person()
    app = make_app(user)
    make_passkey(user)
    client = verified(user)

    app.delete()

    assert client.get("/admin/", follow=True).redirect_chain[-1] == (SECOND_STEP, 302)


def test_the_overview_names_what_there_is(settings) -> None:
    settings.HAS_PASSKEYS = True
    user = make_person()
    assert Page(signed_in().get(SETUP).content).all("section", aria_labelledby="codes-title") == []
    make_app(user)
    make_passkey(user)

    page = Page(verified(user).get(SETUP).content)

    assert len(page.all("section")) == 3
    assert page.with_class("passkeys")[0].text.startswith("laptop")


def test_where_the_site_has_no_name_there_are_no_passkeys() -> None:
    """Red when: the pages offer what no browser can do on an IP address."""
    user = make_person()
    client = signed_in()

    assert Page(client.get(SETUP).content).with_attribute("data-passkey") == []
    assert client.post(f"{SETUP}passkey/options/").status_code == 404
    assert client.post(f"{SETUP}passkey/", {"answer": "{}"}).status_code == 404
    make_app(user)
    client = signed_in()
    assert client.post(f"{SECOND_STEP}passkey/options/").status_code == 404
    assert client.post(f"{SECOND_STEP}passkey/", {"answer": "{}"}).status_code == 404


def test_a_wrong_recovery_code_is_told_apart_from_a_wrong_code_of_the_app() -> None:
    """Red when: whoever mistypes a recovery code is told to wait for the next one."""
    make_app(make_person())
    client = signed_in()

    of_app = client.post(SECOND_STEP, {"code": "000 000"})
    recovery = client.post(SECOND_STEP, {"code": "aaaa-bbbb-cccc-dddd"})

    assert "Poczekaj na następny" in of_app.content.decode()
    assert "Ten kod zapasowy jest nieprawidłowy" in recovery.content.decode()


def test_the_page_says_what_goes_with_the_last_device() -> None:
    user = make_person()
    make_app(user)
    client = verified(user)
    assert "znikną kody zapasowe" in client.get(SETUP).content.decode()

    make_passkey(user)
    assert "znikną kody zapasowe" not in client.get(SETUP).content.decode()
