"""Where a paid visit came from: the referrer's origin, the landing path, the campaign."""

from dataclasses import asdict, dataclass

from django.core.signing import BadSignature, Signer

from consent.choice.visit import Visit

# Eleven such texts, in any script, fit into the 4096 bytes that a browser keeps (RFC 6265, 6.1).
MAX_CHARACTERS = 110
_CLICK_IDS = ("gclid", "gbraid", "wbraid", "msclkid")
_CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_PAID_MEDIA = ("cpc", "ppc", "paid")

_signer = Signer(salt="trial.sign_up.attribution")


@dataclass(frozen=True)
class Attribution:
    """One paid visit. Each text is cut at MAX_CHARACTERS."""

    referrer: str
    landing: str
    parameters: dict[str, str]


def of_visit(visit: Visit) -> Attribution | None:
    """The attribution of a visit that came from a paid ad, or None for any other."""
    try:
        given = visit.parameters
    except ValueError:  # more parameters than anybody means
        return None
    medium = given.get("utm_medium", "").lower()
    if not medium.startswith(_PAID_MEDIA) and not any(given.get(name) for name in _CLICK_IDS):
        return None
    return Attribution(
        referrer=visit.referrer_origin[:MAX_CHARACTERS],
        landing=visit.path[:MAX_CHARACTERS],
        parameters={
            name: given[name][:MAX_CHARACTERS]
            for name in (*_CLICK_IDS, *_CAMPAIGN)
            if given.get(name)
        },
    )


def sign(attribution: Attribution) -> str:
    """The value of the cookie."""
    return _signer.sign_object(asdict(attribution), compress=True)


def read(value: str) -> Attribution | None:
    """The attribution in a cookie; None for anything that this server did not write."""
    try:
        return Attribution(**_signer.unsign_object(value))
    except (BadSignature, ValueError, TypeError):
        return None
