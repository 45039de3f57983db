"""Finished pages in memory: what one process keeps of them, and within which bounds."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from django.utils.http import parse_http_date_safe

# What an entry costs beside its bytes: the key, two sets of headers, the objects themselves.
OVERHEAD_BYTES = 3_000
GZIP_LEVEL = 6
GZIP_FROM_BYTES = 400
COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/xml",
    "application/atom+xml",
    "image/svg",
)

Headers = dict[str, tuple[str, str]]
"""Lower-case name → (name, value): the form in which Django keeps them, so that a hit copies and converts nothing."""


@dataclass(frozen=True, slots=True)
class Representation:
    """One encoding of a page."""

    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page that was rendered once, ready to be sent: plain and compressed, or "not modified"."""

    generation: Hashable | None
    valid_until: float
    plain: Representation
    packed: Representation | None
    not_modified: Headers
    etag: str
    last_modified: int | None
    turn: threading.Lock = field(default_factory=threading.Lock)

    def is_fresh(self, generation: Hashable | None, now: float) -> bool:
        """Return whether the page is still what rendering it would give; `now` in seconds since the epoch."""
        return generation is not None and generation == self.generation and now < self.valid_until

    def is_known(self, none_match: str | None, modified_since: str | None) -> bool:
        """Return whether a reader who sent these two headers already has the page (RFC 9110, 13.1)."""
        if none_match is not None:
            return none_match == self.etag or _matches(none_match, self.etag)
        if modified_since is None or self.last_modified is None:
            return False
        since = parse_http_date_safe(modified_since)
        return since is not None and since >= self.last_modified

    @property
    def size(self) -> int:
        """What the page costs in bytes."""
        return OVERHEAD_BYTES + len(self.plain.body) + (len(self.packed.body) if self.packed else 0)


def _matches(none_match: str, etag: str) -> bool:
    candidates = {candidate.strip().removeprefix("W/") for candidate in none_match.split(",")}
    return "*" in candidates or etag.removeprefix("W/") in candidates


def stored_page(
    body: bytes, headers: Mapping[str, str], *, generation: Hashable | None, valid_until: float
) -> StoredPage:
    """Make a page ready to be sent: compressed once, with an ETag.

    The ETag is weak, since the same one stands for the plain and the compressed form (RFC 9110, 8.8.1).
    """
    ready = {name.lower(): (name, value) for name, value in headers.items()}
    etag = ready.get("etag", ("", ""))[1] or f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    etag = etag if etag.startswith("W/") else f"W/{etag}"
    ready["etag"] = ("ETag", etag)
    return StoredPage(
        generation=generation,
        valid_until=valid_until,
        plain=_representation(ready, body),
        packed=_packed(ready, body),
        not_modified={name: ready[name] for name in _KEPT_IF_NOT_MODIFIED if name in ready},
        etag=etag,
        last_modified=parse_http_date_safe(headers.get("Last-Modified", "")),
    )


_KEPT_IF_NOT_MODIFIED = ("cache-control", "content-location", "etag", "expires", "last-modified", "vary")


def _representation(ready: Headers, body: bytes, **more: tuple[str, str]) -> Representation:
    return Representation(ready | more | {"content-length": ("Content-Length", str(len(body)))}, body)


def _packed(ready: Headers, body: bytes) -> Representation | None:
    content_type = ready.get("content-type", ("", ""))[1]
    if len(body) < GZIP_FROM_BYTES or not content_type.startswith(COMPRESSIBLE):
        return None
    packed = gzip.compress(body, GZIP_LEVEL, mtime=0)
    if len(packed) >= len(body):
        return None
    encoding = {"content-encoding": ("Content-Encoding", "gzip")}
    return _representation(ready | encoding, packed)


class PageMemory:
    """The pages that one process keeps: the longest unused go when the bytes run out. Safe between threads."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._pages: OrderedDict[Hashable, StoredPage] = OrderedDict()
        self._size = 0
        self._guard = threading.Lock()

    @property
    def largest(self) -> int:
        """The most bytes that one page may have, so that none pushes out all others."""
        return self._budget // 16

    def get(self, key: Hashable) -> StoredPage | None:
        """Return the page kept under the key, fresh or not."""
        with self._guard:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: StoredPage) -> None:
        """Keep a page instead of what was kept under its key."""
        with self._guard:
            self._remove(key)
            self._pages[key] = page
            self._size += page.size
            while self._size > self._budget:
                self._remove(next(iter(self._pages)))

    def discard(self, key: Hashable, page: StoredPage) -> None:
        """Drop a page unless another one has taken its place."""
        with self._guard:
            if self._pages.get(key) is page:
                self._remove(key)

    def _remove(self, key: Hashable) -> None:
        old = self._pages.pop(key, None)
        if old is not None:
            self._size -= old.size
