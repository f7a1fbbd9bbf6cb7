"""Plans and rows that staff add are on the page after a poll, or are refused with a reason."""

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content import store
from pricing.models import ComparisonRow, Currency, Plan
from tests.pages import Page

pytestmark = pytest.mark.django_db

EN = "/en/pricing/"
ADD_PLAN = reverse("admin:pricing_plan_add")
ADD_ROW = reverse("admin:pricing_comparisonrow_add")
NO_PRICE = "Plan w ofercie musi mieć cenę w każdej walucie albo w żadnej"
GAP = "W porównaniu nie może być luk"


@pytest.fixture
def staff(admin_client) -> Client:
    return admin_client


def _address(row: Model) -> str:
    return reverse(f"admin:pricing_{row._meta.model_name}_change", args=[row.pk])


def _form(staff: Client, address: str) -> dict[str, str]:
    """The fields that a browser would send if nobody changed the form."""
    return Page(staff.get(address).content).form_fields


def _line(form: dict[str, str], prefix: str, field: str, value: object) -> str:
    """The prefix of the line with this value in its fixed field."""
    (name,) = (
        name
        for name, text in form.items()
        if name.startswith(f"{prefix}-") and name.endswith(f"-{field}") and text == str(value)
    )
    return name.removesuffix(f"-{field}")


def _page(client: Client) -> Page:
    store.poll(timezone.now())
    return Page(client.get(EN).content)


def _errors(response) -> list[str]:
    assert response.status_code == 200
    return [e.text for e in Page(response.content).all("li") if _is_error(e.parents)]


def _is_error(parents) -> bool:
    return bool(parents) and "errorlist" in parents[-1].classes


def _new_plan(staff: Client, **fields: str) -> dict[str, str]:
    """A complete plan: a price in every currency, and a yes in every row."""
    form = _form(staff, ADD_PLAN) | {
        "code": "new", "name_pl": "Nowy", "name_en": "New", "description_pl": "Opis.",
        "description_en": "Description.", "features_pl": "Raz", "features_en": "One", "order": "9",
    }  # fmt: skip
    form |= {f"prices-{number}-amount": "25.00" for number in range(len(Currency.values))}
    form |= {f"cells-{number}-answer": "yes" for number in range(ComparisonRow.objects.count())}
    return form | fields


def test_a_plan_is_added_together_with_its_prices_and_its_cells(staff, client) -> None:
    """Red when: the lines are saved without the values of their fixed field."""
    assert staff.post(ADD_PLAN, _new_plan(staff)).status_code == 302

    page = _page(client)

    plan = Plan.objects.get(code="new")
    assert sorted(plan.prices.values_list("currency", flat=True)) == sorted(Currency.values)
    assert plan.cells.count() == ComparisonRow.objects.count()
    assert page.with_class("plan__price")[3].text == "£25.00"
    assert [e.text for e in page.all("td", data_label="New")][1:] == ["included"] * 11


def test_a_browser_cannot_change_the_fixed_field_of_a_line(staff) -> None:
    """Red when: the fixed field is read from the request."""
    sent = {f"prices-{number}-currency": "PLN" for number in range(4)}

    assert staff.post(ADD_PLAN, _new_plan(staff, **sent)).status_code == 302

    currencies = Plan.objects.get(code="new").prices.values_list("currency", flat=True)
    assert sorted(currencies) == sorted(Currency.values)


@pytest.mark.parametrize("text", ["name", "description", "features"])
@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_plan_in_one_language_is_refused(staff, text: str, language: str) -> None:
    form = _new_plan(staff, **{f"{text}_{language}": " "})

    assert _errors(staff.post(ADD_PLAN, form)) == ["To pole jest wymagane."]
    assert not Plan.objects.filter(code="new").exists()


def test_a_feature_in_one_language_is_refused_with_a_reason(staff) -> None:
    (error,) = _errors(staff.post(ADD_PLAN, _new_plan(staff, features_pl="Raz\nDwa")))

    assert error.startswith("Wymień te same funkcje w obu językach")
    assert not Plan.objects.filter(code="new").exists()


def test_a_plan_on_offer_with_some_prices_is_refused_and_says_which_are_missing(staff) -> None:
    """Red when: a visitor who changes the currency can lose the price."""
    form = _new_plan(staff, **{"prices-1-amount": "", "prices-3-amount": ""})

    (error,) = _errors(staff.post(ADD_PLAN, form))

    assert error.startswith(NO_PRICE)
    assert error.endswith("Brakuje: funt szterling, dolar amerykański.")
    assert not Plan.objects.filter(code="new").exists()


def test_deleting_one_price_of_a_plan_on_offer_is_refused(staff) -> None:
    """Red when: a line marked for deletion counts as filled in."""
    address = _address(Plan.objects.get(code="team"))
    form = _form(staff, address)
    form[_line(form, "prices", "currency", "EUR") + "-DELETE"] = "on"

    (error,) = _errors(staff.post(address, form))

    assert error.endswith("Brakuje: euro.")


def test_a_plan_without_any_price_is_priced_on_request(staff, client) -> None:
    form = _new_plan(staff, **{f"prices-{number}-amount": "" for number in range(4)})

    assert staff.post(ADD_PLAN, form).status_code == 302

    assert _page(client).with_class("plan__price")[3].text == "Price on request"


def test_a_plan_that_is_not_offered_yet_may_be_incomplete(staff, client) -> None:
    """Red when: `is_active` is not checked."""
    form = _new_plan(staff, **{"prices-1-amount": "", "cells-2-answer": ""})
    del form["is_active"]

    assert staff.post(ADD_PLAN, form).status_code == 302
    assert len(_page(client).with_class("plan")) == 3

    draft = _address(Plan.objects.get(code="new"))
    errors = _errors(staff.post(draft, _form(staff, draft) | {"is_active": "on"}))
    assert [error.startswith((NO_PRICE, GAP)) for error in errors] == [True, True]


@pytest.mark.parametrize("amount", ["59,90", "59.90"])
def test_an_amount_is_typed_with_a_comma_or_a_point(staff, amount: str) -> None:
    """Red when: `PriceForm` is not localized."""
    assert staff.post(ADD_PLAN, _new_plan(staff, **{"prices-0-amount": amount})).status_code == 302

    price = Plan.objects.get(code="new").prices.get(currency="PLN")
    assert str(price.amount) == "59.90"
    assert "59,90" in _form(staff, _address(price.plan)).values()


@pytest.mark.parametrize("amount", ["-1", "1,234", "1.234", "1e9", "NaN", "dużo"])
def test_an_invalid_amount_is_refused(staff, amount: str) -> None:
    errors = _errors(staff.post(ADD_PLAN, _new_plan(staff, **{"prices-0-amount": amount})))

    assert len(errors) >= 1
    assert not Plan.objects.filter(code="new").exists()


def test_a_plan_on_offer_without_a_cell_for_every_row_is_refused(staff) -> None:
    """Red when: the comparison may have a gap."""
    names = list(ComparisonRow.objects.values_list("name_pl", flat=True))

    (error,) = _errors(staff.post(ADD_PLAN, _new_plan(staff, **{"cells-4-answer": ""})))

    assert error.startswith(GAP)
    assert error.endswith(f"Brakuje: {names[4]}.")


def test_words_in_one_language_are_refused_with_a_reason(staff) -> None:
    cell = {"cells-0-answer": "words", "cells-0-text_pl": "dwa"}

    assert _errors(staff.post(ADD_PLAN, _new_plan(staff, **cell))) == ["Uzupełnij w obu językach."]


def test_words_without_an_answer_are_refused(staff) -> None:
    """Red when: a line without an answer counts as empty."""
    cell = {"cells-0-answer": "", "cells-0-text_pl": "dwa", "cells-0-text_en": "two"}

    assert _errors(staff.post(ADD_PLAN, _new_plan(staff, **cell))) == ["To pole jest wymagane."]


def _new_row(staff: Client, **fields: str) -> dict[str, str]:
    form = _form(staff, ADD_ROW) | {"name_pl": "Nowy", "name_en": "New", "order": "99"}
    return form | {f"cells-{number}-answer": "no" for number in range(3)} | fields


def test_a_row_is_added_together_with_its_cells(staff, client) -> None:
    words = {"cells-1-answer": "words", "cells-1-text_pl": "dwa", "cells-1-text_en": "two"}

    assert staff.post(ADD_ROW, _new_row(staff, **words)).status_code == 302

    cells = [e.text for e in _page(client).all("td")][-3:]
    assert cells == ["not included", "two", "not included"]


def test_a_row_without_a_cell_for_every_plan_on_offer_is_refused(staff) -> None:
    """Red when: a plan that is not offered needs a cell too, or no plan needs one."""
    Plan.objects.filter(code="start").update(is_active=False)
    form = _new_row(staff, **{f"cells-{number}-answer": "" for number in range(3)})

    (error,) = _errors(staff.post(ADD_ROW, form))

    assert error.endswith("Brakuje: Zespół, Integracja.")
    assert not ComparisonRow.objects.filter(name_en="New").exists()


@pytest.mark.parametrize("name", ["name_pl", "name_en"])
def test_a_row_in_one_language_is_refused(staff, name: str) -> None:
    errors = _errors(staff.post(ADD_ROW, _new_row(staff, **{name: ""})))

    assert errors == ["To pole jest wymagane."]
