"""Sentences of a policy that a person checks before it is published; see legal_phrases.toml.

The search is by plain phrases, not by meaning: a sentence that is shown may be right.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from privacy.policies.review.kept_findings import kept
from privacy.policies.text.sections import Chunk, shown

_FILE = Path(__file__).with_suffix(".toml")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s(?=[„“\"(]?[A-ZĄĆĘŁŃÓŚŹŻ])")
# Characters without width split a word for a program, but not for a reader.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# A longer line above a list is not searched again with each item: the time would be quadratic.
_LONGEST_OPENING = 500


@dataclass(frozen=True)
class _Entry:
    why: dict[str, str]
    patterns: tuple[re.Pattern[str], ...]


@kept
def phrase_warnings(chunk: Chunk) -> Iterator[str]:
    """Each sentence that holds one phrase of every list of an entry, with the reason."""
    for sentence in dict.fromkeys(_sentences(chunk)):
        for entry in _entries():
            if all(pattern.search(sentence) for pattern in entry.patterns):
                why = entry.why.get(get_language() or "", entry.why["en"])
                yield _("“%(sentence)s” – %(why)s") % {"sentence": sentence, "why": why}


@cache
def _entries() -> list[_Entry]:
    file = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return [
        _Entry(entry["why"], tuple(_pattern(group, file["denials"]) for group in entry["phrases"]))
        for entry in file["entry"]
    ]


def _pattern(phrases: list[str], denials: list[str]) -> re.Pattern[str]:
    """All phrases of a list as one expression. `++` never gives a word back: linear in time."""
    not_denied = "".join(rf"(?<!\b{word} )" for word in denials)
    gap = rf"(?:\W++(?!(?:{'|'.join(denials)})\b)\w++){{0,5}}?"
    expressions = []
    for phrase in phrases:
        words = re.escape(phrase).replace(r"\*", r"\w*+").replace(r"\|", "|").split(r"\ ")
        expression = "".join(gap if word == "…" else rf"\W++(?:{word})" for word in words)
        expressions.append(expression.removeprefix(r"\W++"))
    return re.compile(rf"\b(?=\w){not_denied}(?:{'|'.join(expressions)})\b", re.IGNORECASE)


def _sentences(chunk: Chunk) -> Iterator[str]:
    """The sentences. A line that ends with a colon is read with each item of its list."""
    opening = ""
    for token in chunk.tokens:
        if token.type != "inline":
            continue
        text = " ".join(_INVISIBLE.sub("", shown(token)).split())
        yield from _SENTENCE_END.split(f"{opening} {text}".strip())
        if text.endswith(":"):
            opening = text if len(text) <= _LONGEST_OPENING else ""
        elif not text.endswith((",", ";")):
            opening = ""
