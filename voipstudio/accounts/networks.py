"""The networks from which the admin can be reached: the setting ADMIN_NETWORKS."""

import ipaddress

from django.conf import settings

from privacy.client_address import Address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def network_of(value: str) -> Network | None:
    """The network in CIDR notation (RFC 4632), such as 203.0.113.0/24. None for anything else."""
    try:
        return ipaddress.ip_network(value)
    except ValueError:
        return None


def may_reach_admin(address: Address | None) -> bool:
    """Whether the admin answers a client with this address.

    With networks set, an address that cannot be read is refused, and a malformed network holds
    no address: `check` names it.
    """
    if not settings.ADMIN_NETWORKS:
        return True
    networks = [network_of(value) for value in settings.ADMIN_NETWORKS]
    return address is not None and any(network and address in network for network in networks)
