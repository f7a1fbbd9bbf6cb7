"""The address of the client, behind any number of trusted proxies. It is never stored."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

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
