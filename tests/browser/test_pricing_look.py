"""The look of the pricing page: columns, cards on a phone, forced colors, without JavaScript."""

import pytest

from pricing.models import Plan
from tests.browser.conftest import NewVisitor
from tests.browser.fonts import IN_BOTH_FONTS
from tests.browser.test_banner_look import DESK, PHONE
from tests.browser.visitor import Visitor
from tests.factories import publish_plans
from tests.run_once import looks_at_pages

pytestmark = looks_at_pages

EN = "/en/pricing/"
TABLET = {"width": 768, "height": 1024}
_BOXES = """(name) => [...document.getElementsByClassName(name)].map((element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return [Math.round(top), Math.round(bottom)];
})"""
_STROKES = """() => [...document.querySelectorAll(".answer .icon, .plan__features .icon")]
  .map((icon) => [getComputedStyle(icon).stroke, icon.getBoundingClientRect().width >= 20])"""
_INK = "getComputedStyle(document.querySelector('h1')).color"


def _boxes(visitor: Visitor, name: str) -> set[tuple[int, int]]:
    """The different tops and bottoms of the elements of this class."""
    return {(top, bottom) for top, bottom in visitor.page.evaluate(_BOXES, name)}


@IN_BOTH_FONTS
def test_plans_are_equally_high_and_their_prices_are_on_one_line(
    new_visitor: NewVisitor,
) -> None:
    """Red when: css/price.css has no subgrid, so that a longer text pushes a price down."""
    Plan.objects.filter(code="team").update(description_en="Many words. " * 20)
    publish_plans()
    visitor = new_visitor(viewport=DESK)

    visitor.open(EN)

    for name in ("plan", "plan__price", "plan__features"):
        assert len(_boxes(visitor, name)) == 1, name


@pytest.mark.parametrize("viewport", [PHONE, TABLET, DESK], ids=["320px", "768px", "1280px"])
def test_the_table_is_a_table_for_a_screen_reader_in_every_size(
    new_visitor: NewVisitor, viewport: dict[str, int]
) -> None:
    """Red when: css/table.css hides the heads from screen readers on narrow windows."""
    visitor = new_visitor(viewport=viewport)
    visitor.open(EN)

    nodes = visitor.context.new_cdp_session(visitor.page).send("Accessibility.getFullAXTree")
    roles_and_names = [
        (node["role"]["value"], node["name"]["value"])
        for node in nodes["nodes"]
        if not node["ignored"] and "name" in node
    ]

    assert ("table", "What each plan includes. sample content") in roles_and_names
    heads = [name for role, name in roles_and_names if role == "columnheader"]
    assert heads == ["Feature", "Start", "Team", "Integration"]
    assert [role for role, _name in roles_and_names].count("rowheader") == 12
    start = roles_and_names.index(("rowheader", "Call recording"))
    cells = [name for role, name in roles_and_names[start:] if role in {"cell", "gridcell"}]
    assert cells[:3] == ["not included", "included", "included"]


@pytest.mark.parametrize("viewport", [PHONE, TABLET], ids=["320px", "768px"])
def test_a_card_of_the_table_names_the_plan_beside_each_answer(
    new_visitor: NewVisitor, viewport: dict[str, int]
) -> None:
    """Red when: a cell has no `data-label`."""
    visitor = new_visitor(viewport=viewport)
    visitor.open(EN)

    labels = visitor.page.locator(".compare__table tbody td").evaluate_all(
        "cells => cells.map((cell) => getComputedStyle(cell, '::before').content.split('\"')[1])"
    )

    assert labels == ["Start", "Team", "Integration"] * 12


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_icons_have_the_forced_color_of_the_text(new_visitor: NewVisitor, scheme: str) -> None:
    """Red when: an icon keeps its own color, which can be that of the background."""
    visitor = new_visitor(forced_colors="active", color_scheme=scheme)
    visitor.open(EN)

    strokes = visitor.page.evaluate(_STROKES)

    assert len(strokes) >= 40
    assert {stroke for stroke, _is_seen in strokes} == {visitor.page.evaluate(_INK)}
    assert all(is_seen for _stroke, is_seen in strokes)


def test_another_currency_is_one_click_away_and_leaves_nothing_on_the_device(
    new_visitor: NewVisitor,
) -> None:
    """Red when: the switch needs a script or a cookie."""
    visitor = new_visitor(has_javascript=False)
    visitor.open(EN)

    visitor.page.get_by_role("link", name="EUR (euro)").click()

    assert visitor.page.url.endswith("/en/pricing/?currency=EUR")
    assert visitor.page.locator(".plan__price").all_inner_texts() == ["€9.00", "€14.00", "€21.00"]
    assert visitor.cookies == []
