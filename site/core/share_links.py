"""Links with which a reader passes a page on: plain addresses of each service, nothing is asked of them before a click.

Pure calculation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from core.enums import ShareService

ADDRESSES = {
    ShareService.VIBER: "viber://forward?text={both}",
    ShareService.TELEGRAM: "https://t.me/share/url?url={address}&text={title}",
    ShareService.WHATSAPP: "https://wa.me/?text={both}",
    ShareService.FACEBOOK: "https://www.facebook.com/sharer/sharer.php?u={address}",
    ShareService.VK: "https://vk.com/share.php?url={address}&title={title}",
}
EVERYWHERE = [ShareService.VIBER, ShareService.TELEGRAM, ShareService.WHATSAPP, ShareService.FACEBOOK]
# Where VK is in common use, and in Russia Facebook is not allowed; in Ukraine VK is not.
OF_COUNTRIES = {
    "BY": [*EVERYWHERE, ShareService.VK],
    "KG": [*EVERYWHERE, ShareService.VK],
    "KZ": [*EVERYWHERE, ShareService.VK],
    "RU": [ShareService.VIBER, ShareService.TELEGRAM, ShareService.WHATSAPP, ShareService.VK],
}


@dataclass(frozen=True)
class ShareLink:
    """A service and the address at which it takes the page."""

    name: str
    address: str


def usual_services(country: str = "") -> list[str]:
    """Return the services that a network in a country (two letters) begins with."""
    return [str(service) for service in OF_COUNTRIES.get(country.upper(), EVERYWHERE)]


def share_links(services: Iterable[str], *, address: str, title: str) -> list[ShareLink]:
    """Return the links to the services, in their usual order; what is no service any more is left out."""
    wanted = set(services)
    values = {"address": quote(address, safe=""), "title": quote(title, safe="")}
    values["both"] = quote(f"{title}\n{address}", safe="")
    return [
        ShareLink(service.label, pattern.format(**values))
        for service, pattern in ADDRESSES.items()
        if service.value in wanted
    ]
