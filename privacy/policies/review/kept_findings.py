"""Keeps what a rule finds in one section, so that a review reads only the sections that changed."""

from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple

from django.utils.translation import get_language

from privacy.policies.text.sections import MOST_KEPT, Chunk

Finding = TypeVar("Finding")
More = TypeVarTuple("More")


def kept(
    rule: Callable[[Chunk, *More], Iterable[Finding]],
) -> Callable[[Chunk, *More], tuple[Finding, ...]]:
    """The same rule, which reads each section once while the section is kept.

    The rule may depend on its arguments, on the language of its sentences, and on what never
    changes while the process runs. Nothing else is in the key.
    """

    @lru_cache(maxsize=MOST_KEPT)
    def read(_language: str | None, chunk: Chunk, *more: *More) -> tuple[Finding, ...]:
        return tuple(rule(chunk, *more))

    @wraps(rule)
    def read_once(chunk: Chunk, *more: *More) -> tuple[Finding, ...]:
        return read(get_language(), chunk, *more)

    return read_once
