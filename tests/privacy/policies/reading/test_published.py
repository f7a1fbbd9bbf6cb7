"""The version that readers see, and the tables that it prints."""

from datetime import timedelta

import pytest
from cookie_consent.models import Cookie
from django.utils import timezone

from consent.models import CookieDetails
from consent.registry.actions import store_notice
from content import store
from privacy.models import PolicyCode
from privacy.policies.reading import published
from privacy.policies.text import rendering
from tests.factories import make_cookie, publish_registry
from tests.pages import Page
from tests.privacy.policies.drafts import make_draft, make_published

pytestmark = pytest.mark.django_db

POLICY = ("/polityka-prywatnosci/", "/en/privacy-policy/")
FIRST = "/en/privacy-policy/versions/1/"
SECOND = "/en/privacy-policy/versions/2/"


def _codes(client, address: str) -> list[str]:
    """The names in the table of the policy."""
    page = Page(client.get(address).content)
    return [e.text for e in page.all("code") if e.is_inside("article") and e.is_inside("th")]


@pytest.mark.parametrize("address", POLICY)
def test_a_published_version_is_on_the_page_after_the_next_poll(client, address: str) -> None:
    """Red when: `poll` does not compare revisions."""
    assert b"0.1" in client.get(address).content
    make_published("Zebra")
    assert b"Zebra" not in client.get(address).content

    store.poll(timezone.now())

    assert b"Zebra" in client.get(address).content


def test_readers_never_see_a_draft(client) -> None:
    """Red when: `_read` takes every version."""
    make_draft("Zebra")
    store.poll(timezone.now())

    assert b"Zebra" not in client.get(POLICY[0]).content
    assert client.get(SECOND).status_code == 404
    assert b"versions/2/" not in client.get("/en/privacy-policy/versions/").content


def test_a_version_with_a_later_effective_date_takes_effect_without_any_save(client) -> None:
    """Red when: `is_due` is left out of `poll`, or `_changes_at` returns None."""
    now = timezone.now()
    make_published("Zebra", at=now, effective_at=now + timedelta(days=3))
    store.poll(now)
    assert b"Zebra" not in client.get(POLICY[1]).content

    store.poll(now + timedelta(days=3) - timedelta(seconds=1))
    assert b"Zebra" not in client.get(POLICY[1]).content

    store.poll(now + timedelta(days=3))
    assert b"Zebra" in client.get(POLICY[1]).content


def test_two_coming_versions_take_effect_one_after_the_other() -> None:
    """Red when: only the first coming date is remembered, for ever."""
    now = timezone.now()
    for days, word in ((3, "Zebra"), (5, "Okapi")):
        make_published(word, at=now, effective_at=now + timedelta(days=days))
    seen = []

    for days in (0, 3, 4, 5, 9):
        store.poll(now + timedelta(days=days))
        seen.append(published.current().in_force(PolicyCode.PRIVACY).number)

    assert seen == [1, 2, 2, 3, 3]


def test_an_earlier_version_says_from_when_to_when_it_applied() -> None:
    now = timezone.now()
    version = make_published(at=now)
    store.poll(now)

    newest, oldest = published.current().of(PolicyCode.PRIVACY)
    assert (newest.number, newest.is_in_force, newest.superseded_at) == (2, True, None)
    assert (oldest.number, oldest.is_in_force) == (1, False)
    assert oldest.superseded_at == version.effective_at


def test_a_version_of_another_policy_supersedes_nothing() -> None:
    """Red when: versions are not grouped by policy."""
    make_published(policy=PolicyCode.TERMS)
    make_published(policy=PolicyCode.ACCEPTABLE_USE)
    store.poll(timezone.now())

    policies = published.current()
    assert [version.is_in_force for version in policies.versions] == [True, True, True]
    assert policies.in_force(PolicyCode.TERMS).policy == PolicyCode.TERMS


def test_an_earlier_version_stays_readable_and_leads_to_the_one_in_force(client) -> None:
    before = Page(client.get(POLICY[1]).content).one("article").text
    make_published("Zebra")
    store.poll(timezone.now())

    page = Page(client.get(FIRST).content)

    assert page.one("article").text == before
    assert "This is an earlier version, kept for reference." in page.one("main").text
    assert POLICY[1] in [a["href"] for a in page.all("a") if a.is_inside("main")]


def test_every_version_is_listed_newest_first(client) -> None:
    make_published("Zebra")
    store.poll(timezone.now())

    page = Page(client.get("/en/privacy-policy/versions/").content)

    assert [a["href"] for a in page.all("a") if a.is_inside("h2") and a.is_inside("ol")] == [
        SECOND,
        FIRST,
    ]
    assert [e.text for e in page.with_class("tag")] == ["in force"]


@pytest.mark.parametrize("number", ["0", "2", "99", "99999999999999999999"])
def test_a_version_that_does_not_exist_is_not_found(client, number: str) -> None:
    assert client.get(f"/en/privacy-policy/versions/{number}/").status_code == 404


def test_the_table_of_the_version_in_force_is_the_live_one(client) -> None:
    """Red when: the table is rendered once, with the text."""
    assert "_zebra" not in _codes(client, POLICY[1])

    make_cookie("_zebra")

    assert "_zebra" in _codes(client, POLICY[1])
    assert "_zebra" in _codes(client, FIRST)


def test_a_superseded_version_prints_the_table_of_its_last_day(client) -> None:
    """Red when: `html` renders its tables with `at=None`."""
    make_cookie("_okapi")
    make_published("Zebra")
    CookieDetails.objects.filter(cookie__name="_okapi").update(is_active=False)
    Cookie.objects.filter(name="_gat").delete()
    publish_registry()
    make_cookie("_zebra")

    first, second = _codes(client, FIRST), _codes(client, SECOND)

    assert {"_okapi", "_gat"} <= set(first)
    assert "_zebra" not in first
    assert "_zebra" in second
    assert not {"_okapi", "_gat"} & set(second)


def test_a_change_on_the_last_day_itself_is_still_in_the_table(client) -> None:
    """Red when: the newest snapshot is taken, whatever its date."""
    now = timezone.now()
    make_published("Zebra", at=now, effective_at=now + timedelta(days=3))
    Cookie.objects.filter(name="_gat").delete()
    store_notice(at=now + timedelta(days=2))
    Cookie.objects.filter(name="_gid").delete()
    store_notice(at=now + timedelta(days=4))
    store.poll(now + timedelta(days=5))

    first = _codes(client, FIRST)

    assert "_gid" in first
    assert "_gat" not in first


def test_text_of_the_registry_is_escaped_in_the_table(client) -> None:
    """Red when: the table's template marks the purpose safe."""
    make_cookie("_zebra", purpose_en="<script>alert(1)</script>")

    response = client.get(POLICY[1])

    assert b"<script>alert(1)" not in response.content
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in response.content


def test_a_version_is_rendered_when_somebody_reads_it(client, monkeypatch) -> None:
    """Red when: a process renders every version that was ever published before its first page."""
    make_published("Zebra")
    texts: list[str] = []
    render = rendering.render

    def counted(source: str, language: str | None = None) -> rendering.PolicyText:
        texts.append(source)
        return render(source, language)

    monkeypatch.setattr(rendering, "render", counted)
    store.poll(timezone.now())
    assert texts == []

    assert b"Zebra" in client.get(POLICY[1]).content
    assert len(set(texts)) == 1
    assert "Zebra" in texts[0]
