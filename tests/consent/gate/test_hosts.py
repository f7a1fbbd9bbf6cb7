"""Which third-party hosts the Content-Security-Policy names, and for whom."""

import re

import pytest

from consent.gate import hosts
from tests.factories import make_client
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]

TAG = "https://www.googletagmanager.com"
ANALYTICS = {
    TAG,
    "https://www.google-analytics.com",
    "https://*.google-analytics.com",
    "https://*.analytics.google.com",
}
ADS = {
    TAG,
    "https://www.googleadservices.com",
    "https://googleads.g.doubleclick.net",
    "https://pagead2.googlesyndication.com",
    "https://www.google.com",
}

ADS_BEACON = "https://ad.doubleclick.net"


@pytest.fixture(autouse=True)
def ids(settings) -> None:
    settings.GOOGLE_TAG_ID = "G-TEST"
    settings.GOOGLE_ADS_ID = "AW-1"


def as_sets(granted) -> dict[str, set[str]]:
    return {directive: set(names) for directive, names in hosts.directives(granted).items()}


def policy_of(response) -> dict[str, set[str]]:
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {part[0]: set(part[1:]) for part in parts if part}


@pytest.mark.parametrize("granted", [(), ("preferences",), ("necessary",)], ids=str)
def test_without_a_grant_for_google_no_host_is_named(granted) -> None:
    """Red when: hosts are opened for any grant."""
    assert hosts.directives(granted) == {}


def test_analytics_opens_its_own_hosts() -> None:
    """Red when: analytics opens a host of the ads."""
    assert as_sets({"analytics"}) == {
        "script-src": {TAG},
        "img-src": ANALYTICS,
        "connect-src": ANALYTICS,
    }


def test_marketing_opens_its_own_hosts() -> None:
    assert as_sets({"marketing"}) == {
        "script-src": ADS,
        "img-src": ADS,
        "connect-src": ADS | {ADS_BEACON},
        "frame-src": {TAG},
    }


def test_both_groups_open_both_sets_of_hosts_and_name_each_host_once() -> None:
    result = hosts.directives({"analytics", "marketing"})

    assert {directive: set(names) for directive, names in result.items()} == {
        "script-src": ADS,
        "img-src": ANALYTICS | ADS,
        "connect-src": ANALYTICS | ADS | {ADS_BEACON},
        "frame-src": {TAG},
    }
    assert all(len(names) == len(set(names)) for names in result.values())


@pytest.mark.parametrize(
    ("setting", "group"), [("GOOGLE_TAG_ID", "analytics"), ("GOOGLE_ADS_ID", "marketing")]
)
def test_a_group_whose_google_id_is_not_set_opens_no_host(
    setting: str, group: str, settings
) -> None:
    """Red when: the id is not checked."""
    setattr(settings, setting, "")

    assert hosts.directives({group}) == {}


def test_the_hosts_of_one_visitor_are_not_named_for_the_next() -> None:
    """Red when: the lists are shared by calls."""
    hosts.directives({"analytics", "marketing"})

    assert as_sets({"analytics"})["script-src"] == {TAG}


def test_no_host_covers_a_whole_top_level_domain() -> None:
    """Red when: `https://*.com` or `https://*` is named."""
    result = [
        host for names in hosts.directives({"analytics", "marketing"}).values() for host in names
    ]

    assert len(result) >= 10
    assert all(
        re.fullmatch(r"https://(\*\.)?([a-z0-9-]+\.)+[a-z]+\.?[a-z]+", host) for host in result
    )
    assert all(host.removeprefix("https://*.").count(".") >= 1 for host in result)


SELF = {"'self'"}
STRICT = {
    "default-src": {"'none'"},
    "script-src": SELF,
    "style-src": SELF,
    "img-src": SELF,
    "connect-src": SELF,
    "form-action": SELF,
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}


@pytest.mark.parametrize(
    ("groups", "options"),
    [((), {}), ((), {"refused": True}), (("preferences",), {}), (("analytics",), {"sec_gpc": "1"})],
    ids=["none", "refused", "preferences", "signal"],
)
@pytest.mark.parametrize(
    "path", ["/", "/en/", "/cookies/", "/nowhere/", "/admin/login/", "/healthz"]
)
def test_without_a_grant_for_google_the_policy_is_the_strict_one(path, groups, options) -> None:
    """Red when: a host or `unsafe-inline` is added to the policy of the settings."""
    assert policy_of(make_client(*groups, **options).get(path)) == STRICT


def test_with_a_grant_the_policy_names_the_granted_hosts_beside_our_own() -> None:
    """Red when: the hosts replace 'self', or those of another group are named."""
    result = policy_of(make_client("analytics").get("/"))

    assert result == STRICT | {
        "script-src": SELF | {TAG},
        "img-src": SELF | ANALYTICS,
        "connect-src": SELF | ANALYTICS,
    }


def test_the_answer_that_stores_a_withdrawal_names_no_host() -> None:
    """Red when: the policy follows the choice before the form."""
    client = make_client("analytics", "marketing")

    response = client.post(
        "/cookies/", "choice=reject&next=/", content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 200
    assert policy_of(response) == STRICT
