"""The words of a notice, its snapshot and their hashes."""

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.core.exceptions import ValidationError
from django.utils import translation

from consent.models import CookieDetails, GroupDetails, Notice
from consent.registry import notice, registry
from evidence.canonical_json import digest
from tests.factories import make_cookie, publish_registry
from tests.pages import Page

pytestmark = pytest.mark.django_db


def codes(snapshot) -> list[str]:
    return [group["code"] for group in snapshot["groups"]]


def test_a_snapshot_holds_every_active_row_in_the_order_of_the_groups() -> None:
    """Red when: a part of a row is left out of the snapshot."""
    snapshot = notice.snapshot_of_registry()

    assert codes(snapshot) == ["necessary", "preferences", "analytics", "marketing"]
    geoip = snapshot["groups"][1]["cookies"][0]
    row = CookieDetails.objects.get(cookie__name="L7_geoip")
    assert geoip == {
        "id": row.cookie.pk,
        "name": "L7_geoip",
        "domain": "",
        "path": "/",
        "party": "first",
        "storage": "cookie",
        "provider": {
            "id": row.provider.pk,
            "name": row.provider.name,
            "privacy_url": {"pl": "/polityka-prywatnosci/", "en": "/en/privacy-policy/"},
            "is_confirmed": True,
            "meaning": 1,
        },
        "purpose": {"pl": row.cookie.description, "en": row.purpose_en},
        "life": "fixed",
        "max_age_seconds": 7776000,
        "is_staff_only": False,
        "justification": {"pl": "", "en": ""},
        "meaning": 1,
    }


def test_an_inactive_cookie_and_an_empty_group_are_not_declared() -> None:
    """Red when: `is_active` is not checked."""
    CookieDetails.objects.filter(cookie__name="L7_geoip").update(is_active=False)

    assert codes(notice.snapshot_of_registry()) == ["necessary", "analytics", "marketing"]


def test_a_row_of_the_library_without_details_is_not_declared() -> None:
    """Red when: a row that lacks provider, life and the rest is declared."""
    group = CookieGroup.objects.get(varname="analytics")
    Cookie.objects.create(cookiegroup=group, name="tracker", description="Cel.")
    publish_registry()

    assert registry.current().find("tracker") is None


def test_the_words_name_each_purpose_and_google_and_say_that_consent_can_be_withdrawn() -> None:
    """GDPR Art. 7(3). Red when: the first layer names the groups alone, or no recipient."""
    texts = notice.texts(notice.snapshot_of_registry())

    assert set(texts) == {"pl", "en"}
    assert texts["en"]["text"] == (
        "Level 7 Systems, the owner of VoIPstudio, is the controller of your data. With your "
        "consent we use cookies to remember your country and currency, for statistics (Google "
        "Analytics) and to measure how well our ads work (Google Ads)."
    )
    assert texts["pl"]["text"] == (
        "Administratorem danych jest Level 7 Systems, właściciel VoIPstudio. Za Twoją zgodą "
        "używamy plików cookie: do zapamiętania kraju i\u00a0waluty, do statystyk (Google Analytics) "
        "i\u00a0do mierzenia skuteczności reklam (Google Ads)."
    )
    assert texts["en"]["change"].startswith("Withdraw consent at any time")
    assert texts["pl"]["change"].startswith("Zgodę wycofasz w\u00a0każdej chwili")
    labels = {key: (texts["pl"][key], texts["en"][key]) for key in ("accept", "reject", "choose")}
    assert labels == {
        "accept": ("Akceptuj wszystko", "Accept all"),
        "reject": ("Odrzuć wszystko", "Reject all"),
        "choose": ("Wybierz grupy", "Choose groups"),
    }


def test_personalized_ads_are_named_in_the_first_layer() -> None:
    """Red when: `_purposes` leaves out what staff have switched on."""
    GroupDetails.objects.filter(group__varname="marketing").update(personalizes_ads=True)

    texts = notice.texts(notice.snapshot_of_registry())

    assert "(Google Ads) and to personalise ads (Google Ads)." in texts["en"]["text"]
    assert "(Google Ads) i\u00a0do personalizowania reklam (Google Ads)." in texts["pl"]["text"]


@pytest.mark.parametrize("field", ["short_purpose_pl", "short_purpose_en"])
def test_a_group_without_its_purpose_in_a_few_words_is_refused(field: str) -> None:
    """Red when: `GroupDetails.clean` lets the first layer ask for what it does not name."""
    details = GroupDetails.objects.get(group__varname="analytics")
    setattr(details, field, "")

    with pytest.raises(ValidationError) as refusal:
        details.full_clean()

    assert set(refusal.value.message_dict) == {field}
    GroupDetails.objects.get(group__varname="necessary").full_clean()


def test_the_second_layer_links_how_each_provider_uses_the_data(client) -> None:
    """Red when: _ask.html names Google without its link."""
    links = [link for link in Page(client.get("/").text).links if "google" in link]

    # One in analytics, one in marketing.
    assert links == ["https://policies.google.com/technologies/partner-sites?hl=pl"] * 2


_PERSONALIZED = {
    "pl": "Google wykorzystuje te dane także do personalizowania reklam, które widzisz.",
    "en": "Google also uses this data to personalise the ads that you see.",
}


@pytest.mark.parametrize(
    ("path", "language"),
    [("/", "pl"), ("/en/", "en"), ("/cookies/", "pl"), ("/en/privacy-policy/", "en")],
)
def test_personalized_ads_are_named_wherever_the_group_is(client, path, language) -> None:
    """Red when: a layer or the policy prints the description without the sentence, or always."""
    assert _PERSONALIZED[language] not in client.get(path).text

    GroupDetails.objects.filter(group__varname="marketing").update(personalizes_ads=True)
    publish_registry()

    assert _PERSONALIZED[language] in client.get(path).text


def test_only_the_marketing_group_can_personalize_ads() -> None:
    """Red when: `GroupDetails.clean` lets another group open what its text does not name."""
    for details in GroupDetails.objects.all():
        details.personalizes_ads = True
        if details.group.varname == "marketing":
            details.full_clean()
        else:
            with pytest.raises(ValidationError, match="marketing"):
                details.full_clean()


def test_the_words_are_the_same_whatever_language_is_active() -> None:
    snapshot = notice.snapshot_of_registry()
    with translation.override("pl"):
        polish = notice.texts(snapshot)
    with translation.override("en"):
        english = notice.texts(snapshot)

    assert polish == english


def test_the_stored_hash_is_the_hash_of_the_stored_content() -> None:
    """Red when: the text or the registry is left out of the hash."""
    make_cookie("_hjid")
    stored = Notice.objects.first()

    assert stored.snapshot.hash == digest(stored.snapshot.content)
    assert stored.hash == digest({"texts": stored.texts, "registry": stored.snapshot.hash})
