"""What can be wrong with somebody else's calendar; nothing here knows Django, for the process that reads it."""

from enum import StrEnum


class Fault(StrEnum):
    """Why a calendar could not be read; `events.sources.words` says it to people."""

    ADDRESS = "address"
    OWN_SITE = "own_site"
    NAME = "name"
    PRIVATE = "private"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    REDIRECTS = "redirects"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    SERVER = "server"
    STATUS = "status"
    TOO_LARGE = "too_large"
    NOT_CALENDAR = "not_calendar"
    ENCODING = "encoding"
    TOO_COMPLICATED = "too_complicated"
    INTERNAL = "internal"


class SourceError(Exception):
    """A calendar that can't be read; `detail` is a short technical word such as a status, for whoever mends it."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail[:200]
