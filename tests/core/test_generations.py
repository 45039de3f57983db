"""The generation token: shared by processes, new after a commit, never old again."""

import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory

from core import generations, redis_generation
from core.generations import FileGeneration, bump
from core.page_cache import PageCacheMiddleware
from core.redis_generation import RedisGeneration

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


# --- The file ---------------------------------------------------------------------------------------------------------


def test_file_token_stays_until_it_is_advanced(tmp_path):
    one, other = FileGeneration(tmp_path / "new" / "generation"), FileGeneration(tmp_path / "new" / "generation")
    first = one.current()
    assert first is not None
    assert [other.current(), one.current(), one.recent()] == [first] * 3
    other.advance()
    assert one.current() == other.current() != first


def test_file_tokens_are_never_the_same_again(tmp_path):
    generation = FileGeneration(tmp_path / "generation")
    tokens = {generation.current()}
    for _time in range(50):
        generation.advance()
        tokens.add(generation.current())
    (tmp_path / "generation").unlink()
    tokens.add(generation.current())
    assert len(tokens) == 52


def test_file_in_an_impossible_place_is_a_lost_store(tmp_path, caplog):
    (tmp_path / "file").touch()
    generation = FileGeneration(tmp_path / "file" / "generation")
    generation.advance()
    assert generation.current() is None
    assert "can't be written" in caplog.text


def _advance_file(path: Path, times: int) -> None:
    generation = FileGeneration(path)
    for _time in range(times):
        generation.advance()


def _advance_in_other_processes(path: Path, *, processes: int, times: int) -> None:
    context = multiprocessing.get_context("spawn")
    running = [context.Process(target=_advance_file, args=(path, times)) for _process in range(processes)]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0] * processes


def test_file_loses_no_generation_of_two_processes(tmp_path):
    path = tmp_path / "generation"
    _advance_in_other_processes(path, processes=2, times=200)
    assert path.stat().st_size == 400


def test_page_kept_in_one_process_is_dropped_by_another(tmp_path, settings):
    settings.PAGE_CACHE = settings.PAGE_CACHE_DEBUG_HEADER = True
    settings.PAGE_CACHE_SECONDS, settings.PAGE_CACHE_BYTES = 3600, 1_000_000
    path = tmp_path / "generation"
    cache = PageCacheMiddleware(lambda request: HttpResponse("open"), generation=FileGeneration(path))

    def outcome() -> str:
        return cache(RequestFactory().get("/en/"))["X-Cache"]

    assert [outcome(), outcome()] == ["miss", "hit"]
    _advance_in_other_processes(path, processes=1, times=1)
    assert [outcome(), outcome()] == ["miss", "hit"]


# --- After the commit -------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(tmp_path, settings):
    """The installation's store, in a folder of its own."""
    settings.CACHE_URL, settings.DATA_DIR = "", tmp_path
    generations.store.cache_clear()
    yield generations.store()
    generations.store.cache_clear()


@pytest.mark.django_db
def test_generation_begins_with_the_commit(shared, django_capture_on_commit_callbacks):
    before = shared.current()
    with django_capture_on_commit_callbacks() as committing:
        bump(None)
    assert shared.current() == before
    for callback in committing:
        callback()
    assert shared.current() != before


@pytest.mark.django_db
def test_generation_does_not_begin_after_a_rollback(shared, django_capture_on_commit_callbacks):
    before = shared.current()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        bump()
        transaction.set_rollback(True)
    assert shared.current() == before


@pytest.mark.django_db
def test_generation_begins_though_an_inner_transaction_failed(shared, django_capture_on_commit_callbacks):
    before = shared.current()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with transaction.atomic():
            bump()
            transaction.set_rollback(True)
        bump()
    assert shared.current() != before


@pytest.mark.parametrize(
    ("url", "kind"),
    [("", FileGeneration), ("redis://cache:6379/1", RedisGeneration), ("unix:///run/redis.sock", RedisGeneration)],
)
def test_store_follows_the_settings(settings, tmp_path, url, kind):
    settings.DATA_DIR, settings.CACHE_URL = tmp_path, url
    generations.store.cache_clear()
    assert type(generations.store()) is kind
    generations.store.cache_clear()


# --- Redis ------------------------------------------------------------------------------------------------------------


def test_redis_that_is_away_is_a_lost_store_and_is_left_alone_for_a_while(monkeypatch):
    clock = Clock()
    generation = RedisGeneration(NOBODY_LISTENS, clock=clock)
    asked = []
    read = generation._read
    monkeypatch.setattr(generation, "_read", lambda: [asked.append(clock.seconds), read()])
    for seconds in (0.0, 0.1, redis_generation.PAUSE_SECONDS - 0.1, redis_generation.PAUSE_SECONDS):
        clock.seconds = seconds
        assert (generation.recent(), generation.current()) == (None, None)
    assert asked == [0.0, redis_generation.PAUSE_SECONDS]


def test_generation_that_redis_did_not_take_is_owed(monkeypatch):
    clock = Clock()
    generation = RedisGeneration(NOBODY_LISTENS, clock=clock)
    monkeypatch.setattr(generation, "_advance_later", lambda: None)
    generation.advance()
    clock.seconds = redis_generation.PAUSE_SECONDS
    monkeypatch.setattr(generation._client, "get", lambda key: b"an old token")
    assert generation.current() is None
    monkeypatch.setattr(generation._client, "set", lambda key, token: None)
    generation.advance()
    assert generation.current() == b"an old token"


def test_generation_that_redis_did_not_take_is_written_later(monkeypatch):
    monkeypatch.setattr(redis_generation, "PAUSE_SECONDS", 0.01)
    generation = RedisGeneration(NOBODY_LISTENS)
    written: list[str] = []
    generation.advance()
    monkeypatch.setattr(generation._client, "get", lambda key: b"a token")
    monkeypatch.setattr(generation._client, "set", lambda key, token: written.append(key))
    ends_at = time.monotonic() + 10
    while generation.current() is None and time.monotonic() < ends_at:
        time.sleep(0.01)
    assert (written, generation.current()) == ([redis_generation.KEY], b"a token")


def _answers_slowly(monkeypatch, generation: RedisGeneration, meanwhile: Callable[[], object]) -> None:
    """Let the next answer be an old token, which arrives after something else has happened."""
    monkeypatch.setattr(generation._client, "set", lambda key, token: None)

    def read() -> bytes:
        monkeypatch.setattr(generation, "_read", lambda: b"new")
        meanwhile()
        return b"old"

    monkeypatch.setattr(generation, "_read", read)


def test_slow_answer_does_not_take_the_place_of_a_newer_one(monkeypatch):
    clock = Clock()
    generation = RedisGeneration(NOBODY_LISTENS, clock=clock)

    def ask_later() -> None:
        clock.seconds += 0.01
        generation.current()

    _answers_slowly(monkeypatch, generation, ask_later)
    assert (generation.current(), generation.recent()) == (b"old", b"new")


def test_slow_answer_does_not_outlive_an_advance(monkeypatch):
    generation = RedisGeneration(NOBODY_LISTENS, clock=Clock())
    _answers_slowly(monkeypatch, generation, generation.advance)
    assert (generation.current(), generation.recent()) == (b"old", b"new")


def test_answer_that_came_while_the_generation_was_written_is_void(monkeypatch):
    generation = RedisGeneration(NOBODY_LISTENS, clock=Clock())
    tokens = iter([b"old", b"new"])
    monkeypatch.setattr(generation, "_read", lambda: next(tokens))
    monkeypatch.setattr(generation._client, "set", lambda key, token: generation.current())
    generation.advance()
    assert generation.recent() == b"new"


@pytest.fixture
def redis_url():
    if not django_settings.CACHE_URL:
        pytest.skip("CACHE_URL names no Redis")
    return django_settings.CACHE_URL


@pytest.mark.services
def test_redis_token_stays_until_it_is_advanced(redis_url):
    one, other = RedisGeneration(redis_url), RedisGeneration(redis_url)
    first = one.current()
    assert first is not None
    assert [other.current(), one.current(), one.recent()] == [first] * 3
    other.advance()
    assert other.recent() == one.current() != first


@pytest.mark.services
def test_redis_that_was_emptied_begins_a_new_generation(redis_url):
    generation = RedisGeneration(redis_url)
    first = generation.current()
    generation._client.delete(redis_generation.KEY)
    assert generation.current() not in {first, None}


@pytest.mark.services
def test_redis_is_asked_again_after_a_moment(redis_url):
    clock = Clock()
    one, other = RedisGeneration(redis_url, clock=clock), RedisGeneration(redis_url)
    first = one.recent()
    other.advance()
    clock.seconds = redis_generation.RECENT_SECONDS * 0.9
    assert one.recent() == first
    clock.seconds = redis_generation.RECENT_SECONDS
    assert one.recent() == other.current() != first
