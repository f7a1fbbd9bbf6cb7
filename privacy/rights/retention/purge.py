"""Deletes and strips rows that are past their period, as the map of personal data says (I20)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet, UUIDField

from delivery.models import Mail, Token
from evidence.deletion_window import Reason, deletion_window
from privacy.rights.cases import legal_holds, restrictions
from privacy.rights.map.declarations import PersonalData, Retention, Text
from privacy.rights.map.register import all_declared, all_nothing_personal

# Few enough that nobody waits long for the rows of one transaction, or for SQLite's only lock.
ROWS_AT_ONCE = 250
# Rows of these end with the row that they are about. They come before it, so that a dry run, which
# deletes nothing, counts them under the same rule.
_COMPANIONS = (Mail, Token, LogEntry)


@dataclass(frozen=True)
class Rule:
    """One period of the map: which rows of a model end, and how."""

    # The table, and the place of the period in its declaration. Reports are stored under it.
    key: str
    name: Text
    text: Text
    model: type[Model]
    expired: Callable[[datetime], QuerySet[Any]]
    strip: Mapping[str, Any] | None


def rules() -> list[Rule]:
    """Every period that rows can be past, in the order in which a run works them off."""
    found = [rule for data in all_declared() for rule in _rules(data.model, _named(data))]
    for nothing in all_nothing_personal():
        name = nothing.model._meta.verbose_name_plural or ""
        found += _rules(nothing.model, [(name, period) for period in nothing.retention])
    # Stripping first: a dry run counts rows that are stripped and deleted under both rules.
    return sorted(found, key=lambda rule: (rule.strip is None, rule.model not in _COMPANIONS))


def _named(data: PersonalData) -> list[tuple[Text, Retention]]:
    """The periods of a model. One that ends a further use alone has the name of that use."""
    uses = {id(use.retention): use.name for use in data.further_uses}
    return [(uses.get(id(period), data.name), period) for period in data.retention]


def _rules(model: type[Model], periods: Sequence[tuple[Text, Retention]]) -> list[Rule]:
    return [
        Rule(
            f"{model._meta.db_table} {number}",
            name,
            period.text,
            model,
            period.expired,
            period.strip,
        )
        for number, (name, period) in enumerate(periods, start=1)
        if period.expired is not None
    ]


def count(rule: Rule, *, at: datetime) -> int:
    """How many rows are past the period."""
    return _over(rule, at=at).count()


def purge_some(rule: Rule, *, at: datetime) -> int:
    """Delete or strip one batch in one transaction. Returns the number of rows; 0 at the end.

    Rows that another transaction has locked are left for the next run.
    """
    with deletion_window(Reason.RETENTION):
        rows = _over(rule, at=at).order_by().select_for_update(skip_locked=True, of=("self",))
        ids = list(rows.values_list("pk", flat=True)[:ROWS_AT_ONCE])
        if not ids:
            return 0
        batch = rule.model._default_manager.filter(pk__in=ids)
        if rule.strip is not None:
            return batch.update(**rule.strip)
        _delete_companions(rule.model, ids)
        _total, numbers = batch.delete()
        return numbers.get(rule.model._meta.label, 0)


def _over(rule: Rule, *, at: datetime) -> QuerySet[Any]:
    """The rows past the period, without those that a legal hold or a restriction keeps."""
    rows = rule.expired(at)
    data = next((each for each in all_declared() if each.model is rule.model), None)
    if data is not None:
        kept = [hold.person for hold in legal_holds.standing()]
        kept += [restriction.person_then for restriction in restrictions.standing()]
        for person in kept:
            rows = rows.exclude(pk__in=data.rows_of(person).values("pk"))
    return rows


def _delete_companions(model: type[Model], ids: Sequence[Any]) -> None:
    """Delete mails and tokens about the rows, and the pages of their history in the admin."""
    if isinstance(model._meta.pk, UUIDField):
        Mail.objects.about_any(ids).delete()
        Token.objects.filter(subject__in=[str(each) for each in ids]).delete()
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
    entries.filter(object_id__in=[str(each) for each in ids]).delete()
