"""Changes and deletions of staff are on the page after a poll; permissions to make them."""

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content import store
from pricing.models import ComparisonCell, ComparisonRow, Plan, Price
from tests.factories import make_plan
from tests.pages import Page
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

EN = "/en/pricing/"


@pytest.fixture
def staff(admin_client) -> Client:
    return admin_client


def _address(row: Model, verb: str = "change") -> str:
    return reverse(f"admin:pricing_{row._meta.model_name}_{verb}", args=[row.pk])


def _list(model: type[Model]) -> str:
    return reverse(f"admin:pricing_{model._meta.model_name}_changelist")


def _form(staff: Client, address: str) -> dict[str, str]:
    """The fields that a browser would send if nobody changed the form."""
    return Page(staff.get(address).content).form_fields


def _line(form: dict[str, str], field: str, value: object) -> str:
    """The prefix of the line with this value in its fixed field."""
    names = [name for name in form if name.endswith(f"-{field}")]
    (name,) = (name for name in names if form[name] == str(value))
    return name.removesuffix(f"-{field}")


def _page(client: Client) -> Page:
    store.poll(timezone.now())
    return Page(client.get(EN).content)


def _plan() -> Plan:
    return Plan.objects.get(code="team")


def _row() -> ComparisonRow:
    return ComparisonRow.objects.get(name_en="REST API")


def test_a_price_changed_in_the_admin_is_on_the_page_after_a_poll(staff, client) -> None:
    """Red when: `ContentAdmin.save_model` bumps no revision."""
    address = _address(_plan())
    form = _form(staff, address) | {"name_en": "Zebra"}
    form[_line(form, "currency", "GBP") + "-amount"] = "13.50"
    _page(client)

    assert staff.post(address, form).status_code == 302

    page = _page(client)
    assert page.with_class("plan__price")[1].text == "£13.50"
    assert page.with_class("plan__name")[1].text == "Zebra"
    assert Price.objects.filter(plan__code="team").count() == 4


def test_the_period_and_the_vat_are_edited_in_the_admin(staff, client) -> None:
    address = _address(_plan())
    form = _form(staff, address) | {"billing_period": "year", "vat": "gross"}

    assert staff.post(address, form).status_code == 302

    assert _page(client).with_class("plan__billing")[1].text == "per user per year, incl. VAT"


def test_an_unchanged_form_can_be_saved(staff) -> None:
    """Red when: a stored line counts as a missing one."""
    before = list(Price.objects.values()), list(ComparisonCell.objects.values())

    for row in (_plan(), _row()):
        assert staff.post(_address(row), _form(staff, _address(row))).status_code == 302

    assert (list(Price.objects.values()), list(ComparisonCell.objects.values())) == before


def test_a_cell_changed_below_its_plan_or_its_row_is_the_same_cell(staff, client) -> None:
    plan, row = _plan(), _row()
    form = _form(staff, _address(plan))
    form[_line(form, "row", row.pk) + "-answer"] = "yes"
    assert staff.post(_address(plan), form).status_code == 302

    form = _form(staff, _address(row))
    line = _line(form, "plan", plan.pk)
    assert form[f"{line}-answer"] == "yes"
    form |= {f"{line}-answer": "words", f"{line}-text_pl": "dwa", f"{line}-text_en": "two"}
    assert staff.post(_address(row), form).status_code == 302

    cells = [e.text for e in _page(client).all("td")][-6:-3]
    assert cells == ["not included", "two", "included"]
    assert ComparisonCell.objects.filter(plan=plan, row=row).count() == 1


def test_a_stored_row_has_a_line_for_a_plan_that_was_added_later(staff, client) -> None:
    """Red when: only new rows get lines."""
    late = make_plan("late", order=9)
    form = _form(staff, _address(_row()))
    form[_line(form, "plan", late.pk) + "-answer"] = "yes"

    assert staff.post(_address(_row()), form).status_code == 302

    assert _page(client).all("td")[-5].text == "included"


@pytest.mark.parametrize("which", [_plan, _row])
@pytest.mark.parametrize("way", ["one", "selected"])
def test_a_deletion_in_the_admin_is_on_the_page_after_a_poll(
    staff, client, which, way: str
) -> None:
    """Red when: `delete_model` or `delete_queryset` bumps no revision."""
    row = which()
    assert row.name_en in _page(client).one("table").text

    if way == "one":
        staff.post(_address(row, "delete"), {"post": "yes"})
    else:
        form = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        staff.post(_list(type(row)), form)

    assert row.name_en not in _page(client).one("table").text


def test_all_prices_of_a_plan_may_be_deleted_together(staff, client) -> None:
    address = _address(_plan())
    form = _form(staff, address) | {f"prices-{number}-DELETE": "on" for number in range(4)}

    assert staff.post(address, form).status_code == 302

    assert _page(client).with_class("plan__price")[1].text == "Price on request"


@pytest.mark.parametrize("model", [Plan, ComparisonRow])
def test_the_order_is_edited_in_the_list(staff, client, model: type[Model]) -> None:
    names = [row.name_en for row in model.objects.all()]
    form = _form(staff, _list(model)) | {"_save": "Zapisz"}
    first = next(name for name in form if name.endswith("-order"))

    assert staff.post(_list(model), form | {first: "99"}).status_code == 302

    text = _page(client).one("table").text
    assert text.rindex(names[0]) > text.rindex(names[-1])


def test_the_list_shows_the_error_of_a_plan_that_is_no_longer_valid(staff) -> None:
    """An older release accepted features in one language. Red when: the list answers 500."""
    Plan.objects.filter(code="start").update(features_pl="Raz", features_en="One\nTwo")
    form = _form(staff, _list(Plan)) | {"_save": "Zapisz"}
    first = next(name for name in form if name.endswith("-order"))

    response = staff.post(_list(Plan), form | {first: "99"})

    assert response.status_code == 200
    assert "Wymień te same funkcje w obu językach" in Page(response.content).one("main").text


def test_a_colleague_who_may_only_look_sees_lines_and_no_fields() -> None:
    """Red when: a colleague without the permission to add sees empty lines."""
    Price.objects.filter(plan__code="team", currency="EUR").delete()
    colleague = make_staff("view_plan", "view_price", "view_comparisoncell")

    page = Page(colleague.get(_address(_plan())).content)

    fields = [name for name in page.form_fields if name.endswith(("amount", "answer", "name_en"))]
    assert fields == []
    assert "59,00" in page.one("main").text


def test_a_colleague_who_may_not_add_prices_can_change_the_stored_ones() -> None:
    Price.objects.filter(plan__code="team", currency="EUR").delete()
    Plan.objects.filter(code="team").update(is_active=False)
    colleague = make_staff("change_plan", "change_price")
    form = _form(colleague, _address(_plan()))
    assert sum(name.endswith("-amount") for name in form) == 3
    form[_line(form, "currency", "PLN") + "-amount"] = "61.00"

    assert colleague.post(_address(_plan()), form).status_code == 302

    assert str(Price.objects.get(plan__code="team", currency="PLN").amount) == "61.00"


def test_a_colleague_without_the_permission_cannot_change_a_plan() -> None:
    colleague = make_staff("view_price")

    assert colleague.get(_address(_plan())).status_code == 403
    assert colleague.post(_address(_plan()), {}).status_code == 403
