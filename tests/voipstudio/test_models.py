"""Checks of what staff write: both languages, links that lead to a page, redirects."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from voipstudio.models import Page, PageSection, Question, Redirect, SectionCode, SectionItem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["body", "description"])
def test_the_database_refuses_a_page_text_in_one_language(name: str) -> None:
    """Red when: the constraint is taken out of the model."""
    for languages in ({f"{name}_pl": "", f"{name}_en": "x"}, {f"{name}_pl": "x", f"{name}_en": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Page.objects.filter(code="home").update(**languages)


@pytest.mark.parametrize("name", ["heading", "text"])
def test_the_database_refuses_a_section_in_one_language(name: str) -> None:
    for languages in ({f"{name}_pl": "", f"{name}_en": "x"}, {f"{name}_pl": "x", f"{name}_en": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PageSection.objects.filter(code="trial").update(**languages)


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (Page, ("title_pl", "title_en", "lead_pl", "lead_en")),
        (SectionItem, ("name_pl", "name_en", "text_pl", "text_en")),
        (Question, ("question_pl", "question_en", "answer_pl", "answer_en")),
    ],
)
def test_the_database_refuses_a_row_that_lacks_a_language(model, names: tuple[str, ...]) -> None:
    for name in names:
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(**{name: ""})


def test_one_language_alone_is_refused_with_a_sentence_at_the_empty_field() -> None:
    """Red when: `missing_languages` names the field that is filled."""
    section = PageSection.objects.get(code=SectionCode.TRIAL)
    section.heading_en, section.text_pl = "", ""

    with pytest.raises(ValidationError) as caught:
        section.full_clean()

    assert set(caught.value.message_dict) == {"heading_en", "text_pl"}


def test_a_section_that_a_law_requires_keeps_its_heading() -> None:
    """Red when: `_ALWAYS_SHOWN` is empty."""
    section = PageSection.objects.get(code=SectionCode.OFFICER)
    section.heading_pl = section.heading_en = ""

    with pytest.raises(ValidationError) as caught:
        section.full_clean()

    assert set(caught.value.message_dict) == {"heading_pl"}


@pytest.mark.parametrize(
    "link",
    [
        "/kontakt/",
        "/polityka-prywatnosci/#s13",
        "/cennik/?currency=EUR",
        "https://example.org/",
        "mailto:a@example.org",
        "tel:+442034329230",
        "#tam",
    ],
)
def test_a_good_link_is_accepted(link: str) -> None:
    Question(question_pl="x", question_en="x", answer_pl=f"[x]({link})", answer_en="x").full_clean()


@pytest.mark.parametrize(
    ("link", "complaint"),
    [
        ("/nie-ma/", "leads nowhere"),
        ("/en/contact/", "leads to a page in the other language"),
        ("kontakt/", "does not begin with"),
        ("http://example.org/", "does not begin with"),
        ("//example.org/", "does not begin with"),
    ],
)
def test_a_bad_link_is_refused_with_a_sentence_that_names_it(link: str, complaint: str) -> None:
    """Red when: `link_problems` leaves out one of its cases."""
    row = Question(question_pl="x", question_en="x", answer_pl=f"[x]({link})", answer_en="x")

    with override("en"), pytest.raises(ValidationError) as caught:
        row.full_clean()

    assert set(caught.value.message_dict) == {"answer_pl"}
    (problem,) = caught.value.message_dict["answer_pl"]

    assert complaint in problem
    assert link in problem


@pytest.mark.parametrize(
    ("old_path", "new_path", "field"),
    [
        ("oferta", "/cennik/", "old_path"),
        ("//elsewhere.example/", "/cennik/", "old_path"),
        ("/oferta?x=1", "/cennik/", "old_path"),
        ("/oferta#x", "/cennik/", "old_path"),
        ("/\\elsewhere.example", "/cennik/", "old_path"),
        ("/kontakt/", "/cennik/", "old_path"),
        ("/kontakt", "/cennik/", "old_path"),
        ("/admin/x/", "/cennik/", "old_path"),
        ("/adm%69n/x/", "/cennik/", "old_path"),
        ("/%6bontakt/", "/cennik/", "old_path"),
        ("/healthz", "/cennik/", "old_path"),
        ("/oferta%3Fx=1", "/cennik/", "old_path"),
        ("/a%00b", "/cennik/", "old_path"),
        ("/a%2541", "/cennik/", "old_path"),
        ("/a%FF", "/cennik/", "old_path"),
        ("/a/../b", "/cennik/", "old_path"),
        ("/a/.", "/cennik/", "old_path"),
        ("/.well-known/oferta", "/cennik/", None),
        ("/100%", "/cennik/", None),
        ("/static/x.css", "/cennik/", "old_path"),
        ("/stara", "/nie-ma/", "new_path"),
        ("/stara", "//elsewhere.example/", "new_path"),
        ("/stara", "https://elsewhere.example/", "new_path"),
        ("/stara", "/stara", "new_path"),
        ("/stara", "/admin/", "new_path"),
        ("/stara", "/admin/delivery/mail/", "new_path"),
        ("/stara", "/healthz", "new_path"),
        ("/stara", "/healthz/", "new_path"),
        ("/stara", "/sitemap.xml", "new_path"),
        ("/stara", "/.well-known/security.txt", "new_path"),
        ("/stara", "///kontakt/", "new_path"),
        ("/stara", "?x=/kontakt/", "new_path"),
        ("/stara", "/", None),
        ("/stara", "/cennik/?currency=EUR", None),
        ("/stara", "/cennik?currency=EUR#plany", None),
        ("/stara", "/en", None),
    ],
)
def test_a_bad_redirect_is_refused_at_its_field(
    old_path: str, new_path: str, field: str | None
) -> None:
    """Red when: `Redirect.clean` leaves out one of its cases."""
    row = Redirect(old_path=old_path, new_path=new_path)

    if field is None:
        row.full_clean()
        return
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert set(caught.value.message_dict) == {field}


def test_a_redirect_to_a_redirect_is_refused() -> None:
    """So redirects form no chain and no loop. Red when: `Redirect.clean` accepts any target."""
    Redirect.objects.create(old_path="/stara", new_path="/")

    with pytest.raises(ValidationError):
        Redirect(old_path="/starsza", new_path="/stara").full_clean()


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("/cennik", "/cennik/"),
        ("/cennik?currency=EUR#plany", "/cennik/?currency=EUR#plany"),
        ("/en#x", "/en/#x"),
        ("http://127.0.0.1:8000/kontakt/", "/kontakt/"),
        ("/darmowy-okres-probny/potwierdzenie/x/", "/darmowy-okres-probny/potwierdzenie/x/"),
    ],
)
def test_the_target_of_a_redirect_is_saved_with_its_last_slash(
    settings, typed: str, saved: str
) -> None:
    """Red when: a redirect leads to an address that redirects again."""
    settings.SITE_ORIGIN = "http://127.0.0.1:8000"
    row = Redirect(old_path="/stara", new_path=typed)

    row.full_clean()

    assert row.new_path == saved


@pytest.mark.parametrize("path", ["/admin/", "/healthz", "/robots.txt"])
def test_no_text_links_to_what_is_not_for_visitors(path: str) -> None:
    with pytest.raises(ValidationError):
        Question(
            question_pl="x", question_en="x", answer_pl=f"[x]({path})", answer_en="x"
        ).full_clean()
