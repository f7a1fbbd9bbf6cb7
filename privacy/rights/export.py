"""Everything that the site holds about one person (GDPR Art. 15 and 20): as plain data for a
program, and as texts for people.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db.models import Field, Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from privacy.rights.map.declarations import FurtherUse, KeptElsewhere, Person, PersonalData, Text
from privacy.rights.map.register import all_declared, all_elsewhere, as_declared
from privacy.rights.recipients.recipients import Recipient, disclosure

# The recipients in use, by key.
InUse = Mapping[str, Recipient]
# Makes of the value of a field what the reader gets.
Show = Callable[["Field[Any, Any]", Any], Any]


def export(person: Person, *, at: datetime) -> dict[str, Any]:
    """The rows of a person, table by table, with what each field is and why it is there.

    All of it is ready for JSON, in the active language. Tables without a row of the person are left
    out.
    """
    return {
        "made_at": at.isoformat(),
        "email": person.email,
        "consent_records": sorted(map(str, person.record_ids)),
        **_content(person, all_declared(), lambda field, value: _plain(value)),
    }


def readable(person: Person) -> dict[str, Any]:
    """The same for people: the most important first, and each row as pairs of what a field is and
    its value, as texts in the active language.
    """
    content = _content(person, as_declared(), _text)
    for table in content["tables"]:
        table["rows"] = [
            [(table["fields"][name], value) for name, value in row.items()] for row in table["rows"]
        ]
    return content


def _content(person: Person, declared: Iterable[PersonalData], show: Show) -> dict[str, Any]:
    in_use = Recipient.objects.in_use_by_key()
    tables = (_table(data, person, in_use, show) for data in declared)
    return {
        "tables": [table for table in tables if table["rows"]],
        "elsewhere": [_elsewhere(kept, in_use) for kept in all_elsewhere()],
    }


def _table(data: PersonalData, person: Person, in_use: InUse, show: Show) -> dict[str, Any]:
    return {
        "table": data.table,
        "name": str(data.name),
        "purpose": str(data.purpose),
        "basis": _basis(data),
        **_disclosure(data, in_use),
        "kept": _texts(retention.text for retention in data.retention),
        "further_uses": [
            {
                "fields": [*use.fields],
                "purpose": str(use.purpose),
                "basis": _basis(use),
                **_disclosure(use, in_use),
                "kept": str(use.retention.text),
            }
            for use in data.further_uses
        ],
        "fields": {name: str(text) for name, text in data.fields.items()},
        "rows": _rows(data, person, show),
    }


def _elsewhere(kept: KeptElsewhere, in_use: InUse) -> dict[str, Any]:
    return {
        "name": str(kept.name),
        "what": str(kept.what),
        "purpose": str(kept.purpose),
        "basis": _basis(kept),
        **_disclosure(kept, in_use),
        "kept": str(kept.kept),
        "erased": str(kept.erased),
    }


def _basis(use: PersonalData | FurtherUse | KeptElsewhere) -> dict[str, str]:
    return {"article": str(use.basis.article), "name": str(use.basis.label)}


def _disclosure(use: PersonalData | FurtherUse | KeptElsewhere, in_use: InUse) -> dict[str, Any]:
    """The recipients of the data, and the safeguards outside the EEA (GDPR Art. 15(1)(c), (2))."""
    to = disclosure(use.recipients, in_use)
    return {"recipients": [*to.recipients], "transfers": [*to.transfers]}


def _texts(texts: Iterable[Text]) -> list[str]:
    return [str(text) for text in texts]


def _rows(data: PersonalData, person: Person, show: Show) -> list[dict[str, Any]]:
    targets = {each.model for each in all_declared()}
    # Read with the rows: what has a name that _value shows.
    named = [
        field.name
        for field in data.model._meta.concrete_fields
        if field.related_model and field.related_model not in targets
    ]
    found = data.rows_of(person).order_by("pk")
    rows = [*(found.select_related(*named) if named else found)]
    own = _own_rows(data, person) if rows else {}
    return [_row(data, row, person, own, show) for row in rows]


def _own_rows(data: PersonalData, person: Person) -> dict[str, set[Any]]:
    """By the name of a field that points to declared rows: the ids of those of the person."""
    targets = {each.model: each for each in all_declared()}
    return {
        field.name: {*targets[field.related_model].rows_of(person).values_list("pk", flat=True)}
        for field in data.model._meta.concrete_fields
        if field.related_model in targets
    }


def _row(
    data: PersonalData, row: Model, person: Person, own: Mapping[str, set[Any]], show: Show
) -> dict[str, Any]:
    fields = {field.name: field for field in row._meta.concrete_fields}
    of_others = data.of_others(row, person) if data.of_others else ()
    values: dict[str, Any] = {}
    for name in data.fields:
        if name in data.secrets:
            values[name] = _("not shown, as it protects an account")
        elif name in of_others or _points_to_others(fields[name], row, own):
            values[name] = _("not shown, as it concerns somebody else")
        else:
            values[name] = show(fields[name], _value(fields[name], row))
    return values


def _points_to_others(field: "Field[Any, Any]", row: Model, own: Mapping[str, set[Any]]) -> bool:
    value = field.value_from_object(row)
    return value is not None and field.name in own and value not in own[field.name]


def _value(field: "Field[Any, Any]", row: Model) -> Any:
    """The value of a field; of a row that it points to, the number or, where it has one, a name."""
    is_personal = any(data.model is field.related_model for data in all_declared())
    if field.related_model is None or is_personal:
        return field.value_from_object(row)
    related = getattr(row, field.name)
    return None if related is None else str(related)


def _text(field: "Field[Any, Any]", value: Any) -> str:
    """A value as people read it."""
    if field.choices:
        value = dict(field.flatchoices).get(value, value)
    match value:
        case None | "" | [] | {}:
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return date_format(timezone.localtime(value), _("j E Y, H:i"))
        case date():
            return date_format(value, _("j E Y"))
        case dict():
            return "; ".join(f"{key}: {_text_of_part(each)}" for key, each in value.items())
        case list() | tuple():
            return ", ".join(map(_text_of_part, value))
        case _:
            return str(_plain(value))


def _text_of_part(value: Any) -> str:
    is_nested = isinstance(value, dict | list | tuple)
    return json.dumps(value, ensure_ascii=False) if is_nested else str(value)


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    match value:
        case bool() | int() | float() | str() | None:
            return value
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case datetime() | date() | time():
            return value.isoformat()
        case bytes() | memoryview():
            return b64encode(value).decode()
        case _:
            return str(value)
