"""The choice of one visitor: its signed cookie, and what it means today.

`resolve` is the whole rule. It reads neither the request nor the database.
"""

import enum
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.core.signing import BadSignature, Signer

from consent.choice.reconsent import ReconsentVersion
from consent.registry.changes import Change
from consent.registry.registry import Cookie, Registry

# Half a year, for a refusal as for a grant: then the visitor is asked again (I11).
CHOICE_LIFETIME = timedelta(days=182)

# The salt is part of every choice cookie: another one would make visitors choose again.
_signer = Signer(sep=".", salt="consent.choice")

# The value of every refusal. It numbers nobody: the bytes are the same for all (I8).
_REFUSED = "refused"


class State(enum.StrEnum):
    """Whether a visitor has chosen, and how."""

    NONE = "none"
    REFUSED = "refused"
    SIGNALED = "signaled"  # refused by Global Privacy Control
    GRANTED = "granted"


@dataclass(frozen=True)
class Grant:
    """What the choice cookie says of a visitor who granted something."""

    record_id: uuid.UUID
    made_at: datetime
    notice_key: str
    groups: frozenset[str]
    has_gpc_signal: bool
    # The reconsent version when the form was shown, by its number; 0 before the first one.
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
    # The version of the policy that is newer than the grant, which counts no more because of it.
    reconsent_version: ReconsentVersion | None = None
    shows_banner: bool = False

    def is_granted(self, group: str) -> bool:
        """Whether this visitor granted an optional group, and the grant counts today."""
        return group in self.granted

    def permits(self, cookie: Cookie) -> bool:
        """Whether this visitor's device may hold a cookie: it is necessary, or granted (I2, I7).

        Nobody can consent to a recipient who is not named: until staff confirm the provider, the
        cookie is listed and granted to nobody. A confirmation then asks again (I11).
        """
        if cookie.is_required:
            return True
        return cookie.provider.is_confirmed and self.is_granted(cookie.group)

    @property
    def page_key(self) -> tuple[object, ...]:
        """Everything of a choice that a page shows: the page cache keeps one page per key.

        It holds no record id and no moment, or no two visitors could share a page.
        """
        changed_since = self.grant.notice_key if self.grant and self.changes else ""
        has_grant = self.grant is not None  # also where `granted` is empty: the signal suspends it
        return (
            self.state,
            tuple(sorted(self.granted)),
            has_grant,
            self.shows_banner,
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
    optional_groups = frozenset(registry.optional_codes)
    cookie = read(value)
    if cookie == _REFUSED:
        # A refusal holds no moment (I8): Max-Age alone ends it, after CHOICE_LIFETIME.
        return Choice(State.REFUSED)
    if not isinstance(cookie, Grant) or cookie.expires_at <= at:
        if has_gpc_signal:
            return Choice(State.SIGNALED)
        return Choice(shows_banner=bool(optional_groups))
    # A grant made while the signal was sent wins over it; an older grant does not (I10).
    if has_gpc_signal and not cookie.has_gpc_signal:
        return Choice(State.SIGNALED, grant=cookie)
    changes = registry.changes_since(cookie.notice_key)
    changed_groups = {change.group for change in changes}
    is_older = reconsent_version is not None and cookie.reconsent_number < reconsent_version.number
    return Choice(
        State.GRANTED,
        granted=frozenset() if is_older else (cookie.groups & optional_groups) - changed_groups,
        grant=cookie,
        changes=changes,
        reconsent_version=reconsent_version if is_older else None,
        # No banner while the signal is sent: a new or changed group stays off (I10).
        shows_banner=bool(changes or (is_older and optional_groups)) and not has_gpc_signal,
    )


def write_refusal() -> str:
    """The value of the choice cookie of every visitor who refused."""
    return _signer.sign(_REFUSED)


def write_grant(grant: Grant) -> str:
    """The value of the choice cookie of a visitor who granted something."""
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


@lru_cache(maxsize=1024)  # a visitor sends the same value with every request
def read(value: str | None) -> Grant | str | None:
    """A grant, `_REFUSED`, or None for a value that this server did not write."""
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
