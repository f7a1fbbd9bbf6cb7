"""No text of a draft keeps a worker busy: what is too large is refused before it is parsed."""

import pytest

from content.markdown import markdown
from privacy.models import PolicyVersion
from privacy.policies.editor.forms import DraftForm
from privacy.policies.review.problems import version_problems, version_warnings
from tests.privacy.policies.colleagues import started, stored
from tests.privacy.policies.drafts import make_draft
from tests.privacy.policies.text.nasty import NASTY

pytestmark = pytest.mark.django_db


@pytest.fixture
def parsed(monkeypatch) -> list[str]:
    """The texts that the parser gets."""
    texts: list[str] = []
    parse = markdown.parse

    def counted(text: str, *rest):
        texts.append(text)
        return parse(text, *rest)

    monkeypatch.setattr(markdown, "parse", counted)
    return texts


@pytest.mark.parametrize("kind", NASTY)
def test_a_text_of_64_kilobytes_in_one_section_is_refused_before_it_is_parsed(
    anna, parsed, kind: str
) -> None:
    """Red when: the check or the form reads a text before it knows how large it is."""
    version = make_draft()
    nasty = NASTY[kind](64 * 1024)
    anna.form(version)
    parsed.clear()
    form = {"revision": "0", "section_0_pl": nasty, "section_0_en": nasty}

    checked = anna.post(version, "check", **form, preview=["section_0_pl"])
    saved = anna.post(version, **form)

    assert checked.status_code == 200
    assert [problem["place"] for problem in checked.json()["problems"]][:1] == ["id_section_0_pl"]
    assert checked.json()["previews"] == {}
    assert saved.status_code == 422
    # What the form shows at first is parsed, and that is the stored text.
    assert all(len(text) < 1000 for text in parsed)
    assert stored(version).text_pl == version.text_pl


def test_several_sections_together_are_bounded(anna) -> None:
    """Red when: only single sections are counted."""
    version = make_draft()
    sections = {f"section_{place}_en": "a" * 19_000 for place in range(7)}

    problems = anna.post(version, "check", revision="0", **sections).json()["problems"]

    assert [problem["place"] for problem in problems] == ["id_section_0_en"]


@pytest.mark.parametrize("place", [101, 9999])
def test_no_section_is_lost_for_its_number(anna, place: int) -> None:
    """Red when: the form leaves out a section that was typed, and saves the others."""
    version = make_draft()
    form = anna.form(version) | {f"section_{place}_pl": "## 1. Dwa"}

    assert anna.post(version, **form).status_code == 422
    assert anna.post(version, "check", **form).json()["problems"][0]["place"] == "id_section_0_pl"


def test_a_text_with_more_sections_than_the_form_has_is_refused(anna) -> None:
    """Red when: many sections typed into one field are saved, and the next save loses some."""
    version = make_draft()
    text = "\n\n".join(f"## {number}. Tytuł" for number in range(102))
    form = anna.form(version) | {"section_0_pl": text}

    assert anna.post(version, **form).status_code == 422
    fewer = text.rpartition("\n\n## 100.")[0]
    assert anna.post(version, **form | {"section_0_pl": fewer}).status_code == 302


def test_a_stored_text_that_is_too_large_is_not_reviewed(parsed) -> None:
    """Red when: the review reads a text of any size."""
    version = PolicyVersion(policy="privacy", text_pl="[" * 60_000, change_summary_en="*a " * 9000)

    places = [problem.place for problem in version_problems(version, is_first=True)]

    assert places == ["id_section_0_pl", "id_change_summary_en"]
    assert version_warnings(version) == []
    assert parsed == []


def test_the_list_of_paragraphs_for_article_13_is_bounded(anna) -> None:
    version = started(anna)
    form = anna.form(version) | {"article_13_rights": "1.1 " * 200}

    assert anna.post(version, **form).status_code == 422


def test_a_draft_within_the_bounds_has_no_excess() -> None:
    version = make_draft()
    assert DraftForm(version, is_first=True).excesses == []
