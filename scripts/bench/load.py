"""A client that costs less than the servers it asks: plain sockets that are kept open, one thread."""

import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

TIMEOUT = 60
END_OF_HEAD = b"\r\n\r\n"
# The page cache steps aside for whoever says who they are; nothing else looks at this header.
PAST_THE_CACHE = {"Authorization": "Nobody"}


class WrongAnswerError(Exception):
    """A server answered with something else than what is to be measured."""


@dataclass(frozen=True)
class Answer:
    """A response; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Target:
    """An address to ask for, as a browser would, and the status that the answer must have."""

    port: int
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200

    @property
    def request(self) -> bytes:
        """The request as it goes over the wire."""
        headers = {"Host": f"127.0.0.1:{self.port}", "Accept": "text/html", "Accept-Encoding": "gzip"} | self.headers
        lines = [f"GET {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode()


def _length(head: bytes) -> int:
    """Return how many bytes of body follow a head; 304 and the like have none."""
    _before, found, after = head.lower().partition(b"\r\ncontent-length:")
    if not found:
        if b" 304" in head[:16] or b" 204" in head[:16]:
            return 0
        raise WrongAnswerError(f"An answer of unknown length: {head.decode(errors='replace')}")
    return int(after.partition(b"\r\n")[0])


class Connection:
    """An open connection that asks for one thing after the other."""

    def __init__(self, target: Target) -> None:
        self.target, self.request = target, target.request
        self.socket = socket.create_connection(("127.0.0.1", target.port), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.expected = f"HTTP/1.1 {target.status} ".encode()
        self.head, self.missing = b"", 0

    def ask(self) -> None:
        """Send the request."""
        self.socket.sendall(self.request)

    def receive(self) -> bool:
        """Take in what has come; return whether the answer is complete. The bytes are counted, not kept."""
        data = self.socket.recv(262_144)
        if not data:
            raise WrongAnswerError(f"The server closed the connection: {self.target.path}")
        if self.missing:
            self.missing -= len(data)
            return self.missing == 0
        self.head += data
        end = self.head.find(END_OF_HEAD)
        if end < 0:
            return False
        if not self.head.startswith(self.expected):
            raise WrongAnswerError(f"{self.target.path}: {self.head[:end].decode(errors='replace')}")
        self.missing = end + len(END_OF_HEAD) + _length(self.head[: end + 2]) - len(self.head)
        self.head = b""
        return self.missing == 0

    def seconds(self) -> float:
        """Return how long one answer takes."""
        started = time.perf_counter()
        self.ask()
        while not self.receive():
            pass
        return time.perf_counter() - started


def fetch(target: Target) -> Answer:
    """Return one whole answer, whatever its status."""
    with socket.create_connection(("127.0.0.1", target.port), timeout=TIMEOUT) as connection:
        connection.sendall(target.request)
        data = b""
        while END_OF_HEAD not in data:
            data += _some(connection, target)
        head, _end, body = data.partition(END_OF_HEAD)
        length = _length(head + b"\r\n")
        while len(body) < length:
            body += _some(connection, target)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    return Answer(int(first.split()[1]), headers, body)


def _some(connection: socket.socket, target: Target) -> bytes:
    data = connection.recv(262_144)
    if not data:
        raise WrongAnswerError(f"The server closed the connection: {target.path}")
    return data


@contextmanager
def connections(target: Target, count: int) -> Iterator[list[Connection]]:
    """Open some connections for a while."""
    opened = [Connection(target) for _number in range(count)]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.socket.close()


def rate(target: Target, *, seconds: float, count: int = 16) -> float:
    """Return how many answers a second a server gives while `count` connections never let it rest."""
    with connections(target, count) as opened, selectors.DefaultSelector() as selector:
        for connection in opened:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask()
        answered, started = 0, time.perf_counter()
        deadline = started + seconds
        while (now := time.perf_counter()) < deadline:
            for key, _events in selector.select(TIMEOUT):
                if key.data.receive():
                    answered += 1
                    key.data.ask()
        return answered / (now - started)
