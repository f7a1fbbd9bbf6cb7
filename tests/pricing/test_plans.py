"""Plans on the page: in both languages, with prices as people write them."""

import pytest

from pricing import plans
from pricing.models import Plan
from tests.factories import make_plan, publish_plans
from tests.pages import Page

pytestmark = pytest.mark.django_db

PL, EN = "/cennik/", "/en/pricing/"


def _only(*codes: str, **fields: object) -> None:
    """Publish these plans instead of the samples."""
    Plan.objects.all().delete()
    for code in codes:
        make_plan(code, **fields)
    publish_plans()


def _texts(client, address: str, name: str) -> list[str]:
    return [e.text for e in Page(client.get(address).content).with_class(name)]


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
    prices = _texts(client, address, "plan__price")

    assert len(prices) == 3
    assert prices[1] == price
    assert price in _texts(client, address, "compare__price")


@pytest.mark.parametrize(
    ("period", "vat", "polish", "english"),
    [
        (
            "month", "net",
            "za użytkownika miesięcznie, netto (bez VAT)", "per user per month, excl. VAT",
        ),
        (
            "month", "gross",
            "za użytkownika miesięcznie, brutto (z VAT)", "per user per month, incl. VAT",
        ),
        (
            "year", "net",
            "za użytkownika rocznie, netto (bez VAT)", "per user per year, excl. VAT",
        ),
        (
            "year", "gross",
            "za użytkownika rocznie, brutto (z VAT)", "per user per year, incl. VAT",
        ),
    ],
)  # fmt: skip
def test_the_period_and_the_vat_are_beside_a_price(
    client, period: str, vat: str, polish: str, english: str
) -> None:
    """Red when: the words do not come from the fields of the plan."""
    _only("one", billing_period=period, vat=vat)

    assert _texts(client, PL, "plan__billing") == [polish]
    assert _texts(client, EN, "plan__billing") == [english]
    assert _texts(client, EN, "compare__billing") == [english]


@pytest.mark.parametrize(
    ("kinds", "polish", "english"),
    [
        (
            ["net", "net"],
            "Wszystkie ceny to ceny netto – nie zawierają VAT.",
            "All prices are net: VAT is not included.",
        ),
        (
            ["gross", "gross"],
            "Wszystkie ceny to ceny brutto – zawierają VAT.",
            "All prices are gross: VAT is included.",
        ),
        (
            ["gross", "net"],
            "Część cen zawiera VAT, a część nie – piszemy o tym przy każdej z nich.",
            "Some prices include VAT and some do not: each one says which.",
        ),
    ],
)
def test_the_page_says_above_the_plans_whether_vat_is_included(
    client, kinds: list[str], polish: str, english: str
) -> None:
    """Red when: the sentence is fixed in the template."""
    Plan.objects.all().delete()
    for number, vat in enumerate(kinds):
        make_plan(f"plan-{number}", vat=vat)
    publish_plans()

    assert _texts(client, PL, "vat") == [polish]
    assert _texts(client, EN, "vat") == [english]


def test_plans_that_are_billed_differently_say_so_in_the_table_too(client) -> None:
    """Red when: `billing_of_all` takes the words of any plan."""
    Plan.objects.all().delete()
    make_plan("monthly")
    make_plan("yearly", billing_period="year")
    publish_plans()

    page = Page(client.get(EN).content)

    assert [(e.text, e.is_inside("td")) for e in page.with_class("compare__billing")] == [
        ("per user per month, excl. VAT", True),
        ("per user per year, excl. VAT", True),
    ]


@pytest.mark.parametrize(
    ("address", "price", "content"),
    [(PL, "cena przykładowa", "treść przykładowa"), (EN, "sample price", "sample content")],
)
def test_a_sample_is_marked_until_staff_replace_it(
    client, address: str, price: str, content: str
) -> None:
    """At its price and at the table. Red when: a template ignores `is_sample`."""
    assert _texts(client, address, "tag") == [price, price, price, content]

    Plan.objects.exclude(code="team").update(is_sample=False)
    publish_plans()
    assert _texts(client, address, "tag") == [price, content]

    Plan.objects.update(is_sample=False)
    publish_plans()
    assert _texts(client, address, "tag") == []


def test_a_plan_is_shown_in_the_language_of_the_page(client) -> None:
    _only("one", name_pl="Zespół", name_en="Team")

    (polish,) = _texts(client, PL, "plan")
    (english,) = _texts(client, EN, "plan")

    assert all(word in polish for word in ("Zespół", "Opis.", "Raz", "Dwa"))
    assert all(word in english for word in ("Team", "Description.", "One", "Two"))
    assert "Team" not in polish


def test_an_empty_line_is_not_shown_as_a_feature(client) -> None:
    _only("one", features_en="One\n\n  \nTwo\n")

    items = [e.text for e in Page(client.get(EN).content).all("li") if "plan" not in e.classes]

    assert "" not in items
    assert items.index("Two") == items.index("One") + 1


def test_plans_on_offer_are_shown_in_their_order_and_others_are_left_out(client) -> None:
    """Red when: `_read` reads every plan."""
    Plan.objects.all().delete()
    for order, name in ((2, "C"), (0, "A"), (1, "B")):
        make_plan(name, name_en=name, order=order, is_active=name != "B")
    publish_plans()

    assert _texts(client, EN, "plan__name") == ["A", "C"]


@pytest.mark.parametrize(
    ("address", "words"), [(PL, "Wycena indywidualna"), (EN, "Price on request")]
)
def test_a_plan_without_a_price_in_this_currency_says_whom_to_ask(
    client, address: str, words: str
) -> None:
    """Red when: the amount of another currency is shown, or nothing at all."""
    _only("one", amounts={"USD": "77.00"})

    page = Page(client.get(address).content)

    (plan,) = page.with_class("plan")
    assert words in plan.text
    assert "marketing@voipstudio.pl" in plan.text
    assert "mailto:marketing@voipstudio.pl" in list(page.links)
    assert page.all("td")[0].text == words
    assert "77" not in page.one("main").text
    assert page.with_class("vat") == []


def test_each_plan_has_one_button_and_it_leads_to_the_trial(client) -> None:
    page = Page(client.get(EN).content)

    buttons = [e for e in page.with_class("button") if e.is_inside("li")]
    assert [(e.text, e["href"]) for e in buttons] == [("Try it free", "/en/free-trial/")] * 3


def test_without_any_plan_the_page_says_how_to_get_an_offer(client) -> None:
    _only()

    page = Page(client.get(EN).content)

    (notice,) = page.with_class("notice")
    assert notice.text.startswith("We are preparing the price list.")
    assert page.all("table") == []


def test_texts_of_staff_are_escaped(client) -> None:
    Plan.objects.update(name_en="<script>alert(1)</script>")
    publish_plans()

    assert b"<script>alert(1)" not in client.get(EN).content


def lowest(*, currency: str, language: str) -> str:
    """The price of the cheapest plan, as people write it; empty if no plan has a price."""
    plan = plans.cheapest(currency=currency)
    return plan.price(currency=currency, language=language) if plan else ""


@pytest.mark.parametrize(
    ("language", "currency", "price"),
    [("pl", "PLN", "39,00 zł"), ("en", "GBP", "£8.00"), ("pl", "USD", "10,00 USD")],
)
def test_the_lowest_price_is_that_of_the_cheapest_plan(
    language: str, currency: str, price: str
) -> None:
    written = lowest(currency=currency, language=language)

    assert written.replace("\xa0", " ") == price


def test_the_lowest_price_is_compared_as_a_number() -> None:
    """Red when: amounts are compared as texts: "9.00" comes after "10.00"."""
    Plan.objects.all().delete()
    make_plan("dear", amounts={"GBP": "10.00"})
    make_plan("cheap", amounts={"GBP": "9.00"})
    publish_plans()

    assert lowest(currency="GBP", language="en") == "£9.00"


def test_a_yearly_price_is_never_compared_with_a_monthly_one() -> None:
    """Red when: monthly prices are not compared first."""
    Plan.objects.all().delete()
    make_plan("monthly", amounts={"GBP": "30.00", "USD": "30.00"})
    make_plan("yearly", billing_period="year", amounts={"GBP": "20.00", "EUR": "20.00"})
    publish_plans()

    cheapest = {code: plans.cheapest(currency=code) for code in ("GBP", "USD", "EUR", "PLN")}

    assert {code: plan.code if plan else None for code, plan in cheapest.items()} == {
        "GBP": "monthly",
        "USD": "monthly",
        "EUR": "yearly",
        "PLN": None,
    }


def test_a_net_price_is_never_compared_with_a_gross_one() -> None:
    Plan.objects.all().delete()
    make_plan("net", amounts={"GBP": "10.00", "EUR": "10.00"})
    make_plan("gross", vat="gross", amounts={"GBP": "11.00"})
    publish_plans()

    assert lowest(currency="GBP", language="en") == ""
    assert lowest(currency="EUR", language="en") == "€10.00"


def test_a_plan_that_is_not_offered_is_not_the_cheapest() -> None:
    _only("one", is_active=False)

    assert lowest(currency="GBP", language="en") == ""


def test_a_plan_in_memory_has_its_amounts_period_and_vat() -> None:
    _only("one", amounts={"PLN": "49.90"}, billing_period="year", vat="gross")

    (plan,) = plans.current()

    assert plan.amounts == {"PLN": "49.90"}
    assert (plan.billing_period, plan.includes_vat, plan.is_sample) == ("year", True, False)
