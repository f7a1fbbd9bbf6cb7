"""A row of the registry is complete, or it is not saved."""

from datetime import UTC, datetime

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from consent.choice.choice import CHOICE_LIFETIME
from consent.gate import hosts
from consent.models import (
    GOOGLE_DOMAINS,
    NAME_PATTERN,
    ConsentRecord,
    CookieDetails,
    GroupDetails,
    Provider,
)
from tests.factories import DAY, make_cookie

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
JUSTIFIED = {"justification_pl": "Bo tak.", "justification_en": "Because."}


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        pytest.param({"purpose_en": ""}, {"purpose_en"}, id="no English purpose"),
        pytest.param({"provider": None}, {"provider"}, id="no provider"),
        pytest.param({"party": ""}, {"party"}, id="no party"),
        pytest.param({"party": "second"}, {"party"}, id="no such party"),
        pytest.param({"storage": ""}, {"storage"}, id="no storage"),
        pytest.param({"storage": "websql"}, {"storage"}, id="no such storage"),
        pytest.param({"life": ""}, {"life"}, id="no life"),
        pytest.param({"max_age_seconds": None}, {"max_age_seconds"}, id="fixed without seconds"),
        pytest.param({"max_age_seconds": 0}, {"max_age_seconds"}, id="fixed at no seconds"),
        pytest.param({"max_age_seconds": 90 * DAY + 1}, {"life"}, id="a second over 90 days"),
        pytest.param({"life": "session", "max_age_seconds": None}, {"life"}, id="session"),
        pytest.param({"life": "deleted", "max_age_seconds": None}, {"life"}, id="until deleted"),
        pytest.param({"is_staff_only": True}, {"is_staff_only"}, id="for staff alone"),
    ],
)
def test_an_optional_cookie_that_lacks_something_is_not_saved(fields, at_fault) -> None:
    """Red when: the check named is left out of `clean`, or `save` does not clean."""
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        make_cookie("l7_test", **fields)

    assert at_fault <= set(refusal.value.message_dict)
    assert not CookieDetails.objects.filter(cookie__name="l7_test").exists()


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        pytest.param({}, {"justification_pl", "justification_en"}, id="no justification"),
        pytest.param({"justification_pl": "Bo tak."}, {"justification_en"}, id="no English one"),
        pytest.param({"justification_en": "Because."}, {"justification_pl"}, id="no Polish one"),
        pytest.param(
            JUSTIFIED | {"life": "session"}, {"max_age_seconds"}, id="session with seconds"
        ),
    ],
)
def test_a_necessary_cookie_that_is_not_justified_is_not_saved(fields, at_fault) -> None:
    """Red when: the check named is left out of `clean`."""
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        make_cookie("l7_test", group="necessary", **fields)

    assert set(refusal.value.message_dict) == at_fault


def test_a_necessary_cookie_may_live_longer_for_staff_alone_and_for_the_session() -> None:
    make_cookie("l7_long", group="necessary", max_age_seconds=182 * DAY, **JUSTIFIED)
    make_cookie("l7_staff", group="necessary", is_staff_only=True, **JUSTIFIED)
    make_cookie("l7_tab", group="necessary", life="session", max_age_seconds=None, **JUSTIFIED)

    assert CookieDetails.objects.filter(cookie__name__startswith="l7_").count() >= 4


def test_an_optional_cookie_may_live_90_days() -> None:
    assert make_cookie("l7_test", max_age_seconds=90 * DAY).pk


@pytest.mark.parametrize(
    "name",
    [
        "*",
        "a",
        "a*",
        "a*b",
        "*a",
        "**",
        "ab**",
        "",
        "a b",
        "ab;",
        "ab=",
        "ab,",
        "żż",
        "ab\n",
        '"ab"',
        "a/b",
    ],
    ids=ascii,
)
def test_a_name_that_matches_too_much_or_is_not_valid_is_not_saved(name: str) -> None:
    """Red when: NAME_PATTERN allows `*` elsewhere than at the end of two characters."""
    with pytest.raises(ValidationError), transaction.atomic():
        make_cookie(name)

    assert not CookieDetails.objects.filter(cookie__name=name).exists()


@pytest.mark.parametrize("name", ["ab", "_ga", "_ga_*", "django.admin.filtersState", "A-1*"])
def test_a_name_and_a_pattern_are_saved(name: str) -> None:
    NAME_PATTERN(name)


def test_a_cookie_without_a_polish_purpose_is_not_saved() -> None:
    """Red when: `save` does not look at the library's row."""
    row = make_cookie("l7_test")
    row.cookie.description = ""

    with pytest.raises(ValidationError):
        row.save()


@pytest.mark.parametrize(
    "fields",
    [
        {"purpose_en": ""},
        {"max_age_seconds": None},
        {"max_age_seconds": 0},
        {"life": "session"},
    ],
    ids=str,
)
def test_the_database_refuses_a_cookie_that_lacks_something(fields) -> None:
    """Red when: the constraint is left out of the migration."""
    row = make_cookie("l7_test")

    with pytest.raises(IntegrityError), transaction.atomic():
        CookieDetails.objects.filter(pk=row.pk).update(**fields)


@pytest.mark.parametrize("field", ["name", "privacy_url_pl", "privacy_url_en"])
def test_the_database_refuses_a_provider_that_lacks_something(field: str) -> None:
    """Red when: the constraint is left out of the migration."""
    fields = {"name": "Acme", "privacy_url_pl": "/pl/", "privacy_url_en": "/en/"} | {field: ""}

    with pytest.raises(ValidationError):
        Provider.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Provider.objects.bulk_create([Provider(**fields)])


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "http://a.example/",
        "//a.example/",
        "/\\a.example/",
        "kontakt/",
        "/a b/",
    ],
)
@pytest.mark.parametrize("field", ["privacy_url_pl", "privacy_url_en"])
def test_a_provider_whose_link_leads_nowhere_safe_is_not_saved(field: str, link: str) -> None:
    """Red when: LINK is taken off the field, or `save` does not clean."""
    fields = {"name": "Acme", "privacy_url_pl": "/pl/", "privacy_url_en": "/en/"} | {field: link}

    with pytest.raises(ValidationError) as refusal:
        Provider.objects.create(**fields)

    assert set(refusal.value.message_dict) == {field}


@pytest.mark.parametrize("path", ["cookies", "/a;b", "/a,b", "/a b", "/a\n"], ids=ascii)
def test_a_cookie_whose_path_no_header_can_carry_is_not_saved(path: str) -> None:
    """Red when: PATH is not checked in `save`."""
    row = make_cookie("l7_test")
    row.cookie.path = path

    with pytest.raises(ValidationError):
        row.save()


@pytest.mark.parametrize("domain", ["a b", "a;b", "https://a.example", "ż.pl", "a\n"], ids=ascii)
def test_a_cookie_whose_domain_is_not_valid_is_not_saved(domain: str) -> None:
    """Red when: DOMAIN is not checked in `save`."""
    row = make_cookie("l7_test")
    row.cookie.domain = domain

    with pytest.raises(ValidationError):
        row.save()


@pytest.mark.parametrize(
    ("domain", "fields", "is_saved"),
    [
        ("doubleclick.net", {}, True),
        (".DoubleClick.net", {}, True),
        ("googleads.g.doubleclick.net", {}, True),
        ("", {}, False),
        ("voipstudio.pl", {}, False),
        ("notdoubleclick.net", {}, False),
        ("net", {}, False),
        ("doubleclick.net", {"party": "first"}, False),
        ("doubleclick.net", {"storage": "local"}, False),
        ("doubleclick.net", {"life": "deleted", "max_age_seconds": None}, False),
    ],
)
def test_only_a_third_party_cookie_on_googles_own_domain_may_live_longer(
    domain: str, fields: dict[str, object], is_saved: bool
) -> None:
    """Red when: the limit of 90 days no longer holds for what lies on our own address."""
    row = make_cookie("l7_test", group="marketing")
    row.cookie.domain = domain
    for field, value in ({"max_age_seconds": 397 * DAY} | fields).items():
        setattr(row, field, value)

    if is_saved:
        row.save()
    else:
        with pytest.raises(ValidationError, match="pod naszym adresem dłużej niż 90"):
            row.save()


def test_every_domain_of_google_is_one_that_a_grant_opens(settings) -> None:
    """Red when: GOOGLE_DOMAINS lets staff declare a long life on a domain that is never asked."""
    settings.GOOGLE_ADS_ID = "AW-1"
    opened = {host for names in hosts.directives({"marketing"}).values() for host in names}

    for domain in GOOGLE_DOMAINS:
        assert any(host.endswith(f".{domain}") for host in opened), domain


@pytest.mark.parametrize("field", ["name_en", "description_en"])
def test_the_database_refuses_a_group_that_lacks_something(field: str) -> None:
    """Red when: the constraint is left out of the migration."""
    group = CookieGroup.objects.create(varname="support", name="Pomoc", description="Opis.")
    fields = {"name_en": "Support", "description_en": "Text."} | {field: ""}

    with pytest.raises(IntegrityError), transaction.atomic():
        GroupDetails.objects.create(group=group, **fields)


def test_the_database_refuses_a_grant_without_its_notice() -> None:
    """Red when: the constraint is left out of the migration."""
    fields = {
        "made_at": AT,
        "expires_at": AT + CHOICE_LIFETIME,
        "language": "pl",
        "offered": ["analytics"],
        "method": "banner",
        "has_javascript": True,
        "has_gpc_signal": False,
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentRecord.objects.create(**fields, granted=["analytics"], is_refusal=False)
    ConsentRecord.objects.create(**fields, granted=[], is_refusal=True)


def test_every_seeded_row_is_complete() -> None:
    """Red when: a seeded row is not complete."""
    rows = list(CookieDetails.objects.select_related("cookie__cookiegroup"))

    for row in rows:
        row.full_clean()
        NAME_PATTERN(row.cookie.name)
        assert row.cookie.description
    assert len(rows) == Cookie.objects.count() >= 16
    assert {row.cookie.name for row in rows} >= {
        "L7_geoip", "Xl7ref", "_ga", "_gid", "_gat", "_ga_*", "_gcl_*", "_ar_V4", "l7_choice",
        "sessionid", "csrftoken", "messages",
    }  # fmt: skip


def test_the_groups_are_in_the_order_in_which_they_are_shown() -> None:
    groups = CookieGroup.objects.values_list("varname", "is_required")

    assert list(groups) == [
        ("necessary", True),
        ("preferences", False),
        ("analytics", False),
        ("marketing", False),
    ]
