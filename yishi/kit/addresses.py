"""Which addresses of the network we may call because somebody else named them. Pure."""

import ipaddress
from collections.abc import Sequence

_IP = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def may_call(address: str, *, allowed: Sequence[str] = ()) -> bool:
    """Whether an address that others named may be reached: a public one, or one in a network that the
    operator allows. Everything else is our own house: loopback, private, link-local, multicast, mapped or
    translated into one of these."""
    try:
        ip: _IP = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip in _NAT64:
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    ip = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    if any(ip in ipaddress.ip_network(network, strict=False) for network in allowed):
        return True
    is_inside = ip.is_multicast or ip.is_reserved or getattr(ip, "is_site_local", False)
    return ip.is_global and not is_inside
