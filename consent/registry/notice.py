"""What a notice consists of: the words of both forms that ask, and a snapshot of the registry.

Both are hashed and stored as rows that never change (I9: append-only). Banner and cookie page print
the stored words, so that the record of a choice names what the visitor read.
"""

from collections.abc import Mapping
from typing import Any

from cookie_consent.models import CookieGroup
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from consent.models import CookieDetails
from consent.registry import value_words
from evidence.canonical_json import digest


def snapshot_of_registry() -> dict[str, Any]:
    """The active rows of the registry as JSON, without rows of the library that have no details."""
    declarations = (
        CookieDetails.objects.filter(is_active=True)
        .select_related("cookie", "provider")
        .order_by("cookie__pk")
    )
    by_group: dict[int, list[dict[str, Any]]] = {}
    for details in declarations:
        by_group.setdefault(details.cookie.cookiegroup_id, []).append(_cookie(details))
    groups = CookieGroup.objects.filter(details__isnull=False, pk__in=by_group)
    return {
        "groups": [
            _group(group, by_group[group.pk])
            for group in groups.select_related("details").order_by("ordering", "pk")
        ]
    }


def texts(snapshot: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The exact words of the banner and of the cookie page over a snapshot, by language."""
    return {
        language: _fixed_words(language)
        | {"text": _question(snapshot, language), "values": _words_of_values(snapshot, language)}
        for language, _name in settings.LANGUAGES
    }


def completed(texts: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The words of a notice, with those of this release that an earlier release did not store.

    Only until the next `migrate`, which stores a notice that has them all.
    """
    return {language: _fixed_words(language) | dict(words) for language, words in texts.items()}


def digest_of_notice(texts: Mapping[str, Any], registry_hash: str) -> str:
    """The hash of a notice: over its words and the hash of its snapshot."""
    return digest({"texts": texts, "registry": registry_hash})


def _question(snapshot: Mapping[str, Any], language: str) -> str:
    """The controller and each purpose. No other words of the banner depend on the registry."""
    with translation.override(language):
        purposes = [
            purpose
            for group in snapshot["groups"]
            if not group["is_required"]
            for purpose in _purposes(group, language)
        ]
        return _(
            "Level 7 Systems, the owner of VoIPstudio, is the controller of your data. With your "
            "consent we use cookies %(purposes)s."
        ) % {"purposes": _listed(purposes)}


def _words_of_values(snapshot: Mapping[str, Any], language: str) -> dict[str, dict[str, str]]:
    with translation.override(language):
        return value_words.of_snapshot(snapshot)


def _fixed_words(language: str) -> dict[str, Any]:
    with translation.override(language):
        return {
            **_words_of_banner(),
            "cookie_page": _words_of_cookie_page(),
            "cookie_table": _words_of_cookie_table(),
        }


def _words_of_banner() -> dict[str, str]:
    return {
        "title": _("May we use cookies?"),
        "change": _("Withdraw consent at any time:"),
        "change_link": _("Cookie settings"),
        "policy_link": _("Privacy policy"),
        "accept": _("Accept all"),
        "reject": _("Reject all"),
        "choose": _("Choose groups"),
        "save": _("Save my choice"),
        "data_use": _("How your data is used:"),
        "details": _("Cookies in this group"),
        "unconfirmed": _("provider to be confirmed; off until then"),
    }


def _words_of_cookie_page() -> dict[str, str]:
    """The words around the form of the cookie page. Its buttons are those of the banner."""
    return {
        "title": _("Cookies and your choice"),
        "text": _(
            "Everything that this site may ever store on your device is listed here. Only what is "
            "necessary works without your consent."
        ),
        "change": _("Change your choice"),
        "always_on": _("Always on."),
        "list": _("Every cookie, one by one"),
        "staff": _("Only for our staff"),
        "staff_text": _(
            "This is stored only when someone on our team uses the administration panel. The pages "
            "that you visit store none of it."
        ),
    }


def _words_of_cookie_table() -> dict[str, str]:
    """The fixed words of the table of cookies, on the cookie page and in the policy."""
    return {
        "caption": _("Cookies:"),
        "name": _("Name"),
        "purpose": _("Purpose"),
        "provider": _("Provider"),
        "life": _("Kept for"),
        "type": _("Type"),
        "unconfirmed": _("to be confirmed; off until then"),
        "staff": _("for our staff"),
        "staff_only": _("Only for our staff."),
    }


def _purposes(group: Mapping[str, Any], language: str) -> list[str]:
    """What the grant of a group is for, in a few words each."""
    personalized = [_("to personalise ads (Google Ads)")] if group["personalizes_ads"] else []
    return [group["short_purpose"][language], *personalized]


def _listed(purposes: list[str]) -> str:
    if len(purposes) < 2:
        return "".join(purposes)
    return _("%(first)s and %(last)s") % {"first": ", ".join(purposes[:-1]), "last": purposes[-1]}


def _group(group: CookieGroup, cookies: list[dict[str, Any]]) -> dict[str, Any]:
    details = group.details
    descriptions = {"pl": group.description, "en": details.description_en}
    if details.personalizes_ads:
        descriptions = {code: f"{text} {_sentence(code)}" for code, text in descriptions.items()}
    return {
        "code": group.varname,
        "is_required": group.is_required,
        "name": {"pl": group.name, "en": details.name_en},
        "short_purpose": {"pl": details.short_purpose_pl, "en": details.short_purpose_en},
        "description": descriptions,
        "personalizes_ads": details.personalizes_ads,
        "meaning": details.meaning,
        "cookies": cookies,
    }


def _sentence(language: str) -> str:
    """What a group that personalizes ads says of it, in every layer and in the policy (I19)."""
    with translation.override(language):
        return _("Google also uses this data to personalise the ads that you see.")


def _cookie(details: CookieDetails) -> dict[str, Any]:
    cookie, provider = details.cookie, details.provider
    return {
        "id": cookie.pk,
        "name": cookie.name,
        "domain": cookie.domain,
        "path": cookie.path or "/",
        "party": details.party,
        "storage": details.storage,
        "provider": {
            "id": provider.pk,
            "name": provider.name,
            "privacy_url": {"pl": provider.privacy_url_pl, "en": provider.privacy_url_en},
            "is_confirmed": provider.is_confirmed,
            "meaning": provider.meaning,
        },
        "purpose": {"pl": cookie.description, "en": details.purpose_en},
        "life": details.life,
        "max_age_seconds": details.max_age_seconds,
        "is_staff_only": details.is_staff_only,
        "justification": {"pl": details.justification_pl, "en": details.justification_en},
        "meaning": details.meaning,
    }
