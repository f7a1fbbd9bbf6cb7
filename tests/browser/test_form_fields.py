"""No field hides a property of its form from scripts: a field called `method` hides `form.method`."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.visitor import Visitor
from tests.pages import PAGES, Page
from tests.run_once import looks_at_pages

pytestmark = [pytest.mark.django_db, looks_at_pages]

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
_PROPERTIES = """() => {
  const names = [];
  for (const name in document.createElement("form")) names.push(name);
  return names;
}"""
_FIELD = re.compile(r"<(?:input|button|select|textarea|fieldset|output)\b[^>]*>")
_NAME = re.compile(r"\b(?:name|id)=\"([^\"{]+)\"")


def test_no_field_of_a_form_is_named_like_a_property_of_forms(visitor: Visitor) -> None:
    """The pages are read, and the templates too, of which no page shows every branch.

    Red when: a field is called `method`, `name`, `action`, `target` or `title`.
    """
    properties = set(visitor.page.evaluate(_PROPERTIES))
    assert {"method", "name", "action", "submit", "elements", "title"} <= properties

    by_page = {path: _fields(Page(Client().get(path).content)) for path in PAGES}
    by_template = {str(file): _fields_in(file.read_text(encoding="utf-8")) for file in TEMPLATES}

    assert {"choice", "group", "full_name", "older"} <= set().union(*by_page.values())
    assert {"choice", "group", "channel"} <= set().union(*by_template.values())
    hidden = {place: sorted(names & properties) for place, names in (by_page | by_template).items()}
    assert {place: names for place, names in hidden.items() if names} == {}


def _fields(page: Page) -> set[str]:
    elements = page.all("input", "button", "select", "textarea", "fieldset", "output")
    return {element.get(key) for element in elements for key in ("name", "id")} - {""}


def _fields_in(template: str) -> set[str]:
    return {name for field in _FIELD.findall(template) for name in _NAME.findall(field)}
