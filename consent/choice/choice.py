"""The choice of one visitor: its signed cookie, and what it means today.

`resolve` is the whole rule: from the cookie's bytes, the GPC signal, the registry, the version of
the policy that asked again and the moment to what is granted, and whether to ask. It touches
neither the request nor the database.
"""

import enum
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.signing import BadSignature, Signer

from consent.choice.reconsent import ReconsentVersion
from consent.models import CHOICE_LIFETIME
from consent.registry.changes import Change
from consent.registry.registry import Registry

_signer = Signer(sep=".", salt="consent.choice.choice")

# What a refusal leaves: the same bytes for everybody (I8).
_REFUSED = "refused"


class State(enum.StrEnum):
    """What is known of a visitor's choice."""

    NONE = "none"
    REFUSED = "refused"
    SIGNALED = "signaled"  # refused by Global Privacy Control
    GRANTED = "granted"


@dataclass(frozen=True)
class Grant:
    """What the cookie of somebody who granted something says."""

    record_id: uuid.UUID
    made_at: datetime
    notice_key: str
    groups: frozenset[str]
    has_gpc_signal: bool
    # The version of the policy that had asked again last when the form was shown; 0 for none.
    reconsent_number: int = 0

    @property
    def expires_at(self) -> datetime:
        return self.made_at + CHOICE_LIFETIME


@dataclass(frozen=True)
class Choice:
    """What a visitor's choice means for one request."""

    state: State = State.NONE
    granted: frozenset[str] = frozenset()
    # The grant in the cookie, also while the signal or a change suspends it.
    grant: Grant | None = None
    changes: tuple[Change, ...] = ()
    # The version of the policy that asks for the grant again, none of which counts meanwhile.
    reconsent_version: ReconsentVersion | None = None
    # Whether the banner is shown.
    asks: bool = False

    def allows(self, group: str) -> bool:
        """Whether this visitor granted an optional group, and the grant stands today."""
        return group in self.granted

    @property
    def page_key(self) -> tuple[object, ...]:
        """All that a page shows of a choice, so that pages can be kept by it."""
        changed_since = self.grant.notice_key if self.grant and self.changes else ""
        has_grant = self.grant is not None  # which the signal may suspend
        return (
            self.state,
            tuple(sorted(self.granted)),
            has_grant,
            self.asks,
            changed_since,
            self.reconsent_version,
        )


def resolve(
    *,
    value: str | None,
    has_gpc_signal: bool,
    registry: Registry,
    reconsent_version: ReconsentVersion | None,
    at: datetime,
) -> Choice:
    """What a choice cookie means now. A value that the server did not write is no choice (I2)."""
    asked = frozenset(registry.optional_codes)
    stored = read(value)
    if stored == _REFUSED:
        return Choice(State.REFUSED)
    if not isinstance(stored, Grant) or stored.expires_at <= at:
        if has_gpc_signal:
            return Choice(State.SIGNALED)
        return Choice(asks=bool(asked))
    if has_gpc_signal and not stored.has_gpc_signal:
        return Choice(State.SIGNALED, grant=stored)
    changes = registry.changes_since(stored.notice_key)
    changed = {change.group for change in changes}
    is_older = reconsent_version is not None and stored.reconsent_number < reconsent_version.number
    return Choice(
        State.GRANTED,
        granted=frozenset() if is_older else (stored.groups & asked) - changed,
        grant=stored,
        changes=changes,
        reconsent_version=reconsent_version if is_older else None,
        # Nobody is asked while the signal is sent: what is new stays off (I10).
        asks=bool(changes or (is_older and asked)) and not has_gpc_signal,
    )


def write_refusal() -> str:
    """The value of the choice cookie of everybody who refused."""
    return _signer.sign(_REFUSED)


def write_grant(grant: Grant) -> str:
    """The value of the choice cookie of somebody who granted something."""
    parts = [
        grant.record_id.hex,
        str(int(grant.made_at.timestamp())),
        grant.notice_key,
        "~".join(sorted(grant.groups)),
        "1" if grant.has_gpc_signal else "0",
    ]
    if grant.reconsent_number:
        parts.append(str(grant.reconsent_number))
    return _signer.sign("!".join(parts))


def read(value: str | None) -> Grant | str | None:
    """A grant, the word for a refusal, or None for anything that this server did not write."""
    try:
        text = _signer.unsign(value or "")
        if text == _REFUSED:
            return text
        record_id, made_at, notice_key, groups, signal, *reconsent = text.split("!")
        [reconsent_number] = reconsent or ["0"]
        return Grant(
            record_id=uuid.UUID(record_id),
            made_at=datetime.fromtimestamp(int(made_at), tz=UTC),
            notice_key=notice_key,
            groups=frozenset(groups.split("~")),
            has_gpc_signal=signal == "1",
            reconsent_number=int(reconsent_number),
        )
    except (BadSignature, ValueError, OverflowError, UnicodeError):
        return None
