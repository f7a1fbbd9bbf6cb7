"""The texts of pages: shown in their language, without anything that could run."""

import pytest
from django.utils import timezone

from content import store
from content.models import ContentRevision
from pricing.models import Plan
from tests.factories import make_client
from tests.pages import ADDRESSES
from tests.pages import Page as Document
from voipstudio.models import Page, PageCode, PageSection, Question, SectionCode, SectionItem
from voipstudio.pages.shown_texts import html, page_texts
from voipstudio.seed import add_missing_pages

pytestmark = pytest.mark.django_db

EDITED = [code.value for code in PageCode]


def publish() -> None:
    """What a save in the admin does."""
    ContentRevision.objects.bump()
    store.poll(timezone.now())


@pytest.mark.parametrize("code", EDITED)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_page_shows_what_staff_wrote(client, code: str, language: str) -> None:
    """Red when: a template has its own title, lead or description."""
    Page.objects.filter(code=code).update(
        **{f"{name}_{language}": f"New {name}" for name in ("title", "lead", "description")}
    )
    publish()

    page = Document(client.get(ADDRESSES[code][language == "en"]).content)

    assert page.one("h1").text == "New title"
    assert page.one("title").text == "New title – VoIPstudio"
    assert page.one("meta", name="description")["content"] == "New description"
    assert page.one("meta", property="og:title")["content"] == "New title"
    assert page.one("meta", property="og:description")["content"] == "New description"
    assert "New lead" in [paragraph.text for paragraph in page.all("p")]


@pytest.mark.parametrize("code", ["pricing", "contact", "accessibility"])
def test_a_page_shows_its_longer_text(client, code: str) -> None:
    """Red when: a template leaves out `texts.body`."""
    Page.objects.filter(code=code).update(
        body_pl="## Nowy\n\nTekst **ważny**.", body_en="## New\n\nThe *text*."
    )
    publish()

    page = Document(client.get(ADDRESSES[code][1]).content)

    assert "New" in [heading.text for heading in page.all("h2")]
    assert "text" in [emphasis.text for emphasis in page.all("em")]


def test_a_section_shows_its_heading_text_and_rows(client) -> None:
    section = PageSection.objects.get(code=SectionCode.CALLS)
    section.items.all().delete()
    SectionItem.objects.create(
        section=section,
        icon="code",
        name_pl="Nazwa",
        name_en="Name",
        text_pl="Opis",
        text_en="Text",
    )
    PageSection.objects.filter(pk=section.pk).update(heading_en="Talking", text_en="In **short**.")
    publish()

    page = Document(client.get("/en/").content)
    (group,) = (e for e in page.with_class("features") if "Talking" in e.text)

    assert group.text == "Talking In short. Name Text"


@pytest.mark.parametrize(
    "code", [SectionCode.FEATURES, SectionCode.CALLS, SectionCode.TRIAL, SectionCode.PROMISE]
)
def test_a_section_without_heading_is_left_out(client, code: str) -> None:
    """Red when: the template prints the section whatever its heading."""
    heading = PageSection.objects.get(page__code="home", code=code).heading_en
    assert heading in client.get("/en/").content.decode()

    PageSection.objects.filter(code=code).update(heading_pl="", heading_en="")
    publish()

    assert heading not in client.get("/en/").content.decode()
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("code", ["home", "pricing"])
def test_questions_stand_on_their_page_in_their_order(client, code: str) -> None:
    """Red when: the questions of another page are shown, or in the order of their creation."""
    Question.objects.all().delete()
    for order, word in ((2, "later"), (1, "sooner")):
        Question.objects.create(
            page=code,
            order=order,
            question_pl=f"Czy {word}?",
            question_en=f"Is it {word}?",
            answer_pl="Tak.",
            answer_en="Yes, **indeed**.",
        )
    publish()

    page = Document(client.get(ADDRESSES[code][1]).content)
    other = client.get(ADDRESSES["pricing" if code == "home" else "home"][1]).content.decode()

    asked = [e for e in page.all("summary") if e.parents[-1].classes == ["question"]]
    assert [e.text for e in asked] == ["Is it sooner?", "Is it later?"]
    assert page.with_class("question__answer")[0].text == "Yes, indeed."
    assert "Is it sooner?" not in other


def test_markdown_becomes_paragraphs_links_and_lists() -> None:
    assert html("A **b** [c](/kontakt/)\n\n- d") == (
        '<p>A <strong>b</strong> <a href="/kontakt/">c</a></p>\n<ul>\n<li>d</li>\n</ul>\n'
    )


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/x.png)",
        "<img src=x onerror=alert(1)>",
        "[x](data:text/html;base64,x)",
    ],
)
def test_markdown_gives_no_html_that_runs_or_loads_anything(source: str) -> None:
    """Red when: `clean` lets images or other schemes pass."""
    shown = html(source)

    assert "<script" not in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown
    assert 'href="data' not in shown


def test_nothing_that_staff_type_becomes_a_script(client) -> None:
    """Red when: `html` returns what the renderer gives for raw HTML, or JSON-LD is printed
    unescaped."""
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    Page.objects.update(title_en=evil, lead_en=evil, description_en=evil)
    Page.objects.update(body_pl=evil, body_en=evil)
    PageSection.objects.exclude(heading_en="").update(heading_en=evil, text_pl=evil, text_en=evil)
    SectionItem.objects.update(name_en=evil, text_en=evil)
    Question.objects.update(question_en=evil, answer_en=evil)

    publish()

    for address in (ADDRESSES[code][1] for code in EDITED):
        page = Document(client.get(address).content)
        assert page.unbalanced == []
        assert page.all("img") == []
        assert page.with_attribute("onerror") == []
        assert [e for e in page.scripts if "src" not in e.attributes] == []


def test_the_seeded_texts_could_be_saved_by_staff() -> None:
    rows = [
        *Page.objects.all(),
        *PageSection.objects.all(),
        *SectionItem.objects.all(),
        *Question.objects.all(),
    ]

    assert len(rows) >= 35
    for row in rows:
        row.full_clean()


def test_seeding_adds_the_pages_of_a_new_release_and_changes_no_other() -> None:
    """Red when: `seed` adds pages only to an empty database, or resets existing ones."""
    PageSection.objects.filter(code=SectionCode.TRIAL).update(heading_en="Ours")
    PageSection.objects.get(code=SectionCode.CALLS).delete()
    Page.objects.get(code=PageCode.CONTACT).delete()
    items = SectionItem.objects.count()

    add_missing_pages()

    assert PageSection.objects.get(code=SectionCode.TRIAL).heading_en == "Ours"
    assert PageSection.objects.get(code=SectionCode.CALLS).items.count() == 3
    assert PageSection.objects.filter(page__code=PageCode.CONTACT).count() == 4
    assert SectionItem.objects.count() == items + 3


def test_seeding_twice_changes_no_content() -> None:
    before = ContentRevision.objects.number()

    add_missing_pages()

    assert ContentRevision.objects.number() == before


def test_every_edited_page_has_texts_in_both_languages() -> None:
    """Red when: a page of `PageCode` is missing in texts.toml."""
    for code in EDITED:
        for language in ("pl", "en"):
            assert page_texts(code, language).title
            assert page_texts(code, language).description


@pytest.mark.parametrize(
    ("visitor", "words"),
    [
        (lambda: make_client(), "nothing from us"),
        (lambda: make_client(refused=True), "the one cookie that remembers your refusal"),
        (
            lambda: make_client("preferences"),
            "the cookie with your choice, and what you allowed: Preferences",
        ),
        (
            lambda: make_client("preferences", **{"Sec-GPC": "1"}),
            "the cookie with your choice, and nothing else from us",
        ),
        (lambda: make_client(**{"Sec-GPC": "1"}), "nothing from us"),
    ],
    ids=["no choice", "refused", "granted", "granted before the signal", "signal"],
)
def test_the_home_page_says_what_it_stores_on_the_device_of_this_visitor(visitor, words) -> None:
    """Red when: _privacy_promise.html mistakes one state for another."""
    page = Document(visitor().get("/en/").content)
    (now,) = page.with_class("facts__now")

    assert now.text == f"On your device, once this page has loaded {words}"


def test_the_home_page_says_what_its_price_covers_and_that_it_is_a_sample() -> None:
    """Red when: home.html prints the price alone."""
    page = Document(make_client().get("/en/").content)
    assert (
        page.with_class("hero__price")[0].text == "£8.00 per user per month, excl. VAT sample price"
    )

    Plan.objects.update(is_sample=False)
    publish()

    page = Document(make_client().get("/en/?currency=EUR").content)
    (price,) = page.with_class("hero__price")
    assert price.text.startswith("€")
    assert price.text.endswith("per user per month, excl. VAT")


def test_the_home_page_names_no_price_where_there_is_none() -> None:
    Plan.objects.update(is_active=False)
    publish()

    page = Document(make_client().get("/en/").content)

    assert page.with_class("hero__price") == []
    assert "See prices" in [link.text for link in page.all("a")]
