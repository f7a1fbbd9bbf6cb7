"""The first registry: groups, providers and cookies, for staff to edit and confirm."""

from datetime import datetime
from typing import Any

from cookie_consent.models import Cookie, CookieGroup

from consent.models import (
    CHOICE_LIFETIME,
    OPTIONAL_LIFETIME,
    CookieDetails,
    GroupDetails,
    Provider,
)
from consent.registry.actions import keep_notice

_90_DAYS = int(OPTIONAL_LIFETIME.total_seconds())
_12_HOURS = 12 * 60 * 60

_GROUPS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "necessary",
        "Niezbędne",
        "Necessary",
        "Bez nich strona nie zapamięta Twojego wyboru, a nasi pracownicy nie zalogują się do "
        "panelu. Nie wymagają zgody.",
        "Without them the site could not remember your choice, and our staff could not sign in. "
        "They need no consent.",
    ),
    (
        "preferences",
        "Preferencje",
        "Preferences",
        "Zapamiętujemy, z jakiego kraju nas odwiedzasz, żeby podawać ceny w Twojej walucie.",
        "We remember which country you visit us from, to quote prices in your currency.",
    ),
    (
        "analytics",
        "Analityczne",
        "Analytics",
        "Google Analytics mierzy, jak odwiedzający korzystają ze strony. Dzięki temu wiemy, co "
        "poprawić. Dane trafiają do Google.",
        "Google Analytics measures how visitors use the site, so that we know what to improve. "
        "The data goes to Google.",
    ),
    (
        "marketing",
        "Marketingowe",
        "Marketing",
        "Sprawdzamy, które płatne reklamy prowadzą do nas i które z nich działają.",
        "We see which paid ads lead people to us, and which of them work.",
    ),
)

_PROVIDERS = {
    "us": {
        "name": "VoIPstudio (Level 7 Systems)",
        "privacy_url_pl": "/polityka-prywatnosci/",
        "privacy_url_en": "/en/privacy-policy/",
        "is_confirmed": True,
    },
    "google": {
        "name": "Google",
        "privacy_url_pl": "https://policies.google.com/privacy?hl=pl",
        "privacy_url_en": "https://policies.google.com/privacy?hl=en",
        "is_confirmed": True,
    },
    # The company has not named this one yet: the page says so, and asks to write to us.
    "unknown": {
        "name": "_ar_V4",
        "privacy_url_pl": "/kontakt/",
        "privacy_url_en": "/en/contact/",
        "is_confirmed": False,
    },
}

_OURS: dict[str, Any] = {"provider": "us", "party": "first"}
_GOOGLE: dict[str, Any] = {"provider": "google", "party": "third", "seconds": _90_DAYS}
_STAFF: dict[str, Any] = _OURS | {
    "group": "necessary",
    "is_staff_only": True,
    "why": (
        "Bez niego nasi pracownicy nie mogliby bezpiecznie korzystać z panelu.",
        "Without it our staff could not use the admin panel safely.",
    ),
}

_COOKIES: tuple[dict[str, Any], ...] = (
    _OURS
    | {
        "group": "necessary",
        "name": "l7_choice",
        "seconds": int(CHOICE_LIFETIME.total_seconds()),
        "purpose": (
            "Pamięta Twój wybór dotyczący plików cookie. Po odmowie jest taki sam u wszystkich.",
            "Remembers your choice about cookies. After a refusal it is the same for everybody.",
        ),
        "why": (
            "Bez niego musielibyśmy pytać Cię o pliki cookie na każdej stronie.",
            "Without it we would have to ask you about cookies on every page.",
        ),
    },
    _STAFF
    | {
        "name": "sessionid",
        "seconds": _12_HOURS,
        "purpose": (
            "Utrzymuje zalogowanie pracownika w panelu.",
            "Keeps a member of our staff signed in to the admin panel.",
        ),
    },
    _STAFF
    | {
        "name": "csrftoken",
        "life": "session",
        "purpose": (
            "Chroni formularze panelu przed wysłaniem z obcej strony.",
            "Protects the forms of the admin panel from being sent by another site.",
        ),
    },
    _STAFF
    | {
        "name": "messages",
        "life": "session",
        "purpose": (
            "Przenosi na następną stronę panelu komunikat, np. o zapisaniu zmian.",
            "Carries a message, such as “saved”, to the next page of the admin panel.",
        ),
    },
    _STAFF
    | {
        "name": "theme",
        "storage": "local",
        "life": "deleted",
        "purpose": (
            "Pamięta jasny lub ciemny wygląd panelu.",
            "Remembers the light or dark look of the admin panel.",
        ),
    },
    _STAFF
    | {
        "name": "django.admin.navSidebarIsOpen",
        "storage": "local",
        "life": "deleted",
        "purpose": (
            "Pamięta, czy boczne menu panelu jest otwarte.",
            "Remembers whether the side menu of the admin panel is open.",
        ),
    },
    _STAFF
    | {
        "name": "django.admin.navSidebarFilterValue",
        "storage": "session",
        "life": "session",
        "purpose": (
            "Pamięta, czego pracownik szukał w bocznym menu panelu.",
            "Remembers what a member of our staff looked for in the side menu.",
        ),
    },
    _STAFF
    | {
        "name": "django.admin.filtersState",
        "storage": "session",
        "life": "session",
        "purpose": (
            "Pamięta, które filtry listy w panelu są rozwinięte.",
            "Remembers which filters of a list in the admin panel are unfolded.",
        ),
    },
    _OURS
    | {
        "group": "preferences",
        "name": "L7_geoip",
        "seconds": _90_DAYS,
        "purpose": (
            "Rozpoznaje, z jakiego kraju nas odwiedzasz, aby podać ceny w Twojej walucie.",
            "Recognizes which country you are in, to quote prices in your currency.",
        ),
    },
    _GOOGLE
    | {
        "group": "analytics",
        "name": "_ga",
        "purpose": (
            "Odróżnia od siebie poszczególnych odwiedzających.",
            "Tells unique visitors apart.",
        ),
    },
    _GOOGLE
    | {
        "group": "analytics",
        "name": "_ga_*",
        "purpose": (
            "Łączy kolejne odsłony w jedną wizytę; dalszą część nazwy nadaje Google.",
            "Joins page views into one visit; Google gives the rest of the name.",
        ),
    },
    _GOOGLE
    | {
        "group": "analytics",
        "name": "_gid",
        "purpose": (
            "Odróżnia od siebie poszczególnych odwiedzających.",
            "Tells unique visitors apart.",
        ),
    },
    _GOOGLE
    | {
        "group": "analytics",
        "name": "_gat",
        "purpose": (
            "Ogranicza częstotliwość zapytań do Google Analytics.",
            "Limits the rate of requests to Google Analytics.",
        ),
    },
    _OURS
    | {
        "group": "marketing",
        "name": "Xl7ref",
        "seconds": _90_DAYS,
        "purpose": (
            "Zapamiętuje adres, z którego trafiasz do nas po kliknięciu płatnej reklamy (PPC).",
            "Remembers the referring address of a visit that came from a paid (PPC) ad.",
        ),
    },
    _GOOGLE
    | {
        "group": "marketing",
        "name": "_gcl_*",
        "purpose": (
            "Łączy kliknięcie reklamy Google z tym, co po nim nastąpiło; dalszą część nazwy "
            "nadaje Google.",
            "Ties a click on a Google ad to what followed; Google gives the rest of the name.",
        ),
    },
    _GOOGLE
    | {
        "group": "marketing",
        "name": "_ar_V4",
        "provider": "unknown",
        "purpose": (
            "Mierzy skuteczność płatnych reklam (PPC) w serwisie Google.com.",
            "Measures conversions from PPC ads on Google.com.",
        ),
    },
)


def seed_registry(*, at: datetime) -> None:
    """Store groups, providers and cookies, and keep the first notice."""
    groups = {row[0]: _group(order, *row) for order, row in enumerate(_GROUPS)}
    providers = {key: Provider.objects.create(**row) for key, row in _PROVIDERS.items()}
    for row in _COOKIES:
        _cookie(row, groups[row["group"]], providers[row["provider"]])
    keep_notice(at=at)


def _group(
    order: int, code: str, name_pl: str, name_en: str, text_pl: str, text_en: str
) -> CookieGroup:
    is_required = code == "necessary"
    group: CookieGroup = CookieGroup.objects.create(
        varname=code,
        name=name_pl,
        description=text_pl,
        is_required=is_required,
        is_deletable=not is_required,
        ordering=order,
    )
    GroupDetails.objects.create(group=group, name_en=name_en, description_en=text_en)
    return group


def _cookie(row: dict[str, Any], group: CookieGroup, provider: Provider) -> None:
    purpose_pl, purpose_en = row["purpose"]
    why_pl, why_en = row.get("why", ("", ""))
    cookie = Cookie.objects.create(cookiegroup=group, name=row["name"], description=purpose_pl)
    CookieDetails.objects.create(
        cookie=cookie,
        purpose_en=purpose_en,
        provider=provider,
        party=row["party"],
        storage=row.get("storage", "cookie"),
        life=row.get("life", "fixed"),
        max_age_seconds=row.get("seconds"),
        is_staff_only=row.get("is_staff_only", False),
        justification_pl=why_pl,
        justification_en=why_en,
    )
