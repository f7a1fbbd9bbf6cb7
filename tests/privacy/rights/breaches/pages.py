"""The pages of the register in the admin, and what the officer types there."""

from typing import Any

from django.test import Client
from django.urls import reverse

from privacy.models import Breach
from tests.pages import Page
from tests.privacy.rights.breaches.rows import AWARE, hours

LIST = reverse("admin:privacy_breach_changelist")
ADD = reverse("admin:privacy_breach_add")
# Ten hours after the breach was noticed: 23:00 in Warsaw.
NOW = AWARE + hours(10)
FIRST_NOTICE = {
    "notices-0-addressee": "ico", "notices-0-method": "form", "notices-0-about": "All. Case 7/2026.",
    "notices-0-told_at": "2026-11-27T22:00",
}  # fmt: skip
NEW = {
    "facts": "A list was sent out.", "aware_at": "2026-11-27T13:00",
    "people_number": "120",
}  # fmt: skip


def page_of(breach: Breach, page: str = "change") -> str:
    return reverse(f"admin:privacy_breach_{page}", args=[breach.pk])


def send(officer: Client, address: str, **fields: Any) -> list[str]:
    """Send the form of a page with these fields. Returns the errors; empty where it was saved."""
    form = Page(officer.get(address).content).form_fields
    response = officer.post(address, form | fields)
    if response.status_code == 302:
        return []
    assert response.status_code == 200
    lists = [e for e in Page(response.content).all("ul") if "errorlist" in e.classes]
    assert lists
    return [" ".join(each.text.split()) for each in lists]


def words(response: Any) -> str:
    return " ".join(Page(response.content).one("html").text.split())


def cells(officer: Client, name: str) -> list[str]:
    page = Page(officer.get(LIST).content)
    return [e.text for e in page.elements if f"field-{name}" in e.classes and e.tag in ("td", "th")]
