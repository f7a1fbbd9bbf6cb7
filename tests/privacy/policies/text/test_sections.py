"""Splitting a policy's text into its sections, and joining them again."""

import pytest
from hypothesis import example, given, settings

from privacy.policies.text.rendering import render
from privacy.policies.text.sections import join, parts, split
from tests.privacy.policies.text.made_up_markdown import markdown_texts
from tests.run_once import needs_no_database

pytestmark = needs_no_database


def _html(text: str) -> str:
    """The shown text, without the empty lines at the end of program code."""
    return "".join("".join(render(text).pieces).split())


def test_a_text_is_split_before_each_heading_of_the_second_level() -> None:
    text = "Before.\n\n## 0. Zero\n\n0.1 A.\n\n### Small\n\n## 1. One\n1.1 B.\n"

    assert split(text) == ["Before.", "## 0. Zero\n\n0.1 A.\n\n### Small", "## 1. One\n1.1 B."]


@pytest.mark.parametrize(
    "text",
    [
        "```\n## 1. Code\n```",
        "    ## 1. Code",
        "> ## 1. Quoted",
        "- ## 1. Item",
        "Text\n    ## 1. continued",
        "# 1. Large",
        "### 1. Small",
        "##1. No space",
    ],
)
def test_other_lines_do_not_split_a_text(text: str) -> None:
    """Red when: lines that begin with `##` are searched for, or headings at any level count."""
    assert split(f"## 0. Zero\n\n{text}") == [f"## 0. Zero\n\n{text}"]


def test_an_underlined_heading_splits_a_text() -> None:
    assert split("A\n\nTitle\non two lines\n---\n\nB") == ["A", "Title\non two lines\n---\n\nB"]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_every_kind_of_line_end_is_read(end: str) -> None:
    """Red when: `split` does not normalize line ends."""
    assert split(f"A{end}{end}## 0. Zero{end}B{end}") == ["A", "## 0. Zero\nB"]


@pytest.mark.parametrize("text", ["", "\n", " \t\n\n"])
def test_an_empty_text_has_no_section(text: str) -> None:
    assert split(text) == []
    assert join([text]) == ""


def test_join_leaves_one_empty_line_between_sections_and_ends_with_one_line_end() -> None:
    """Red when: `join` does not split each chunk again."""
    chunks = ["\n## 0. Zero\n\n\n", "", "## 1. One\n## 2. Two\n\n\n\n## 3. Three\n"]

    assert join(chunks) == "## 0. Zero\n\n## 1. One\n\n## 2. Two\n\n## 3. Three\n"


def test_spaces_that_make_the_first_line_program_code_stay() -> None:
    """Red when: chunks are stripped of all white space."""
    assert split("\n    code\n\n## 0. Zero") == ["    code", "## 0. Zero"]


def test_a_part_knows_its_place_its_number_and_its_heading() -> None:
    text = "Before.\n\n## 7. Seven & *more*\n\n## Without"

    assert [(part.index, part.number, part.heading) for part in parts(text)] == [
        (0, None, ""),
        (1, 7, "7. Seven & more"),
        (2, None, "Without"),
    ]


def test_a_number_with_too_many_digits_is_not_a_section_number() -> None:
    """Red when: `HEADING` takes any number of digits: Python raises at 4301."""
    assert parts(f"## {'1' * 5000}. Title")[0].number is None


@settings(max_examples=100, deadline=None)
@given(markdown_texts)
@example("    code\n## 1. x")
@example("```\n## 1. x\n\n\n")
@example("> a\n## 1. x\n---\n- b\n## 2. y")
@example("- ```\n\n")
@example("a\x0b\n\x85## 1. x\u2028## 2. y")
def test_split_and_join_lose_nothing(text: str) -> None:
    """Red when: a chunk loses its first spaces, or lines are split where Markdown does not."""
    once = join([text])

    assert join(split(once)) == once
    assert _html(once) == _html(text)
    assert [part.index for part in parts(text)] == list(range(len(split(text))))
