"""System checks: the keys of hashes that are recognized for years, and the settings of the seal."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connections

from evidence.keyed_hashes import MIN_KEY_LENGTH, KeyedHashField, missing_keys
from evidence.seal.note import public_key


@register(Tags.security)
def long_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A short key can be guessed, and with it whoever objected to marketing."""
    return [
        Error(
            f"Key number {number} of EVIDENCE_KEYS is shorter than {MIN_KEY_LENGTH} characters.",
            hint="Run: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
            id="evidence.E001",
        )
        for number, key in enumerate(settings.EVIDENCE_KEYS, start=1)
        if len(key) < MIN_KEY_LENGTH
    ]


@register(Tags.security, deploy=True)
def own_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without keys of their own, the hashes are made with SECRET_KEY, which is replaced one day."""
    if settings.EVIDENCE_KEYS:
        return []
    return [
        Warning(
            "EVIDENCE_KEYS is empty: a new SECRET_KEY would forget whom nobody may call or mail.",
            hint="Set it to a random text of 43 characters, and keep a copy of it apart from the "
            "backups of the database.",
            id="evidence.W001",
        )
    ]


@register(Tags.security)
def seal_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """With a malformed key no day could be sealed; a malformed address gets no checkpoint."""
    messages: list[CheckMessage] = []
    try:
        public_key()
    except ValueError:
        messages.append(
            Error(
                "SEAL_KEY is not 32 bytes in base64.",
                hint="Run: openssl rand -base64 32",
                id="evidence.E003",
            )
        )
    for address in settings.SEAL_WITNESSES:
        try:
            validate_email(address)
        except ValidationError:
            messages.append(
                Error(
                    f"SEAL_WITNESSES has {address!r}, which is no e-mail address.",
                    hint="Give addresses, separated by commas.",
                    id="evidence.E004",
                )
            )
    return messages


@register(Tags.database)
def known_keys(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A row whose key is missing recognizes nobody any more."""
    fields = [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, KeyedHashField)
    ]
    messages: list[CheckMessage] = []
    for alias in databases or []:
        for field in fields:
            if not _has_column(alias, field):
                continue  # before the migration that makes it
            messages += [
                Error(
                    f"Rows of {field.model._meta.db_table} name the key {name}, "
                    "which EVIDENCE_KEYS lacks.",
                    hint="Put the key back, after those that are there.",
                    id="evidence.E002",
                )
                for name in sorted(missing_keys(field))
            ]
    return messages


def _has_column(alias: str, field: KeyedHashField) -> bool:
    introspection = connections[alias].introspection
    table = field.model._meta.db_table
    with connections[alias].cursor() as cursor:
        if table not in introspection.table_names(cursor):
            return False
        columns = introspection.get_table_description(cursor, table)
    return field.column in {column.name for column in columns}
