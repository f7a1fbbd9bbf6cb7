"""System checks of recipients: keys without a row, and rows that staff must confirm or review."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from privacy.rights.recipients.recipients import Recipient, keys_of_the_map


@register(Tags.database)
def every_key_has_a_row(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A recipient that the map names, and that neither the policy nor the record could print.

    Run by `manage.py check --database default`. A warning, as `migrate` runs this check too before
    it adds the row of a new release, and an error would stop it.
    """
    if not databases:
        return []
    try:
        keys = {*Recipient.objects.values_list("key", flat=True)}
    except DatabaseError:
        return []  # the table is not there before the first `migrate`
    return [
        Warning(
            f"The map of personal data names the recipient {key}, which has no row.",
            hint="Run manage.py migrate, or add a recipient with this key in the admin.",
            id="privacy.W004",
        )
        for key in sorted(keys_of_the_map() - keys)
    ]


@register(Tags.database, deploy=True)
def facts_of_recipients(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Facts about recipients that staff must look at again, or that nobody has confirmed yet.

    Run by `manage.py check --deploy --database default`.
    """
    if not databases:
        return []
    try:
        return [*_to_review(), *_unconfirmed()]
    except DatabaseError:
        return []  # the tables are not there before the first `migrate`


def _to_review() -> Iterator[CheckMessage]:
    for recipient in Recipient.objects.to_review(on=timezone.localdate()):
        yield Warning(
            f"The facts about the recipient {recipient.key} must be looked at again by "
            f"{recipient.review_on}.",
            hint="Look them up, correct the row in the admin, and give it a new date.",
            id="privacy.W005",
        )


def _unconfirmed() -> Iterator[CheckMessage]:
    for recipient in Recipient.objects.filter(is_confirmed=False).in_use():
        yield Warning(
            f"The recipient {recipient.key} is not confirmed, and the policy says so.",
            hint="Name it in the admin with its country and safeguard, and mark it confirmed.",
            id="privacy.W006",
        )
