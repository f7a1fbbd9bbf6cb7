"""Keyed hashes of addresses, numbers and networks, by which a value is recognized (I20).

The value itself is not stored, but its hash is pseudonymous personal data (GDPR Art. 4(5)): whoever
has the key can try values. The keys are EVIDENCE_KEYS, the newest first: a new SECRET_KEY forgets
no objection and no proof. A stored hash begins with the name of its key.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Left
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField

MIN_KEY_LENGTH = 32
_NAME_LENGTH = 8


class KeyedHashField(_CharField):
    """Holds a keyed hash. `checks.py` looks whether all keys that its rows name are there."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 80} | options)


def keyed_hash(purpose: str, value: str) -> str:
    """The hash to store, with the newest key. Hashes of two purposes cannot be linked."""
    return all_keyed_hashes(purpose, value)[0]


def all_keyed_hashes(purpose: str, value: str) -> list[str]:
    """The hash with each key, the newest first: a known value is stored as one of them.

    Those with SECRET_KEY, which have no name, are last: of rows that are older than EVIDENCE_KEYS.
    """
    named = [f"{name_of(key)}:{_digest(key, purpose, value)}" for key in settings.EVIDENCE_KEYS]
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    hashes = [salted_hmac(purpose, value, secret, algorithm="sha256") for secret in secrets]
    return [*named, *(each.hexdigest() for each in hashes)]


def name_of(key: str) -> str:
    """The name of a key: a few digits of its hash, from which nobody finds the key."""
    return hashlib.sha256(f"evidence key {key}".encode()).hexdigest()[:_NAME_LENGTH]


def names_without_key(hashes: Iterable[str]) -> set[str]:
    """The names of keys in stored hashes that EVIDENCE_KEYS does not have."""
    return _without_key(each.partition(":")[0] for each in hashes if ":" in each)


def missing_keys(field: KeyedHashField) -> set[str]:
    """The names in the rows of a field for which EVIDENCE_KEYS has no key."""
    hashes = field.model._default_manager.filter(**{f"{field.name}__contains": ":"})
    name = Left(field.name, _NAME_LENGTH)
    return _without_key(hashes.order_by().values_list(name, flat=True).distinct())


def _without_key(names: Iterable[str]) -> set[str]:
    return {*names} - {name_of(key) for key in settings.EVIDENCE_KEYS}


def _digest(key: str, purpose: str, value: str) -> str:
    # The length of the purpose is part of it: no purpose and value can be read as two others.
    message = f"{len(purpose)} {purpose} {value}"
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()
