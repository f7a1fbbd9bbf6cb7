"""No token is in the logs."""

import logging

import pytest

from delivery import tokens
from tests.factories import make_sign_up, make_token_of
from voipstudio.web.log_filters import WithoutSecrets

pytestmark = pytest.mark.django_db


def logged(message: str, *arguments: object) -> str:
    record = logging.LogRecord("x", logging.WARNING, "", 0, message, arguments, None)
    assert WithoutSecrets().filter(record) is True
    return record.getMessage()


def test_a_token_in_an_address_is_not_logged(client, caplog) -> None:
    """Red when: the filter is left out: Django logs the address of every 4xx."""
    token = make_token_of(make_sign_up())
    with caplog.at_level(logging.WARNING, logger="django.request"):
        client.put(f"/en/free-trial/confirm/{token}/")

    lines = []
    for record in caplog.records:
        WithoutSecrets().filter(record)
        lines.append(record.getMessage())
    assert "Method Not Allowed (PUT): /en/free-trial/confirm/…/" in lines
    assert token not in " ".join(lines)


def test_every_handler_has_the_filter(settings) -> None:
    """Red when: a handler is added without it."""
    handlers = settings.LOGGING["handlers"].values()

    assert all("secrets" in handler["filters"] for handler in handlers)
    assert handlers


def test_other_lines_stay_as_they_are() -> None:
    assert logged("Not Found: %s", "/en/nothing-here/") == "Not Found: /en/nothing-here/"
    assert logged("100 %") == "100 %"


def test_a_token_is_as_long_as_the_filter_expects() -> None:
    value = tokens.make(purpose="x", subject="y", at=make_sign_up().created_at)

    assert logged(value) == "…"
