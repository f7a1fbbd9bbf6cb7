"""Texts that are written in both languages or in neither: no page falls back to the other one."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import BaseConstraint, CheckConstraint, Model, Q
from django.utils.translation import gettext as _

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def by_language(row: Model, name: str) -> dict[str, str]:
    """The text of the columns `name`_pl and `name`_en, by language code."""
    return {language: str(getattr(row, f"{name}_{language}")) for language in LANGUAGES}


def both_or_none(table: str, name: str) -> CheckConstraint:
    """A constraint that refuses a row with the text in one language only."""
    polish, english = (Q(**{f"{name}_{language}": ""}) for language in LANGUAGES)
    return CheckConstraint(
        name=f"{table}_{name}_in_both", condition=(polish & english) | (~polish & ~english)
    )


def never_empty(table: str, *names: str) -> list[BaseConstraint]:
    """Constraints that refuse a row in which one of these columns is empty."""
    return [CheckConstraint(name=f"{table}_{name}", condition=~Q(**{name: ""})) for name in names]


def missing_languages(row: Model, *names: str) -> dict[str, ValidationError]:
    """For each text that is written in one language only, an error at the empty field."""
    errors: dict[str, Any] = {}
    for name in names:
        texts = by_language(row, name)
        if any(texts.values()):
            errors |= {
                f"{name}_{language}": ValidationError(
                    _("Write this text in both languages, or leave both empty.")
                )
                for language, text in texts.items()
                if not text
            }
    return errors
