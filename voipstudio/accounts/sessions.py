"""Sessions of staff: which person has them, and when they end. The setting SESSION_ENGINE."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase

_SEEN_AT = "seen_at"
# A request that follows the last one within this time is not noted: it would cost a write.
NOT_NOTED = timedelta(seconds=30)


class SessionStore(db.SessionStore):
    """Django's sessions in the database; each row has the person who is signed in."""

    @classmethod
    def get_model_class(cls) -> Any:
        from voipstudio.accounts.models import StaffSession

        return StaffSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row


def is_signed_in(session: SessionBase) -> bool:
    return SESSION_KEY in session


def begin(session: SessionBase, *, at: datetime) -> None:
    """Start the time of a session at its login. Its end is one moment, which no save moves."""
    session.set_expiry(at + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    session[_SEEN_AT] = at.timestamp()


def note_request(session: SessionBase, *, at: datetime) -> None:
    """Note that the person is at work."""
    now = at.timestamp()
    if now - session.get(_SEEN_AT, 0) >= NOT_NOTED.total_seconds():
        session[_SEEN_AT] = now


def is_idle(session: SessionBase, *, at: datetime) -> bool:
    """Whether nothing was asked for too long."""
    now = at.timestamp()
    return bool(now - session.get(_SEEN_AT, now) >= settings.ADMIN_IDLE_MINUTES * 60)


def end_all(user: AbstractBaseUser, *, but: str | None = None) -> None:
    """End every session of a person, except the one with this key."""
    from voipstudio.accounts.models import StaffSession

    StaffSession.objects.filter(user_id=user.pk).exclude(session_key=but or "").delete()


def forget_past(*, at: datetime) -> None:
    """Delete the sessions that have ended."""
    from voipstudio.accounts.models import StaffSession

    StaffSession.objects.filter(expire_date__lte=at).delete()
