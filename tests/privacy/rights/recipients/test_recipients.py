"""Recipients of data: whom the map names, what a row must say, and when it is looked at again."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from cookie_consent.models import Cookie
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import override

from consent.models import CookieDetails
from privacy.models import Recipient
from privacy.rights.recipients import recipients
from privacy.rights.recipients.countries import EEA, countries
from privacy.rights.recipients.recipients import keys_of_the_map
from tests.run_once import needs_no_database

SEEDED = {
    "ourselves", "hosting", "mail", "phone-system", "error-reports", "google-analytics",
    "google-ads",
}  # fmt: skip


def make_recipient(key: str = "post", **fields: Any) -> Recipient:
    texts = {"purpose_pl": "listy", "purpose_en": "letters", "data_pl": "adres", "data_en": "name"}
    return Recipient.objects.create(key=key, **texts | {"role": "processor"} | fields)


def in_use() -> set[str]:
    return {recipient.key for recipient in Recipient.objects.in_use()}


def messages(*, deploy: bool) -> list[tuple[str, str]]:
    """Id and text of each message of `check --database default` about recipients."""
    found = run_checks(databases=["default"], include_deployment_checks=deploy)
    ids = {"privacy.W004", "privacy.W005", "privacy.W006"}
    return sorted((each.id, each.msg) for each in found if each.id in ids)


@pytest.mark.django_db
def test_every_recipient_that_the_map_names_has_a_row() -> None:
    """Red when: a declaration names a key, and no migration adds its row."""
    keys = {*Recipient.objects.values_list("key", flat=True)}

    assert keys_of_the_map() == keys == SEEDED


@pytest.mark.django_db
def test_a_key_without_a_row_is_named_and_does_not_stop_the_migration_that_adds_it() -> None:
    """Red when: nobody learns of it, or `migrate` of a new release refuses to run."""
    Recipient.objects.filter(key="mail")._raw_delete("default")

    text = "The map of personal data names the recipient mail, which has no row."
    assert messages(deploy=False) == [("privacy.W004", text)]
    call_command("migrate", verbosity=0, skip_checks=False)


@pytest.mark.django_db
def test_what_the_map_names_cannot_be_deleted_by_whatever_way() -> None:
    """Red when: a row or a set of rows can be deleted while a declaration names it."""
    make_recipient("post")

    with pytest.raises(ProtectedError), transaction.atomic():
        Recipient.objects.get(key="hosting").delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        Recipient.objects.all().delete()
    Recipient.objects.filter(key="post").delete()

    assert {*Recipient.objects.values_list("key", flat=True)} == SEEDED


@pytest.mark.django_db
def test_error_reports_have_a_recipient_only_where_they_are_set_up(settings) -> None:
    assert "error-reports" not in in_use()

    settings.SENTRY_DSN = "https://key@errors.example/1"

    assert "error-reports" in in_use()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "group", "setting"),
    [
        (recipients.GOOGLE_ANALYTICS, "analytics", "GOOGLE_TAG_ID"),
        (recipients.GOOGLE_ADS, "marketing", "GOOGLE_ADS_ID"),
    ],
)
def test_google_is_a_recipient_while_the_registry_or_a_setting_has_it(
    settings, key: str, group: str, setting: str
) -> None:
    """Red when: Google is named although nothing can go there, or left out although something can."""
    assert key in in_use()

    of_group = CookieDetails.objects.filter(cookie__cookiegroup__varname=group)
    of_group.filter(provider__name="Google").update(is_active=False)
    assert key not in in_use()

    setattr(settings, setting, "X-1")
    assert key in in_use()


@pytest.mark.django_db
def test_another_company_in_the_group_does_not_make_google_a_recipient() -> None:
    """Red when: the party of a cookie alone counts: `_ar_V4` is of somebody else."""
    Cookie.objects.filter(cookiegroup__varname="marketing").exclude(name="_ar_V4").delete()
    assert CookieDetails.objects.filter(cookie__name="_ar_V4", is_active=True, party="third")

    assert recipients.GOOGLE_ADS not in in_use()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "empty"),
    [
        ({}, {"name", "country", "review_on"}),
        (
            {"name": "Post", "country": "US", "review_on": date(2030, 1, 1)},
            {"safeguard_pl", "safeguard_en"},
        ),
        ({"name": "Post", "country": "PL", "review_on": date(2030, 1, 1)}, set()),
    ],
)
def test_a_row_is_confirmed_with_all_its_facts(fields: dict[str, Any], empty: set[str]) -> None:
    """Red when: staff confirm a recipient without name, country, date, or safeguard outside the EEA."""
    recipient = make_recipient(**fields)
    recipient.is_confirmed = True

    errors: dict[str, Any] = {}
    try:
        recipient.clean()
    except ValidationError as error:
        errors = error.message_dict

    assert {*errors} == empty


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["safeguard", "safeguard_url"])
def test_a_safeguard_is_in_both_languages_or_in_neither(name: str) -> None:
    recipient = make_recipient()
    setattr(recipient, f"{name}_pl", "https://example.com/pl")

    with pytest.raises(ValidationError) as error:
        recipient.clean()

    assert {*error.value.message_dict} == {f"{name}_en"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"purpose_en": ""},
        {"data_pl": ""},
        {"safeguard_pl": "klauzule"},
        {"safeguard_url_en": "https://example.com"},
        {"is_confirmed": True},
        {"is_confirmed": True, "name": "Post", "country": "PL"},
        {"is_confirmed": True, "name": "Post", "review_on": date(2030, 1, 1)},
        {"is_confirmed": True, "country": "PL", "review_on": date(2030, 1, 1)},
    ],
)
def test_the_database_refuses_half_a_row(fields: dict[str, Any]) -> None:
    """Red when: a constraint is dropped."""
    with pytest.raises(IntegrityError), transaction.atomic():
        make_recipient(**fields)


@pytest.mark.django_db
def test_only_an_address_with_https_leads_to_a_safeguard() -> None:
    """Red when: a link of the policy can be a script, or a page without encryption."""
    recipient = make_recipient(
        safeguard_url_pl="javascript:alert(1)", safeguard_url_en="http://x.pl"
    )

    with pytest.raises(ValidationError) as error:
        recipient.full_clean()

    assert {*error.value.message_dict} == {"safeguard_url_pl", "safeguard_url_en"}


@pytest.mark.django_db
def test_the_end_of_the_adequacy_decision_for_the_united_kingdom_is_a_date_to_review() -> None:
    row = Recipient.objects.get(key=recipients.OURSELVES)

    assert (row.country, row.review_on) == ("GB", date(2031, 12, 27))
    assert "27\u00a0grudnia 2031" in row.safeguard_pl
    assert "27 December 2031" in row.safeguard_en


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("review_on", "today", "is_due"),
    [
        (date(2031, 12, 27), date(2031, 6, 26), False),
        (date(2031, 12, 27), date(2031, 6, 27), True),
        (date(2031, 12, 27), date(2033, 1, 1), True),
        (date(2028, 8, 31), date(2028, 2, 28), False),
        (date(2028, 8, 31), date(2028, 2, 29), True),
        (None, date(2031, 6, 27), False),
    ],
)
def test_a_row_is_to_be_reviewed_six_months_before_its_date_and_ever_after(
    review_on: date | None, today: date, is_due: bool
) -> None:
    """Red when: the warning comes later, or ends with the date."""
    Recipient.objects.filter(key=recipients.OURSELVES).update(review_on=None, is_confirmed=False)
    make_recipient(review_on=review_on)

    due = [recipient.key for recipient in Recipient.objects.to_review(on=today)]

    assert due == ["post"] * is_due


@pytest.mark.django_db
def test_a_recipient_that_gets_nothing_is_not_to_be_reviewed() -> None:
    Recipient.objects.filter(key="error-reports").update(review_on=date(2020, 1, 1))

    assert Recipient.objects.to_review(on=date(2026, 1, 1)) == []


@pytest.mark.django_db
def test_an_operator_learns_what_staff_must_confirm_and_review() -> None:
    """Red when: a deployment is silent about a recipient that nobody has confirmed."""
    unconfirmed = ["google-ads", "google-analytics", "hosting", "mail", "phone-system"]
    expected = [
        ("privacy.W006", f"The recipient {key} is not confirmed, and the policy says so.")
        for key in unconfirmed
    ]
    with time_machine.travel(datetime(2031, 6, 26, 12, tzinfo=UTC), tick=False):
        assert messages(deploy=True) == expected
        assert messages(deploy=False) == []
    with time_machine.travel(datetime(2031, 6, 27, 12, tzinfo=UTC), tick=False):
        text = "The facts about the recipient ourselves must be looked at again by 2031-12-27."
        assert messages(deploy=True) == [("privacy.W005", text), *expected]


@needs_no_database
def test_countries_are_offered_by_their_names_in_the_order_of_the_language() -> None:
    """Red when: Łotwa stands after Zimbabwe, a union is offered as a country, or one is missing."""
    with override("pl"):
        polish = countries()
    with override("en"):
        english = dict(countries())

    names = [name for _code, name in polish]
    assert names.index("Liechtenstein") < names.index("Łotwa") < names.index("Malta")
    assert dict(polish)["GB"] == "Wielka Brytania"
    assert english["GB"] == "United Kingdom"
    assert {*english} >= EEA
    assert len(EEA) == 30
    assert {"EU", "UN", "ZZ"} & {*english} == set()
    assert 240 <= len(english) <= 260
