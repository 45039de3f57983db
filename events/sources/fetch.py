"""Fetching a calendar: each hop resolved once, checked and connected to by number, within limits of time and size."""

from __future__ import annotations

import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import certifi
from urllib3 import HTTPResponse, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError
from urllib3.util.ssl_ import create_urllib3_context
from urllib3.util.ssl_match_hostname import CertificateError

from events.sources.addresses import Resolver, Target, checked_addresses, resolve, target_of
from events.sources.faults import Fault, SourceError

MOST_REDIRECTS = 3
REDIRECTS = {301, 302, 303, 307, 308}
CHUNK = 1 << 16
STATUSES = {401: Fault.REFUSED, 403: Fault.REFUSED, 404: Fault.NOT_FOUND, 410: Fault.NOT_FOUND}
BEGIN = b"BEGIN:VCALENDAR"
AGENT = "Chitalnya (reads calendars for a library)"


@dataclass(frozen=True)
class Limits:
    """How long and how much a calendar may take; `loopback_port` is what only tests open."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0
    size: int = 5 * 1024 * 1024
    loopback_port: int | None = None


@dataclass(frozen=True)
class Known:
    """What is remembered of the last answer, so that an unchanged calendar costs nothing."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The question for something newer."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class Answer:
    """A calendar as text, None where it is the one that is known."""

    text: str | None
    known: Known = field(default_factory=Known)


def fetch(
    address: str,
    known: Known | None = None,
    *,
    limits: Limits | None = None,
    own_hosts: Collection[str] = (),
    resolver: Resolver = resolve,
    authorities: str = "",
) -> Answer:
    """Return the calendar at an address; raise SourceError in every other case.

    `authorities` is a file of certificates to trust instead of the usual ones.
    """
    limits, known = limits or Limits(), known or Known()
    deadline = time.monotonic() + limits.total
    asked = _Asked(known, limits, deadline, authorities or certifi.where())
    for _hop in range(MOST_REDIRECTS + 1):
        target = target_of(address, loopback_port=limits.loopback_port, own_hosts=own_hosts)
        numbers = checked_addresses(target, resolver, loopback_port=limits.loopback_port)
        connection, response = _ask(asked, target, numbers)
        try:
            if response.status in REDIRECTS and response.headers.get("Location"):
                address = urljoin(target.address, response.headers["Location"])
                continue
            return _answer(response, known, limits, deadline)
        finally:
            response.close()
            connection.close()
    raise SourceError(Fault.REDIRECTS)


@dataclass(frozen=True)
class _Asked:
    """What holds on every hop."""

    known: Known
    limits: Limits
    deadline: float
    authorities: str


def _ask(asked: _Asked, target: Target, numbers: list[str]) -> tuple[HTTPConnection, HTTPResponse]:
    """Connect to the first of the addresses that answers and send the question."""
    headers = {
        "Host": target.authority,
        "User-Agent": AGENT,
        "Accept": "text/calendar, */*;q=0.1",
        "Accept-Encoding": "gzip",
        **asked.known.headers,
    }
    for number in numbers[:-1]:
        try:
            return _ask_at(number, asked, target, headers)
        except SourceError as error:
            if error.fault not in (Fault.CONNECTION, Fault.TIMEOUT):
                raise
    return _ask_at(numbers[-1], asked, target, headers)


def _ask_at(
    number: str, asked: _Asked, target: Target, headers: Mapping[str, str]
) -> tuple[HTTPConnection, HTTPResponse]:
    left, limits = asked.deadline - time.monotonic(), asked.limits
    if left <= 0:
        raise SourceError(Fault.TIMEOUT)
    timeout = Timeout(connect=min(limits.connect, left), read=min(limits.read, left))
    connection = _connection(number, target, timeout, asked.authorities)
    try:
        connection.connect()
        if connection.sock:
            connection.sock.settimeout(timeout.read_timeout)
        connection.request("GET", target.path, headers=headers, preload_content=False, decode_content=True)
        return connection, connection.getresponse()
    except Exception as error:
        connection.close()
        raise _translated(error) from error


def _connection(number: str, target: Target, timeout: Timeout, authorities: str) -> HTTPConnection:
    connect = timeout.connect_timeout
    if target.scheme == "http":
        return HTTPConnection(number, target.port, timeout=connect)
    host = target.host.strip("[]")
    return HTTPSConnection(
        number,
        target.port,
        timeout=connect,
        server_hostname=host,
        assert_hostname=host,
        cert_reqs="CERT_REQUIRED",
        ssl_context=create_urllib3_context(),
        ca_certs=authorities,
    )


def _translated(error: Exception) -> SourceError:
    """Return an error of the network as one of ours."""
    if isinstance(error, SourceError):
        return error
    if isinstance(error, NewConnectionError):
        # A kind of timeout to urllib3, though nobody waited.
        return SourceError(Fault.CONNECTION)
    if isinstance(error, ConnectTimeoutError | ReadTimeoutError | TimeoutError):
        return SourceError(Fault.TIMEOUT)
    if isinstance(error, ssl.SSLCertVerificationError | CertificateError):
        return SourceError(Fault.CERTIFICATE)
    if isinstance(error, HTTPError | OSError | ValueError) or type(error).__module__.startswith("http."):
        return SourceError(Fault.CONNECTION, type(error).__name__)
    return SourceError(Fault.INTERNAL, type(error).__name__)


def _answer(response: HTTPResponse, known: Known, limits: Limits, deadline: float) -> Answer:
    if response.status == 304 and known.headers:
        return Answer(None, known)
    if response.status != 200:
        fault = STATUSES.get(response.status) or (Fault.SERVER if response.status >= 500 else Fault.STATUS)
        raise SourceError(fault, str(response.status))
    body = _body(response, limits, deadline)
    text = _text(body, response.headers.get("Content-Type", ""))
    headers = response.headers
    return Answer(text, Known(headers.get("ETag", "")[:200], headers.get("Last-Modified", "")[:100]))


def _body(response: HTTPResponse, limits: Limits, deadline: float) -> bytes:
    """Read the body, unpacked, as far as the limits let it."""
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > limits.size:
        raise SourceError(Fault.TOO_LARGE)
    parts, size = [], 0
    try:
        # One read of the network at a time: a whole chunk would wait for a slow one without looking at the clock.
        while part := response.read1(CHUNK, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > limits.size:
                raise SourceError(Fault.TOO_LARGE)
            if time.monotonic() > deadline:
                raise SourceError(Fault.TIMEOUT)
    except Exception as error:
        raise _translated(error) from error
    return b"".join(parts)


def _text(body: bytes, content_type: str) -> str:
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[: len(BEGIN)].upper() != BEGIN:
        raise SourceError(Fault.NOT_CALENDAR)
    try:
        return start.decode()
    except UnicodeDecodeError:
        pass
    charset = content_type.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    try:
        return start.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError, ValueError):
        raise SourceError(Fault.ENCODING, charset[:40]) from None
