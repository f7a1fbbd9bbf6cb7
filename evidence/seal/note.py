"""Checkpoints as text: the format of https://c2sp.org/tlog-checkpoint, signed as a signed note.

voipstudio.pl/seal
4711
<the root in base64>

— voipstudio.pl/seal <the name of the key and the signature in base64>
"""

import base64
import binascii
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

# The library of signatures has 5 MB: a process that signs nothing does not load it.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

# https://c2sp.org/signed-note: an Ed25519 key.
_ED25519 = b"\x01"
_DASH = "\N{EM DASH}"


class BadNote(ValueError):
    """A text is not a checkpoint, or not one of ours. The message says what is wrong."""


@dataclass(frozen=True)
class Body:
    """What a checkpoint says: of which log, how many leaves, and the root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{self.root_text}\n"

    @property
    def root_text(self) -> str:
        """The root in base64, by which people compare checkpoints."""
        return base64.b64encode(self.root).decode()


def origin() -> str:
    """The name of the log, and of its key."""
    return f"{urlsplit(settings.SITE_ORIGIN).netloc}/seal"


def write(size: int, root: bytes) -> str:
    """The checkpoint of a tree; with a signature where SEAL_KEY is set."""
    text = str(Body(origin(), size, root))
    key = _private_key()
    if key is None:
        return text
    signature = _key_hash(key.public_key()) + key.sign(text.encode())
    return f"{text}\n{_DASH} {origin()} {base64.b64encode(signature).decode()}\n"


def read(text: str) -> Body:
    """Read a checkpoint, whoever signed it. Raises BadNote."""
    lines = text.replace("\r\n", "\n").split("\n")
    try:
        name, size, root = lines[:3]
        body = Body(name, int(size), base64.b64decode(root, validate=True))
    except (ValueError, binascii.Error) as error:
        raise BadNote(
            "This is not a checkpoint: three lines are a name, a number, a hash."
        ) from error
    if len(body.root) != hashlib.sha256().digest_size or str(body.size) != size:
        raise BadNote("This is not a checkpoint: its number or its hash is malformed.")
    return body


def has_signature(text: str) -> bool:
    return f"\n{_DASH} " in text


def check_signature(text: str) -> None:
    """Check the signature of our present key. Raises BadNote where it is wrong, or is not there."""
    from cryptography.exceptions import InvalidSignature

    key = _private_key()
    if key is None:
        raise BadNote("SEAL_KEY is not set, so that no signature can be checked.")
    signature = _our_signature(text)
    if signature is None:
        raise BadNote("The checkpoint has no signature of our key.")
    body, _blank, _signatures = text.replace("\r\n", "\n").partition("\n\n")
    try:
        key.public_key().verify(signature, f"{body}\n".encode())
    except InvalidSignature as error:
        raise BadNote("The signature of the checkpoint is wrong.") from error


def has_our_signature(text: str) -> bool:
    """Whether a signature names our present key. An older one may name a key that we had before."""
    return _our_signature(text) is not None


def _our_signature(text: str) -> bytes | None:
    key = _private_key()
    start = f"{_DASH} {origin()} "
    if key is None:
        return None
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.startswith(start):
            continue
        with suppress(binascii.Error):
            signature = base64.b64decode(line.removeprefix(start), validate=True)
            if signature[:4] == _key_hash(key.public_key()):
                return signature[4:]
    return None


def public_key() -> str:
    """The key by which others check our signatures, as a line; empty where SEAL_KEY is not set."""
    key = _private_key()
    if key is None:
        return ""
    public = key.public_key()
    encoded = base64.b64encode(_ED25519 + public.public_bytes_raw()).decode()
    return f"{origin()}+{_key_hash(public).hex()}+{encoded}"


def _private_key() -> "Ed25519PrivateKey | None":
    """Raises ValueError for a malformed SEAL_KEY, which `manage.py check` names."""
    if not settings.SEAL_KEY:
        return None
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    seed = base64.b64decode(settings.SEAL_KEY, validate=True)
    return Ed25519PrivateKey.from_private_bytes(seed)


def _key_hash(key: "Ed25519PublicKey") -> bytes:
    name = origin().encode()
    return hashlib.sha256(name + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]
