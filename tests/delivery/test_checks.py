"""A site in production without a mail server is an error before it starts."""

import pytest

from delivery.checks import mail_server
from tests.run_once import has_own_database
from tests.running_site import environment, manage

BACKENDS = "django.core.mail.backends"


@pytest.mark.parametrize(
    ("is_https", "backend", "ids"),
    [
        (True, "smtp", []),
        (True, "filebased", ["delivery.E001"]),
        (True, "console", ["delivery.E001"]),
        (True, "dummy", ["delivery.E001"]),
        (False, "filebased", []),
    ],
)
def test_production_needs_a_mail_server(
    settings, is_https: bool, backend: str, ids: list[str]
) -> None:
    """Red when: mails of a production site may go into files, or development needs a server."""
    settings.IS_HTTPS, settings.EMAIL_BACKEND = is_https, f"{BACKENDS}.{backend}.EmailBackend"

    assert [message.id for message in mail_server(None)] == ids


@has_own_database
@pytest.mark.parametrize(
    ("url", "is_error"), [("", True), ("smtp://:25", True), ("smtp+tls://mail.example:587", False)]
)
def test_the_deployment_check_says_so_with_a_hint(tmp_path, url: str, is_error: bool) -> None:
    """Red when: the check is not registered for `check --deploy`."""
    env = environment(
        tmp_path, SITE_ORIGIN="https://voipstudio.pl", TRUSTED_PROXIES="1", EMAIL_URL=url
    )
    run = manage("check", "--deploy", env=env, check=False)

    output = run.stdout + run.stderr
    assert ("(delivery.E001) EMAIL_URL" in output) is is_error
    assert ("HINT: Set EMAIL_URL=smtp+tls://" in output) is is_error
    assert (run.returncode != 0) is is_error
