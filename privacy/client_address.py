"""The address of the client, behind any number of trusted proxies. It is never stored."""

import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from privacy.models import end_of_window

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(request: HttpRequest) -> Address | None:
    """REMOTE_ADDR, or what the outermost of TRUSTED_PROXIES saw: counted from the right."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    candidates = [request.META.get("REMOTE_ADDR", "")]
    if settings.TRUSTED_PROXIES:
        candidates = hops[-settings.TRUSTED_PROXIES :]
        if len(candidates) < settings.TRUSTED_PROXIES:
            return None
    try:
        address = ipaddress.ip_address(candidates[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def network_key(request: HttpRequest, *, purpose: str, window: timedelta, at: datetime) -> str:
    """A keyed hash of the client's network (one IPv4 address, one IPv6 /64), for rate limits.

    The window goes in too, so that what a network did in one cannot be tied to another.
    """
    address = client_address(request)
    if address is None:
        network = "unknown"
    else:
        prefix = 32 if address.version == 4 else 64
        network = str(ipaddress.ip_network((address, prefix), strict=False))
    value = f"{end_of_window(at, window):%Y-%m-%dT%H:%M} {network}"
    return salted_hmac(f"network:{purpose}", value, algorithm="sha256").hexdigest()
