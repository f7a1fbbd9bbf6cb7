"""Texts of pages, questions and redirects in the admin."""

import pytest
from django.utils import timezone

from content import store
from tests.pages import Page as Document
from tests.staff import make_staff
from voipstudio.models import Page, PageSection, Question, Redirect

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_staff(
        *(
            f"{act}_{model}"
            for act in ("add", "change", "delete", "view")
            for model in ("page", "pagesection", "sectionitem", "question", "redirect")
        )
    )


def edit(editor, address: str, **changes: str):
    """Open a form, change these fields, and send it as a browser does."""
    fields = Document(editor.get(address).content).form_fields
    assert set(changes) <= set(fields), sorted(fields)
    return editor.post(address, fields | changes)


def test_an_editor_changes_a_page_and_readers_see_it(client, editor) -> None:
    """Red when: PageAdmin does not bump the content revision."""
    page = Page.objects.get(code="contact")
    store.poll(timezone.now())

    response = edit(
        editor,
        f"/admin/voipstudio/page/{page.pk}/change/",
        title_pl="Napisz do nas",
        title_en="Write to us",
    )
    store.poll(timezone.now())

    assert response.status_code == 302
    assert "Napisz do nas" in client.get("/kontakt/").content.decode()
    assert "Write to us" in client.get("/en/contact/").content.decode()


def test_an_editor_changes_the_rows_of_a_section(client, editor) -> None:
    """Red when: only the page's own form bumps the revision."""
    section = PageSection.objects.get(code="calls")
    store.poll(timezone.now())

    response = edit(
        editor,
        f"/admin/voipstudio/pagesection/{section.pk}/change/",
        **{"items-0-name_pl": "Wideotelefon", "items-0-name_en": "Video phone"},
    )
    store.poll(timezone.now())

    assert response.status_code == 302
    assert "Wideotelefon" in client.get("/").content.decode()


def test_one_language_alone_is_refused_and_the_form_keeps_its_text(client, editor) -> None:
    """Red when: the form falls back to the other language."""
    page = Page.objects.get(code="pricing")
    address = f"/admin/voipstudio/page/{page.pk}/change/"

    response = edit(editor, address, body_pl="Tylko po polsku", body_en="")

    document = Document(response.content)
    assert response.status_code == 200
    assert document.form_fields["body_pl"] == "Tylko po polsku"
    assert "Napisz ten tekst w obu językach" in document.one("html").text
    page.refresh_from_db()
    assert page.body_pl == ""


def test_a_link_that_leads_nowhere_is_refused_at_its_field(editor) -> None:
    question = Question.objects.filter(page="home").first()

    response = edit(
        editor,
        f"/admin/voipstudio/question/{question.pk}/change/",
        answer_en="See [this](/en/nowhere/).",
    )

    assert response.status_code == 200
    assert "/en/nowhere/" in " ".join(
        e.text for e in Document(response.content).with_class("errorlist")
    )


def test_a_question_is_added_and_deleted(client, editor) -> None:
    """Red when: deleting does not bump the revision."""
    response = edit(
        editor,
        "/admin/voipstudio/question/add/",
        page="home",
        order="0",
        question_pl="Czy to działa?",
        question_en="Does it work?",
        answer_pl="Tak.",
        answer_en="Yes.",
    )
    store.poll(timezone.now())
    assert response.status_code == 302
    assert "Czy to działa?" in client.get("/").content.decode()

    question = Question.objects.get(question_en="Does it work?")
    editor.post(f"/admin/voipstudio/question/{question.pk}/delete/", {"post": "yes"})
    store.poll(timezone.now())
    assert "Czy to działa?" not in client.get("/").content.decode()


def test_a_redirect_is_added(client, editor) -> None:
    response = edit(
        editor, "/admin/voipstudio/redirect/add/", old_path="/stara-oferta/", new_path="/cennik/"
    )
    store.poll(timezone.now())

    assert response.status_code == 302
    assert Redirect.objects.count() == 1
    assert client.get("/stara-oferta/")["Location"] == "/cennik/"


@pytest.mark.parametrize("model", ["page", "pagesection"])
def test_staff_cannot_add_or_delete_pages_and_sections(editor, model: str) -> None:
    """Red when: CodedAdmin leaves out one of its methods."""
    row = (Page if model == "page" else PageSection).objects.first()

    assert editor.get(f"/admin/voipstudio/{model}/add/").status_code == 403
    assert editor.get(f"/admin/voipstudio/{model}/{row.pk}/delete/").status_code == 403


@pytest.mark.parametrize("model", ["page", "pagesection", "question", "redirect"])
def test_every_list_opens(editor, model: str) -> None:
    assert editor.get(f"/admin/voipstudio/{model}/").status_code == 200


def test_each_field_has_the_language_and_the_height_of_its_text(editor) -> None:
    """`lang` selects the dictionary of the browser. Red when: SideBySide sets no `lang`."""
    page = Page.objects.get(code="accessibility")
    document = Document(editor.get(f"/admin/voipstudio/page/{page.pk}/change/").content)

    fields = {
        e["name"]: e
        for e in document.all("input", "textarea")
        if e.get("name")[-3:] in {"_pl", "_en"}
    }

    assert len(fields) >= 8
    assert {name: field.get("lang") for name, field in fields.items()} == {
        name: name[-2:] for name in fields
    }
    assert (fields["lead_pl"]["rows"], fields["body_en"]["rows"]) == ("4", "24")


def test_the_link_to_the_design_page_is_below_both_columns_of_the_first_page(admin_client) -> None:
    """Red when: the link stands in the left column, which pushes the right one down."""
    page = Document(admin_client.get("/admin/").content)

    (link,) = [a for a in page.all("a") if a["href"] == "/admin/design/"]
    order = [
        element
        for element in page.elements
        if element.get("id") == "content-related" or element is link
    ]
    assert order[-1] is link
