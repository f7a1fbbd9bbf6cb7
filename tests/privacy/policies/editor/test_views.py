"""Staff write a draft in the editor, which checks and previews it as they type."""

from datetime import timedelta

import pytest
from django.utils import timezone

from content import store
from privacy.models import PolicyCode, PolicyStep, PolicyVersion, Stage
from privacy.policies import actions
from privacy.roles import EDITORS
from tests.pages import Page
from tests.privacy.policies.colleagues import LIST, Colleague, started, stored, submitted
from tests.privacy.policies.drafts import DOUBTFUL_SENTENCE, make_draft, make_published

pytestmark = pytest.mark.django_db


def test_a_draft_goes_from_its_author_to_its_publisher_to_its_readers(anna, jan, client) -> None:
    """Red when: a page on the way does not do what its button says."""
    version = started(anna)
    form = anna.form(version)
    form["section_0_pl"] = form["section_0_pl"].replace("0.1 ", "0.1 Zebra. ")
    form["section_0_en"] = form["section_0_en"].replace("0.1 ", "0.1 Zebra. ")
    form |= {"change_summary_pl": "Zebra.", "change_summary_en": "A zebra."}

    assert anna.post(version, **form, then="submit").status_code == 302
    assert stored(version).stage == Stage.REVIEW
    store.poll(timezone.now())
    assert b"Zebra" not in client.get("/polityka-prywatnosci/").content

    question = jan.get(version, "publish")
    assert b"Opublikuj" in question.content
    assert jan.step(version, "publish").status_code == 302
    store.poll(timezone.now())

    assert b"Zebra" in client.get("/polityka-prywatnosci/").content
    assert b"Zebra" in client.get("/en/privacy-policy/").content
    kind = PolicyStep.Kind
    assert [(step.kind, step.user) for step in stored(version).steps.all()] == [
        (kind.STARTED, anna.user),
        (kind.EDITED, anna.user),
        (kind.SUBMITTED, anna.user),
        (kind.PUBLISHED, jan.user),
    ]


def test_an_unchanged_draft_has_the_text_in_force(anna) -> None:
    """Red when: splitting and joining the text changes a letter."""
    version = started(anna)
    before = PolicyVersion.objects.get(number=1)

    assert anna.post(version, **anna.form(version)).status_code == 302

    after = stored(version)
    names = ("title_pl", "title_en", "article_13")
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]
    assert after.text_pl.strip() == before.text_pl.strip()
    assert after.text_en.strip() == before.text_en.strip()


def test_each_section_is_a_row_of_two_fields_above_their_previews(anna) -> None:
    """Red when: the fields of the two languages are not in one row."""
    page = Page(anna.get(started(anna)).content)

    names = [e["name"] for e in page.all("textarea") if e["name"].startswith("section_")]
    assert names == [f"section_{n}_{code}" for n in range(17) for code in ("pl", "en")]
    rows = [
        [parent for parent in e.parents if "pair" in parent.classes] for e in page.all("textarea")
    ]
    assert rows[2] == rows[3] != rows[4]
    assert page.one("div", data_preview="section_1_pl").text.startswith("1. Definicje")
    assert page.one("div", data_preview="section_1_en").text.startswith("1. Definitions")


def test_no_anchor_is_on_the_page_twice(anna) -> None:
    """Red when: the previews of both languages keep the anchors of the public page."""
    page = Page(anna.get(started(anna)).content)

    ids = [e["id"] for e in page.with_attribute("id")]
    assert len(ids) == len(set(ids))
    assert {"pl-s13-4", "en-s13-4"} <= set(ids)
    links = {e["href"] for e in page.all("a") if e.get("href").startswith("#")}
    assert {link[1:] for link in links} <= {*ids, ""}


def test_each_problem_is_listed_with_a_link_to_its_field(anna) -> None:
    """Red when: the list, the link, or the mark at the field is missing."""
    version = started(anna)
    form = anna.form(version)
    form["section_3_en"] = form["section_3_en"].replace("3.2 ", "3.4 ")
    anna.post(version, **form)

    page = Page(anna.get(version).content)

    problems = [e for e in page.all("a") if e.is_inside("ol")]
    place = "#id_section_3_en"
    assert place in {e["href"] for e in problems}
    assert page.one("textarea", id="id_section_3_en")
    (marked,) = [e for e in page.all("ul") if e.get("data-problems-of") == "id_section_3_en"]
    assert "3.4" in marked.text


def test_each_warning_is_listed_and_sent_to_the_script(anna) -> None:
    """Red when: a warning counts as a problem, or is not at the field that holds its text."""
    version = make_draft(word=DOUBTFUL_SENTENCE)

    page = Page(anna.get(version).content)
    result = anna.post(version, "check", **anna.form(version)).json()

    (marked,) = [e for e in page.all("ul") if e.get("data-warnings-of") == "id_section_0_pl"]
    assert "95/46" in marked.text
    warnings = page.one("section", aria_labelledby="warnings-title")
    assert "#id_section_0_pl" in [e["href"] for e in page.all("a") if warnings in e.parents]
    assert result["problems"] == []
    assert [warning["place"] for warning in result["warnings"]] == [
        "id_section_0_pl",
        "id_section_0_en",
    ]
    assert marked.text == result["warnings"][0]["text"]


def test_a_draft_with_problems_is_saved_all_the_same(anna) -> None:
    """Red when: a half-written draft cannot be saved."""
    version = started(anna)
    form = anna.form(version) | {"section_3_pl": "", "title_en": ""}

    assert anna.post(version, **form).status_code == 302

    assert stored(version).title_en == ""
    assert "## 3." not in stored(version).text_pl


def test_an_invalid_form_keeps_the_typed_text(anna) -> None:
    version = started(anna)
    form = anna.form(version) | {"effective_at": "jutro", "section_2_pl": "## 2. Zebra"}

    response = anna.post(version, **form)

    assert response.status_code == 422
    page = Page(response.content)
    assert page.form_fields["effective_at"] == "jutro"
    assert page.form_fields["section_2_pl"] == "## 2. Zebra"
    assert len(page.all("ul", class_="errorlist")) == 1


def test_checking_without_a_script_shows_problems_and_saves_nothing(anna) -> None:
    """Red when: the button “check” saves."""
    version = started(anna)
    form = anna.form(version) | {"section_3_pl": "## 3. Zebra\n\n3.2 Pasy."}

    page = Page(anna.post(version, **form, then="check").content)

    assert page.one("div", data_preview="section_3_pl").text == "3. Zebra 3.2 Pasy."
    assert "id_section_3_pl" in {e["href"].removeprefix("#") for e in page.all("a")}
    assert "Zebra" not in stored(version).text_pl


def test_the_script_gets_problems_and_previews(anna) -> None:
    """Red when: the place of a problem is not the field that holds its text."""
    version = started(anna)
    form = anna.form(version)
    # Two sections in one field: what follows moves on by one section, and by no field.
    form["section_2_pl"] += "\n\n## 3. Nowa\n\n3.1 <script>x</script>"
    form["section_5_pl"] = form["section_5_pl"].replace("5.1", "5.7")
    asked = ["section_2_pl", "section_5_pl"]

    result = anna.post(version, "check", **form, preview=asked).json()

    places = {problem["place"] for problem in result["problems"]}
    assert {"id_section_2_pl", "id_section_5_pl"} <= places
    assert "5.7" in result["previews"]["section_5_pl"]
    assert "<script" not in result["previews"]["section_2_pl"]
    assert stored(version).revision == version.revision


# --- Two people in one draft


def test_a_draft_that_somebody_changed_meanwhile_is_not_overwritten(anna) -> None:
    """Red when: the form does not send the revision that it shows."""
    maria = Colleague("maria", EDITORS)
    version = started(anna)
    seen_by_anna = anna.form(version)
    maria.post(version, **maria.form(version) | {"title_pl": "Marii"})

    response = anna.post(version, **seen_by_anna | {"title_pl": "Anny"})

    assert response.status_code == 409
    assert stored(version).title_pl == "Marii"
    page = Page(response.content)
    assert page.form_fields["title_pl"] == "Anny"
    assert "maria" in page.one("section", aria_labelledby="stale-title").text

    again = anna.post(version, **page.form_fields)
    assert again.status_code == 302
    assert stored(version).title_pl == "Anny"


def test_the_typed_text_is_shown_when_the_version_is_not_a_draft_any_more(anna) -> None:
    """Red when: the step of a colleague loses the text that an author is writing."""
    version = started(anna)
    form = anna.form(version) | {"title_pl": "Anny"}
    actions.submit(version=stored(version), user=anna.user, at=timezone.now())

    response = anna.post(version, **form)

    assert response.status_code == 409
    assert Page(response.content).form_fields["title_pl"] == "Anny"


@pytest.mark.parametrize("page", ["submit", "return", "discard", "publish"])
def test_a_step_with_an_older_revision_is_refused(page, anna, jan) -> None:
    """Red when: a view passes the revision of the row instead of the one in the form."""
    version = make_draft() if page in {"submit", "discard"} else submitted(anna)
    before = stored(version)

    response = (jan if page == "publish" else anna).post(version, page, revision="0")

    assert response.status_code == 409
    assert stored(version).stage == before.stage


@pytest.mark.parametrize("revision", ["", "x", "9" * 400])
def test_an_invalid_revision_is_refused(revision: str, anna) -> None:
    version = make_draft()

    assert anna.post(version, "submit", revision=revision).status_code in {409, 422}
    assert stored(version).stage == Stage.DRAFT


def test_the_list_shows_the_state_of_each_version(anna) -> None:
    """Red when: a column fails, or shows the stage of a published version."""
    make_published(effective_at=timezone.now() + timedelta(days=3))
    submitted(anna)

    text = Page(anna.client.get(LIST).content).one("main").text

    for word in ("obowiązuje", "zaplanowana", "do sprawdzenia", "przekazanie do sprawdzenia, anna"):
        assert word in text


def test_the_first_draft_of_a_document_is_an_empty_form(anna) -> None:
    anna.client.post(f"{LIST}add/", {"policy": PolicyCode.TERMS})
    version = PolicyVersion.objects.latest("pk")

    form = anna.form(version)

    assert [name for name in form if name.startswith("section_")] == [
        "section_0_pl",
        "section_0_en",
    ]
    assert [name for name in form if name.startswith("article_13_")] == []


def test_an_unknown_document_is_refused(anna) -> None:
    response = anna.client.post(f"{LIST}add/", {"policy": "regulations"})

    assert response.status_code == 422
    assert PolicyVersion.objects.count() == 1


def test_the_first_version_of_a_document_needs_no_summary_of_changes(anna) -> None:
    """Red when: the view tells the form that every version is the first one, or a later one."""
    summaries = {"id_change_summary_pl", "id_change_summary_en"}
    without = {"change_summary_pl": "", "change_summary_en": ""}

    def places(version: PolicyVersion) -> set[str]:
        answer = anna.post(version, "check", **anna.form(version)).json()
        return {problem["place"] for problem in answer["problems"]}

    assert summaries <= places(make_draft(**without))
    assert not summaries & places(make_draft(policy=PolicyCode.TERMS, **without))
