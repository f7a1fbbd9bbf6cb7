"""The comparison of the plans as readers see it: immutable values in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from content import store
from content.both_languages import by_language
from pricing.models import ComparisonRow
from pricing.plans import OfferedPlan


@dataclass(frozen=True)
class Answer:
    """A cell: "yes", "no", or "words" with the words by language."""

    kind: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """A row, with the answer of each plan by the plan's code."""

    names: Mapping[str, str]
    answers: Mapping[str, Answer]

    def in_language(self, language: str, *, plans: Iterable[OfferedPlan]) -> dict[str, Any]:
        """A cell for each plan, in their order. A missing cell is "unknown", never a "no"."""
        cells = []
        for plan in plans:
            answer = self.answers.get(plan.code, Answer("unknown", {}))
            cells.append(
                {
                    "plan": plan.names[language],
                    "kind": answer.kind,
                    "words": answer.words.get(language, ""),
                }
            )
        return {"name": self.names[language], "cells": cells}


def current() -> tuple[Row, ...]:
    """The rows in their order. Raises store.ContentUnavailable."""
    rows: tuple[Row, ...] = store.current()["comparison"]
    return rows


def _read() -> list[dict[str, Any]]:
    return [
        {
            "names": by_language(row, "name"),
            "answers": {
                cell.plan.code: {
                    "kind": cell.answer,
                    "words": by_language(cell, "text"),
                }
                for cell in row.cells.all()
            },
        }
        for row in ComparisonRow.objects.prefetch_related("cells__plan")
    ]


def _build(rows: list[dict[str, Any]], at: datetime) -> tuple[Row, ...]:
    return tuple(
        Row(row["names"], {code: Answer(**answer) for code, answer in row["answers"].items()})
        for row in rows
    )


SOURCE = store.Source("comparison", _read, _build)
