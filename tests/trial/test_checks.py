"""The system checks of the trial."""

import base64

import pytest
from django.utils import timezone

from privacy.models import PolicyCode
from tests.factories import make_trial
from trial import checks
from trial.models import HandOver

GOOD = "whsec_" + base64.b64encode(b"x" * 32).decode()


def check_ids(settings, url: str, secret: str = GOOD) -> list[str]:
    settings.PROVISIONING_URL, settings.PROVISIONING_SECRET = url, secret
    return [message.id for message in checks.hand_over_settings(None)]


@pytest.mark.parametrize(
    "url", ["", "https://phone.example/trials", "http://127.0.0.1:9/", "http://localhost/"]
)
def test_an_https_or_local_address_is_accepted(settings, url: str) -> None:
    assert check_ids(settings, url) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://phone.example/",
        "phone.example",
        "//phone.example/",
        "ftp://phone.example/",
        "file:///etc/passwd",
        "https://",
        "https://[",
        "http://localhost.phone.example/",
    ],
)
def test_any_other_address_is_an_error(settings, url: str) -> None:
    """Red when: personal data could be sent unencrypted, or written to a file."""
    assert check_ids(settings, url) == ["trial.E001"]


@pytest.mark.parametrize("size", [24, 64])
def test_a_secret_of_the_length_in_the_specification_is_accepted(settings, size: int) -> None:
    secret = "whsec_" + base64.b64encode(b"x" * size).decode()

    assert check_ids(settings, "https://phone.example/", secret) == []


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        GOOD.removeprefix("whsec_"),
        "whsec_" + base64.b64encode(b"x" * 23).decode(),
        "whsec_" + base64.b64encode(b"x" * 65).decode(),
        GOOD + "!",
        "whsec_żółw",
    ],
)
def test_a_broken_secret_is_an_error(settings, secret: str) -> None:
    """Red when: a short, empty or malformed secret is accepted."""
    assert check_ids(settings, "https://phone.example/", secret) == ["trial.E002"]


@pytest.mark.django_db
def test_hand_overs_that_wait_without_an_address_are_a_warning(settings) -> None:
    """Red when: nothing warns of waiting trials after PROVISIONING_URL was emptied."""
    settings.PROVISIONING_URL = "https://phone.example/"
    make_trial()
    assert checks.hand_overs_on_their_way(None, databases=["default"]) == []
    settings.PROVISIONING_URL = ""

    assert checks.hand_overs_on_their_way(None) == []
    [warning] = checks.hand_overs_on_their_way(None, databases=["default"])
    sentence = "Trials that wait for their hand-over: 1; but PROVISIONING_URL is empty."
    assert (warning.id, warning.msg) == ("trial.W002", sentence)


@pytest.mark.django_db
def test_failed_hand_overs_are_a_warning(settings) -> None:
    """Red when: nothing warns of a trial that did not reach the phone system."""
    settings.PROVISIONING_URL = "https://phone.example/"
    make_trial()
    HandOver.objects.get().finish(HandOver.State.FAILED, at=timezone.now())

    [warning] = checks.hand_overs_on_their_way(None, databases=["default"])
    sentence = "Trials that were not handed over, as every attempt failed: 1."
    assert (warning.id, warning.msg) == ("trial.W003", sentence)


@pytest.mark.django_db
def test_a_trial_without_terms_in_force_is_an_error_that_names_the_law(monkeypatch) -> None:
    assert checks.terms_in_force(None) == []
    [error] = checks.terms_in_force(None, databases=["default"])
    assert (error.id, error.is_serious()) == ("trial.E003", True)
    assert "Act on Providing Services by Electronic Means, Art. 8(1)(2)" in error.hint

    class Published:
        @staticmethod
        def in_force(code: str, *, at: object) -> bool:
            return code == PolicyCode.TERMS

    monkeypatch.setattr(checks.PolicyVersion, "objects", Published)
    assert checks.terms_in_force(None, databases=["default"]) == []
