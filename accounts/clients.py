"""Where a request came from, as far as that can be believed (B6)."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"  # a socket without an address; all of them share one bucket
IPV6_HOUSEHOLD = 64  # bits; a household gets this much, so one address of it is no person


def client_address(request: HttpRequest) -> str:
    """The client's network address: the one that the outermost trusted proxy saw, else the peer's.

    Whatever a client writes into X-Forwarded-For stands left of what our own proxies add, and is not looked at.
    """
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    trusted: int = settings.TRUSTED_PROXIES
    seen = told[-trusted] if 0 < trusted <= len(told) else ""
    return _household(seen) or _household(request.META.get("REMOTE_ADDR", "")) or UNKNOWN


def _household(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{address}/{IPV6_HOUSEHOLD}", strict=False).network_address)
    return str(address)
