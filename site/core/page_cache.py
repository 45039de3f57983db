"""The page cache: finished pages for anonymous readers, answered before any middleware that costs time runs.

What it promises, and by which means:

- Nobody sees what is no longer true: each hit compares the generation (`core.generations`, raised by everything that
  changes what is public) and the moment until which the page holds by itself (`limit`).
- Nobody sees what is meant for somebody else: a session, CSRF or message cookie or an Authorization header bypasses the
  cache; a page that sets a cookie, is private, is a preview or varies by something outside of the key is never kept.
- Nobody can put words into a page for others: a page that may be kept is rendered from its key alone. Cookies that are
  not part of the key and tracking parameters are taken out of the request before the view sees it; a parameter or a
  cookie value that nobody announced bypasses the cache. The address says the language; where it does not, the one that
  the browser asks for is part of the key.
- Browsers and proxies may keep a copy but must ask each time (`max-age=0, must-revalidate`; the answer mostly is 304).
  Only where `PAGE_CACHE_PROXY_SECONDS` says that a proxy in front is purged or may lag may it answer by itself.
"""

import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, ResponseHeaders
from django.utils.cache import get_conditional_response, patch_vary_headers

from core import generations
from core.generations import bump
from core.page_keys import PageKey, Policy, is_feed
from core.page_memory import Headers, PageMemory, StoredPage, stored_page

__all__ = ["PageCacheMiddleware", "bump", "forbid", "limit", "offer_packed"]

# How long a reader waits for another one who is already rendering the same page anew, before rendering it as well.
TURN_SECONDS = 2.0
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
REVALIDATE = "public, max-age=0, must-revalidate"

_LIMIT = "_page_cache_limit"
_FORBIDDEN = "_page_cache_forbidden"
_PACKED = "_page_cache_packed"


def limit(request: HttpRequest, moment: datetime | None) -> None:
    """Say that something on the page changes by itself at an aware moment; the earliest one counts, None says never."""
    if moment is None:
        return
    if moment.tzinfo is None:
        raise ValueError("The moment at which a page changes needs a time zone.")
    earliest = getattr(request, _LIMIT, None)
    if earliest is None or moment < earliest:
        setattr(request, _LIMIT, moment)


def forbid(request: HttpRequest) -> None:
    """Say that the page being rendered must not be kept, where the response can't say so itself."""
    setattr(request, _FORBIDDEN, True)


def offer_packed(response: HttpResponse, pack: Callable[[], bytes]) -> None:
    """Give an answer's bytes as gzip, for when it is not kept and so not packed here; asked for only if wanted."""
    setattr(response, _PACKED, pack)


class PageCacheMiddleware:
    """Answer GET and HEAD from memory where that is right; nothing that costs time comes before it."""

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponseBase],
        *,
        clock: Callable[[], float] = time.time,
        generation: generations.GenerationStore | None = None,
    ) -> None:
        if not settings.PAGE_CACHE:
            raise MiddlewareNotUsed("The page cache is switched off.")
        self.get_response = get_response
        self.policy = Policy.from_settings()
        self.memory = PageMemory(settings.PAGE_CACHE_BYTES)
        self.clock = clock
        self.generation = generation or generations.store()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = self.policy.key_of(request)
        if key is None:
            return self._marked(_packed(request, self.get_response(request)), "bypass")
        page = self.memory.get(key)
        if page is None:
            return self._rendered(request, key)
        if page.is_fresh(self.generation.recent(), self.clock()):
            return self._answer(request, page, "hit")
        return self._renewed(request, key, page)

    # --- Rendering ------------------------------------------------------------------------------------------------

    def _renewed(self, request: HttpRequest, key: PageKey, stale: StoredPage) -> HttpResponseBase:
        """Render a page whose time is over, once for all who ask for it at the same time."""
        if not stale.turn.acquire(timeout=TURN_SECONDS):
            return self._rendered(request, key)
        try:
            page = self.memory.get(key)
            if page is not None and page.is_fresh(self.generation.recent(), self.clock()):
                return self._answer(request, page, "hit")
            return self._rendered(request, key)
        finally:
            # Without a new page in its place the old one would make the next readers queue for nothing.
            self.memory.discard(key, stale)
            stale.turn.release()

    def _rendered(self, request: HttpRequest, key: PageKey) -> HttpResponseBase:
        """Render the page from its key alone, and keep it if nothing that is public changed meanwhile."""
        generation, started = self.generation.current(), self.clock()
        key.reduce(request)
        # Asked for the whole page, a view can't answer 304, which nobody could keep.
        asked = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
        response = self.get_response(request)
        request.META.update(asked)
        if not isinstance(response, HttpResponse) or not self._may_be_kept(request, key, response):
            return self._marked(_packed(request, _unless_known(request, response)), "bypass")
        page = self._page(request, response, generation, started)
        if page.is_fresh(self.generation.current(), self.clock()):
            self.memory.put(key, page)
        return self._answer(request, page, "miss")

    def _page(self, request: HttpRequest, response: HttpResponse, generation: object, started: float) -> StoredPage:
        patch_vary_headers(response, ["Accept-Encoding"] if is_feed(request) else ["Accept-Encoding", "Cookie"])
        response.headers.setdefault("Cache-Control", REVALIDATE)
        valid_until = started + self.policy.seconds
        changes_at: datetime | None = getattr(request, _LIMIT, None)
        if changes_at is not None:
            valid_until = min(valid_until, changes_at.timestamp())
        return stored_page(response.content, response.headers, generation=generation, valid_until=valid_until)

    def _may_be_kept(self, request: HttpRequest, key: PageKey, response: HttpResponse) -> bool:
        return (
            request.method == "GET"
            and response.status_code == 200
            and not response.cookies
            and not getattr(request, "is_preview", False)
            and not getattr(request, _FORBIDDEN, False)
            and _is_public(response)
            and _varies_within(key, response)
            and len(response.content) <= self.memory.largest
        )

    # --- Answering ------------------------------------------------------------------------------------------------

    def _answer(self, request: HttpRequest, page: StoredPage, outcome: str) -> HttpResponse:
        meta = request.META
        if page.is_known(meta.get("HTTP_IF_NONE_MATCH"), meta.get("HTTP_IF_MODIFIED_SINCE")):
            return self._response(304, page.not_modified, b"", page, outcome)
        sent = page.plain
        if page.packed is not None and _accepts_gzip(meta.get("HTTP_ACCEPT_ENCODING", "")):
            sent = page.packed
        return self._response(200, sent.headers, b"" if request.method == "HEAD" else sent.body, page, outcome)

    def _response(self, status: int, headers: Headers, body: bytes, page: StoredPage, outcome: str) -> HttpResponse:
        response = HttpResponse(body, status=status, content_type="text/html")
        response.headers = _ReadyHeaders(headers)
        if self.policy.proxy_seconds and response.headers["Cache-Control"] == REVALIDATE:
            seconds = max(0, min(self.policy.proxy_seconds, int(page.valid_until - self.clock())))
            response.headers["Cache-Control"] = f"{REVALIDATE}, s-maxage={seconds}"
        self._marked(response, outcome)
        return response

    def _marked(self, response: HttpResponseBase, outcome: str) -> HttpResponseBase:
        if self.policy.shows_outcome:
            response.headers["X-Cache"] = outcome
        return response


class _ReadyHeaders(ResponseHeaders):
    """Headers that were converted and checked when the page was kept: a hit only copies them."""

    def __init__(self, ready: Headers) -> None:
        self._store = dict(ready)


def _packed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return what is too large or too particular to be kept as gzip, where the view has that ready and it is wanted."""
    pack = getattr(response, _PACKED, None)
    if pack is None or response.status_code != 200 or not isinstance(response, HttpResponse):
        return response
    if _accepts_gzip(request.META.get("HTTP_ACCEPT_ENCODING", "")):
        packed = pack()
        response.content = b"" if request.method == "HEAD" else packed
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(packed))
        # Other bytes of the same meaning.
        response.headers["ETag"] = f"W/{response.headers['ETag'].removeprefix('W/')}"
    return response


def _unless_known(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return a 304 instead of what the reader already has."""
    etag = response.headers.get("ETag")
    if etag is None or response.status_code != 200:
        return response
    return get_conditional_response(request, etag=etag, response=response) or response


def _is_public(response: HttpResponse) -> bool:
    headers = response.headers
    control = headers.get("Cache-Control", "").lower()
    return (
        "Set-Cookie" not in headers
        and "Content-Encoding" not in headers
        and not any(word in control for word in ("private", "no-store", "no-cache"))
        # A nonce is good for one answer only.
        and "'nonce-" not in headers.get("Content-Security-Policy", "")
    )


def _varies_within(key: PageKey, response: HttpResponse) -> bool:
    """Return whether the response varies by nothing but its key."""
    allowed = {"", "accept-encoding", "cookie"} | ({"accept-language"} if key.language else set())
    return {name.strip().lower() for name in response.headers.get("Vary", "").split(",")} <= allowed


def _accepts_gzip(accepted: str) -> bool:
    """Return whether an Accept-Encoding header allows gzip (RFC 9110, 12.5.3)."""
    if ";" not in accepted:
        return "gzip" in accepted
    for coding in accepted.split(","):
        name, _semicolon, weight = coding.replace(" ", "").partition(";")
        if name == "gzip":
            return weight.removeprefix("q=").rstrip("0") not in {"", "0."} if weight else True
    return False
