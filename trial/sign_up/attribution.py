"""The attribution of a paid visit: the referrer's origin, the landing path, the campaign."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from django.core.signing import BadSignature, Signer

from consent.choice.visit import Visit

# The cookie shares 4,096 bytes with all other headers (I21).
MAX_BYTES = 700
MAX_CHARACTERS = 110
# A click id that is cut names no click. Google's have up to about 100 characters.
_MAX_CLICK_ID = 200
_CLICK_IDS = ("gclid", "gbraid", "wbraid", "msclkid")
_CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_PAID_MEDIA = ("cpc", "ppc", "paid")

# The salt is part of every cookie: another one would forget the paid visits of 90 days.
_signer = Signer(salt="trial.attribution")


@dataclass(frozen=True)
class Attribution:
    """One paid visit: as much of it as fits into MAX_BYTES when it is signed."""

    referrer: str
    landing: str
    parameters: dict[str, str]


def of_visit(visit: Visit) -> Attribution | None:
    """The attribution of a visit that came from a paid ad, or None for any other.

    Each text is cut at MAX_CHARACTERS. Where MAX_BYTES has no room for all, click ids come first,
    then the campaign, then where the visitor landed and came from.
    """
    try:
        parameters = visit.parameters
    except ValueError:  # more parameters than any ad has: the address is hostile
        return None
    medium = parameters.get("utm_medium", "").lower()
    has_click_id = any(parameters.get(name) for name in _CLICK_IDS)
    if not medium.startswith(_PAID_MEDIA) and not has_click_id:
        return None
    attribution = Attribution(referrer="", landing="", parameters={})
    for name in (*_CLICK_IDS, *_CAMPAIGN):
        value = parameters.get(name, "")
        if name in _CLICK_IDS and len(value) > _MAX_CLICK_ID:
            continue
        value = value if name in _CLICK_IDS else value[:MAX_CHARACTERS]
        if value:
            added = attribution.parameters | {name: value}
            attribution = _if_it_fits(attribution, parameters=added)
    attribution = _if_it_fits(attribution, landing=visit.path[:MAX_CHARACTERS])
    return _if_it_fits(attribution, referrer=visit.referrer_origin[:MAX_CHARACTERS])


def _if_it_fits(attribution: Attribution, **changes: Any) -> Attribution:
    """The attribution with the changes, or without them where the cookie would be too large."""
    changed = replace(attribution, **changes)
    return changed if len(sign(changed)) <= MAX_BYTES else attribution


def sign(attribution: Attribution) -> str:
    """The value of the cookie, signed: a visitor cannot make up an attribution."""
    return _signer.sign_object(asdict(attribution), compress=True)


def read(value: str) -> Attribution | None:
    """The attribution in a cookie; None for anything that this server did not write."""
    # Another release may have signed other fields: TypeError.
    try:
        return Attribution(**_signer.unsign_object(value))
    except (BadSignature, ValueError, TypeError):
        return None
