"""The comparison of the plans says everything in words, and shows every row and plan."""

import pytest

from pricing.models import ComparisonCell, ComparisonRow, Plan
from tests.factories import make_plan, publish_plans
from tests.pages import Element, Page

pytestmark = pytest.mark.django_db

PL, EN = "/cennik/", "/en/pricing/"
ON_BOTH = pytest.mark.parametrize("address", [PL, EN])


def _table(client, address: str) -> list[list[Element]]:
    """The rows of the table, each as its cells. The first row holds the headings."""
    page = Page(client.get(address).content)
    rows: list[list[Element]] = []
    for element in page.elements:
        if element.tag == "tr" and element.is_inside("table"):
            rows.append([])
        if element.tag in {"th", "td"}:
            rows[-1].append(element)
    return rows


def _row(client, address: str, name: str) -> list[str]:
    """The texts of the row with this name, one for each plan, as a screen reader says them."""
    (row,) = (row for row in _table(client, address) if row[0].text == name)
    return [cell.text for cell in row[1:]]


def _make_row(*answers: str, **names: str) -> ComparisonRow:
    """A row with one answer for each plan, in their order."""
    row = ComparisonRow.objects.create(**{"name_pl": "Wiersz", "name_en": "Row"} | names)
    for plan, answer in zip(Plan.objects.all(), answers, strict=False):
        row.cells.create(plan=plan, answer=answer)
    return row


@pytest.mark.parametrize(
    ("address", "row", "answers"),
    [
        (EN, "Voicemail", ["included"] * 3),
        (EN, "Call recording", ["not included", "included", "included"]),
        (EN, "REST API", ["not included", "not included", "included"]),
        (PL, "Poczta głosowa", ["w planie"] * 3),
        (PL, "Nagrywanie rozmów", ["nie ma w planie", "w planie", "w planie"]),
        (PL, "REST API", ["nie ma w planie", "nie ma w planie", "w planie"]),
    ],
)
def test_yes_and_no_are_said_in_words_too(
    client, address: str, row: str, answers: list[str]
) -> None:
    """WCAG 1.1.1. Red when: a cell holds only a drawing."""
    assert _row(client, address, row) == answers


@ON_BOTH
def test_every_cell_belongs_to_a_row_and_a_column_even_when_shown_as_a_card(
    client, address: str
) -> None:
    """A real table: `make engines` asks each engine for its roles. Red when: a scope is left out."""
    page = Page(client.get(address).content)
    head, *rows = _table(client, address)

    assert page.one("caption").text
    assert {(e.tag, e["scope"]) for e in head} == {("th", "col")}
    assert len(rows) >= 11
    for name, *cells in rows:
        assert (name.tag, name["scope"]) == ("th", "row")
        assert name.text
        assert [cell.tag for cell in cells] == ["td"] * 3
        assert [cell["data-label"] for cell in cells] == [e.text for e in head[1:]]
        assert all(cell.text for cell in cells)


@pytest.mark.parametrize(("address", "prices"), [(PL, "39,00 zł"), (EN, "£8.00")])
def test_the_table_begins_with_the_prices_of_the_cards(client, address: str, prices: str) -> None:
    first = _table(client, address)[1]

    cards = [e.text for e in Page(client.get(address).content).with_class("plan__price")]
    assert [cell.text for cell in first[1:]] == cards
    assert cards[0] == prices


@pytest.mark.parametrize(("address", "words"), [(PL, "do dwóch"), (EN, "up to two")])
def test_a_cell_may_say_it_in_words(client, address: str, words: str) -> None:
    row = _make_row("yes", "no")
    row.cells.create(
        plan=Plan.objects.all()[2], answer="words", text_pl="do dwóch", text_en="up to two"
    )
    publish_plans()

    name = "Wiersz" if address == PL else "Row"
    assert _row(client, address, name)[2] == words


@pytest.mark.parametrize(("address", "words"), [(PL, "zapytaj nas"), (EN, "ask us")])
def test_a_missing_cell_is_neither_yes_nor_no(client, address: str, words: str) -> None:
    """Red when: it is shown empty, or as a no."""
    make_plan("late", order=9)
    publish_plans()

    assert _row(client, address, "REST API")[3] == words


def test_rows_and_plans_are_shown_in_their_order(client) -> None:
    """Red when: cells are in the order in which they were saved."""
    ComparisonRow.objects.all().delete()
    _make_row("no", "yes", "yes", name_en="Second", order=2)
    _make_row("yes", "yes", "no", name_en="First", order=1)
    Plan.objects.filter(code="start").update(order=5)
    publish_plans()

    head, _prices, *rows = _table(client, EN)

    assert [e.text for e in head[1:]] == ["Team", "Integration", "Start"]
    assert [[cell.text for cell in row] for row in rows] == [
        ["First", "included", "not included", "included"],
        ["Second", "included", "included", "not included"],
    ]


def test_a_plan_that_is_not_offered_is_in_no_column(client) -> None:
    """Red when: the table is built from all cells."""
    Plan.objects.filter(code="team").update(is_active=False)
    publish_plans()

    assert [e.text for e in _table(client, EN)[0][1:]] == ["Start", "Integration"]
    assert _row(client, EN, "Call recording") == ["not included", "included"]


@ON_BOTH
def test_without_rows_there_is_no_table(client, address: str) -> None:
    ComparisonRow.objects.all().delete()
    publish_plans()

    page = Page(client.get(address).content)

    assert page.all("table") == []
    assert page.with_class("compare") == []
    assert len(page.with_class("plan")) == 3


def test_texts_of_staff_are_escaped_in_the_table(client) -> None:
    ComparisonRow.objects.update(name_en="<script>alert(1)</script>")
    ComparisonCell.objects.update(answer="words", text_pl="x", text_en="<img src=x>")
    publish_plans()

    html = client.get(EN).content

    assert b"<script>alert(1)" not in html
    assert b"<img src=x>" not in html
