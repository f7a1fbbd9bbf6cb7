"""Mails in files, where the site has no mail server: as on the machine of a developer."""

from contextlib import suppress
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from email.utils import getaddresses
from pathlib import Path

from django.conf import settings

from delivery import addresses

_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


def forget(address: str, *, before: datetime) -> None:
    """Delete the files with mails to this address from before a moment."""
    if settings.EMAIL_BACKEND != _BACKEND or not address:
        return
    for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
        with suppress(FileNotFoundError):  # another worker has deleted it meanwhile
            if path.stat().st_mtime <= before.timestamp() and address in _readers(path):
                path.unlink()


def _readers(path: Path) -> set[str]:
    message = message_from_bytes(path.read_bytes(), policy=default)
    return {addresses.normalized(each) for _name, each in getaddresses(message.get_all("To", []))}
