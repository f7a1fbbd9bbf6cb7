"""The address of the client, behind any number of trusted proxies. It is never stored."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(request: HttpRequest) -> Address | None:
    """The address that the outermost trusted proxy saw; without proxies REMOTE_ADDR.

    None where it cannot be read: no X-Forwarded-For arrives, or fewer hops than TRUSTED_PROXIES.
    """
    # Each proxy appends the address that it saw. Addresses further left came with the request,
    # where a client can write anything: hence counted from the right.
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    candidates = [request.META.get("REMOTE_ADDR", "")]
    if settings.TRUSTED_PROXIES:
        candidates = hops[-settings.TRUSTED_PROXIES :]
        if len(candidates) < settings.TRUSTED_PROXIES:
            return None
    try:
        address = ipaddress.ip_address(_without_port(candidates[0]))
    except ValueError:
        return None
    # An IPv4 client of an IPv6 socket (RFC 4291, 2.5.5.2) counts as the IPv4 client that it is.
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _without_port(hop: str) -> str:
    """The address alone. Some proxies add the port: 203.0.113.9:49152, [2001:db8::1]:443."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    address, colon, port = hop.partition(":")
    return address if colon and port.isdecimal() else hop
