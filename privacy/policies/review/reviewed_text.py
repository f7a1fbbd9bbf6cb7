"""What each check of the review gets, and what it reports."""

from collections.abc import Sequence
from dataclasses import dataclass

from privacy.policies.text.sections import Part

# The index of the part of a text that a problem is in, and a sentence for staff.
TextProblem = tuple[int, str]


@dataclass(frozen=True)
class ReviewedText:
    """The text of a version in one language. `other` is the text in the other language."""

    policy: str
    language: str
    parts: Sequence[Part]
    other: Sequence[Part]


@dataclass(frozen=True)
class Problem:
    """A reason against publication, or a warning: a sentence for staff, and the id of its field."""

    text: str
    place: str
