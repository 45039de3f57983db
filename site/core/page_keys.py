"""What a kept page depends on, and which requests the page cache must leave alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils.translation import get_language_from_request

FEEDS = (".atom", ".ics")
API = "/api/"
MESSAGES_COOKIE = "messages"
LONGEST_QUERY = 1_000
MOST_KNOWN_HOSTS = 1_000

Cookies = tuple[tuple[str, str], ...]


class PageKey(NamedTuple):
    """All that a kept page may depend on."""

    host: str
    scheme: str
    path: str
    query: str
    cookies: Cookies
    language: str

    def reduce(self, request: HttpRequest) -> None:
        """Take out of the request what is not part of the key, so that no view can show it to others."""
        request.META["QUERY_STRING"] = self.query
        if self.language:
            request.META["HTTP_ACCEPT_LANGUAGE"] = self.language
        if request.META.pop("HTTP_COOKIE", ""):
            request.COOKIES = dict(self.cookies)
        if self.cookies:
            request.META["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self.cookies)


@dataclass(frozen=True)
class Policy:
    """The settings that the cache follows."""

    seconds: int
    params: frozenset[str]
    ignored_params: frozenset[str]
    cookies: Mapping[str, frozenset[str]]
    bypassing_cookies: frozenset[str]
    languages: frozenset[str]
    proxy_seconds: int
    shows_outcome: bool
    _known_hosts: set[str] = field(default_factory=set)

    @classmethod
    def from_settings(cls) -> "Policy":
        """Read the settings."""
        return cls(
            seconds=settings.PAGE_CACHE_SECONDS,
            params=frozenset(settings.PAGE_CACHE_PARAMS),
            ignored_params=frozenset(settings.PAGE_CACHE_IGNORED_PARAMS),
            cookies={name: frozenset(values) for name, values in settings.PAGE_CACHE_COOKIES.items()},
            bypassing_cookies=frozenset({settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, MESSAGES_COOKIE}),
            languages=frozenset(settings.SITE_LANGUAGES),
            proxy_seconds=settings.PAGE_CACHE_PROXY_SECONDS,
            shows_outcome=settings.DEBUG or settings.PAGE_CACHE_DEBUG_HEADER,
        )

    def key_of(self, request: HttpRequest) -> PageKey | None:
        """Return the key of a request, None for one that the cache must leave alone."""
        meta = request.META
        if request.method not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in meta or hasattr(request, "is_dummy"):
            return None
        host = self._host(request)
        query = self._query(meta.get("QUERY_STRING", ""))
        cookies = self._cookies(request.COOKIES) if "HTTP_COOKIE" in meta else ()
        if host is None or query is None or cookies is None:
            return None
        speaks = is_feed(request) or request.path_info[1:].partition("/")[0] in self.languages
        language = "" if speaks else _chosen_language(request, cookies)
        return PageKey(host, request.scheme or "", request.path, query, cookies, language)

    def _host(self, request: HttpRequest) -> str | None:
        """Return the validated host; None for a wrong one and for one in a spelling that pages should not repeat."""
        sent = request.META.get("HTTP_HOST", "")
        if sent in self._known_hosts and not settings.USE_X_FORWARDED_HOST:
            return sent
        try:
            host = request.get_host()
        except DisallowedHost:
            return None
        if host != host.lower() or host.split(":")[0].endswith("."):
            return None
        if host == sent and len(self._known_hosts) < MOST_KNOWN_HOSTS:
            self._known_hosts.add(host)
        return host

    def _query(self, raw: str) -> str | None:
        """Return a query as known parameters in a fixed order, without tracking ones; None if it must bypass."""
        if not raw:
            return ""
        if len(raw) > LONGEST_QUERY or not raw.isascii():
            return None
        try:
            pairs = parse_qsl(raw, keep_blank_values=True, errors="strict")
        except ValueError:
            return None
        kept = [pair for pair in pairs if pair[0] not in self.ignored_params]
        if any(name not in self.params for name, _value in kept):
            return None
        return urlencode(sorted(kept, key=lambda pair: pair[0]))

    def _cookies(self, cookies: Mapping[str, str]) -> Cookies | None:
        """Return the cookies that choose a display; None if one of them, or a personal one, must bypass."""
        if not self.bypassing_cookies.isdisjoint(cookies):
            return None
        kept = [(name, cookies[name]) for name in self.cookies if name in cookies]
        if any(value not in self.cookies[name] for name, value in kept):
            return None
        return tuple(sorted(kept))


def is_feed(request: HttpRequest) -> bool:
    """Return whether a request is for a feed or for the JSON API, which say the same to everybody."""
    return request.path_info.endswith(FEEDS) or request.path_info.startswith(API)


def _chosen_language(request: HttpRequest, cookies: Cookies) -> str:
    """Return the language that Django would choose, from what the key leaves of the cookies."""
    request.COOKIES = dict(cookies)
    return get_language_from_request(request)
