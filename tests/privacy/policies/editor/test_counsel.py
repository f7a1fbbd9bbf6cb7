"""Outside counsel reads the saved draft by a link, which ends and which nobody else finds."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from delivery.models import Token
from privacy.models import PolicyStep, PolicyVersion
from privacy.policies import actions
from privacy.policies.editor import counsel
from tests.pages import Page
from tests.privacy.policies.drafts import make_draft, publish
from tests.staff import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna")


@pytest.fixture
def version() -> PolicyVersion:
    return make_draft()


@pytest.fixture
def token(version, anna) -> str:
    return counsel.make(version=version, user=anna, at=timezone.now())


def test_the_link_shows_the_draft_in_both_languages(client, token) -> None:
    polish = client.get(f"/projekt-polityki/{token}/")
    english = client.get(f"/en/policy-draft/{token}/")

    assert (polish.status_code, english.status_code) == (200, 200)
    assert "Słowo draft." in Page(polish.content).one("main").text
    assert "The word draft." in Page(english.content).one("main").text
    assert "nie obowiązuje" in Page(polish.content).one("main").text


def test_the_link_shows_later_changes_of_the_draft(client, token, version, anna) -> None:
    values = {"text_pl": "## 0. Zebra"}
    actions.save_draft(version=version, values=values, user=anna, at=timezone.now())

    assert "Zebra" in Page(client.get(f"/projekt-polityki/{token}/").content).one("main").text


def test_search_engines_and_caches_do_not_get_the_page(client, token) -> None:
    """Red when: the view is not a `private_page`."""
    response = client.get(f"/projekt-polityki/{token}/")

    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "strict-origin"
    assert Page(response.content).one("meta", name="robots")["content"] == "noindex"


def test_only_the_hash_of_the_token_is_stored(token) -> None:
    """Red when: the token itself is stored."""
    assert token not in str(list(Token.objects.values()))


def test_a_link_ends_after_fourteen_days(client, token) -> None:
    """Red when: `make` does not use LIFETIME."""
    row = Token.objects.get()
    assert row.expires_at - row.created_at == timedelta(days=14)
    Token.objects.update(expires_at=timezone.now())

    assert client.get(f"/projekt-polityki/{token}/").status_code == 410


def test_staff_end_every_link_of_a_version_and_no_other(client, version, anna, token) -> None:
    """Red when: `end` ignores the version, or logs no step."""
    other = counsel.make(version=make_draft(), user=anna, at=timezone.now())

    counsel.end(version=version, user=anna, at=timezone.now())

    assert client.get(f"/projekt-polityki/{token}/").status_code == 410
    assert client.get(f"/projekt-polityki/{other}/").status_code == 200
    kinds = list(version.steps.values_list("kind", flat=True))
    assert kinds == [PolicyStep.Kind.LINK_MADE, PolicyStep.Kind.LINKS_ENDED]


def test_the_link_to_a_discarded_draft_has_ended(client, token, version, anna) -> None:
    actions.discard(version=version, user=anna, at=timezone.now())

    assert client.get(f"/projekt-polityki/{token}/").status_code == 410


def test_a_published_version_is_read_at_its_own_address(client, token, version) -> None:
    publish(version, at=timezone.now())

    response = client.get(f"/en/policy-draft/{token}/")

    assert (response.status_code, response["Location"]) == (302, "/en/privacy-policy/versions/2/")


@pytest.mark.parametrize("token", ["x", "../x", "ż" * 300, "A" * 43])
def test_a_link_that_never_existed_is_not_found(client, token: str) -> None:
    assert client.get(f"/projekt-polityki/{token}/").status_code == 404


def test_a_token_of_another_kind_opens_no_draft(client, version) -> None:
    """Red when: the purpose is not compared."""
    from delivery import tokens

    other = tokens.make(purpose="confirm", subject=str(version.pk), at=timezone.now())

    assert client.get(f"/projekt-polityki/{other}/").status_code == 404


def test_the_link_is_shown_to_staff_once(version) -> None:
    """Red when: the address is stored and shown again."""
    staff = make_staff("view_policyversion", "change_policyversion")
    address = f"/admin/privacy/policyversion/{version.pk}/"

    made = Page(staff.post(f"{address}links/", {"then": "make"}).content)

    links = [e.text for e in made.all("code")]
    assert [link.partition("//")[2].partition("/")[2].partition("/")[0] for link in links] == [
        "projekt-polityki",
        "en",
    ]
    again = staff.get(f"{address}change/")
    assert links[0].encode() not in again.content
    assert staff.post(f"{address}links/", {"then": "end"}).status_code == 302
