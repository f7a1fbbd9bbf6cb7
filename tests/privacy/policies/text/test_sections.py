"""Splitting a policy's text into its sections, and joining them again."""

import pytest
from hypothesis import example, given, settings

from privacy.policies.text.rendering import render
from privacy.policies.text.sections import Part, _chunks, join, parts, split
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


@settings(max_examples=100, deadline=None)
@given(markdown_texts)
@example("```\n## 1. code\n\n## 2. x")
@example("~~~\n## 1. code")
@example("- ```\n## 1. x")
@example("## 1. [a]\n\n## 2. x\n\n[a]: /url")
@example("## 1. x\n\n[a]:\n/url 'title\n## 2. [a]\n'")
@example("> [a]:\n> /url\n\n## 1. [a]")
@example("- a\n  ## 1. x\n## 2. y\n  b")
@example("- ```\n\n")
@example("|a|\n|-|\n## 1. x\n|b|")
@example("<div>\n## 1. x\n</div>")
@example("`a\n## 1. x\nb`")
@example("\\\n## 1. x")
@example("a\n##\n## 1. x")
@example("##\t1. x\r## 2. y\r\n\x00## 3. z")
def test_sections_that_are_parsed_one_by_one_are_those_of_the_whole_text(text: str) -> None:
    """Red when: program code or the target of a link reaches into another section, unseen."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    at_once = [Part(place, chunk) for place, chunk in enumerate(_chunks.__wrapped__(whole))]

    assert [_content(part) for part in parts(text)] == [_content(part) for part in at_once]


def _content(part: Part) -> tuple[str, int | None, list[dict[str, object]]]:
    """All of a part but the lines that its blocks are on."""
    tokens = [token.as_dict() for token in part.tokens]
    return part.chunk.text, part.number, [token | {"map": None} for token in tokens]


def test_a_text_with_a_changed_section_shares_the_others_with_the_text_before() -> None:
    """Red when: a change of one section makes the parser read the others again."""
    before = parts("Before.\n\n## 0. Zero\n\n0.1 A.\n\n\n## 1. One\n\n1.1 B.")
    after = parts("Before.\n\n## 0. Zero\n\n0.1 Z.\n\n## 1. One\n\n1.1 B.\n")

    shared = [old.chunk is new.chunk for old, new in zip(before, after, strict=True)]
    assert shared == [True, False, True]


def test_a_section_is_parsed_again_when_the_target_of_its_link_moves() -> None:
    """Red when: a section is kept by its own text alone, and links to where it led before."""
    texts = [f"## 0. [a]\n\n## 1. B\n\n[a]: #s{number}" for number in (1, 2)]

    links = [parts(text)[0].tokens[1].children[1].attrGet("href") for text in texts]
    assert links == ["#s1", "#s2"]
