"""Checks a catalog of translations against the sources: a sentence for each problem."""

import re
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message

# %(name)s, %s, {name} and, in addresses, <int:name>; a doubled %% or {{ is the character itself.
PLACEHOLDER = re.compile(r"%%|\{\{|\}\}|%\(\w+\)[a-z]|%[sdrf]|\{\w*\}|<\w+:\w+>")
ESCAPED = {"%%", "{{", "}}"}


def catalog_problems(wanted: Catalog, catalog: Catalog) -> Iterator[str]:
    for message in entries(wanted):
        translation = catalog.get(message.id, message.context)
        if translation is None or translation.pluralizable != message.pluralizable:
            yield f"{named(message)} is not in the catalog."
        elif translation.fuzzy:
            yield f"{named(message)} is marked fuzzy: read the translation, then remove the mark."
        elif not all(forms(translation, catalog)):
            yield f"{named(message)} is not translated."
        else:
            yield from placeholder_problems(message, forms(translation, catalog))
    for message in entries(catalog):
        if wanted.get(message.id, message.context) is None:
            yield f"{named(message)} is in the catalog, but in no source."


def entries(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def forms(message: Message, catalog: Catalog) -> list[str]:
    """One translation, or one for each plural form; "" for a form that is not translated."""
    if not message.pluralizable:
        return [str(message.string)]
    strings = [*message.string, *[""] * catalog.num_plurals] if message.string else [""]
    return strings[: catalog.num_plurals]


def placeholder_problems(message: Message, translations: list[str]) -> Iterator[str]:
    # The English plural has all placeholders. The Polish form for one thing may write the number
    # as a word, so it may lack one.
    wanted = placeholders(message.id[-1] if message.pluralizable else str(message.id))
    for number, translation in enumerate(translations):
        used = placeholders(translation)
        may_lack = message.pluralizable and number == 0
        if not (used <= wanted if may_lack else used == wanted):
            yield (
                f"{named(message)} has the placeholders {listed(wanted)}, "
                f"its translation “{translation}” has {listed(used)}."
            )


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text)) - ESCAPED


def listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def named(message: Message) -> str:
    text = message.id[0] if message.pluralizable else message.id
    files = ", ".join(dict.fromkeys(file for file, _ in message.locations))
    return f"{files}: “{text}”" if files else f"“{text}”"
