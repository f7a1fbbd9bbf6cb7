"""The problems that stop the publication of a policy, each with its place."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings

from privacy.policies.review import article_13
from privacy.policies.review.problems import _raw_html_problems, version_problems, version_warnings
from privacy.policies.review.reviewed_text import Problem
from privacy.policies.text.rendering import render
from privacy.policies.text.sections import split
from tests.privacy.policies.text.made_up_markdown import markdown_texts
from tests.run_once import needs_no_database

pytestmark = needs_no_database

ITEMS = [item.code for item in article_13.ITEMS]


@dataclass(frozen=True)
class Version:
    """The fields of a version that are reviewed. The defaults have no problem."""

    policy: str = "privacy"
    title_pl: str = "Polityka"
    title_en: str = "Policy"
    text_pl: str = (
        "## 0. Wstęp\n\n> W skrócie.\n\n0.1 Zob. [1.1](#s1-1).\n\n"
        "## 1. Pliki\n\n1.1 Lista:\n\n- a\n- b\n\n{{ cookies }}\n"
    )
    text_en: str = (
        "## 0. Start\n\n> In short.\n\n0.1 See [1.1](#s1-1).\n\n"
        "## 1. Files\n\n1.1 List:\n\n- a\n- b\n\n{{ cookies }}\n"
    )
    change_summary_pl: str = ""
    change_summary_en: str = ""
    article_13: Any = field(default_factory=lambda: {code: ["0.1"] for code in ITEMS})


GOOD = Version()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def places_and_texts(version: Version, *, is_first: bool = True) -> list[tuple[str, str]]:
    return [
        (problem.place, problem.text) for problem in version_problems(version, is_first=is_first)
    ]


def test_a_version_without_problems_has_none() -> None:
    assert places_and_texts(GOOD) == []


@pytest.mark.parametrize(
    ("changed", "place", "text"),
    [
        ({"title_pl": " "}, "id_title_pl", "Title (in Polish): The title is missing."),
        ({"title_en": ""}, "id_title_en", "Title (in English): The title is missing."),
        (
            {"title_pl": "<b>Polityka</b>"},
            "id_title_pl",
            "Title (in Polish): “<b>” would be shown as it is typed: HTML does nothing here.",
        ),
        (
            {"change_summary_en": "New."},
            "id_change_summary_pl",
            "What changes (in Polish): Say in plain words what this version changes, in both languages.",
        ),
        ({"text_pl": GOOD.text_pl.replace("- b\n", "")}, "id_section_1_en",
         "Section 1 (in English): Items of lists here: 2, in the other language: 1."),
        ({"text_en": GOOD.text_en.replace("> In short.", "")}, "id_section_0_pl",
         "Section 0 (in Polish): The summary of this section is missing in the other language."),
        ({"text_en": GOOD.text_en + "\n1.2 More."}, "id_section_1_en",
         "Section 1 (in English): Paragraph 1.2 is missing in the other language."),
        ({"text_pl": GOOD.text_pl + "\nMore."}, "id_section_1_pl",
         "Section 1 (in Polish): Paragraphs here: 3, in the other language: 2."),
        ({"text_pl": GOOD.text_pl + "\n## 2. More"}, "id_section_2_pl",
         "Section 2 (in Polish): This section has no counterpart in the other language: write it there, too."),
        ({"text_en": "Hello.\n\n" + GOOD.text_en}, "id_section_0_en",
         "The text before the first section (in English): This text has no counterpart in the other "
         "language: write it there, too."),
        ({"text_pl": GOOD.text_pl.replace("[1.1](#s1-1)", "1.1")}, "id_section_0_en",
         "Section 0 (in English): The link to “#s1-1” appears here more often than in the other language."),
        ({"text_pl": GOOD.text_pl + "\n### Mniejszy"}, "id_section_1_pl",
         "Section 1 (in Polish): Headings here: 2, in the other language: 1."),
        ({"text_pl": GOOD.text_pl.replace("{{ cookies }}", "")}, "id_section_1_pl",
         "Section 1 (in Polish): The line “{{ cookies }}” is missing: this policy must print that table."),
    ],
)  # fmt: skip
def test_a_part_that_one_language_lacks_is_reported_at_its_place(
    changed: dict[str, str], place: str, text: str
) -> None:
    """Red when: one of the comparisons of counterparts.py is left out."""
    assert (place, text) in places_and_texts(replace(GOOD, **changed))


def test_rows_of_a_table_are_counted() -> None:
    row = "| a | b |\n"
    table = f"\n\n{row}| --- | --- |\n{row}"
    problems = places_and_texts(
        replace(GOOD, text_pl=GOOD.text_pl + table + row, text_en=GOOD.text_en + table)
    )

    assert [text for _place, text in problems] == [
        "Section 1 (in Polish): Rows of tables here: 3, in the other language: 2.",
        "Section 1 (in Polish): Cells of tables here: 4, in the other language: 2.",
    ]


def test_a_missing_text_is_reported_once() -> None:
    problems = places_and_texts(replace(GOOD, text_en=""))

    assert ("id_section_0_en", "Text (in English): The text is missing.") in problems
    assert len(problems) < 20


def test_a_summary_of_changes_is_needed_from_the_second_version_on() -> None:
    """Red when: `is_first` is ignored."""
    asked = "Say in plain words what this version changes, in both languages."

    assert places_and_texts(GOOD, is_first=True) == []
    assert places_and_texts(GOOD, is_first=False) == [
        ("id_change_summary_pl", f"What changes (in Polish): {asked}"),
        ("id_change_summary_en", f"What changes (in English): {asked}"),
    ]


@pytest.mark.parametrize(
    ("summary", "problem"),
    [
        ("[x](#s9)", "The link to “#s9” leads nowhere."),
        ("[x](/nie-ma/)", "The link to “/nie-ma/” leads nowhere."),
        ("<b>x</b>", "“<b>” would be shown as it is typed: HTML does nothing here."),
    ],
)
def test_the_summary_of_changes_is_checked_too(summary: str, problem: str) -> None:
    """Red when: `_summary_problems` leaves out links."""
    problems = places_and_texts(replace(GOOD, change_summary_pl=summary, change_summary_en="Text."))

    assert {place for place, _text in problems} == {"id_change_summary_pl"}
    assert problem in problems[0][1]


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        # numbers out of order
        ("0.2 Text.", "Paragraph 0.2 appears where 0.1 is expected."),
        ("0.1 A.\n\n0.1 B.", "Paragraph 0.1 appears where 0.2 is expected."),
        ("1.1 Text.", "Paragraph 1.1 appears where 0.1 is expected."),
        # numbers that get no anchor
        ("0.1. Text.", "“0.1.” would be shown without a link of its own"),
        ("0.1) Text.", "“0.1)” would be shown without a link of its own"),
        ("0,1 Text.", "“0,1” would be shown without a link of its own"),
        ("(0.1) Text.", "“0.1)” would be shown without a link of its own"),
        ("§ 0.1 Text.", "“0.1” would be shown without a link of its own"),
        ("**0.1** Text.", "“0.1” would be shown without a link of its own"),
        ("0\\.1 Text.", "“0.1” would be shown without a link of its own"),
        ("0&#46;1 Text.", "“0.1” would be shown without a link of its own"),
        ("7\\. Text.", "“7.” would be shown without a link of its own"),
        ("7\\) Text.", "“7)” would be shown without a link of its own"),
        ("0.1.1 Text.", "“0.1.1” would be shown without a link of its own"),
        ("0.1Text.", "“0.1” would be shown without a link of its own"),
        ("0.1", "“0.1” would be shown without a link of its own"),
        ("00.1 Text.", "“00.1” would be shown without a link of its own"),
        ("0.01 Text.", "“0.01” would be shown without a link of its own"),
        ("٠.١ Text.", "“٠.١” would be shown without a link of its own"),
        ("0.1 A.\n0.2 B.", "“0.2” would be shown in the middle of a paragraph"),
        ("0.1 A:\n2. b", "“2.” would be shown in the middle of a paragraph"),
        ("0.1 A:\\\n2) b", "“2)” would be shown in the middle of a paragraph"),
        ("- 0.1 Text.", "The number 0.1 appears in a list or a quotation"),
        ("Text.\n\n> 0.1 Text.", "The number 0.1 appears in a list or a quotation"),
        # lists that Markdown counts by itself
        ("2. b\n7. g", "The list item “7.” would be shown as “3.”."),
        ("1. a\n1. a", "The list item “1.” would be shown as “2.”."),
        ("0. a\n2. c", "The list item “2.” would be shown as “1.”."),
        ("1) a", "The list item “1)” would be shown as “1.”."),
        ("01. a", "The list item “01.” would be shown as “1.”."),
        ("- x\n\n  3. c\n  5. e", "The list item “5.” would be shown as “4.”."),
        ("1. a\n   1. a\n   9. i\n2. b", "The list item “9.” would be shown as “2.”."),
        ("> 4. d\n> 6. f", "The list item “6.” would be shown as “5.”."),
        ("14. Contact", "“14.” would be shown as an item of a list"),
        ("0. 1 Text.", "“0.” would be shown as an item of a list"),
        # headings
        ("### 1. Small", "“1. Small” does not begin a section"),
        ("### 0.1 Small", "“0.1 Small” does not begin a section"),
        ("> ## 1. Quoted", "“1. Quoted” does not begin a section"),
        ("- ## 1. Item", "“1. Item” does not begin a section"),
        ("# 1. Large", "“1. Large” would not be shown as a heading"),
        ("#### Tiny", "“Tiny” would not be shown as a heading"),
        ("##1. Title", "“##1. Title” is not a heading: leave a space after “##”."),
        # what is shown otherwise than it was typed
        ("    0.1 Text.", "“0.1 Text.” would be shown as program code"),
        ("```\n0.1 Text.\n```", "“0.1 Text.” would be shown as program code"),
        ("![A cat](/static/cat.png)", "The image “A cat” would not be shown: take it out."),
        ("[13.4](#s13-4", "“](#s13-4” would be shown as it is typed"),
        ("[x](javascript:alert(1))", "“](javascript:alert(1” would be shown as it is typed"),
        ("[x](data:text/html,y)", "“](data:text/html,y” would be shown as it is typed"),
        ("[x][r]\n\n[r]: javascript:y", "“]: javascript:y” would be shown as it is typed"),
        ("<javascript:alert(1)>", "“<javascript:alert(1)>” would be shown as it is typed"),
        ("A <b>bold</b> word", "“<b>” would be shown as it is typed: HTML does nothing here."),
        ("<!-- a note to myself -->", "“<!--” would be shown as it is typed: HTML"),
        ("<script>alert(1)</script>", "“<script>” would be shown as it is typed: HTML"),
        # links
        ("[x](#s9)", "The link to “#s9” leads nowhere."),
        ("[x](#s0-9)", "The link to “#s0-9” leads nowhere."),
        ("- [x](#top)", "The link to “#top” leads nowhere."),
        ("[x](/nie-ma/)", "The link to “/nie-ma/” leads nowhere."),
        ("[x](/en/cookies/)", "leads to a page in the other language."),
        ("[x](http://example.org/)", "does not begin with “/”"),
        ("[x](ftp://example.org/)", "does not begin with “/”"),
        ("[x](//example.org/)", "does not begin with “/”"),
        # tables
        ("{{ cookies }}", "The line “{{ cookies }}” appears in the text twice: leave one of them."),
        ("{{ biscuits }}", "There is no table called “biscuits”."),
        ("See {{ cookies }}.", "“{{” would be shown as it is typed"),
        ("{{ Cookies }}", "“{{” would be shown as it is typed"),
        ("- {{ cookies }}", "“{{” would be shown as it is typed"),
    ],
)  # fmt: skip
def test_text_that_would_be_shown_otherwise_than_typed_is_a_problem(
    section: str, problem: str
) -> None:
    """Red when: the rule that the line is under is left out."""
    both = f"## 0. Zero\n\n{section}\n\n{{{{ cookies }}}}"
    problems = places_and_texts(replace(GOOD, text_pl=both, text_en=both, article_13={}))
    texts = [text for place, text in problems if place == "id_section_0_pl"]

    assert any(problem in text for text in texts), texts
    assert len(texts) <= 2


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("## 0. Zero\n\n## 2. Two", "id_section_1_pl", "Section 2 (in Polish): Section 2 appears where section 1 is expected."),
        ("## 1. One\n\n1.1 Text.", "id_section_0_pl", "Section 1 (in Polish): Section 1 appears where section 0 is expected."),
        ("## 0. Zero\n\n## 0. Zero", "id_section_1_pl", "Section 0 (in Polish): Section 0 appears where section 1 is expected."),
        ("Text.", "id_section_0_pl", "The text before the first section (in Polish): There is no section; begin one with a line like “## 0. Introduction”."),
        ("0.1 A.\n\n## 0. Zero", "id_section_0_pl", "The text before the first section (in Polish): Paragraph 0.1 appears before the first section."),
        ("## 0. Zero\n\n## Title", "id_section_1_pl", "“Title” (in Polish): “Title” has no number to link to: write a heading like “## 13. Title”."),
        ("## 0. Zero\n\n## 1 Title", "id_section_1_pl", "“1 Title” (in Polish): “1 Title” has no number to link to: write a heading like “## 13. Title”."),
        ("## 0. Zero\n\n## 01. Title", "id_section_1_pl", "Section 1 (in Polish): “01. Title” has no number to link to: write a heading like “## 13. Title”."),
        ("## 0. Zero\n\nTitle\n---", "id_section_1_pl", "“Title” (in Polish): “Title” has no number to link to: write a heading like “## 13. Title”."),
        (f"## 0. Zero\n\n## {'1' * 5000}. x", "id_section_1_pl", "has no number to link to"),
    ],
)  # fmt: skip
def test_sections_that_do_not_count_up_are_a_problem(text: str, place: str, problem: str) -> None:
    """Red when: `_section_order_problems` or `_heading_problem` finds nothing."""
    problems = places_and_texts(replace(GOOD, text_pl=text, text_en=text))

    assert any(at == place and problem in words for at, words in problems), problems


def test_other_policies_may_begin_with_section_one() -> None:
    terms = replace(GOOD, policy="terms", text_pl="## 1. A\n\n1.1 B.", text_en="## 1. A\n\n1.1 B.")

    assert places_and_texts(terms) == []
    assert places_and_texts(replace(terms, policy="privacy")) != []


@pytest.mark.parametrize(
    "section",
    [
        "Text without a number.",
        "10.11.2024 the law changed.",
        "1. a\n2. b",
        "7. g\n8. h",
        "1. a\n\nText.\n\n2. b",
        "1. a\n   - x\n   - y\n2. b",
        "- 24.5 GB\n- 13.4 GB",
        "0.1 Costs 2.50 EUR.",
        "0.1 Read <https://example.org/> or write to <a@example.org>.",
        "0.1 Type `<b>` or \\<b> if 1 < 2.",
        "0.1 [Cookies](/cookies/) in [0.1](#s0-1).",
        "0.1 Text\non two lines.",
    ],
)
def test_text_that_is_shown_as_it_was_typed_is_not_a_problem(section: str) -> None:
    """Red when: a check reports text that is correct."""
    english_section = section.replace("/cookies/", "/en/cookies/")
    text = "## 0. Zero\n\n{}\n\n{{{{ cookies }}}}"

    problems = places_and_texts(
        replace(GOOD, text_pl=text.format(section), text_en=text.format(english_section))
    )

    assert [text for place, text in problems if "article_13" not in place] == []


def test_each_warning_has_its_place_and_is_not_a_problem() -> None:
    """Red when: a text is left out, a place is another one, or a sentence gets two warnings."""
    doubtful = "Por. dyrektywa 95/46/WE."
    version = replace(
        GOOD,
        text_pl=GOOD.text_pl.replace("1.1 Lista", f"1.1 Tak. {doubtful} {doubtful} Lista"),
        text_en=GOOD.text_en.replace("0.1 See", f"0.1 Yes. {doubtful} See"),
        change_summary_pl=f"{doubtful}\n\n## Więcej\n\n{doubtful}",
        change_summary_en="Text.",
    )

    why = f"“{doubtful}” – Directive 95/46/EC was repealed on 25 May 2018 (Art. 94 GDPR)."
    assert places_and_texts(version) == []
    assert [(warning.place, warning.text) for warning in version_warnings(version)] == [
        ("id_change_summary_pl", f"What changes (in Polish): {why}"),
        ("id_section_1_pl", f"Section 1 (in Polish): {why}"),
        ("id_section_0_en", f"Section 0 (in English): {why}"),
    ]


@pytest.mark.parametrize(
    ("checklist", "place", "problem"),
    [
        ({}, "id_article_13_controller", "Name the paragraph that says this: who the controller is, and how to reach it (Art. 13(1)(a) GDPR)."),
        ({"officer": []}, "id_article_13_officer", "Name the paragraph that says this: how to reach the data protection officer (Art. 13(1)(b) GDPR)."),
        ({"rights": ["9.9"]}, "id_article_13_rights", "There is no paragraph 9.9, which is to say this: the rights (access, rectification, erasure, restriction, objection, portability)."),
        ({"rights": ["0.1", "1"]}, "id_article_13_rights", "There is no paragraph 1, which is to say this: the rights (access, rectification, erasure, restriction, objection, portability)."),
        (None, "id_article_13_automated", "Name the paragraph that says this: automated decisions, profiling included (Art. 13(2)(f) GDPR)."),
        ([1], "id_article_13_automated", "Name the paragraph that says this: automated decisions, profiling included (Art. 13(2)(f) GDPR)."),
        ({"automated": "0.1"}, "id_article_13_automated", "Name the paragraph that says this: automated decisions, profiling included (Art. 13(2)(f) GDPR)."),
    ],
)  # fmt: skip
def test_each_item_of_article_13_points_at_a_paragraph(
    checklist: Any, place: str, problem: str
) -> None:
    """Red when: `article_13_problems` compares only codes or only numbers."""
    assert (place, problem) in places_and_texts(replace(GOOD, article_13=checklist))


def test_only_the_privacy_policy_needs_the_checklist() -> None:
    problems = places_and_texts(replace(GOOD, policy="terms", article_13={}))

    assert problems == []


def test_a_paragraph_answers_an_item_only_if_both_languages_have_it() -> None:
    version = replace(GOOD, text_en=GOOD.text_en.replace("1.1 List", "List"))
    version = replace(version, article_13=version.article_13 | {"officer": ["1.1"]})

    assert any(place == "id_article_13_officer" for place, _text in places_and_texts(version))


def test_numbers_are_read_as_staff_type_them_and_back() -> None:
    assert article_13.parse(" 2.1, 2.3;2.5\n 2.1. ") == ["2.1", "2.3", "2.5"]
    assert article_13.parse("see below") == ["see", "below"]
    assert article_13.parse("") == []
    assert article_13.text(["2.1", "2.3"]) == "2.1, 2.3"


def test_problems_are_in_the_active_language() -> None:
    with translation.override("pl"):
        (problem,) = version_problems(replace(GOOD, title_pl=""), is_first=True)

    assert problem.place == "id_title_pl"
    assert isinstance(problem, Problem)


@settings(max_examples=80, deadline=None)
@given(markdown_texts, markdown_texts)
def test_any_text_is_reviewed_without_an_error(polish: str, english: str) -> None:
    """Each place exists, and a text without problems has every anchor of its numbers.

    Red when: the review and `render` read a number differently.
    """
    version = replace(GOOD, text_pl=polish, text_en=english)
    sections = {"pl": split(polish), "en": split(english)}
    problems = version_problems(version, is_first=True)

    for problem in [*problems, *version_warnings(version)]:
        if problem.place.startswith("id_section_"):
            index, language = problem.place.removeprefix("id_section_").split("_")
            assert int(index) < max(len(sections[language]), 1)
    if not any(problem.place.endswith("_pl") for problem in problems):
        assert len(set(render(polish).anchors)) == len(render(polish).anchors)


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("a `<b>` c", []),
        ("a ``<b> ` <i>`` c", []),
        ("a ``<b>` c", ["<b>"]),
        ("`a` <b> `c`", ["<b>"]),
        ("``` `<b>` ``", []),
        ("`` `<b>` <i>", ["<i>"]),
    ],
)
def test_tags_in_program_code_are_no_problem(source: str, tags: list[str]) -> None:
    """Red when: a run of backticks is closed by a run of another length."""
    shown = [problem.split("”")[0].removeprefix("“") for problem in _raw_html_problems(source)]

    assert shown == tags
