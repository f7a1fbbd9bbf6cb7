"""A log line has the fields of a list, and nothing of a person, whoever writes it (I21)."""

import json
import logging
import sys
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError

from tests.private_words import private_words
from tests.run_once import needs_no_database
from voipstudio.logs.lines import (
    JsonFormatter,
    ReadableFormatter,
    WorthALine,
    config,
    request_id,
)

pytestmark = needs_no_database

PERSON = "anna.nowak@example.com"


def make_record(name: str, message: str, *args: object, **fields: Any) -> logging.LogRecord:
    level = fields.pop("level", logging.WARNING)
    record = logging.LogRecord(name, level, __file__, 1, message, args, fields.pop("error", None))
    record.__dict__ |= fields
    return record


def fields(record: logging.LogRecord) -> dict[str, Any]:
    line = JsonFormatter().format(record)
    assert "\n" not in line
    read: dict[str, Any] = json.loads(line)
    return read


def raised(error: Exception, *, cause: Exception | None = None) -> Any:
    try:
        raise error from cause
    except Exception:
        return sys.exc_info()


def test_our_own_line_has_its_sentence_with_values() -> None:
    record = make_record("delivery.outbox", "%s could not be sent.", "trial.confirm 3")

    line = fields(record)

    assert (line["event"], line["logger"]) == ("trial.confirm 3 could not be sent.", record.name)
    assert (line["level"], line.keys()) == ("warning", {"time", "level", "logger", "event"})
    assert datetime.fromisoformat(line["time"]).utcoffset() is not None


@pytest.mark.parametrize(
    ("logger", "message", "args"),
    [
        ("django.request", "%s: %s", ("Not Found", f"/{PERSON}/")),
        ("django.server", '"GET /?email=%s" 200', (PERSON,)),
        ("asyncio", f"Task of {PERSON} failed", ()),
        ("gunicorn.error", "Error handling request %s", (f"/{PERSON}",)),
        ("gunicorn.error", f"Invalid request from ip=192.0.2.7: {PERSON}", ()),
        ("consenting.library", PERSON, ()),
    ],
)
def test_a_line_of_a_library_has_none_of_its_values(logger: str, message: str, args: Any) -> None:
    """Red when: `_event` shows the message of a logger that is not ours."""
    record = make_record(logger, message, *args)

    for formatter in (JsonFormatter(), ReadableFormatter()):
        line = formatter.format(record)
        assert private_words(line) == []
        assert logger in line


def test_what_gunicorn_says_of_itself_is_kept() -> None:
    started = make_record("gunicorn.error", "Listening at: %s", "http://x:1", level=logging.INFO)
    killed = make_record("gunicorn.error", "Worker (pid:%s) was sent %s!", 7, "SIGKILL")
    malformed = make_record("gunicorn.error", "Invalid request from ip=192.0.2.7: x")

    assert fields(started)["event"] == "Listening at: http://x:1"
    assert fields(killed)["event"] == "Worker (pid:%s) was sent %s!"
    assert fields(malformed)["event"] == "A malformed request was refused."


@pytest.mark.parametrize("logger", ["delivery.outbox", "django.request", "gunicorn.error"])
def test_an_error_is_its_class_and_its_place(logger: str) -> None:
    """Red when: the text of an error is in a line: PostgreSQL quotes the row."""
    error = raised(IntegrityError(f"Key (email)=({PERSON})"), cause=ValueError(PERSON))
    record = make_record(logger, "It failed.", error=error)

    line = fields(record)

    assert line["error"] == "IntegrityError from ValueError"
    assert [frame.partition(":")[0] for frame in line["at"]] == [
        "tests/voipstudio/logs/test_lines.py"
    ]
    assert line["at"][0].endswith(" raised")
    assert private_words(ReadableFormatter().format(record)) == []


def test_an_error_of_the_operator_keeps_its_text() -> None:
    """It says what to set, and no visitor causes it."""
    error = raised(ImproperlyConfigured("SITE_ORIGIN is 'x'; give scheme and host"))

    line = fields(make_record("gunicorn.error", "Exception in worker process", error=error))

    assert line["error"] == "ImproperlyConfigured (SITE_ORIGIN is 'x'; give scheme and host)"


def test_only_listed_fields_of_a_call_are_kept() -> None:
    record = make_record("trial.x", "It failed.", route="home", status=404, address="192.0.2.7")

    line = fields(record)

    assert (line["route"], line["status"], "address" in line) == ("home", 404, False)
    assert "route=home status=404" in ReadableFormatter().format(record)


def test_a_line_has_the_number_of_its_request() -> None:
    token = request_id.set("0" * 32)
    try:
        assert fields(make_record("trial.x", "It failed."))["request_id"] == "0" * 32
    finally:
        request_id.reset(token)


def test_refused_requests_have_no_line_of_django() -> None:
    """Red when: a flood of unknown hosts can fill the disk."""
    error = raised(ValueError())
    worth = WorthALine().filter

    assert not worth(make_record("django.security.DisallowedHost", PERSON, error=error))
    assert not worth(make_record("django.request", "%s: %s", "Not Found", PERSON))
    assert worth(make_record("django.request", "%s: %s", "Error", PERSON, error=error))
    assert worth(make_record("trial.x", "It failed."))


@pytest.mark.parametrize("is_json", [True, False])
def test_every_handler_has_the_formatter_and_the_filter(is_json: bool) -> None:
    """Red when: a handler is added that writes what it is given."""
    handlers = config(is_json=is_json)["handlers"].values()

    assert {handler["formatter"] for handler in handlers} == {"line"}
    assert all("worth a line" in handler["filters"] for handler in handlers)
