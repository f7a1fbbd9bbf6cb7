"""Plans on the page: in both languages, with prices as people write them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pricing.models import Plan, Price
from privacy import content
from privacy.models import ContentRevision
from tests.pages import Page

pytestmark = pytest.mark.django_db

PL, EN = "/cennik/", "/en/pricing/"


def _bump() -> None:
    ContentRevision.objects.bump()
    content.poll(timezone.now())


def _plan(**fields) -> Plan:
    defaults = {
        "code": "team", "name_pl": "Zespół", "name_en": "Team", "description_pl": "Opis.",
        "description_en": "Description.", "features_pl": "Raz\nDwa", "features_en": "One\nTwo",
    }  # fmt: skip
    return Plan.objects.create(**defaults | fields)


@pytest.mark.parametrize(
    ("address", "price"),
    [
        (PL, "59,00 zł"),
        (EN, "£12.00"),
        (f"{PL}?currency=GBP", "12,00 GBP"),
        (f"{PL}?currency=EUR", "14,00 €"),
        (f"{PL}?currency=USD", "15,00 USD"),
        (f"{EN}?currency=EUR", "€14.00"),
        (f"{EN}?currency=USD", "US$15.00"),
        (f"{EN}?currency=PLN", "PLN 59.00"),
    ],
)
def test_a_price_is_written_as_in_the_language_of_the_page(
    client, address: str, price: str
) -> None:
    (element,) = Page(client.get(address).content).with_class("plan__price")

    assert element.text.replace("\xa0", " ") == price


def test_the_billing_stands_beside_the_price(client) -> None:
    (polish,) = Page(client.get(PL).content).with_class("plan__billing")
    (english,) = Page(client.get(EN).content).with_class("plan__billing")

    assert "netto" in polish.text
    assert english.text == "per user and month, net of VAT"


@pytest.mark.parametrize(("address", "mark"), [(PL, "cena przykładowa"), (EN, "sample price")])
def test_a_sample_is_marked_until_staff_replace_it(client, address: str, mark: str) -> None:
    """Red when: the template forgets `is_sample`."""
    assert [e.text for e in Page(client.get(address).content).with_class("tag")] == [mark]

    Plan.objects.update(is_sample=False)
    _bump()

    assert Page(client.get(address).content).with_class("tag") == []


def test_a_plan_is_shown_in_the_language_of_the_page(client) -> None:
    Plan.objects.all().delete()
    _plan()
    _bump()

    polish = Page(client.get(PL).content).with_class("plan")[0].text
    english = Page(client.get(EN).content).with_class("plan")[0].text

    assert all(word in polish for word in ("Zespół", "Opis.", "Raz", "Dwa"))
    assert all(word in english for word in ("Team", "Description.", "One", "Two"))
    assert "Team" not in polish


def test_plans_stand_in_their_order_and_those_not_offered_are_left_out(client) -> None:
    """Red when: `_read` takes every plan."""
    Plan.objects.all().delete()
    for order, name in ((2, "C"), (0, "A"), (1, "B")):
        _plan(code=name, name_en=name, order=order, is_active=name != "B")
    _bump()

    assert [e.text for e in Page(client.get(EN).content).with_class("plan__name")] == ["A", "C"]


def test_a_plan_without_a_price_in_this_currency_shows_no_other(client) -> None:
    """Red when: another currency's amount is shown."""
    Price.objects.filter(currency="GBP").delete()
    _bump()

    page = Page(client.get(EN).content)

    assert [e.text for e in page.with_class("plan__price")] == [""]
    assert "12.00" not in page.one("main").text


def test_without_any_plan_the_page_says_how_to_get_an_offer(client) -> None:
    Plan.objects.all().delete()
    _bump()

    (notice,) = Page(client.get(EN).content).with_class("notice")

    assert notice.text.startswith("We are preparing the price list.")


def test_what_staff_write_is_escaped(client) -> None:
    Plan.objects.update(name_en="<script>alert(1)</script>")
    _bump()

    assert b"<script>alert(1)" not in client.get(EN).content


def test_prices_are_unique_per_currency_and_never_negative() -> None:
    plan = _plan()
    Price.objects.create(plan=plan, currency="EUR", amount="1.00")

    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(plan=plan, currency="EUR", amount="2.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(plan=plan, currency="USD", amount="-1.00")
    with pytest.raises(ValidationError):
        Price(plan=plan, currency="CHF", amount="1.00").full_clean()


def test_a_save_in_the_admin_is_on_the_page_after_a_poll(admin_user, client) -> None:
    """Red when: `PlanAdmin.save_model` bumps no revision."""
    staff = Client()
    staff.force_login(admin_user)
    plan = Plan.objects.get(code="sample")
    address = reverse("admin:pricing_plan_change", args=[plan.pk])
    form = Page(staff.get(address).content).form_fields | {"name_en": "Zebra"}
    price = next(name for name, value in form.items() if value == "12.00")

    assert staff.post(address, form | {price: "13.50"}).status_code == 302
    content.poll(timezone.now())

    page = Page(client.get(EN).content)
    assert page.with_class("plan__price")[0].text == "£13.50"
    assert "Zebra" in page.with_class("plan__name")[0].text


@pytest.mark.parametrize("way", ["one", "selected"])
def test_a_deletion_in_the_admin_is_on_the_page_after_a_poll(admin_user, client, way: str) -> None:
    """Red when: `delete_model` or `delete_queryset` bumps no revision."""
    staff = Client()
    staff.force_login(admin_user)
    pk = Plan.objects.get(code="sample").pk
    if way == "one":
        staff.post(reverse("admin:pricing_plan_delete", args=[pk]), {"post": "yes"})
    else:
        form = {"action": "delete_selected", "_selected_action": pk, "post": "yes"}
        staff.post(reverse("admin:pricing_plan_changelist"), form)

    content.poll(timezone.now())

    assert b"Sample plan" not in client.get(EN).content
