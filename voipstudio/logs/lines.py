"""Log lines made of the fields listed here, so that nothing of a person is in them (I21).

Only our own code may put values into a sentence: `tests/voipstudio/logs/test_our_lines.py` lists
them. Libraries put paths, host names and addresses into theirs, so that of a line of Django only
its origin and its error are kept. The text of an error can quote a row or a form: only its class
and its place are kept.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
# The first parts of the names of our loggers.
OURS = frozenset(
    {"voipstudio", "trial", "pricing", "consent", "privacy", "delivery", "content", "evidence"}
)
# What a call may give with `extra=`.
EXTRA = ("method", "route", "status", "milliseconds")
# Errors of the operator; their text quotes a setting or a module, and says what to do.
_OPERATORS_ERRORS = frozenset({"ImproperlyConfigured", "ImportError", "ModuleNotFoundError"})
MAX_FRAMES = 20

# No line names a thread, a process or the place of its call, so that none is looked up:
# https://docs.python.org/3/howto/logging.html#optimization.
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
logging._srcfile = None

# The number of the request that this thread answers; empty outside requests.
request_id: ContextVar[str] = ContextVar("request_id", default="")


def config(*, is_json: bool) -> dict[str, Any]:
    """The configuration of `logging` for Django, the worker and gunicorn: one handler for all."""
    formatter = JsonFormatter if is_json else ReadableFormatter
    through_root: dict[str, Any] = {"handlers": [], "level": "INFO", "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "filters": {"worth a line": {"()": WorthALine}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["worth a line"],
            }
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": dict.fromkeys(("django", "django.server", "gunicorn.error"), through_root),
    }


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Everything that a line may say."""
    fields: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
    }
    if event := _event(record):
        fields["event"] = event
    if number := request_id.get():
        fields["request_id"] = number
    given = record.__dict__
    fields |= {name: given[name] for name in EXTRA if name in given}
    if record.exc_info and record.exc_info[1]:
        fields |= {"error": _kind(record.exc_info[1]), "at": _frames(record.exc_info[1])}
    return fields


class WorthALine(logging.Filter):
    """Drops the lines of Django that repeat the status in the line of the request."""

    def filter(self, record: logging.LogRecord) -> bool:
        return is_worth_a_line(record)


def is_worth_a_line(record: logging.LogRecord) -> bool:
    """False for a refused request: anyone can make a flood of them, with a traceback for each."""
    if record.name.startswith("django.security"):
        return False
    return record.name != "django.request" or bool(record.exc_info)


class JsonFormatter(logging.Formatter):
    """One JSON object per line, for programs."""

    encoder = json.JSONEncoder(ensure_ascii=False, default=str)

    def format(self, record: logging.LogRecord) -> str:
        return self.encoder.encode(fields_of(record))


class ReadableFormatter(logging.Formatter):
    """The same fields for a developer's terminal."""

    def format(self, record: logging.LogRecord) -> str:
        fields = fields_of(record)
        words = [f"{name}={fields[name]}" for name in EXTRA if name in fields]
        words += [fields["error"]] if "error" in fields else []
        head = f"{fields['level'].upper()} {fields['logger']}: {fields.get('event', '')}"
        return "\n    ".join([" ".join([head, *words]), *fields.get("at", [])])


def _event(record: logging.LogRecord) -> str:
    """The sentence of a line, where it can hold nothing of a visitor."""
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    if record.name == "gunicorn.error":
        return _event_of_gunicorn(record)
    return ""


def _event_of_gunicorn(record: logging.LogRecord) -> str:
    # Above INFO gunicorn's values are paths and the addresses of visitors.
    if record.levelno <= logging.INFO:
        return record.getMessage()
    template = str(record.msg)
    return "A malformed request was refused." if "request from ip" in template else template


def _kind(error: BaseException) -> str:
    """The class of an error, and of the error that caused it."""
    words = [type(error).__name__]
    if type(error).__name__ in _OPERATORS_ERRORS:
        words.append(f"({error})")
    if error.__cause__:
        words.append(f"from {_kind(error.__cause__)}")
    return " ".join(words)


def _frames(error: BaseException) -> list[str]:
    """Where an error arose: file, line and function, the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    return [f"{_path(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _path(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
