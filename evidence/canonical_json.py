"""The hash of a value that is stored as JSON: the same for every order of its keys."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def digest(value: Any) -> str:
    """SHA-256 over canonical JSON, in hexadecimal."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def utc(at: datetime) -> str:
    """A moment as a value of such JSON: the same in every time zone (RFC 3339)."""
    return at.astimezone(UTC).isoformat()
