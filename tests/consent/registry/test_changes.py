"""The changes that ask granting visitors again, and the changes that ask no visitor."""

from collections.abc import Callable

import pytest
from cookie_consent.models import Cookie, CookieGroup

from consent.choice import choice
from consent.choice.choice import Choice, State
from consent.models import CookieDetails, GroupDetails, Provider
from consent.registry import registry
from consent.registry.changes import Change
from tests.factories import DAY, make_cookie, make_grant, publish_registry

pytestmark = pytest.mark.django_db


def details(name: str) -> CookieDetails:
    return CookieDetails.objects.get(cookie__name=name)


def edit(name: str, **fields: object) -> None:
    row = details(name)
    for field, value in fields.items():
        setattr(row, field, value)
    row.save()


def provider(name: str, /, **fields: object) -> None:
    Provider.objects.filter(name=name).update(**fields)


def new_group() -> None:
    group = CookieGroup.objects.create(
        varname="support", name="Pomoc", description="Rozmowa z nami.", ordering=9
    )
    GroupDetails.objects.create(
        group=group,
        name_en="Support",
        description_en="A talk with us.",
        short_purpose_pl="do rozmowy z nami",
        short_purpose_en="to talk with us",
    )
    make_cookie("l7_chat", group="support", provider=Provider.objects.get(name="Google"))


def another_provider() -> None:
    other = Provider.objects.create(
        name="Acme", privacy_url_pl="https://acme.example/pl", privacy_url_en="https://acme.example"
    )
    edit("_gid", provider=other)


def another_group() -> None:
    Cookie.objects.filter(name="_gat").update(
        cookiegroup=CookieGroup.objects.get(varname="marketing")
    )


MATERIAL: dict[str, tuple[Callable[[], object], set[Change]]] = {
    "new cookie": (
        lambda: make_cookie("_hjid"),
        {Change("cookie", "analytics", "_hjid")},
    ),
    "new group": (new_group, {Change("group", "support")}),
    "longer life": (
        lambda: edit("L7_geoip", max_age_seconds=90 * DAY),
        {Change("life", "preferences", "L7_geoip")},
    ),
    "another purpose of a cookie": (
        lambda: edit("_gid", meaning=2, purpose_en="Follows you."),
        {Change("purpose", "analytics", "_gid")},
    ),
    "another purpose of a group": (
        lambda: GroupDetails.objects.filter(group__varname="analytics").update(meaning=2),
        {Change("purpose", "analytics")},
    ),
    "personalized ads": (
        lambda: GroupDetails.objects.filter(group__varname="marketing").update(
            personalizes_ads=True
        ),
        {Change("purpose", "marketing")},
    ),
    "another provider": (another_provider, {Change("recipient", "analytics", "_gid")}),
    "provider confirmed": (
        lambda: provider("_ar_V4", is_confirmed=True),
        {Change("recipient", "marketing", "_ar_V4")},
    ),
    "provider means another": (
        lambda: provider("_ar_V4", meaning=2),
        {Change("recipient", "marketing", "_ar_V4")},
    ),
    "another party": (
        lambda: edit("_gat", party="first"),
        {Change("cookie", "analytics", "_gat")},
    ),
    "another domain": (
        lambda: Cookie.objects.filter(name="_gat").update(domain=".example.pl"),
        {Change("cookie", "analytics", "_gat")},
    ),
    "moved to another group": (another_group, {Change("cookie", "marketing", "_gat")}),
    "necessary before": (
        lambda: CookieGroup.objects.filter(varname="necessary").update(is_required=False),
        {Change("group", "necessary")},
    ),
}

IMMATERIAL: dict[str, Callable[[], object]] = {
    "purpose typo": lambda: edit("_ga", purpose_en="Tells unique visitors apart, once."),
    "Polish purpose typo": lambda: Cookie.objects.filter(name="_ga").update(description="Cel."),
    "group name typo": lambda: CookieGroup.objects.filter(varname="analytics").update(
        name="Pomiar"
    ),
    "group description typo": lambda: GroupDetails.objects.filter(
        group__varname="analytics"
    ).update(description_en="Measures."),
    "provider name typo": lambda: provider("Google", name="Google Ireland"),
    "provider address typo": lambda: provider("Google", privacy_url_en="https://google.example/"),
    "shorter life": lambda: edit("_ga", max_age_seconds=DAY),
    "removed cookie": lambda: Cookie.objects.filter(name="_gid").delete(),
    "inactive cookie": lambda: edit("_gid", is_active=False),
    "removed group": lambda: CookieGroup.objects.filter(varname="preferences").delete(),
    "necessary cookie of staff": lambda: make_cookie(
        "l7_staff",
        group="necessary",
        is_staff_only=True,
        justification_pl="Bo tak.",
        justification_en="Because.",
    ),
    "another order": lambda: CookieGroup.objects.filter(varname="analytics").update(ordering=99),
}


@pytest.fixture(autouse=True)
def short_life() -> None:
    """Room for a life to grow within the 90 days."""
    edit("L7_geoip", max_age_seconds=30 * DAY)
    publish_registry()


def resolved(value: str) -> Choice:
    return choice.resolve(
        value=value,
        has_gpc_signal=False,
        registry=registry.current(),
        reconsent_version=None,
        at=make_grant().made_at,
    )


@pytest.mark.parametrize("kind", MATERIAL)
def test_a_change_that_matters_suspends_its_group_and_asks_again(kind: str) -> None:
    """Red when: `_cookie_change` or `changes` leaves out the kind of change named."""
    change, expected = MATERIAL[kind]
    grant = make_grant("preferences", "analytics", "marketing")
    before = registry.current()

    change()
    publish_registry()

    result = resolved(choice.write_grant(grant))
    assert registry.current().notice_key != before.notice_key
    assert (result.state, result.shows_banner, set(result.changes)) == (
        State.GRANTED,
        True,
        expected,
    )
    suspended = {changed.group for changed in expected}
    assert result.granted == {"preferences", "analytics", "marketing"} - suspended
    assert result.grant == grant


@pytest.mark.parametrize("kind", MATERIAL)
def test_a_visitor_who_refused_is_not_asked_again(kind: str) -> None:
    """Red when: `resolve` looks for changes before it looks for a refusal."""
    MATERIAL[kind][0]()
    publish_registry()

    assert resolved(choice.write_refusal()) == Choice(State.REFUSED)


@pytest.mark.parametrize("kind", MATERIAL)
def test_a_visitor_who_granted_after_the_change_is_not_asked_again(kind: str) -> None:
    MATERIAL[kind][0]()
    publish_registry()

    result = resolved(choice.write_grant(make_grant("analytics")))

    assert (result.granted, result.shows_banner) == ({"analytics"}, False)


@pytest.mark.parametrize("kind", IMMATERIAL)
def test_a_change_that_does_not_matter_asks_no_visitor(kind: str) -> None:
    """Red when: `changes` compares texts, or any difference of life."""
    still_asked = {"preferences", "analytics", "marketing"} - (
        {"preferences"} if kind == "removed group" else set()
    )
    grant = make_grant("preferences", "analytics", "marketing")
    before = registry.current()

    IMMATERIAL[kind]()
    publish_registry()

    result = resolved(choice.write_grant(grant))
    assert registry.current().notice_key != before.notice_key
    assert (result.granted, result.shows_banner, result.changes) == (still_asked, False, ())


def test_all_changes_since_the_visitors_own_choice_are_listed() -> None:
    """Red when: only the last change of the registry is compared."""
    grant = make_grant("analytics", "marketing", "preferences")

    make_cookie("_first")
    make_cookie("_second", group="marketing")

    result = resolved(choice.write_grant(grant))
    assert result.changes == (
        Change("cookie", "analytics", "_first"),
        Change("cookie", "marketing", "_second"),
    )
    assert result.granted == {"preferences"}


def test_a_change_that_was_undone_asks_no_visitor() -> None:
    grant = make_grant("analytics")
    make_cookie("_hjid")
    Cookie.objects.filter(name="_hjid").delete()
    publish_registry()

    result = resolved(choice.write_grant(grant))

    assert (result.granted, result.shows_banner) == ({"analytics"}, False)
