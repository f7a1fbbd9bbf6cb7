"""System checks: each has an id, a hint, and a setting that triggers it."""

from pathlib import Path

import pytest
from django.core.checks import run_checks

from consent.models import CookieDetails, Provider
from voipstudio.checks import https_origin, private_folders, translated_addresses


def _ids(**options) -> dict[str, str]:
    return {message.id: message.hint or "" for message in run_checks(**options)}


def test_the_settings_of_the_tests_contradict_nothing() -> None:
    assert _ids() == {}


def test_addresses_without_their_translations_are_an_error(monkeypatch) -> None:
    """Red when: the check compares nothing."""
    monkeypatch.setattr("voipstudio.checks.reverse", lambda name: "/privacy-policy/")

    (message,) = translated_addresses(None)

    assert message.id == "voipstudio.E001"
    assert message.hint == "Compile the translations: manage.py compile_translations"


@pytest.mark.parametrize(
    ("is_https", "proxies", "ids"),
    [
        (False, 0, ["voipstudio.W001"]),
        (False, 1, ["voipstudio.W001"]),
        (True, 0, ["voipstudio.W002"]),
        (True, 1, []),
    ],
    ids=["http", "http behind a proxy", "https without a proxy", "https"],
)
def test_a_deployed_site_is_told_to_use_https_behind_a_proxy(
    settings, is_https: bool, proxies: int, ids: list[str]
) -> None:
    """Without a proxy every page would redirect to itself. Red when: either check is dropped."""
    settings.IS_HTTPS, settings.TRUSTED_PROXIES = is_https, proxies

    assert [message.id for message in https_origin(None)] == ids


@pytest.mark.parametrize(("mode", "is_named"), [(0o755, True), (0o701, True), (0o750, False)])
def test_a_folder_that_others_can_read_is_named(
    settings, tmp_path: Path, mode: int, is_named: bool
) -> None:
    """Red when: the check looks at the owner's bits, or at one of the folders alone."""
    for name in ("DATA_DIR", "STATE_DIR"):
        settings.DATA_DIR = settings.STATE_DIR = tmp_path / "private"
        settings.DATA_DIR.mkdir(mode=0o700, exist_ok=True)
        folder = tmp_path / name
        folder.mkdir()
        folder.chmod(mode)
        setattr(settings, name, folder)

        messages = private_folders(None)

        hints = [f"Run: chmod o-rwx {folder}"] if is_named else []
        assert [message.hint for message in messages] == hints


@pytest.mark.parametrize(
    "value", ["AW-123", "GT-ABC", "GTM-ABC", "UA-1-1", "g-abc", "G-", "G-A B", "G-A\n", "<script>"]
)
def test_a_google_tag_id_of_another_kind_is_an_error(settings, value: str) -> None:
    """Other kinds of tags would mix groups. Red when: the pattern is not anchored."""
    settings.GOOGLE_TAG_ID = value

    assert [*_ids()] == ["consent.E001"]


@pytest.mark.parametrize(
    "value", ["G-ABC", "AW-", "AW-12X", "aw-12", "GTM-ABC", "DC-1", "AW-12\n", " AW-12"]
)
def test_a_google_ads_id_of_another_kind_is_an_error(settings, value: str) -> None:
    settings.GOOGLE_ADS_ID = value

    assert [*_ids()] == ["consent.E002"]


@pytest.mark.parametrize(("tag", "ads"), [("", ""), ("G-ABC123", ""), ("G-A1", "AW-1")])
def test_valid_or_empty_google_ids_are_accepted(settings, tag: str, ads: str) -> None:
    settings.GOOGLE_TAG_ID, settings.GOOGLE_ADS_ID = tag, ads

    assert _ids() == {}


@pytest.mark.django_db
def test_the_seeded_registry_only_lacks_a_confirmed_provider() -> None:
    assert [*_ids(databases=["default"])] == ["consent.W002"]


@pytest.mark.django_db
def test_a_cookie_of_ours_that_is_not_declared_is_a_warning() -> None:
    """Red when: `_undeclared` does not look at the group or at `is_active`."""
    Provider.objects.update(is_confirmed=True)
    CookieDetails.objects.filter(cookie__name="L7_geoip").update(is_active=False)

    assert [*_ids(databases=["default"])] == ["consent.W001"]


@pytest.mark.parametrize(
    "address", ["http://app.example", "app.example", "javascript:alert(1)", "https://"]
)
def test_a_log_in_that_is_not_encrypted_is_an_error(settings, address: str) -> None:
    """Red when: the check takes any address."""
    settings.CUSTOMER_APP_URL = address

    assert "https://" in _ids()["voipstudio.E002"]


def test_an_encrypted_log_in_is_fine(settings) -> None:
    settings.CUSTOMER_APP_URL = "https://app.example/login"

    assert _ids() == {}


@pytest.mark.django_db
def test_every_message_says_what_to_do(settings) -> None:
    settings.GOOGLE_TAG_ID = settings.GOOGLE_ADS_ID = "x"
    CookieDetails.objects.filter(cookie__name="Xl7ref").update(is_active=False)

    messages = _ids(databases=["default"])

    assert {*messages} == {"consent.E001", "consent.E002", "consent.W001", "consent.W002"}
    assert all(hint.endswith((".", "empty.", "purpose.")) for hint in messages.values())
