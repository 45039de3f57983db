"""The map that a reader may ask for: where its tiles come from, and the headers of the pages that offer it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.labels import label_in
from core.map_tiles import host_of, origin_of
from core.sites import network_for

POSITION_POLICY = "geolocation=(self)"


@dataclass(frozen=True)
class TileMap:
    """Where the tiles of a map come from, and whose they are."""

    tiles: str
    origin: str
    host: str
    credit: str
    credit_url: str


def map_for(request: HttpRequest) -> TileMap | None:
    """Return the map of the request's network, None where it has none."""
    network = network_for(request)
    if not network.map_tiles:
        return None
    return TileMap(
        tiles=network.map_tiles,
        origin=origin_of(network.map_tiles),
        host=host_of(network.map_tiles),
        credit=label_in(network.map_credit),
        credit_url=network.map_credit_url,
    )


def allow_map(response: HttpResponseBase) -> HttpResponseBase:
    """Let the page show pictures from the server of the tiles, if it offers a map."""
    shown = _context(response).get("map")
    if shown is not None:
        response._csp_update = {"img-src": [shown.origin]}  # type: ignore[attr-defined]
    return response


def allow_position(response: HttpResponseBase) -> HttpResponseBase:
    """Let the page ask the device where it is, if it knows where any branch is."""
    if _context(response).get("is_located"):
        response.headers["Permissions-Policy"] = POSITION_POLICY
    return response


def _context(response: HttpResponseBase) -> dict:
    return getattr(response, "context_data", None) or {}
