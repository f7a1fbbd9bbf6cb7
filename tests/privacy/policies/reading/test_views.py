"""The pages of versions: from when each can be read, and its notes on itself and on others."""

import hashlib
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from content import store
from privacy.models import PolicyCode, PolicyVersion
from tests.pages import Page
from tests.privacy.policies.drafts import make_draft, make_published

pytestmark = pytest.mark.django_db

POLICY = "/en/privacy-policy/"
VERSIONS = f"{POLICY}versions/"
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def coming(now: datetime) -> PolicyVersion:
    """A second version, announced for 20 days, as a material change."""
    version = make_published(
        "Zebra",
        at=now,
        effective_at=now + 20 * DAY,
        is_material=True,
        change_summary_pl="Dodano zebrę.",
        change_summary_en="The zebra is new, see [0.1](#s0-1).\n\n## So it is",
    )
    store.poll(now)
    return version


def _main(client, address: str) -> str:
    return Page(client.get(address).content).one("main").text


def _links(client, address: str) -> list[str]:
    return [a["href"] for a in Page(client.get(address).content).all("a") if a.is_inside("main")]


@pytest.mark.parametrize("address", [POLICY, VERSIONS, f"{VERSIONS}1/"])
def test_a_coming_version_is_announced_on_every_page_of_its_document(
    client, coming: PolicyVersion, address: str
) -> None:
    """Red when: a template leaves out `_coming.html`."""
    text, links = _main(client, address), _links(client, address)

    day = timezone.localtime(coming.effective_at)
    assert f"Version 2 takes effect on {day:%-d %B %Y}." in text
    assert "material change" in text
    assert f"{VERSIONS}2/" in links
    assert f"{VERSIONS}1/differences/2/" in links
    assert "The zebra is new" in text


def test_a_coming_version_can_be_read_as_soon_as_it_is_published(client, coming) -> None:
    """Red when: `_build` leaves out a version that is not in force yet."""
    page = Page(client.get(f"{VERSIONS}2/").content)

    assert "Zebra" in page.one("article").text
    assert "This version does not apply yet." in page.one("main").text
    assert "Zebra" not in _main(client, POLICY).replace("The zebra", "")
    assert f"{VERSIONS}1/differences/2/" in _links(client, f"{VERSIONS}2/")


def test_a_version_is_not_announced_any_more_when_it_takes_force(client, now, coming) -> None:
    store.poll(now + 20 * DAY)

    assert "takes effect" not in _main(client, POLICY)
    assert "Zebra" in _main(client, POLICY)
    assert "does not apply yet" not in _main(client, f"{VERSIONS}2/")


def test_an_earlier_version_links_to_the_differences_since(client, now, coming) -> None:
    store.poll(now + 20 * DAY)

    assert f"{VERSIONS}1/differences/2/" in _links(client, f"{VERSIONS}1/")
    assert "This is an earlier version, kept for reference." in _main(client, f"{VERSIONS}1/")


def test_a_version_that_was_replaced_before_its_day_says_so_for_ever(client, now, coming) -> None:
    """Red when: `is_replaced` is not the first condition: it would seem to have applied."""
    make_published("Okapi", at=now, effective_at=now + 10 * DAY)

    for at in (now, now + 30 * DAY):
        store.poll(at)
        store.forget()
        store.poll(at)
        assert "replaced before it took effect" in _main(client, f"{VERSIONS}2/")
        assert "Replaced before it took effect" in _main(client, VERSIONS)
        assert "Version 2 takes effect" not in _main(client, POLICY)
    assert "Okapi" in _main(client, POLICY)


@pytest.mark.parametrize("day", [0, 5, 10, 15, 20, 25])
def test_memory_and_database_name_the_same_version_in_force(now, coming, day: int) -> None:
    """A consent record names one, and the page shows one. Red when: `_build_one` and
    `taking_force` differ."""
    make_published("Okapi", at=now, effective_at=now + 10 * DAY)
    make_published("Gnu", at=now, effective_at=now + 15 * DAY)
    at = now + day * DAY
    store.poll(at)

    shown = store.current()["policies"].in_force(PolicyCode.PRIVACY)

    assert shown.id == PolicyVersion.objects.in_force(PolicyCode.PRIVACY, at=at).pk


def test_links_of_a_summary_of_changes_lead_into_its_version(client, coming) -> None:
    """Red when: links of a summary lead to anchors of the page that shows it."""
    page = Page(client.get(VERSIONS).content)

    (changes,) = page.with_class("version__changes")
    assert changes.text == "The zebra is new, see 0.1. So it is"
    assert f"{VERSIONS}2/#s0-1" in list(page.links)
    assert [e.text for e in page.all("h2") if e.is_inside("ol")] == [
        "Version 2 announced material change",
        "Version 1 in force",
    ]


def test_each_version_is_a_file_whose_hash_the_page_prints(client, coming) -> None:
    """Red when: `Version.file` differs in anything from the file that was hashed."""
    for number in (1, 2):
        response = client.get(f"{VERSIONS}{number}/file/")
        digest = hashlib.sha256(response.content).hexdigest()

        assert response["Content-Type"] == "text/markdown; charset=utf-8"
        assert response["Content-Disposition"] == (
            f'attachment; filename="voipstudio-privacy-{number}.md"'
        )
        assert digest in _main(client, f"{VERSIONS}{number}/")
        assert digest[:12] in _main(client, VERSIONS)
        assert digest == PolicyVersion.objects.get(number=number).hash
    assert client.get("/polityka-prywatnosci/wersje/2/plik/").content == response.content


def test_the_page_says_how_to_check_the_file(client) -> None:
    assert "sha256sum voipstudio-privacy-1.md" in _main(client, POLICY)


def test_further_documents_have_versions_once_they_are_published(client) -> None:
    """Red when: an address or a template is of the privacy policy alone."""
    make_published("Okapi", policy=PolicyCode.TERMS, title_en="Terms", title_pl="Regulamin")
    make_published("Zebra", policy=PolicyCode.TERMS, title_en="Terms", title_pl="Regulamin")
    store.poll(timezone.now())

    assert "Zebra" in _main(client, "/regulamin/")
    assert "Okapi" in _main(client, "/en/terms/versions/1/")
    assert "/en/terms/versions/1/differences/2/" in _links(client, "/en/terms/versions/")
    assert "/en/terms/versions/1/differences/2/" in _links(client, "/en/terms/versions/1/")
    assert "zebra" in client.get("/en/terms/versions/1/differences/2/").content.decode().lower()
    assert b"/en/terms/versions/" in client.get("/sitemap.xml").content


@pytest.mark.parametrize("address", ["/en/terms/versions/", "/polityka-uzytkowania/wersje/"])
def test_a_document_without_versions_says_how_to_get_it(client, address: str) -> None:
    """Never 404. Red when: an empty list is shown."""
    make_draft(policy=PolicyCode.TERMS)
    page = Page(client.get(address).content)

    assert page.one("meta", name="robots")["content"] == "noindex"
    assert "mailto:marketing@voipstudio.pl" in [
        a["href"] for a in page.all("a") if a.is_inside("main")
    ]
    assert address.encode() not in client.get("/sitemap.xml").content


@pytest.mark.parametrize("rest", ["2/", "2/file/", "99999999999999999999/file/"])
def test_a_draft_has_neither_page_nor_file(client, rest: str) -> None:
    make_draft()
    store.poll(timezone.now())

    assert client.get(f"{VERSIONS}{rest}").status_code == 404


@pytest.mark.parametrize("rest", ["", "1/", "1/file/", "feed/", "1/differences/2/"])
def test_no_page_of_a_document_asks_the_database(
    client, coming, django_assert_num_queries, rest: str
) -> None:
    """Red when: any of them reads a row."""
    with django_assert_num_queries(0):
        assert client.get(f"{VERSIONS}{rest}").status_code == 200


def test_the_summary_of_a_section_is_marked_as_not_binding_in_its_language(client) -> None:
    """Red when: a summary is rendered in the language of the process that loads the content."""
    make_published(
        text_pl="## 0. Wstęp\n\n> Krótko.\n\n0.1 Tekst.\n\n> Cytat.\n\n{{ cookies }}",
        text_en="## 0. Start\n\n> Briefly.\n\n0.1 Text.\n\n> Quoted.\n\n{{ cookies }}",
    )
    store.poll(timezone.now())

    for address, words in {
        "/polityka-prywatnosci/": "W skrócie streszczenie niewiążące Krótko.",
        POLICY: "In short a summary, not binding Briefly.",
    }.items():
        page = Page(client.get(address).content)
        (aside,) = page.all("aside")
        assert aside.text == words
        assert aside["role"] == "note"
        assert words.startswith(" ".join(aside["aria-label"].split()))
        assert len(page.all("blockquote")) == 1
