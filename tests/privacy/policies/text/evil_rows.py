"""Published versions that SQL alone writes, past every check of the site."""

import json
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from content import store
from content.models import ContentRevision
from tests.privacy.policies.text.payloads import PAYLOADS

# Fences last: an open fence makes everything after it program code.
ORDERED = sorted(PAYLOADS, key=lambda payload: payload.startswith(("```", "~~~", "``")))


def evil_text(payloads: list[str]) -> str:
    """A policy with each payload as a summary, a paragraph, an item of a list and a heading."""
    sections = [
        f"## {number}. {_line(payload)}\n\n> {_line(payload)}\n\n{number}.1 {payload}\n\n- {payload}"
        for number, payload in enumerate(payloads)
    ]
    return "\n\n".join([*sections, "{{ cookies }}", "{{ nothing }}"])


def insert_evil_row(number: int, *, text: str, **columns: Any) -> None:
    """One row by SQL alone, in force from now on."""
    effective_at = timezone.now()
    values: dict[str, Any] = {
        "policy": "privacy",
        "number": number,
        "stage": "published",
        "title_pl": "Polityka",
        "title_en": "Policy",
        "text_pl": text,
        "text_en": text,
        "change_summary_pl": text,
        "change_summary_en": text,
        "article_13": json.dumps({"controller": ["<script>alert(1)</script>"]}),
        "is_material": True,
        "asks_again": False,
        "created_at": _adapted(effective_at),
        "effective_at": _adapted(effective_at),
        "published_at": _adapted(effective_at),
        "hash": "<script>alert(1)</script>",
        "revision": 1,
    } | columns
    names = ", ".join(values)
    places = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO privacy_policyversion ({names}) VALUES ({places})",
            [_storable(value) for value in values.values()],
        )


def show_evil_rows() -> None:
    """Reload the content, as after a save."""
    ContentRevision.objects.bump()
    store.poll(timezone.now())


def _storable(value: Any) -> Any:
    """PostgreSQL takes no NUL."""
    is_text = isinstance(value, str) and connection.vendor == "postgresql"
    return value.replace("\x00", "") if is_text else value


def _line(payload: str) -> str:
    return " ".join(payload.split())


def _adapted(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
