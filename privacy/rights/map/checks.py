"""System checks: every field of every model is on the map of personal data, exactly once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db.models import EmailField, Field, GenericIPAddressField, Model
from phonenumber_field.modelfields import PhoneNumberField

from evidence.keyed_hashes import KeyedHashField
from privacy.rights.map.declarations import NothingPersonal, PersonalData
from privacy.rights.map.register import all_declared, all_nothing_personal

_HINT = "Declare it in the personal_data.py of its app: docs/rights.md says how."
_PERSONAL_FIELDS = (EmailField, GenericIPAddressField, KeyedHashField, PhoneNumberField)
_PERSONAL_NAME = re.compile(
    r"(?:^|_)(?:address|email|mail|phone|telephone|mobile|ip|user|username|password|session|"
    r"first_name|last_name|full_name|birth|postcode)(?:_|$)"
)


@register(Tags.models)
def map_is_complete(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The map and the models are the same."""
    return problems(installed_models(), all_declared(), all_nothing_personal())


def installed_models() -> list[type[Model]]:
    """Every model with a table of its own, those between two models included."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if not model._meta.proxy]


def problems(
    models: Iterable[type[Model]],
    declared: Sequence[PersonalData],
    nothing_personal: Sequence[NothingPersonal],
) -> list[CheckMessage]:
    """What is undeclared, declared twice, declared and gone, or personal all the same."""
    declarations: list[PersonalData | NothingPersonal] = [*declared, *nothing_personal]
    names: dict[type[Model], list[str]] = {}
    for declaration in declarations:
        names.setdefault(declaration.model, []).extend(declaration.fields)
    times = Counter(declaration.model for declaration in declarations)
    personal = {data.model for data in declared}
    messages: list[CheckMessage] = []
    installed = list(models)
    for model in installed:
        messages += _problems_of_model(model, times[model], names.get(model, []))
    messages += [_gone(model._meta.label) for model in names if model not in installed]
    for data in declared:
        messages += _problems_of_details(data)
    for nothing in nothing_personal:
        messages += _problems_of_nothing(nothing, personal)
    return messages


def _problems_of_model(
    model: type[Model], times: int, declared: Sequence[str]
) -> Iterator[CheckMessage]:
    label = model._meta.label
    if not times:
        yield Error(f"{label} is not on the map of personal data.", hint=_HINT, id="privacy.E001")
        return
    if times > 1:
        yield _twice(label)
    fields = {field.name for field in model._meta.concrete_fields}
    for name in sorted(fields - {*declared}):
        text = f"{label}.{name} is not on the map of personal data."
        yield Error(text, hint=_HINT, id="privacy.E002")
    for name, number in Counter(declared).items():
        if name not in fields:
            yield _gone(f"{label}.{name}")
        elif number > 1 and times == 1:
            yield _twice(f"{label}.{name}")


def _problems_of_details(data: PersonalData) -> Iterator[CheckMessage]:
    """Fields that a declaration names beside its list, and that the model does not have."""
    named = {*data.secrets, *data.on_erasure.strip}
    named |= {name for retention in data.retention for name in retention.strip or ()}
    named |= {name for use in data.further_uses for name in use.fields}
    for name in sorted(named - {field.name for field in data.model._meta.concrete_fields}):
        yield _gone(f"{data.model._meta.label}.{name}")


def _problems_of_nothing(
    nothing: NothingPersonal, personal: set[type[Model]]
) -> Iterator[CheckMessage]:
    suspicious = {
        field.name for field in nothing.model._meta.concrete_fields if _looks_personal(field)
    } | {
        field.name
        for field in (*nothing.model._meta.concrete_fields, *nothing.model._meta.many_to_many)
        if field.related_model in personal
    }
    label = nothing.model._meta.label
    for name in sorted(suspicious - {*nothing.although}):
        yield Error(
            f"{label} is declared as holding nothing personal, and {name} looks personal.",
            hint="Declare the model as personal, or give the reason in `although`.",
            id="privacy.E005",
        )
    for name in sorted({*nothing.although} - suspicious):
        yield Error(
            f"{label} gives a reason for {name}, which does not look personal.",
            hint="Take the reason away.",
            id="privacy.E004",
        )


def _looks_personal(field: "Field[Any, Any]") -> bool:
    related: Any = field.related_model
    is_user = related is not None and related._meta.label == settings.AUTH_USER_MODEL
    return is_user or isinstance(field, _PERSONAL_FIELDS) or bool(_PERSONAL_NAME.search(field.name))


def _twice(name: str) -> Error:
    text = f"{name} is on the map of personal data more than once."
    return Error(text, hint="Keep one declaration.", id="privacy.E003")


def _gone(name: str) -> Error:
    text = f"{name} is on the map of personal data, and is not there any more."
    return Error(text, hint="Take its declaration away.", id="privacy.E004")
