"""System checks of the trial: settings of the hand-over, terms in force, what waits to be sent."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from delivery.deliveries import Delivery
from privacy.models import PolicyCode, PolicyVersion
from trial.models import ErasureNotice, HandOver
from trial.phone_system.webhook import SECRET_PREFIX

# The lengths that the Standard Webhooks specification allows.
MIN_SECRET_BYTES, MAX_SECRET_BYTES = 24, 64


@register(Tags.compatibility)
def hand_over_settings(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """The hand-over needs an https address and a secret that signs it."""
    if not settings.PROVISIONING_URL:
        return []
    problems: list[CheckMessage] = []
    if not _is_safe_address(settings.PROVISIONING_URL):
        problems.append(
            Error(
                "PROVISIONING_URL is not an https address.",
                hint="Names and telephone numbers go there: give an address with https://.",
                id="trial.E001",
            )
        )
    if not _is_secret(settings.PROVISIONING_SECRET):
        problems.append(
            Error(
                "PROVISIONING_SECRET is not a secret that the hand-over can be signed with.",
                hint="Give whsec_ and 24 to 64 random bytes in Base64, as the receiver has them.",
                id="trial.E002",
            )
        )
    return problems


@register(Tags.database, deploy=True)
def terms_in_force(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Terms of service are in force. Runs with `--database default` only.

    The Polish Act on Providing Services by Electronic Means, Art. 8(1)(2): the terms are available
    to a person before the contract.
    """
    if not databases:
        return []
    try:
        if PolicyVersion.objects.in_force(PolicyCode.TERMS, at=timezone.now()):
            return []
    except DatabaseError:
        return []  # not migrated yet
    return [
        Error(
            "No terms of service are in force: the trial is offered without any.",
            hint="Publish them in the admin, under policy versions. The Polish Act on Providing "
            "Services by Electronic Means, Art. 8(1)(2), asks for them before the contract.",
            id="trial.E003",
        )
    ]


@register(Tags.database, deploy=True)
def hand_overs_on_their_way(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Staff learn of trials, and of erasures, that did not reach the phone system."""
    if not databases:
        return []
    try:
        return [*_problems_of_hand_overs(), *_problems_of_notices()]
    except DatabaseError:
        return []  # not migrated yet


def _problems_of_hand_overs() -> Iterator[CheckMessage]:
    waiting, failed = _waiting_in_vain(HandOver), _given_up(HandOver)
    if waiting:
        yield Warning(
            f"Trials that wait for their hand-over: {waiting}; but PROVISIONING_URL is empty.",
            hint="Set PROVISIONING_URL, or set up these accounts by hand.",
            id="trial.W002",
        )
    if failed:
        yield Warning(
            f"Trials that were not handed over, as every attempt failed: {failed}.",
            hint="Read the errors in the admin, under hand-overs, and choose “Try again”.",
            id="trial.W003",
        )


def _problems_of_notices() -> Iterator[CheckMessage]:
    waiting, failed = _waiting_in_vain(ErasureNotice), _given_up(ErasureNotice)
    if waiting:
        yield Warning(
            f"Erasures that the phone system must be told of: {waiting}; but PROVISIONING_URL is "
            "empty.",
            hint="Set PROVISIONING_URL, or delete by hand the accounts of the trials whose numbers "
            "the admin shows under notices of erasures.",
            id="trial.W004",
        )
    if failed:
        yield Warning(
            f"Erasures that the phone system was not told of, as every attempt failed: {failed}.",
            hint="Read the errors in the admin, under notices of erasures, and choose “Try again”.",
            id="trial.W005",
        )


def _waiting_in_vain(model: type[HandOver] | type[ErasureNotice]) -> int:
    if settings.PROVISIONING_URL:
        return 0
    return model.objects.filter(state=Delivery.State.WAITING).count()


def _given_up(model: type[HandOver] | type[ErasureNotice]) -> int:
    return model.objects.filter(state=Delivery.State.FAILED).count()


def _is_safe_address(value: str) -> bool:
    try:
        address = urlsplit(value)
        hostname = address.hostname
    except ValueError:
        return False
    is_local = address.scheme == "http" and hostname in {"127.0.0.1", "localhost"}
    return bool(hostname) and (address.scheme == "https" or is_local)


def _is_secret(value: str) -> bool:
    if not value.startswith(SECRET_PREFIX):
        return False
    try:
        key = base64.b64decode(value.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return False
    return MIN_SECRET_BYTES <= len(key) <= MAX_SECRET_BYTES
