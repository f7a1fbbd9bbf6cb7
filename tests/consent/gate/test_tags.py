"""Google's tag: only with a grant, and only the granted groups' ids."""

import pytest

from consent.gate.tags import GoogleTag, google_tag
from consent.models import GroupDetails
from tests.factories import make_client, make_cookie, publish_registry
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]

ADS = "ad_storage ad_user_data"


@pytest.fixture(autouse=True)
def ids(settings) -> None:
    settings.GOOGLE_TAG_ID = "G-TEST"
    settings.GOOGLE_ADS_ID = "AW-1"


@pytest.mark.parametrize(
    ("granted", "tag", "consent"),
    [
        pytest.param((), None, None, id="nothing"),
        pytest.param(("preferences",), None, None, id="preferences"),
        pytest.param(("analytics",), GoogleTag("G-TEST", ""), "analytics_storage", id="analytics"),
        pytest.param(("marketing",), GoogleTag("", "AW-1"), ADS, id="marketing"),
        pytest.param(
            ("analytics", "marketing"),
            GoogleTag("G-TEST", "AW-1"),
            f"analytics_storage {ADS}",
            id="both",
        ),
    ],
)
def test_each_group_brings_its_own_id_and_consent_types(granted, tag, consent) -> None:
    """Red when: a group brings the other's id, or its consent types."""
    result = google_tag(granted)

    assert result == tag
    assert (result.consent if result else None) == consent


def test_a_google_id_that_is_not_set_brings_no_tag(settings) -> None:
    settings.GOOGLE_TAG_ID = ""

    assert google_tag({"analytics"}) is None
    assert google_tag({"analytics", "marketing"}) == GoogleTag("", "AW-1")


def test_personalized_ads_are_granted_with_marketing_alone_and_only_where_they_are_named() -> None:
    """Red when: `ad_personalization` is granted with every marketing consent, or with analytics."""
    assert google_tag({"marketing"}, personalizes_ads=True).consent == f"{ADS} ad_personalization"
    assert google_tag({"analytics"}, personalizes_ads=True).consent == "analytics_storage"
    assert "ad_personalization" not in google_tag({"analytics", "marketing"}).consent


@pytest.mark.parametrize("is_on", [False, True])
def test_the_switch_of_staff_decides_about_personalized_ads(is_on: bool) -> None:
    """Red when: the page grants them whatever the registry says, or never."""
    GroupDetails.objects.filter(group__varname="marketing").update(personalizes_ads=is_on)
    publish_registry()

    page = make_client("marketing").get("/").text

    assert ("ad_personalization" in page) is is_on
    assert f'data-consent="{ADS}' in page


def test_googles_cookies_live_no_longer_than_90_days() -> None:
    assert GoogleTag("G-TEST", "").cookie_seconds == 90 * 24 * 60 * 60


@pytest.mark.parametrize("path", ["/", "/en/", "/cookies/", "/en/pricing/", "/nowhere/"])
def test_a_page_holds_the_tag_of_the_granted_group_alone(path: str) -> None:
    """Red when: the template prints both ids for every grant."""
    page = make_client("analytics").get(path).text

    assert 'data-analytics="G-TEST" data-ads="" data-consent="analytics_storage"' in page
    assert 'data-cookie-seconds="7776000"' in page
    assert "AW-1" not in page


@pytest.mark.parametrize(
    ("groups", "options"),
    [
        pytest.param((), {}, id="no choice"),
        pytest.param((), {"refused": True}, id="refused"),
        pytest.param(("preferences",), {}, id="preferences alone"),
        pytest.param(("analytics", "marketing"), {"sec_gpc": "1"}, id="suspended by the signal"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/en/", "/cookies/", "/nowhere/"])
def test_without_the_grant_a_page_holds_no_trace_of_google(path, groups, options) -> None:
    """Red when: the tag is rendered and left to the browser to hold back."""
    make_client("analytics", "marketing").get(path)  # another visitor's page is in the page cache

    response = make_client(*groups, **options).get(path)

    assert "data-google-tag" not in response.text
    assert "G-TEST" not in response.text
    assert "AW-1" not in response.text
    assert "google" not in response["Content-Security-Policy"]


def test_a_group_that_is_asked_about_again_loses_its_tag() -> None:
    """Red when: the tag reads the groups in the cookie instead of those that count today."""
    client = make_client("analytics", "marketing")
    make_cookie("_new")

    page = client.get("/").text

    assert "G-TEST" not in page
    assert 'data-analytics="" data-ads="AW-1"' in page


def test_the_admin_holds_no_tag() -> None:
    """Red when: /admin/ opens its policy for Google."""
    response = make_client("analytics", "marketing").get("/admin/login/")

    assert "data-google-tag" not in response.text
    assert "google" not in response["Content-Security-Policy"]
