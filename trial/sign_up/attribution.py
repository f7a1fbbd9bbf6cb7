"""The attribution of a paid visit: the referrer's origin, the landing path, the campaign."""

from dataclasses import asdict, dataclass

from django.core.signing import BadSignature, Signer

from consent.choice.visit import Visit

# Eleven such texts, in any script, fit into the 4096 bytes that a browser keeps (RFC 6265, 6.1).
MAX_CHARACTERS = 110
_CLICK_IDS = ("gclid", "gbraid", "wbraid", "msclkid")
_CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_PAID_MEDIA = ("cpc", "ppc", "paid")

# The salt is part of every cookie: another one would forget the paid visits of 90 days.
_signer = Signer(salt="trial.attribution")


@dataclass(frozen=True)
class Attribution:
    """One paid visit. Each text is cut at MAX_CHARACTERS."""

    referrer: str
    landing: str
    parameters: dict[str, str]


def of_visit(visit: Visit) -> Attribution | None:
    """The attribution of a visit that came from a paid ad, or None for any other."""
    try:
        parameters = visit.parameters
    except ValueError:  # more parameters than any ad has: the address is hostile
        return None
    medium = parameters.get("utm_medium", "").lower()
    has_click_id = any(parameters.get(name) for name in _CLICK_IDS)
    if not medium.startswith(_PAID_MEDIA) and not has_click_id:
        return None
    return Attribution(
        referrer=visit.referrer_origin[:MAX_CHARACTERS],
        landing=visit.path[:MAX_CHARACTERS],
        parameters={
            name: parameters[name][:MAX_CHARACTERS]
            for name in (*_CLICK_IDS, *_CAMPAIGN)
            if parameters.get(name)
        },
    )


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
