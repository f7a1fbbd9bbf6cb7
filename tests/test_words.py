"""What readers of either language notice at once: one word for one thing, spelling, hard spaces."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from tests.run_once import needs_no_database

pytestmark = needs_no_database

ROOT = Path(settings.BASE_DIR)


def _catalog() -> Iterator[tuple[str, str]]:
    with (ROOT / "locale/pl/LC_MESSAGES/django.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    for message in messages:
        for text in [message.id] if isinstance(message.id, str) else message.id:
            yield "en", text
        for text in [message.string] if isinstance(message.string, str) else message.string:
            yield "pl", text


def _rows(value: Any) -> Iterator[tuple[str, str]]:
    """The texts of a TOML file that are under a key with the name of a language."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    for key, inner in value.items() if isinstance(value, dict) else ():
        if key in ("pl", "en") and isinstance(inner, str):
            yield key, inner
        yield from _rows(inner)


def _texts(language: str) -> list[str]:
    """Every text of the product in one language, a line each."""
    found = list(_catalog())
    for path in ROOT.glob("*/seed/*.toml"):
        found += _rows(tomllib.loads(path.read_text()))
    found += [("pl", (ROOT / "privacy/seed/privacy_policy.pl.md").read_text())]
    found += [("en", (ROOT / "privacy/seed/privacy_policy.en.md").read_text())]
    return [line for code, text in found if code == language for line in text.splitlines() if line]


POLISH, ENGLISH = _texts("pl"), _texts("en")


def test_there_are_texts_to_read() -> None:
    assert len(POLISH) >= 1_200
    assert len(ENGLISH) >= 1_200


# The short word belongs to the next one: a line of text never ends with it.
_LONELY = re.compile(r"(?:^|[\s(„>])[aiouwz] (?=\S)", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(?:(?:art|ust|lit)\.|pkt) (?=[\w%])|\d (?=dni|godzin|minut|r\.)")


def test_a_polish_word_of_one_letter_is_followed_by_a_hard_space() -> None:
    """Red when: “w”, “z” or another such word can stand alone at the end of a line."""
    assert [text for text in POLISH if _LONELY.search(text)] == []


def test_a_polish_number_keeps_its_unit_on_the_same_line() -> None:
    """Red when: “30 dni” or “art. 13” is written with a space at which a line can end."""
    assert [text for text in POLISH if _NUMBERED.search(text)] == []


# Each is another word for what the product calls otherwise, or is said in English word order.
NOT_OURS = {
    "odnośnik": "link",
    "rozdzia": "sekcja",
    "podstron": "strona",
    "szkic": "projekt",
    "zacznij bezpłatn": "rozpocznij",
    "w pełni": "całkowicie",
    "dedykowan": "przeznaczony",
    "adresować": "odpowiadać na",
    "posiada": "ma",
    "odnośnie": "w sprawie",
    "w międzyczasie": "tymczasem",
    "w oparciu o": "na podstawie",
}


@pytest.mark.parametrize("word", NOT_OURS)
def test_polish_has_one_word_for_one_thing_and_no_calque(word: str) -> None:
    """Red when: a Polish text uses a word that has another one beside it; the list names that."""
    assert [text for text in POLISH if word in text.lower()] == []


_AMERICAN = re.compile(
    r"\b\w+(?<!s)(?<!pr)iz(?:e[ds]?|ing|ations?)\b"
    r"|\b(?:colors?|favorite|centers?|behaviors?|honors?|catalogs?|licensed by|unauthorized)\b",
    re.IGNORECASE,
)


def test_english_texts_are_spelled_as_in_britain() -> None:
    """Red when: a reader is told of “colors”, or that an ad is “personalized”."""
    assert _AMERICAN.search("personalized, colors")
    assert not _AMERICAN.search("the size of a prize")
    assert [text for text in ENGLISH if _AMERICAN.search(text)] == []
