"""A grant opens nothing that its text does not name (I19): docs, code and texts are compared."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from consent.gate import hosts
from consent.gate.tags import google_tag
from consent.models import GroupDetails
from consent.registry import registry
from tests.factories import publish_registry
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]

_ROW = re.compile(r"^\| `(.+)` \| (analytics|marketing) \| (.+) \| (.+) \|$", re.MULTILINE)
_DOCS = (settings.BASE_DIR / "docs" / "consent.md").read_text(encoding="utf-8")
ROWS = _ROW.findall(_DOCS)
_COMMANDS = Path(settings.BASE_DIR / "static" / "js" / "google_commands.js").read_text()
EVENTS = {"analytics": {"sign_up"}, "marketing": {"conversion"}}


@pytest.fixture(autouse=True)
def everything_is_on(settings) -> None:
    settings.GOOGLE_TAG_ID = "G-TEST"
    settings.GOOGLE_ADS_ID = "AW-1"
    GroupDetails.objects.filter(group__varname="marketing").update(personalizes_ads=True)
    publish_registry()


@pytest.mark.parametrize("group", ["preferences", "analytics", "marketing"])
def test_the_table_names_exactly_what_a_grant_opens(group: str) -> None:
    """Red when: a consent type, an event or a host is opened and not in the table, or too many are."""
    tag = google_tag({group}, personalizes_ads=True)
    types = set(tag.consent.split()) if tag else set()
    opened = {host for names in hosts.directives({group}).values() for host in names}
    names = {host.removeprefix("https://") for host in opened}

    in_table = {item for item, row_group, *_texts in ROWS if row_group == group}

    assert in_table == types | names | EVENTS.get(group, set())


def test_the_browser_knows_no_other_type_and_no_other_event() -> None:
    """Red when: google_commands.js sends a type or an event that the table leaves out."""
    types = re.search(r"const TYPES = \[(.*)\]", _COMMANDS)
    assert types
    events = re.findall(r'"event", "(\w+)"', _COMMANDS)

    in_table = {item for item, *_rest in ROWS}

    assert set(re.findall(r"\w+", types[1])) == {
        item for item in in_table if "_storage" in item
    } | {
        "ad_user_data",
        "ad_personalization",
    }
    assert set(events) == set.union(*EVENTS.values())
    assert in_table.issuperset(events)


@pytest.mark.parametrize(("item", "group", "english", "polish"), ROWS)
def test_the_text_of_the_group_says_it_in_both_languages(
    item: str, group: str, english: str, polish: str
) -> None:
    """Red when: a seeded text no longer names a purpose or recipient that its grant opens."""
    declared = next(g for g in registry.current().groups if g.code == group)

    assert english in declared.descriptions["en"]
    assert polish in declared.descriptions["pl"].replace("\u00a0", " ")
    assert "Google" in declared.descriptions["pl"]


def test_personalized_ads_are_neither_said_nor_opened_until_staff_switch_them_on() -> None:
    """Red when: the switch is on by default, or the sentence stands in the text of the seed."""
    GroupDetails.objects.update(personalizes_ads=False)
    publish_registry()
    [(english, polish)] = [row[2:] for row in ROWS if row[0] == "ad_personalization"]

    for group in registry.current().groups:
        assert english not in group.descriptions["en"]
        assert polish not in group.descriptions["pl"].replace("\u00a0", " ")
    assert not registry.current().personalizes_ads
    assert GroupDetails._meta.get_field("personalizes_ads").default is False


def test_every_provider_of_a_host_is_declared_in_its_group() -> None:
    """Red when: a group opens hosts of Google and no cookie of Google is declared in it."""
    for group in registry.current().groups:
        is_open = bool(hosts.directives({group.code}))

        assert ("Google" in {provider.name for provider in group.providers}) is is_open
