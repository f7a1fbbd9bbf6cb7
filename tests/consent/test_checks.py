"""System checks: settings that contradict each other, and what staff must complete."""

from unittest import mock

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.core.checks import Error
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import OperationalError

from consent import checks
from consent.models import CookieDetails, Notice, Provider
from tests.consent.looks.rows import make_picture, make_shot

pytestmark = pytest.mark.django_db


def ids(messages) -> list[str]:
    return [message.id for message in messages]


@pytest.mark.parametrize("value", ["", "G-ABC123", "G-1"])
def test_a_google_analytics_4_id_is_accepted(value: str, settings) -> None:
    settings.GOOGLE_TAG_ID = value

    assert checks.google_ids(None) == []


@pytest.mark.parametrize(
    "value",
    ["AW-1", "GTM-ABC", "UA-1-1", "GT-ABC", "DC-1", "g-abc", "G-", "G-A\n", " G-A", "G-A&x=1"],
)
def test_another_kind_of_id_under_analytics_is_an_error(value: str, settings) -> None:
    """Red when: any id is taken under analytics."""
    settings.GOOGLE_TAG_ID = value

    (message,) = checks.google_ids(None)
    assert (type(message), message.id) == (Error, "consent.E001")
    assert repr(value) in message.msg
    assert message.hint


@pytest.mark.parametrize("value", ["G-ABC", "AW-ABC", "AW-", "aw-1", "GTM-1", "AW-1\n"])
def test_another_kind_of_id_under_marketing_is_an_error(value: str, settings) -> None:
    """Red when: any id is taken under marketing."""
    settings.GOOGLE_ADS_ID = value

    (message,) = checks.google_ids(None)
    assert (type(message), message.id) == (Error, "consent.E002")
    assert message.hint


def test_a_google_ads_id_is_accepted(settings) -> None:
    settings.GOOGLE_ADS_ID = "AW-123456789"

    assert checks.google_ids(None) == []


def test_the_seeded_registry_warns_only_of_the_provider_that_staff_must_confirm() -> None:
    (message,) = checks.registry_rows(None, databases=["default"])

    assert message.id == "consent.W002"
    assert "_ar_V4" in message.msg


def test_a_confirmed_provider_is_not_warned_of() -> None:
    Provider.objects.update(is_confirmed=True)

    assert checks.registry_rows(None, databases=["default"]) == []


@pytest.mark.parametrize(
    "take_away",
    [
        pytest.param(
            lambda: CookieDetails.objects.filter(cookie__name="Xl7ref").update(is_active=False),
            id="switched off",
        ),
        pytest.param(lambda: Cookie.objects.filter(name="Xl7ref").delete(), id="deleted"),
        pytest.param(
            lambda: Cookie.objects.filter(name="Xl7ref").update(
                cookiegroup=CookieGroup.objects.get(varname="analytics")
            ),
            id="in another group",
        ),
    ],
)
def test_a_first_party_cookie_that_is_not_declared_in_its_group_is_warned_of(take_away) -> None:
    """Red when: `_undeclared` does not look at the group, or at what is active."""
    Provider.objects.update(is_confirmed=True)
    take_away()

    assert ids(checks.registry_rows(None, databases=["default"])) == ["consent.W001"]


@pytest.mark.parametrize(
    ("setting", "group"), [("GOOGLE_TAG_ID", "analytics"), ("GOOGLE_ADS_ID", "marketing")]
)
def test_a_group_that_is_asked_about_with_no_tag_configured_is_warned_of(
    setting: str, group: str, settings
) -> None:
    """Red when: consent is asked for processing that cannot happen, and the operator is not told."""
    settings.GOOGLE_TAG_ID, settings.GOOGLE_ADS_ID = "G-TEST", "AW-1"
    assert checks.asked_for_nothing(None, databases=["default"]) == []
    setattr(settings, setting, "")

    (message,) = checks.asked_for_nothing(None, databases=["default"])
    assert message.id == "consent.W003"
    assert group in message.msg
    assert setting in message.msg
    assert message.hint

    third_party = CookieDetails.objects.filter(party="third")
    third_party.filter(cookie__cookiegroup__varname=group).update(is_active=False)
    assert checks.asked_for_nothing(None, databases=["default"]) == []


def test_the_operator_is_told_of_such_groups_when_deploying(settings, capsys) -> None:
    """Red when: the check is not registered, or only without `--deploy`."""
    settings.GOOGLE_TAG_ID = settings.GOOGLE_ADS_ID = ""

    call_command("check", databases=["default"])
    assert "consent.W003" not in capsys.readouterr().err
    # It ends with an error, because no terms are in force.
    with pytest.raises(SystemCheckError) as error:
        call_command("check", deploy=True, databases=["default"])
    assert str(error.value).count("consent.W003") == 2


def test_the_rows_are_read_only_when_a_database_is_named() -> None:
    assert checks.registry_rows(None) == []
    assert checks.registry_rows(None, databases=[]) == []
    assert checks.asked_for_nothing(None) == []


def test_missing_tables_are_not_warned_of(monkeypatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError("no such table")

    monkeypatch.setattr(CookieDetails.objects, "filter", fail)

    assert checks.registry_rows(None, databases=["default"]) == []
    assert checks.asked_for_nothing(None, databases=["default"]) == []


def test_the_checks_are_registered(settings, capsys) -> None:
    """Red when: the module is not imported, or `register` is taken off."""
    settings.GOOGLE_TAG_ID = "GTM-X"

    with pytest.raises(Exception, match=r"consent\.E001"):
        call_command("check")
    settings.GOOGLE_TAG_ID = ""
    call_command("check", databases=["default"])
    assert "consent.W002" in capsys.readouterr().err


def test_pictures_that_nobody_took_are_a_warning_of_the_deployment(capsys) -> None:
    """Red when: an operator is not told to run `picture_notices`, or is told when all are there."""
    (message,) = checks.pictures_of_the_question(None, databases=["default"])
    assert (message.id, "picture_notices" in message.hint) == ("consent.W004", True)
    assert message.msg.endswith(": 8.")
    call_command("check", databases=["default"])
    assert "consent.W004" not in capsys.readouterr().err

    looks = (
        (language, place, device)
        for language in ("pl", "en")
        for place in ("banner", "cookie-page")
        for device in ("phone", "desk")
    )
    make_picture(*(make_shot(*look) for look in looks))

    assert checks.pictures_of_the_question(None, databases=["default"]) == []


def test_before_the_first_migration_no_picture_is_missing() -> None:
    with mock.patch.object(Notice.objects, "first", side_effect=OperationalError):
        assert checks.pictures_of_the_question(None, databases=["default"]) == []
    assert checks.pictures_of_the_question(None) == []
