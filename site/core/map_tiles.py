"""The address of a map's tiles as a network enters it: what is wrong with one, and which server it asks."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import urlsplit

NEEDED = ("{z}", "{x}", "{y}")
# A program that draws maps also knows this one: "@2x" on fine screens.
KNOWN = frozenset({*NEEDED, "{r}"})
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE)
REST = re.compile(r"[A-Za-z0-9/?&=%+.,:@~_{}-]*")
OWN_MACHINE = frozenset({"localhost", "127.0.0.1"})


class TileProblem(StrEnum):
    """Why an address can't be that of tiles."""

    ADDRESS = "address"
    INSECURE = "insecure"
    HOST = "host"
    CHARACTERS = "characters"
    MISSING = "missing"
    UNKNOWN = "unknown"


def problem_of(template: str) -> tuple[TileProblem, str] | None:
    """Return what is wrong with an address of tiles and which part of it, None for a good one."""
    if problem := _problem_of_server(template):
        return problem
    path = _rest(template)
    if not REST.fullmatch(path):
        return TileProblem.CHARACTERS, ""
    found = PLACEHOLDER.findall(path)
    for placeholder in NEEDED:
        if placeholder not in found:
            return TileProblem.MISSING, placeholder
    unknown = next((each for each in found if each not in KNOWN), "")
    return (TileProblem.UNKNOWN, unknown) if unknown else None


def _problem_of_server(template: str) -> tuple[TileProblem, str] | None:
    try:
        parts = urlsplit(template)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return TileProblem.ADDRESS, ""
    if parts.scheme not in {"http", "https"} or not host:
        return TileProblem.ADDRESS, ""
    if placeholder := PLACEHOLDER.search(parts.netloc):
        return TileProblem.HOST, placeholder[0]
    if "@" in parts.netloc or not HOST.fullmatch(host):
        return TileProblem.ADDRESS, ""
    if parts.scheme == "http" and host not in OWN_MACHINE:
        return TileProblem.INSECURE, ""
    return None


def _rest(template: str) -> str:
    return template.partition("://")[2].partition("/")[2]


def origin_of(template: str) -> str:
    """Return scheme, host and port of a good address, as a content security policy names them."""
    parts = urlsplit(template)
    return f"{parts.scheme}://{parts.netloc}".lower()


def host_of(template: str) -> str:
    """Return the name of the server, for people."""
    return urlsplit(template).hostname or ""
