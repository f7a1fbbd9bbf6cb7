"""The registry in force: names, lives and texts of what is declared."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from consent.models import Notice
from consent.registry import registry
from consent.registry.registry import Registry
from content import store
from tests.factories import DAY, make_cookie, publish_registry

pytestmark = pytest.mark.django_db

HOUR = 60 * 60


def declared_name(name: str) -> str | None:
    row = registry.current().find(name)
    return row.stored_name if row else None


def test_the_groups_are_in_order_and_all_but_the_necessary_one_are_optional() -> None:
    assert [group.code for group in registry.current().groups] == [
        "necessary",
        "preferences",
        "analytics",
        "marketing",
    ]
    assert registry.current().optional_codes == ("preferences", "analytics", "marketing")


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("_ga", "_ga"),
        ("_ga_ABC", "_ga_*"),
        ("_gcl_au", "_gcl_*"),
        ("L7_geoip", "L7_geoip"),
        ("sessionid", "sessionid"),
        ("_ga_", None),
        ("_GA", None),
        ("x_ga", None),
        ("_gax", None),
        ("djangoxadmin.navSidebarIsOpen", None),
        ("theme", None),
        ("", None),
        ("*", None),
    ],
)
def test_a_cookie_name_belongs_to_the_row_that_declares_it(name, row) -> None:
    """Red when: a pattern matches a part, an empty rest, or any character for a dot."""
    assert declared_name(name) == row


def test_the_exact_name_wins_over_a_pattern() -> None:
    """Red when: the first match wins."""
    make_cookie("_ga_SPECIAL", group="marketing")

    assert registry.current().find("_ga_SPECIAL").group == "marketing"
    assert registry.current().find("_ga_OTHER").group == "analytics"


def test_over_https_first_party_necessary_cookies_have_the_host_prefix(settings) -> None:
    """Red when: the guard does not know the cookie under the name that it is set by."""
    settings.HOST_PREFIX = "__Host-"

    assert declared_name("__Host-l7_choice") == "l7_choice"
    assert declared_name("__Host-sessionid") == "sessionid"
    assert declared_name("l7_choice") is None
    assert declared_name("L7_geoip") == "L7_geoip"
    assert declared_name("_ga") == "_ga"


@pytest.mark.parametrize(
    ("fields", "english", "polish"),
    [
        ({"max_age_seconds": DAY}, "1 day", "1 dzień"),
        ({"max_age_seconds": 2 * DAY}, "2 days", "2 dni"),
        ({"max_age_seconds": 12 * HOUR}, "12 hours", "12 godzin"),
        ({"max_age_seconds": HOUR}, "1 hour", "1 godzina"),
        ({"max_age_seconds": 60}, "1 minute", "1 minuta"),
        ({"max_age_seconds": 15 * 60}, "15 minutes", "15 minut"),
        ({"max_age_seconds": 90}, "2 minutes", "2 minuty"),
        ({"max_age_seconds": DAY + 1}, "1441 minutes", "1441 minut"),
        ({"max_age_seconds": None, "life": "session"}, "until the browser is closed", None),
        ({"max_age_seconds": None, "life": "deleted"}, "until you delete it", None),
    ],
    ids=str,
)
def test_a_life_is_written_in_words_and_never_rounded_down(fields, english, polish) -> None:
    """Red when: a rest of seconds is cut off; a minute is shown as an hour."""
    make_cookie(
        "l7_test", group="necessary", justification_pl="Bo.", justification_en="Because.", **fields
    )
    row = registry.current().find("l7_test")

    with translation.override("en"):
        assert row.life_label == english
    with translation.override("pl"):
        assert polish is None or row.life_label == polish


def test_a_text_that_is_missing_in_a_language_is_shown_in_polish() -> None:
    with translation.override("fr"):
        assert registry.current().optional_groups[0].name == "Preferencje"


def test_an_unknown_notice_has_no_row_and_every_group_counts_as_new() -> None:
    """Red when: an unknown notice counts as the present one."""
    current = registry.current()

    assert current.notice_id_of("f" * 16) is None
    assert {change.kind for change in current.changes_since("f" * 16)} == {"group"}
    assert current.notice_id_of(current.notice_key) == Notice.objects.first().pk
    assert current.changes_since(current.notice_key) == ()


def test_before_the_seed_nothing_is_declared_and_no_group_is_optional() -> None:
    empty = registry._build({"snapshots": [], "notices": [], "texts": {}}, datetime.now(UTC))

    assert empty == Registry()
    assert (empty.optional_codes, empty.text, empty.changes_since("x")) == ((), {}, ())


def test_every_optional_cookie_of_every_snapshot_is_remembered() -> None:
    """Red when: `optional_cookies_ever_declared` reads the latest snapshot alone."""
    row = make_cookie("_hjid")
    row.cookie.delete()
    publish_registry()

    names = [cookie.name for cookie in registry.current().optional_cookies_ever_declared]
    assert "_hjid" in names
    assert "l7_choice" not in names
    assert "theme" not in names


def test_the_registry_of_a_past_moment_is_the_one_in_force_just_before() -> None:
    before = timezone.now()
    make_cookie("_hjid")

    def names(moment: datetime) -> set[str]:
        groups = registry.current().groups_before(moment)
        return {cookie.name for group in groups for cookie in group.cookies}

    assert "_hjid" not in names(before)
    assert "_hjid" in names(timezone.now())
    assert names(datetime(2000, 1, 1, tzinfo=UTC)) == set()


def test_a_poll_without_a_change_keeps_the_same_registry() -> None:
    loaded = registry.current()
    make_cookie("_hjid")

    assert registry.current() is not loaded
    again = registry.current()
    store.poll(timezone.now())
    assert registry.current() is again
