"""The check while somebody types: only what changed is read, searched, previewed and sent."""

import pytest

from content.markdown import markdown
from privacy.models import PolicyVersion
from privacy.policies.review import legal_phrases
from privacy.policies.text import sections, tables
from tests.privacy.policies.colleagues import Colleague, started
from tests.privacy.policies.kept import forget_all

pytestmark = pytest.mark.django_db

SENTENCE = "\n\n3.3 Zebra."


class Counted:
    """The texts that were parsed, the sections that were searched, the tables that were printed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.parsed = _calls(monkeypatch, markdown, "parse")
        self.searched = _calls(monkeypatch, legal_phrases, "_sentences")
        self.printed = _calls(monkeypatch, tables, "render")

    def forget(self) -> None:
        for calls in (self.parsed, self.searched, self.printed):
            calls.clear()


def _calls(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> list[str]:
    """The first argument of each call from now on."""
    calls: list[str] = []
    function = getattr(owner, name)

    def counted(first, *rest, **named):
        calls.append(first if isinstance(first, str) else first.text)
        return function(first, *rest, **named)

    monkeypatch.setattr(owner, name, counted)
    return calls


@pytest.fixture
def counted(monkeypatch) -> Counted:
    return Counted(monkeypatch)


@pytest.fixture
def version(anna) -> PolicyVersion:
    return started(anna)


def check(colleague: Colleague, version: PolicyVersion, form: dict[str, str], *asked: str) -> dict:
    answer: dict = colleague.post(version, "check", **form, preview=list(asked)).json()
    return answer


def test_a_check_reads_only_the_section_that_changed(anna, version, counted) -> None:
    """Red when: a check parses, searches or renders the sections that did not change."""
    form = anna.form(version)
    check(anna, version, form)
    changed = form["section_3_pl"] + SENTENCE
    counted.forget()

    answer = check(anna, version, form | {"section_3_pl": changed}, "section_3_pl")

    # Once for the review, and once for the preview.
    assert [text.splitlines()[-1] for text in counted.parsed] == ["3.3 Zebra."] * 2
    assert [text.splitlines()[-1] for text in counted.searched] == ["3.3 Zebra."]
    assert counted.printed == []
    assert list(answer["previews"]) == ["section_3_pl"]
    assert "Zebra" in answer["previews"]["section_3_pl"]
    assert any("3.3" in problem["text"] for problem in answer["problems"])


def test_a_check_of_an_unchanged_text_reads_nothing(anna, version, counted) -> None:
    """Red when: a section is kept by anything else than its text."""
    form = anna.form(version)
    check(anna, version, form)
    counted.forget()

    answer = check(anna, version, form)

    assert (counted.parsed, counted.searched, counted.printed) == ([], [], [])
    assert answer["previews"] == {}


def test_a_process_without_anything_kept_reads_each_section_once(anna, version, counted) -> None:
    """Red when: the first check of a process reads a section for each question about it."""
    form = anna.form(version)
    forget_all()
    counted.forget()

    check(anna, version, form)

    texts = [text for name, text in form.items() if name.startswith("section_") and text.strip()]
    summaries = ["", ""]
    assert len(texts) == 32
    assert len(counted.parsed) == len(texts) + len(set(summaries))
    assert len(counted.searched) == len(texts)


def test_a_check_prints_the_tables_of_the_previews_that_are_asked_for(
    anna, version, counted
) -> None:
    """Red when: each check prints all tables, which is most of what a page of the editor costs."""
    form = anna.form(version)
    counted.forget()

    answer = check(anna, version, form, "section_13_en")

    assert counted.printed == ["cookies"]
    assert "<table" in answer["previews"]["section_13_en"]


def test_only_sections_of_the_form_have_a_preview(anna, version) -> None:
    """Red when: a forged name is an error, or another field gets a preview."""
    form = anna.form(version)

    answer = check(anna, version, form, "title_pl", "section_99_pl", "revision", "", "section_1_en")

    assert list(answer["previews"]) == ["section_1_en"]


EDITS = {
    "another number": ("section_5_pl", "5.1 ", "5.7 "),
    "a link to nowhere": ("section_2_en", "2.1 ", "2.1 [Gone](#s2-99) "),
    "a doubtful sentence": ("section_6_pl", "6.1 ", "6.1 Por. dyrektywa 95/46/WE. "),
    "program code without an end": ("section_4_pl", "4.1 ", "```\n4.1 "),
    "no heading": ("section_7_en", "## 7.", "7."),
    "a heading more": ("section_8_pl", "8.1 ", "8.1 A.\n\n## 9. Nowa\n\n9.1 "),
    "an unknown table": ("section_9_en", "9.1 ", "{{ zebras }}\n\n9.1 "),
    "HTML": ("section_10_pl", "10.1 ", "10.1 <b>x</b> "),
    "a target for another section": ("section_1_pl", "1.1 ", "[a]: /gone/\n\n1.1 [a] "),
}


def test_what_is_kept_changes_no_answer(anna, version) -> None:
    """Red when: a check depends on the checks before it: staff work with two processes."""
    form = anna.form(version)
    answers = [check(anna, version, form)]
    for name, before, after in EDITS.values():
        assert before in form[name]
        edited = form | {name: form[name].replace(before, after, 1)}

        kept = check(anna, version, edited, name)

        forget_all()
        assert kept == check(anna, version, edited, name)
        assert kept not in answers
        answers.append(kept)


def test_what_is_kept_is_bounded() -> None:
    """Red when: each text that was ever typed stays in the memory of the process."""
    for number in range(2 * sections.MOST_KEPT):
        sections.parts(f"## {number}. Title")

    assert sections._chunks.cache_info().currsize == sections.MOST_KEPT
