"""Error reports to Sentry, where SENTRY_DSN is set: the same fields as the log lines (I21)."""

import logging
from typing import Any

from voipstudio.logs import lines


def start(dsn: str, **options: Any) -> None:
    """Send a report for each ERROR in the log. The library is loaded only here.

    Nothing that the library collects by itself is sent: neither the request nor its user, its
    variables, the lines before it, or the machine. `_scrubbed` builds the report anew.
    """
    import sentry_sdk
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        before_send=_scrubbed,
        max_breadcrumbs=0,
        include_local_variables=False,
        include_source_context=False,
        auto_session_tracking=False,
        send_client_reports=False,
        **options,
    )


def _scrubbed(event: Any, hint: dict[str, Any]) -> Any:
    """The report with what a log line says, and nothing else; None sends nothing."""
    record = hint.get("log_record")
    if record is None or not lines.is_worth_a_line(record):
        return None
    fields = lines.fields_of(record)
    errors = (event.get("exception") or {}).get("values") or []
    return {
        **{name: event[name] for name in ("event_id", "timestamp", "platform") if name in event},
        "level": fields["level"],
        "logger": fields["logger"],
        "logentry": {"message": fields.get("event", "An error without a sentence of ours.")},
        "exception": {"values": [_scrubbed_error(error) for error in errors]},
        "tags": {
            name: str(fields[name]) for name in ("request_id", *lines.EXTRA) if name in fields
        },
    }


def _scrubbed_error(error: dict[str, Any]) -> dict[str, Any]:
    """The class of an error and its place, without its text."""
    frames = (error.get("stacktrace") or {}).get("frames") or []
    names = ("filename", "module", "function", "lineno", "in_app")
    return {
        "type": error.get("type"),
        "module": error.get("module"),
        "stacktrace": {
            "frames": [{name: frame[name] for name in names if name in frame} for frame in frames]
        },
    }
