"""A version in review, the page that publishes it, and the rights that each of them needs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.models import PolicyVersion, Stage
from privacy.roles import EDITORS, PUBLISHERS
from tests.pages import Page
from tests.privacy.policies.colleagues import LIST, Colleague, stored, submitted
from tests.privacy.policies.drafts import DOUBTFUL_SENTENCE, make_draft, make_published

pytestmark = pytest.mark.django_db


def test_a_version_in_review_is_shown_and_has_no_field_to_change(anna) -> None:
    version = submitted(anna)

    page = Page(anna.get(version).content)

    assert [e["name"] for e in page.all("textarea")] == ["note"]
    assert "Słowo draft." in page.one("main").text


def test_each_problem_of_a_version_in_review_leads_to_its_place(anna) -> None:
    """Red when: the page shows the list of the editor, and not the places that it links to."""
    broken = {"text_en": "## 0. Introduction", "change_summary_pl": "", "article_13": {}}
    version = submitted(anna, **broken, title_en="")

    page = Page(anna.get(version).content)

    links = [e["href"] for e in page.all("a") if e.is_inside("ol")]
    ids = {e["id"] for e in page.with_attribute("id")}
    assert len(links) >= 14
    assert {link.removeprefix("#") for link in links} <= ids


def test_a_version_in_review_is_returned_with_a_note(anna, jan) -> None:
    version = submitted(anna)

    assert jan.step(version, "return", note="Popraw 0.1.").status_code == 302

    assert stored(version).stage == Stage.DRAFT
    assert "Popraw 0.1." in Page(anna.get(version).content).one("main").text


def test_a_discarded_draft_stays_readable_and_nothing_more(anna) -> None:
    version = make_draft()

    assert anna.step(version, "discard").status_code == 302

    page = Page(anna.get(version).content)
    assert page.all("textarea") == []
    assert "Słowo draft." in page.one("main").text


# --- Publishing


def test_publishing_is_refused_with_reasons(anna, jan) -> None:
    """Red when: NotPublishable is swallowed."""
    version = submitted(anna, text_en="## 0. Introduction")

    page = Page(jan.step(version, "publish").content)

    reasons = page.one("section", aria_labelledby="reasons-title")
    assert "0.1" in reasons.text
    assert page.all("button", class_="default") == []
    assert jan.step(version, "publish").status_code == 422
    assert not stored(version).is_published


def test_a_warning_is_shown_in_review_and_does_not_stop_its_author(anna) -> None:
    """Red when: the list, or the place that it leads to, is missing."""
    version = submitted(anna, word=DOUBTFUL_SENTENCE)

    page = Page(anna.get(version).content)

    warnings = page.one("section", aria_labelledby="warnings-title")
    links = [e["href"] for e in page.all("a") if warnings in e.parents]
    assert links == ["#id_section_0_pl", "#id_section_0_en"]
    assert page.one("div", id="id_section_0_pl")
    assert page.one("details", open="")


def test_the_publisher_ticks_off_each_warning(anna, jan) -> None:
    """Red when: a box is ticked at first, an error is not at its box, or a tick is lost."""
    version = submitted(anna, word=DOUBTFUL_SENTENCE)
    boxes = Page(jan.get(version, "publish").content).all("input", type="checkbox")
    words = [box["value"] for box in boxes]
    assert len(words) == 2
    assert not any("checked" in box.attributes for box in boxes)

    response = jan.step(version, "publish", checked=words[:1])

    assert response.status_code == 422
    page = Page(response.content)
    assert page.one("p", class_="errornote").text == (
        "Nie opublikowano: zaznacz każde ostrzeżenie, gdy je sprawdzisz."
    )
    ticked, unticked = page.all("input", type="checkbox")
    assert "checked" in ticked.attributes
    assert "checked" not in unticked.attributes
    error = page.one("p", id=unticked["aria-describedby"])
    assert error.text == "Nie zaznaczono: najpierw sprawdź to zdanie."
    assert not ticked.get("aria-describedby")
    assert not stored(version).is_published

    assert jan.step(version, "publish", checked=words).status_code == 302
    assert stored(version).is_published
    log = Page(jan.get(version).content).one("section", class_="steps").text
    assert all(text in log for text in words)


def test_an_author_is_told_to_ask_a_colleague(jan) -> None:
    """Red when: the view does not pass the user to the action."""
    both = Colleague("both", EDITORS, PUBLISHERS)
    version = submitted(both)

    response = both.step(version, "publish")

    assert response.status_code == 422
    assert "POLICY_FOUR_EYES" in Page(response.content).one("main").text
    assert jan.step(version, "publish").status_code == 302


def test_the_publisher_sees_the_changes_and_the_consequences(anna, jan, monkeypatch) -> None:
    """Red when: consequences, dates or differences are left out of the page."""
    from privacy.policies import consequences

    asking = consequences.Consequence(lambda version, at: "Zapytamy 7 osób.")
    monkeypatch.setattr(consequences, "_consequences", [asking])
    make_published("stare")
    version = submitted(anna, word="nowe", is_material=True)

    text = Page(jan.get(version, "publish").content).one("main").text

    assert "Zapytamy 7 osób." in text
    assert "Zmieniliśmy jedno słowo." in text
    assert "stare" in text
    assert "nowe" in text
    day = timezone.localtime(timezone.now() + timedelta(days=14))
    assert str(day.year) in text


def test_a_published_version_is_shown_with_its_hash_and_without_buttons(anna, jan) -> None:
    """Red when: a page offers to change a published version."""
    version = make_published()

    for colleague in (anna, jan):
        page = Page(colleague.get(version).content)
        assert version.hash in page.one("main").text
        assert page.all("textarea") == []
        assert [e for e in page.all("form") if e.is_inside("main")] == []


def test_nothing_changes_a_published_version(anna, jan) -> None:
    version = make_published()
    before = PolicyVersion.objects.values().get(pk=version.pk)
    form = {"revision": str(version.revision), "title_pl": "Inny"}

    assert anna.post(version, **form).status_code == 409
    for page in ("submit", "return", "discard", "publish", "links"):
        both = Colleague(f"both-{page}", EDITORS, PUBLISHERS)
        assert both.step(version, page).status_code == 409
    assert anna.client.post(f"{LIST}{version.pk}/delete/", {"post": "yes"}).status_code == 403

    assert PolicyVersion.objects.values().get(pk=version.pk) == before


# --- Who may do what

_EDITING = ("change", "check", "submit", "discard")


@pytest.mark.parametrize("page", _EDITING)
def test_a_publisher_cannot_write(page: str, jan) -> None:
    """Red when: a view requires another permission, or no permission."""
    version = make_draft()

    assert jan.step(version, page, title_pl="Jana").status_code == 403
    assert stored(version).revision == version.revision


def test_an_editor_cannot_publish(anna, jan) -> None:
    """Red when: the page that publishes requires the permission to change."""
    version = submitted(jan)

    assert anna.get(version, "publish").status_code == 403
    assert anna.step(version, "publish").status_code == 403
    assert not stored(version).is_published


@pytest.mark.parametrize("page", [*_EDITING, "return", "publish", "links"])
def test_a_user_without_a_role_can_do_nothing(page: str, reader) -> None:
    version = make_draft()

    assert reader.step(version, page).status_code == 403
    assert reader.get(version).status_code == 403
    assert reader.client.post(f"{LIST}add/", {"policy": "privacy"}).status_code == 403


@pytest.mark.parametrize("page", ["change", "page/pl", "publish"])
def test_a_visitor_who_is_not_signed_in_is_sent_to_the_login(page: str, client) -> None:
    version = make_draft()

    assert client.get(f"{LIST}{version.pk}/{page}/")["Location"].startswith("/admin/login/")


@pytest.mark.parametrize(("language", "status"), [("pl", 200), ("en", 200), ("de", 404)])
def test_a_draft_is_shown_as_its_readers_will_see_it(language: str, status: int, anna) -> None:
    """Red when: a language that the site has not is a server error."""
    assert anna.get(make_draft(), f"page/{language}").status_code == status


def test_a_version_that_never_existed_is_not_found(anna, jan) -> None:
    never = PolicyVersion(pk=10**6)

    assert anna.get(never).status_code == 404
    assert jan.get(never, "publish").status_code == 404
