"""The cookie L7_geoip: the country of a visitor, for prices in its currency."""

import re

from django.http import HttpRequest
from iptocc import country_code

from consent.choice.visit import Visit
from consent.gate.first_party import FirstPartyCookie, register
from privacy.client_address import client_address

COUNTRY_COOKIE = "L7_geoip"
_CODE = re.compile(r"[A-Z]{2}")


def read_country(value: str | None) -> str | None:
    """The ISO 3166-1 code in the cookie; None if it holds anything else."""
    return value if value and _CODE.fullmatch(value) else None


def _country(request: HttpRequest, visit: Visit) -> str | None:
    """The country of the client address, from a table on this server; None sets no cookie."""
    if not _may_be_due(request):
        return None
    address = client_address(request)
    return read_country(country_code(str(address))) if address else None


def _may_be_due(request: HttpRequest) -> bool:
    # Looked up once: a new cookie on every visit would extend its declared life.
    return not read_country(request.COOKIES.get(COUNTRY_COOKIE))


register(
    FirstPartyCookie(
        name=COUNTRY_COOKIE, group="preferences", value=_country, may_be_due=_may_be_due
    )
)
