"""The database refuses invalid plans, prices and comparisons."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from pricing.models import ComparisonCell, ComparisonRow, Plan, Price
from tests.factories import make_plan

pytestmark = pytest.mark.django_db


# The name of the constraint is checked: a row could break another rule.
def _refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


TEXTS = [f"{name}_{code}" for name in ("name", "description", "features") for code in ("pl", "en")]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("text", TEXTS)
def test_a_plan_lacks_no_text_in_either_language(text: str) -> None:
    """Red when: the constraint leaves this text out."""
    with _refused("pricing_plan_is_in_both_languages"), transaction.atomic():
        make_plan("extra", **{text: ""})
    plan = make_plan("second")
    setattr(plan, text, "")
    with pytest.raises(ValidationError) as refused:
        plan.full_clean()

    assert list(refused.value.message_dict) == [text]


@pytest.mark.parametrize("wrong", [{"billing_period": "week"}, {"vat": "none"}, {"vat": ""}])
def test_a_plan_says_what_its_prices_are(wrong: dict[str, str]) -> None:
    """Red when: the constraint accepts any value."""
    with _refused("pricing_plan_says_what_its_prices_are"), transaction.atomic():
        make_plan("extra", **wrong)


def test_a_price_is_net_and_monthly_by_default() -> None:
    plan = Plan.objects.get(pk=make_plan("extra").pk)

    assert (plan.billing_period, plan.vat) == ("month", "net")


def test_a_feature_is_listed_in_both_languages_or_in_neither() -> None:
    """Red when: `Plan.clean` does not compare the lines, or counts empty ones."""
    make_plan("same", features_pl="Raz\n\nDwa\n", features_en="One\nTwo").full_clean()

    with pytest.raises(ValidationError) as refused:
        make_plan("more", features_pl="Raz", features_en="One\nTwo").full_clean()

    assert refused.value.messages == [
        "List the same features in both languages: here are 1 in Polish and 2 in English."
    ]


def test_prices_are_unique_per_currency_and_never_negative() -> None:
    plan = make_plan("extra", amounts={"EUR": "1.00"})

    with _refused("pricing_price_currency|pricing_price.currency"), transaction.atomic():
        Price.objects.create(plan=plan, currency="EUR", amount="2.00")
    with _refused("pricing_price_not_negative"), transaction.atomic():
        Price.objects.create(plan=plan, currency="USD", amount="-1.00")
    with pytest.raises(ValidationError):
        Price(plan=plan, currency="CHF", amount="1.00").full_clean()


def test_a_price_is_in_a_quoted_currency() -> None:
    """Red when: only the form checks the closed list."""
    plan = make_plan("extra", amounts={})

    with _refused("pricing_price_currency_is_quoted"), transaction.atomic():
        Price.objects.create(plan=plan, currency="CHF", amount="1.00")


def test_an_amount_is_stored_to_the_penny() -> None:
    plan = make_plan("extra", amounts={"PLN": "999999.99", "EUR": "0.10"})

    amounts = plan.prices.order_by("currency").values_list("amount", flat=True)
    assert [str(amount) for amount in amounts] == ["0.10", "999999.99"]


@pytest.mark.parametrize("text", ["name_pl", "name_en"])
def test_a_row_is_named_in_both_languages(text: str) -> None:
    with _refused("pricing_row_is_in_both_languages"), transaction.atomic():
        ComparisonRow.objects.create(**{"name_pl": "Numery", "name_en": "Numbers"} | {text: ""})


BOTH = "Say it in both languages."


@pytest.mark.parametrize(
    ("cell", "errors"),
    [
        ({"answer": "words", "text_pl": "dwa"}, {"text_en": [BOTH]}),
        ({"answer": "words", "text_en": "two"}, {"text_pl": [BOTH]}),
        ({"answer": "words"}, {"text_pl": [BOTH], "text_en": [BOTH]}),
        (
            {"answer": "no", "text_pl": "dwa", "text_en": "two"},
            {"answer": ["Choose “in words” here, or leave the words empty."]},
        ),
        (
            {"answer": "yes", "text_en": "two"},
            {"answer": ["Choose “in words” here, or leave the words empty."]},
        ),
    ],
)
def test_a_cell_says_one_thing_in_both_languages(
    cell: dict[str, str], errors: dict[str, list[str]]
) -> None:
    """Red when: `clean` or the constraint accepts half of a text."""
    row = ComparisonRow.objects.create(name_pl="Numery", name_en="Numbers")
    wrong = ComparisonCell(row=row, plan=make_plan("extra"), **cell)

    with pytest.raises(ValidationError) as refused:
        wrong.full_clean()
    with _refused("pricing_cell_says_one_thing"), transaction.atomic():
        wrong.save()

    assert refused.value.message_dict == errors


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_a_cell_has_an_answer(answer: str) -> None:
    row = ComparisonRow.objects.create(name_pl="Numery", name_en="Numbers")

    with _refused("pricing_cell_says_one_thing"), transaction.atomic():
        ComparisonCell.objects.create(row=row, plan=make_plan("extra"), answer=answer)


def test_a_plan_has_one_cell_in_a_row() -> None:
    row = ComparisonRow.objects.create(name_pl="Numery", name_en="Numbers")
    plan = make_plan("extra")
    ComparisonCell.objects.create(row=row, plan=plan, answer="yes")

    with _refused("pricing_cell_of_row_and_plan|pricing_comparisoncell.row"), transaction.atomic():
        ComparisonCell.objects.create(row=row, plan=plan, answer="no")
