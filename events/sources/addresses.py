"""Which addresses may be asked for a calendar: those of the public internet, and nothing behind our own wall."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from events.sources.faults import Fault, SourceError

Resolver = Callable[[str, int], list[str]]
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
PORTS = {"http": 80, "https": 443}
SCHEMES = {"http": "http", "https": "https", "webcal": "https", "webcals": "https"}
LONGEST = 500
# Public by their number, but answered by the provider of the machine, or a way around the wall.
CLOSED = [
    ipaddress.ip_network(text)
    for text in (
        "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24",
        "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16",
    )
]  # fmt: skip


@dataclass(frozen=True)
class Target:
    """Whom to ask for what: `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def address(self) -> str:
        """The whole address, against which those it leads to are read."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def authority(self) -> str:
        """Host and port as they stand in addresses and in the header Host."""
        return self.host if self.port == PORTS[self.scheme] else f"{self.host}:{self.port}"


def target_of(address: str, *, loopback_port: int | None = None, own_hosts: Collection[str] = ()) -> Target:
    """Return whom an address asks; raise SourceError for one that is none, or that leads to this very site.

    `loopback_port` is a further port that tests may use.
    """
    if len(address) > LONGEST or any(character.isspace() or not character.isprintable() for character in address):
        raise SourceError(Fault.ADDRESS)
    try:
        parts = parse_url(address)
    except LocationParseError:
        raise SourceError(Fault.ADDRESS) from None
    scheme = SCHEMES.get(parts.scheme or "")
    host = (parts.host or "").rstrip(".")
    if scheme is None or not host or parts.auth is not None:
        raise SourceError(Fault.ADDRESS)
    if host.lower() in own_hosts:
        raise SourceError(Fault.OWN_SITE, host)
    port = parts.port or PORTS[scheme]
    if port not in PORTS.values() and port != loopback_port:
        raise SourceError(Fault.ADDRESS, str(port))
    return Target(scheme, host, port, parts.request_uri)


def is_public(address: str) -> bool:
    """Return whether a numeric address belongs to the public internet, and to nobody's inner network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return _is_public(found)


def _is_public(found: IPAddress) -> bool:
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return _is_public(found.ipv4_mapped)
        if found.is_site_local or found.scope_id:
            return False
    closed = any(found in network for network in CLOSED if network.version == found.version)
    return found.is_global and not (closed or found.is_multicast or found.is_reserved or found.is_unspecified)


def resolve(host: str, port: int) -> list[str]:
    """Return the numeric addresses of a host, as the machine knows them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceError(Fault.NAME, host) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(target: Target, resolver: Resolver, *, loopback_port: int | None = None) -> list[str]:
    """Resolve the host once and return the addresses that may be connected to; raise SourceError if there is none."""
    found = resolver(target.host.strip("[]"), target.port)
    allowed = [one for one in found if is_public(one) or (target.port == loopback_port and one == "127.0.0.1")]
    if not allowed:
        raise SourceError(Fault.PRIVATE if found else Fault.NAME, target.host)
    return allowed
