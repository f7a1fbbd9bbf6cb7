"""What a rule finds in a section is kept with the section, for each language of its sentences."""

from collections.abc import Iterator

from django.utils.translation import get_language, override

from privacy.policies.review.kept_findings import kept
from privacy.policies.text.sections import Chunk
from tests.run_once import needs_no_database

pytestmark = needs_no_database


def test_a_rule_reads_a_section_once_for_each_language_and_each_argument() -> None:
    """Red when: a part of the question is not in the key, or a rule is asked again for the same."""
    asked = []

    @kept
    def rule(chunk: Chunk, word: str) -> Iterator[str]:
        asked.append((chunk.text, word, get_language()))
        yield f"{chunk.text} {word} {get_language()}"

    one, same_words = Chunk("a", ()), Chunk("a", ())
    answers = []
    for language in ("pl", "en", "pl"):
        with override(language):
            answers += [rule(one, "x"), rule(one, "y"), rule(one, "x"), rule(same_words, "x")]

    assert answers[:4] == [("a x pl",), ("a y pl",), ("a x pl",), ("a x pl",)]
    assert answers[4:8] == [("a x en",), ("a y en",), ("a x en",), ("a x en",)]
    assert answers[8:] == answers[:4]
    assert len(asked) == 6
