"""A version of a policy as one file, in both languages, and the hash by which it is recognized.

The file is for people and for `sha256sum`. Its form never changes: a hash that was printed years
ago must still match. A new field of versions needs a new `Format`, for new versions only.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_HEAD = """\
Format: 1
Dokument / Document: {policy}
Wersja / Version: {number}
Opublikowano / Published: {published_at}
Obowiązuje od / In force from: {effective_at}
Zmiana istotna / Material change: {is_material}
Ponowne pytanie o zgody / Consent asked again: {asks_again}
Znaki tytułu, zmian, treści / Characters of title, changes, text: {lengths}
Art. 13 RODO / GDPR Art. 13: {article_13}

Cytat tuż pod nagłówkiem sekcji to jej streszczenie: pomaga czytać i nie jest wiążący.
Wiersz w podwójnych nawiasach klamrowych to tabela, którą serwis tworzy na bieżąco.
A quotation right below a section's heading is its summary: it helps to read, and does not bind.
A line in double braces stands for a table that the site makes at each view.
"""
_TEXT = """
{rule}

# {title}

Co się zmieniło / What changed:

{change_summary}

{text}
"""


@dataclass(frozen=True)
class VersionContent:
    """The content of a published version, as its file holds it."""

    policy: str
    number: int
    published_at: datetime
    effective_at: datetime
    is_material: bool
    asks_again: bool
    article_13: Any
    titles: Mapping[str, str]
    change_summaries: Mapping[str, str]
    sources: Mapping[str, str]

    def file(self) -> bytes:
        """The file, as UTF-8. Moments are in UTC (ISO 8601)."""
        head = _HEAD.format(
            policy=self.policy,
            number=self.number,
            published_at=self.published_at.astimezone(UTC).isoformat(),
            effective_at=self.effective_at.astimezone(UTC).isoformat(),
            is_material=_yes_or_no(self.is_material),
            asks_again=_yes_or_no(self.asks_again),
            lengths=_lengths(self.titles, self.change_summaries, self.sources),
            article_13=_answers(self.article_13),
        )
        # Not LANGUAGES: a third language must not change the files of old versions.
        parts = [
            _TEXT.format(
                rule="-" * 72,
                title=self.titles[language],
                change_summary=self.change_summaries[language] or "-",
                text=self.sources[language],
            )
            for language in ("pl", "en")
        ]
        return "".join([head, *parts]).encode()


def digest(file: bytes) -> str:
    """SHA-256 (FIPS 180-4) of a file, in hexadecimal."""
    return hashlib.sha256(file).hexdigest()


def _answers(article_13: Any) -> str:
    """The numbers by item; any other value, which only SQL can write, as JSON."""
    items = article_13.items() if isinstance(article_13, dict) else [("", article_13)]
    if not all(
        isinstance(numbers, list) and {*map(type, numbers)} <= {str} for _, numbers in items
    ):
        # Sorted: a jsonb column of PostgreSQL does not keep the order of keys.
        return json.dumps(article_13, sort_keys=True)
    return "; ".join(f"{item} {', '.join(numbers)}" for item, numbers in sorted(items)) or "-"


def _lengths(*parts: Mapping[str, str]) -> str:
    """The length of each part: words that move from one part to the next change the file."""
    return "; ".join(
        f"{language} {', '.join(str(len(part[language])) for part in parts)}"
        for language in ("pl", "en")
    )


def _yes_or_no(claim: bool) -> str:
    return "tak / yes" if claim else "nie / no"
