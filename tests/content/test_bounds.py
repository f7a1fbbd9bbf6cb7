"""What a Markdown text of staff may hold, counted before anything parses it."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from content import bounds
from privacy.models import PolicyVersion
from voipstudio.models import Question

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


def test_the_seeded_policy_is_within_a_quarter_of_the_bounds() -> None:
    """Red when: a bound is so low that staff cannot write the policy."""
    version = PolicyVersion.objects.latest("number")

    for text in (version.text_pl, version.text_en):
        assert not list(bounds.text_excesses("\n\n".join([text] * 4)))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a" * 130_001, "A text holds at most 130000 characters, and this one holds 130001."),
        ("a\n" * 2001, "A text holds at most 2000 lines, and this one holds 2001."),
        ("a\r" * 2001, "A text holds at most 2000 lines, and this one holds 2001."),
        (
            "[" * 2001,
            "A text holds at most 2000 characters such as “*”, “_”, “[” and “<”, and this one holds "
            "2001.",
        ),
        (
            "a|b\n-|-\n" + "a\n" * 999,
            "The tables of a text hold at most 2000 cells, and these hold 2002.",
        ),
    ],
)
def test_each_bound_has_a_sentence_of_its_own(text: str, sentence: str) -> None:
    """Red when: a bound is not counted, or is off by one."""
    assert list(bounds.text_excesses(text)) == [sentence]
    assert not list(bounds.text_excesses(text[: len(text) - 2]))


def test_a_section_has_a_bound_of_its_own() -> None:
    assert not list(bounds.section_excesses("a" * 20_000))
    assert list(bounds.section_excesses("a" * 20_001)) == [
        "A section holds at most 20000 characters, and this one holds 20001: divide it."
    ]


@pytest.mark.parametrize("name", ["answer_pl", "answer_en"])
def test_a_text_of_a_page_is_bounded_too(name: str) -> None:
    """Red when: only the editor of policies counts what a text holds."""
    texts = dict.fromkeys(("question_pl", "question_en", "answer_pl", "answer_en"), "x")
    row = Question(**texts | {name: "[" * 3000})

    with pytest.raises(ValidationError) as caught:
        row.full_clean()

    assert set(caught.value.message_dict) == {name}
