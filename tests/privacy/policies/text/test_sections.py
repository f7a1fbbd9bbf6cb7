"""Taking a policy's text apart into its sections, and putting it together again."""

import pytest
from hypothesis import example, given, settings

from privacy.policies.text.rendering import render
from privacy.policies.text.sections import join, parts, split
from tests.privacy.policies.text.made_up_markdown import markdown_texts
from tests.run_once import needs_no_database

pytestmark = needs_no_database


def _html(text: str) -> str:
    """What is shown, without regard to white space: program code keeps its last empty lines."""
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
def test_what_is_no_heading_of_a_section_does_not_split(text: str) -> None:
    """Red when: lines that begin with `##` are searched for, or headings at any level count."""
    assert split(f"## 0. Zero\n\n{text}") == [f"## 0. Zero\n\n{text}"]


def test_a_heading_with_a_line_under_it_splits() -> None:
    assert split("A\n\nTitle\non two lines\n---\n\nB") == ["A", "Title\non two lines\n---\n\nB"]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_end_as_browsers_and_files_end_them(end: str) -> None:
    """Red when: `split` does not make all line ends one."""
    assert split(f"A{end}{end}## 0. Zero{end}B{end}") == ["A", "## 0. Zero\nB"]


@pytest.mark.parametrize("text", ["", "\n", " \t\n\n"])
def test_an_empty_text_has_no_section(text: str) -> None:
    assert split(text) == []
    assert join([text]) == ""


def test_join_leaves_one_empty_line_between_sections_and_ends_with_one_line_end() -> None:
    """Red when: `join` does not split what a single chunk holds."""
    chunks = ["\n## 0. Zero\n\n\n", "", "## 1. One\n## 2. Two\n\n\n\n## 3. Three\n"]

    assert join(chunks) == "## 0. Zero\n\n## 1. One\n\n## 2. Two\n\n## 3. Three\n"


def test_spaces_that_make_program_code_of_the_first_line_stay() -> None:
    """Red when: chunks are stripped of all white space."""
    assert split("\n    code\n\n## 0. Zero") == ["    code", "## 0. Zero"]


def test_a_part_knows_its_place_its_number_and_its_heading() -> None:
    text = "Before.\n\n## 7. Seven & *more*\n\n## Without"

    assert [(part.index, part.number, part.heading) for part in parts(text)] == [
        (0, None, ""),
        (1, 7, "7. Seven & more"),
        (2, None, "Without"),
    ]


def test_a_number_too_large_for_a_section_is_none() -> None:
    """Red when: `HEADING` takes any number of digits: Python raises at 4301."""
    assert parts(f"## {'1' * 5000}. Title")[0].number is None


@settings(max_examples=100, deadline=None)
@given(markdown_texts)
@example("    code\n## 1. x")
@example("```\n## 1. x\n\n\n")
@example("> a\n## 1. x\n---\n- b\n## 2. y")
@example("- ```\n\n")
@example("a\x0b\n\x85## 1. x\u2028## 2. y")
def test_apart_and_together_again_nothing_is_lost(text: str) -> None:
    """Red when: a chunk loses its first spaces, or lines are split where Markdown does not."""
    once = join([text])

    assert join(split(once)) == once
    assert _html(once) == _html(text)
    assert [part.index for part in parts(text)] == list(range(len(split(text))))
