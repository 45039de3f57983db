"""What the page cache answers, what it keeps, and what it must never keep."""

import gzip
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound, StreamingHttpResponse
from django.test import RequestFactory

from core import page_cache
from core.page_cache import REVALIDATE, PageCacheMiddleware

NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
PAGE = "Читальня відкрита до 19:00. " * 40


class Counter:
    """A generation in memory."""

    def __init__(self) -> None:
        self.number: int | None = 1

    def current(self) -> int | None:
        return self.number

    recent = current

    def advance(self) -> None:
        self.number += 1


class Library:
    """A site of one view behind the cache; notes each rendering."""

    def __init__(self, view=None) -> None:
        self.now = NOW
        self.generation = Counter()
        self.rendered: list[HttpRequest] = []
        self.view = view or (lambda request: HttpResponse(PAGE))
        self.cache = PageCacheMiddleware(self.render, clock=self.clock, generation=self.generation)

    def clock(self) -> float:
        return self.now.timestamp()

    def render(self, request: HttpRequest) -> HttpResponse:
        self.rendered.append(request)
        return self.view(request)

    def get(self, address: str = "/en/events/", method: str = "get", cookies: str = "", **meta: str) -> HttpResponse:
        if cookies:
            meta["HTTP_COOKIE"] = cookies
        return self.cache(getattr(RequestFactory(), method)(address, **meta))

    def outcomes(self, *addresses: str, **meta: str) -> list[str]:
        return [self.get(address, **meta)["X-Cache"] for address in addresses]


def kept(library: Library, address: str) -> object:
    """Return what the cache has in memory, fresh or not."""
    return library.cache.memory.get(library.cache.policy.key_of(RequestFactory().get(address)))


@pytest.fixture(autouse=True)
def _settings(settings):
    settings.PAGE_CACHE = True
    settings.PAGE_CACHE_BYTES = 8_000_000
    settings.PAGE_CACHE_SECONDS = 3600
    settings.PAGE_CACHE_PARAMS = {"page", "branch"}
    settings.PAGE_CACHE_IGNORED_PARAMS = {"utm_source", "fbclid"}
    settings.PAGE_CACHE_COOKIES = {"display": {"contrast", "large"}}
    settings.PAGE_CACHE_DEBUG_HEADER = True
    settings.PAGE_CACHE_PROXY_SECONDS = 0
    settings.ALLOWED_HOSTS = ["testserver", "library.example"]


# --- The same page ----------------------------------------------------------------------------------------------------


def test_page_asked_for_twice_is_rendered_once():
    library = Library()
    first, second = library.get(), library.get()
    assert (first["X-Cache"], second["X-Cache"], len(library.rendered)) == ("miss", "hit", 1)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content == PAGE.encode()
    assert dict(first.items()) | {"X-Cache": "hit"} == dict(second.items())


def test_answer_says_how_it_may_be_kept():
    answer = Library().get()
    assert (answer["Cache-Control"], answer["Vary"]) == (REVALIDATE, "Accept-Encoding, Cookie")
    assert answer["Content-Length"] == str(len(PAGE.encode()))


def test_answer_keeps_the_view_headers():
    def view(request):
        return HttpResponse("BEGIN:VCALENDAR", content_type="text/calendar", headers={"Link": "<x>", "ETag": '"abc"'})

    library = Library(view)
    library.get()
    hit = library.get()
    assert (hit["Content-Type"], hit["Link"], hit["ETag"]) == ("text/calendar", "<x>", 'W/"abc"')


def test_answer_keeps_the_view_own_cache_control():
    library = Library(lambda request: HttpResponse(PAGE, headers={"Cache-Control": "public, max-age=600"}))
    library.get()
    assert (library.get()["Cache-Control"], library.get()["X-Cache"]) == ("public, max-age=600", "hit")


def test_proxy_may_answer_only_until_the_page_changes(settings):
    settings.PAGE_CACHE_PROXY_SECONDS = 600

    def view(request):
        page_cache.limit(request, NOW + timedelta(seconds=100))
        return HttpResponse(PAGE)

    library = Library(view)
    library.get()
    library.now = NOW + timedelta(seconds=40)
    assert library.get()["Cache-Control"] == f"{REVALIDATE}, s-maxage=60"


def test_reader_who_has_an_old_page_lets_the_new_one_be_kept():
    asked = []

    def view(request):
        asked.append(request.headers.get("If-None-Match"))
        return HttpResponse(PAGE, headers={"ETag": '"new"'})

    library = Library(view)
    answers = [library.get(HTTP_IF_NONE_MATCH='"old"'), library.get(HTTP_IF_NONE_MATCH='W/"new"')]
    assert [(answer.status_code, answer["X-Cache"]) for answer in answers] == [(200, "miss"), (304, "hit")]
    assert asked == [None]


def test_reader_who_has_a_page_that_is_not_kept_is_not_sent_it_again():
    library = Library(lambda request: HttpResponse(PAGE, headers={"ETag": '"new"', "Cache-Control": "private"}))
    answer = library.get(HTTP_IF_NONE_MATCH='"new"')
    assert (answer.status_code, answer.content) == (304, b"")


def test_changes_to_one_answer_reach_no_other():
    library = Library()
    library.get()["X-Own"] = "mine"
    library.get()["X-Own"] = "mine"
    assert "X-Own" not in library.get().headers


def test_outcome_is_not_shown_unless_asked_for(settings):
    settings.PAGE_CACHE_DEBUG_HEADER = False
    assert "X-Cache" not in Library().get().headers


def test_cache_that_is_switched_off_is_not_used(settings):
    settings.PAGE_CACHE = False
    with pytest.raises(MiddlewareNotUsed):
        PageCacheMiddleware(lambda request: HttpResponse())


# --- The key ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "meta"),
    [
        ("/en/news/", {}),
        ("/en/events/?page=2", {}),
        ("/en/events/?page=", {}),
        ("/en/events/", {"HTTP_HOST": "library.example"}),
        ("/en/events/", {"HTTP_HOST": "testserver:8443"}),
        ("/en/events/", {"wsgi.url_scheme": "https"}),
        ("/en/events/", {"cookies": "display=contrast"}),
    ],
)
def test_other_address_or_display_is_another_page(address, meta):
    library = Library()
    library.get()
    assert library.get(address, **meta)["X-Cache"] == "miss"
    assert library.get(address, **meta)["X-Cache"] == "hit"


def test_scheme_behind_a_proxy_is_the_reader_one(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    library = Library()
    library.get()
    assert library.get(HTTP_X_FORWARDED_PROTO="https")["X-Cache"] == "miss"
    assert library.get(HTTP_X_FORWARDED_PROTO="http")["X-Cache"] == "hit"


def test_order_of_parameters_does_not_matter_but_of_repeated_ones_does():
    library = Library()
    assert library.outcomes(
        "/en/?page=2&branch=a&branch=b", "/en/?branch=a&page=2&branch=b", "/en/?branch=b&branch=a&page=2"
    ) == ["miss", "hit", "miss"]


def test_spelling_of_a_parameter_does_not_matter():
    library = Library(lambda request: HttpResponse(request.GET["branch"]))
    answers = [library.get(f"/en/?branch={spelling}").content.decode() for spelling in ("%D1%8F+b", "%d1%8f%20%62")]
    assert (answers, len(library.rendered)) == (["я b", "я b"], 1)


def test_tracking_parameter_shares_the_page_and_is_never_shown():
    library = Library(lambda request: HttpResponse(request.get_full_path() + str(request.GET) * 50))
    tracked = library.get("/en/?utm_source=<evil>&page=2")
    assert "evil" not in tracked.content.decode()
    assert library.outcomes("/en/?page=2", "/en/?fbclid=1&page=2", "/en/?page=2&utm_source=b") == ["hit"] * 3


@pytest.mark.parametrize("query", ["q=dune", "page=1&q=dune", "%70age%00=1", "page=%FF", "page=1" * 300, "page=\xff"])
def test_unknown_or_broken_parameter_bypasses(query):
    library = Library()
    request = RequestFactory().get("/en/")
    request.META["QUERY_STRING"] = query
    for _time in range(2):
        assert library.cache(request)["X-Cache"] == "bypass"
    assert library.rendered[0].META["QUERY_STRING"] == query


@pytest.mark.parametrize("host", ["evil.example", "LIBRARY.example", "library.example.", "library.example.:80", "a b"])
def test_wrong_host_or_spelling_of_a_host_bypasses(host):
    library = Library()
    assert library.outcomes("/en/", "/en/", HTTP_HOST=host) == ["bypass", "bypass"]


def test_forwarded_host_is_part_of_the_key_where_it_counts(settings):
    settings.USE_X_FORWARDED_HOST = True
    library = Library()
    forwarded = ["testserver", "testserver", "library.example", "evil.example"]
    answers = [library.get(HTTP_HOST="testserver", HTTP_X_FORWARDED_HOST=host) for host in forwarded]
    assert [answer["X-Cache"] for answer in answers] == ["miss", "hit", "miss", "bypass"]


@pytest.mark.parametrize("cookies", ["sessionid=x", "csrftoken=x", "messages=x", "a=1; sessionid=x; display=contrast"])
def test_personal_cookie_bypasses(cookies):
    library = Library()
    library.get()
    assert library.get(cookies=cookies)["X-Cache"] == "bypass"
    assert library.rendered[-1].META["HTTP_COOKIE"] == cookies


def test_value_of_a_display_cookie_that_nobody_offered_bypasses():
    assert Library().outcomes("/en/", "/en/", cookies="display=1234") == ["bypass", "bypass"]


def test_other_cookies_share_the_page_and_are_never_shown():
    library = Library(lambda request: HttpResponse(f"{request.COOKIES} {request.META.get('HTTP_COOKIE')}"))
    library.get(cookies="display=large; _ga=evil")
    assert library.get(cookies="b=c; display=large").content.decode() == "{'display': 'large'} display=large"
    assert library.get(cookies="_ga=evil").content.decode() == "{} None"
    assert len(library.rendered) == 2


def test_authorization_bypasses():
    assert Library().outcomes("/en/", HTTP_AUTHORIZATION="Basic abc") == ["bypass"]


def test_address_without_language_is_kept_per_language():
    def view(request):
        return HttpResponse(request.headers["Accept-Language"], headers={"Vary": "Accept-Language"})

    library = Library(view)
    answers = [
        library.get("/plain/", HTTP_ACCEPT_LANGUAGE=asked).content.decode()
        for asked in ("uk-UA,uk;q=0.9", "mk", "uk", "xx", "en")
    ]
    assert answers == ["uk", "mk", "uk", "en", "en"]
    assert len(library.rendered) == 3


# --- Until when -------------------------------------------------------------------------------------------------------


def test_page_holds_until_the_earliest_moment_at_which_it_changes():
    def view(request):
        page_cache.limit(request, None)
        for minutes in (90, 30, 45):
            page_cache.limit(request, NOW + timedelta(minutes=minutes))
        return HttpResponse(PAGE)

    library = Library(view)
    library.get()
    library.now = NOW + timedelta(minutes=30) - timedelta(microseconds=1)
    assert library.get()["X-Cache"] == "hit"
    library.now = NOW + timedelta(minutes=30)
    assert library.get()["X-Cache"] == "miss"


def test_page_without_a_moment_holds_as_long_as_the_setting_says():
    library = Library()
    library.get()
    library.now = NOW + timedelta(seconds=3599)
    assert library.get()["X-Cache"] == "hit"
    library.now = NOW + timedelta(seconds=3600)
    assert library.get()["X-Cache"] == "miss"


def test_page_that_changed_while_it_was_rendered_is_not_kept():
    def view(request):
        page_cache.limit(request, NOW)
        return HttpResponse(PAGE)

    assert Library(view).outcomes("/en/", "/en/") == ["miss", "miss"]


def test_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        page_cache.limit(HttpRequest(), datetime(2026, 1, 1))


# --- Generations ------------------------------------------------------------------------------------------------------


def test_page_of_an_older_generation_is_rendered_anew():
    library = Library()
    library.get()
    library.generation.advance()
    assert library.outcomes("/en/events/", "/en/events/") == ["miss", "hit"]


def test_page_rendered_while_something_was_published_is_not_kept():
    library = Library()

    def view(request):
        library.generation.advance()
        return HttpResponse(PAGE)

    library.view = view
    assert library.outcomes("/en/", "/en/") == ["miss", "miss"]
    assert kept(library, "/en/") is None


def test_lost_store_bypasses_and_comes_back():
    library = Library()
    library.get()
    library.generation.number = None
    assert library.outcomes("/en/events/", "/en/events/") == ["miss", "miss"]
    library.generation.number = 7
    assert library.outcomes("/en/events/", "/en/events/") == ["miss", "hit"]


# --- What is never kept -----------------------------------------------------------------------------------------------


def _with_cookie(request):
    response = HttpResponse(PAGE)
    response.set_cookie("a", "b")
    return response


def _preview(request):
    request.is_preview = True
    return HttpResponse(PAGE)


def _forbidden(request):
    page_cache.forbid(request)
    return HttpResponse(PAGE)


@pytest.mark.parametrize(
    "view",
    [
        _with_cookie,
        _preview,
        _forbidden,
        lambda request: HttpResponse(PAGE, headers={"Set-Cookie": "a=b"}),
        lambda request: HttpResponse(PAGE, headers={"Cache-Control": "private"}),
        lambda request: HttpResponse(PAGE, headers={"Cache-Control": "max-age=0, No-Store"}),
        lambda request: HttpResponse(PAGE, headers={"Cache-Control": "no-cache"}),
        lambda request: HttpResponse(PAGE, headers={"Vary": "Accept-Encoding, X-Requested-With"}),
        lambda request: HttpResponse(PAGE, headers={"Vary": "Accept-Language"}),
        lambda request: HttpResponse(PAGE, headers={"Vary": "*"}),
        lambda request: HttpResponse(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}),
        lambda request: HttpResponse(PAGE, headers={"Content-Security-Policy": "script-src 'nonce-abc'"}),
        lambda request: HttpResponse(b"x" * 500_001),
        lambda request: HttpResponse(PAGE, status=203),
        lambda request: HttpResponse(PAGE, status=302),
        lambda request: HttpResponseNotFound(PAGE),
        lambda request: HttpResponse(PAGE, status=500),
        lambda request: StreamingHttpResponse([PAGE]),
    ],
)
def test_answer_that_is_not_for_everybody_is_not_kept(view):
    library = Library(view)
    assert library.outcomes("/en/", "/en/") == ["bypass", "bypass"]
    assert len(library.rendered) == 2


@pytest.mark.parametrize("method", ["post", "put", "options", "delete"])
def test_method_that_may_write_bypasses(method):
    library = Library()
    library.get()
    assert library.get(method=method)["X-Cache"] == "bypass"


def test_preview_request_neither_reads_nor_writes():
    library = Library()
    library.get()
    request = RequestFactory().get("/en/events/")
    request.is_dummy = True
    assert library.cache(request)["X-Cache"] == "bypass"
    assert library.get()["X-Cache"] == "hit"


def test_error_of_a_view_passes_through():
    def view(request):
        raise Http404

    with pytest.raises(Http404):
        Library(view).get()


# --- HEAD, conditions, compression ------------------------------------------------------------------------------------


def test_head_is_answered_from_the_page_without_its_body():
    library = Library()
    page = library.get()
    head = library.get(method="head")
    assert (head["X-Cache"], head.content) == ("hit", b"")
    assert (head["Content-Length"], head["ETag"]) == (page["Content-Length"], page["ETag"])


def test_head_alone_keeps_nothing():
    library = Library()
    assert library.get(method="head")["X-Cache"] == "bypass"
    assert library.get()["X-Cache"] == "miss"


@pytest.mark.parametrize("form", ["{etag}", '"other", {etag}', "{strong}", "*"])
def test_known_page_is_not_sent_again(form):
    library = Library()
    page = library.get()
    sent = form.format(etag=page["ETag"], strong=page["ETag"].removeprefix("W/"))
    answer = library.get(HTTP_IF_NONE_MATCH=sent)
    assert (answer.status_code, answer.content) == (304, b"")
    assert dict(answer.items()) == {
        "Cache-Control": REVALIDATE,
        "ETag": page["ETag"],
        "Vary": "Accept-Encoding, Cookie",
        "X-Cache": "hit",
    }


def test_known_page_is_not_sent_again_though_it_was_rendered_anew():
    library = Library()
    etag = library.get()["ETag"]
    library.generation.advance()
    answer = library.get(HTTP_IF_NONE_MATCH=etag)
    assert (answer.status_code, answer["X-Cache"]) == (304, "miss")


def test_changed_page_is_sent_again():
    library = Library()
    etag = library.get()["ETag"]
    library.view = lambda request: HttpResponse("closed today")
    library.generation.advance()
    answer = library.get(HTTP_IF_NONE_MATCH=etag)
    assert (answer.status_code, answer.content) == (200, b"closed today")


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Sun, 29 Mar 2026 10:00:00 GMT", 304),
        ("Sun, 29 Mar 2026 10:00:01 GMT", 304),
        ("Sun, 29 Mar 2026 09:59:59 GMT", 200),
        ("yesterday", 200),
    ],
)
def test_page_with_a_date_is_not_sent_again_unless_it_is_newer(since, status):
    headers = {"Last-Modified": "Sun, 29 Mar 2026 10:00:00 GMT"}
    library = Library(lambda request: HttpResponse(PAGE, headers=headers))
    library.get()
    assert library.get(HTTP_IF_MODIFIED_SINCE=since).status_code == status
    assert library.get(HTTP_IF_MODIFIED_SINCE=since, HTTP_IF_NONE_MATCH='"other"').status_code == 200


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip, deflate, br", True),
        ("identity;q=0.5, gzip;q=0.8", True),
        ("br;q=1.0, gzip", True),
        ("gzip;q=0, br", False),
        ("gzip; q=0.000", False),
        ("br", False),
        ("", False),
    ],
)
def test_page_is_compressed_for_who_accepts_it(accepted, packed):
    library = Library()
    for _time in range(2):
        answer = library.get(HTTP_ACCEPT_ENCODING=accepted)
        body = gzip.decompress(answer.content) if packed else answer.content
        assert (body, answer.get("Content-Encoding")) == (PAGE.encode(), "gzip" if packed else None)
        assert answer["Content-Length"] == str(len(answer.content))
        assert answer["Vary"] == "Accept-Encoding, Cookie"


@pytest.mark.parametrize(("body", "kind"), [("short", "text/html"), (PAGE, "image/png")])
def test_what_compression_does_not_help_is_sent_plain(body, kind):
    answer = Library(lambda request: HttpResponse(body, content_type=kind)).get(HTTP_ACCEPT_ENCODING="gzip")
    assert (answer.content.decode(), answer.get("Content-Encoding")) == (body, None)


# --- Bounds and threads -----------------------------------------------------------------------------------------------


def test_longest_unused_page_goes_when_the_bytes_run_out(settings):
    settings.PAGE_CACHE_BYTES = 16 * 5_000
    library = Library(lambda request: HttpResponse(b"x" * 5_000, content_type="image/png"))
    addresses = [f"/en/?page={number}" for number in range(12)]
    library.outcomes(*addresses[:10])
    assert library.outcomes(addresses[0], *addresses[10:]) == ["hit", "miss", "miss"]
    assert library.outcomes(addresses[9], addresses[1], addresses[0]) == ["hit", "miss", "hit"]


def test_many_readers_of_an_old_page_render_it_once():
    library = Library()
    library.get()
    library.generation.advance()
    began, go_on = threading.Event(), threading.Event()

    def view(request):
        began.set()
        assert go_on.wait(5)
        return HttpResponse("new")

    library.view = view
    answers: list[HttpResponse] = []
    readers = [threading.Thread(target=lambda: answers.append(library.get())) for _reader in range(4)]
    for reader in readers:
        reader.start()
    assert began.wait(5)
    go_on.set()
    for reader in readers:
        reader.join(5)
    assert sorted(answer["X-Cache"] for answer in answers) == ["hit", "hit", "hit", "miss"]
    assert {answer.content for answer in answers} == {b"new"}
    assert len(library.rendered) == 2


def test_page_that_became_private_makes_nobody_wait_for_it():
    library = Library()
    library.get()
    library.generation.advance()
    library.view = _forbidden
    assert library.outcomes("/en/events/", "/en/events/") == ["bypass", "bypass"]
    assert kept(library, "/en/events/") is None
