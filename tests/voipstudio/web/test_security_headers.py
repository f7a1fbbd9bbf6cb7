"""Headers of every page; the Content-Security-Policy opens hosts for granted groups only."""

import itertools
import re

import pytest

from tests.factories import make_client
from tests.pages import MACHINES, PAGES
from tests.run_once import looks_at_pages

pytestmark = [pytest.mark.django_db, looks_at_pages]

GROUPS = ("preferences", "analytics", "marketing")
CHOICES = [
    combination
    for length in range(len(GROUPS) + 1)
    for combination in itertools.combinations(GROUPS, length)
]
BASE = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}


@pytest.fixture
def google_ids(settings) -> None:
    settings.GOOGLE_TAG_ID = "G-TEST"
    settings.GOOGLE_ADS_ID = "AW-123"


def policy_of(response) -> dict[str, set[str]]:
    """The Content-Security-Policy as sources by directive."""
    parts = (part.split() for part in response["Content-Security-Policy"].split(";") if part)
    return {directive: set(sources) for directive, *sources in parts}


def _third_parties(response) -> set[str]:
    return {source for sources in policy_of(response).values() for source in sources} - {
        "'self'",
        "'none'",
    }


@pytest.mark.parametrize("address", [*PAGES, *MACHINES, "/nothing-here/", "/en/nothing-here/"])
def test_every_answer_to_a_visitor_without_a_choice_has_the_strict_headers(
    client, google_ids, address: str
) -> None:
    """Red when: a header or a directive is dropped, or a host is in the base policy."""
    response = client.get(address)

    assert policy_of(response) == BASE
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "camera=()" in response["Permissions-Policy"]
    assert "browsing-topics=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("granted", CHOICES, ids=lambda groups: "+".join(groups) or "none")
def test_a_host_is_named_only_for_a_granted_group(google_ids, granted: tuple[str, ...]) -> None:
    """Red when: `directives` does not look at `granted`."""
    response = make_client(*granted).get("/")

    named = " ".join(_third_parties(response))
    is_ads, is_analytics = "marketing" in granted, "analytics" in granted
    assert ("google-analytics.com" in named) is is_analytics
    assert ("googleadservices.com" in named) is is_ads
    assert ("doubleclick.net" in named) is is_ads
    assert ("googletagmanager.com" in named) is (is_ads or is_analytics)
    assert ("frame-src" in policy_of(response)) is is_ads
    assert (named == "") is not (is_ads or is_analytics)


@pytest.mark.parametrize("granted", CHOICES, ids=lambda groups: "+".join(groups) or "none")
def test_without_a_google_id_the_policy_names_no_host(settings, granted: tuple[str, ...]) -> None:
    """Red when: `directives` does not look at the id."""
    settings.GOOGLE_TAG_ID = settings.GOOGLE_ADS_ID = ""

    response = make_client(*granted).get("/")

    assert policy_of(response) == BASE
    assert response["Cross-Origin-Embedder-Policy"] == "require-corp"


@pytest.mark.parametrize(
    "client",
    [
        lambda: make_client(refused=True),
        lambda: make_client("analytics", "marketing", **{"Sec-GPC": "1"}),
    ],
    ids=["refused", "signal-after-a-grant"],
)
def test_after_a_refusal_or_with_the_signal_the_policy_names_no_host(google_ids, client) -> None:
    assert policy_of(client().get("/")) == BASE


def test_a_granted_tag_is_not_blocked_by_the_embedder_policy(google_ids) -> None:
    response = make_client("analytics").get("/")

    assert "Cross-Origin-Embedder-Policy" not in response


@pytest.mark.parametrize("granted", CHOICES, ids=lambda groups: "+".join(groups) or "none")
def test_no_policy_has_a_loose_source(google_ids, granted: tuple[str, ...]) -> None:
    """No `unsafe-`, no scheme alone, no pattern over a top-level domain. Red when: one is added."""
    policy = policy_of(make_client(*granted).get("/"))

    for source in (source for sources in policy.values() for source in sources):
        if source.startswith("'"):
            assert source in {"'self'", "'none'"}
        else:
            assert re.fullmatch(r"https://(\*\.)?([a-z0-9-]+\.)+[a-z]+", source), source
    assert policy["base-uri"] == policy["frame-ancestors"] == policy["default-src"] == {"'none'"}
    assert policy["form-action"] == policy["style-src"] == {"'self'"}


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/"])
def test_the_admin_names_no_third_party_whatever_is_granted(google_ids, address: str) -> None:
    """Red when: `third_party_groups` does not look for a public page."""
    response = make_client("analytics", "marketing").get(address)

    assert policy_of(response) == BASE
