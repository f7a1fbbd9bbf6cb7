"""System check: the log of readings can say whose row a page of the admin shows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib import admin
from django.core.checks import CheckMessage, Error, Tags, register
from django.db.models import Model

from privacy.rights.readings.pages import data_of_others


@register(Tags.models)
def people_are_known(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A page about one person is logged with the person."""
    return problems(admin.site._registry)


def problems(models: Iterable[type[Model]]) -> list[CheckMessage]:
    """The models with a page in the admin whose declaration does not say whose a row is."""
    declared = filter(None, map(data_of_others, models))
    return [
        Error(
            f"{data.model._meta.label} has a page in the admin, and the map does not say whose a "
            "row is: the log of readings would not know it.",
            hint="Give its declaration a `person_of`: docs/rights.md says how.",
            id="privacy.E007",
        )
        for data in declared
        if data.person_of is None
    ]
