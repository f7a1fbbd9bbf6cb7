"""The sample plans are marked as samples, and complete in every currency and language."""

import re
from decimal import Decimal

import pytest

from pricing.models import ComparisonCell, ComparisonRow, Currency, Plan

pytestmark = pytest.mark.django_db


def test_every_plan_of_the_seed_is_a_sample() -> None:
    """Red when: a made-up price is not marked as a sample."""
    assert Plan.objects.count() == 3
    assert set(Plan.objects.values_list("is_sample", flat=True)) == {True}


def test_the_seed_passes_the_checks_that_staff_must_pass() -> None:
    for row in (*Plan.objects.all(), *ComparisonRow.objects.all(), *ComparisonCell.objects.all()):
        row.full_clean()


def test_every_plan_has_a_price_in_every_currency_and_each_costs_more_than_the_last() -> None:
    for code in Currency.values:
        amounts = [plan.prices.get(currency=code).amount for plan in Plan.objects.all()]
        assert amounts == sorted(set(amounts))
        assert min(amounts) > Decimal(0)


def test_the_comparison_has_no_gaps() -> None:
    assert ComparisonRow.objects.count() >= 10
    assert ComparisonCell.objects.count() == ComparisonRow.objects.count() * Plan.objects.count()


def test_the_texts_of_the_seed_contain_no_made_up_numbers() -> None:
    """The company has given us no minutes, numbers of users or storage."""
    texts = [
        getattr(row, field.name)
        for model in (Plan, ComparisonRow, ComparisonCell)
        for row in model.objects.all()
        for field in model._meta.concrete_fields
        if field.name.endswith(("_pl", "_en"))
    ]

    assert len(texts) >= 100
    assert [text for text in texts if re.search(r"\d", text)] == []
