"""The generation token in Redis, for installations on several machines."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Hashable

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

KEY = "chitalnya:generation"
TIMEOUT_SECONDS = 0.25
# A store that does not answer is left alone for so long, so that its timeout is not added to every page.
PAUSE_SECONDS = 2.0
# A hit trusts the token that its own process read this short a time ago: shorter than the way of an answer to a reader,
# but enough that a busy process asks the network twenty times a second and not two thousand.
RECENT_SECONDS = 0.05

_NEVER_SEEN = (float("-inf"), None)


class RedisGeneration:
    """A token in Redis, for all processes of all machines: a new random one per generation.

    A generation that could not be written is owed: until it is, this process caches nothing and tries again.
    """

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._clock = clock
        self._owed = False
        self._silent_until = float("-inf")
        self._seen: tuple[float, Hashable | None] = _NEVER_SEEN
        self._voided = 0
        self._seeing = threading.Lock()

    def current(self) -> Hashable | None:
        asked_at, voided = self._clock(), self._voided
        if self._owed or asked_at < self._silent_until:
            return None
        try:
            token = self._read()
        except redis.RedisError as error:
            self._pause(error)
            return None
        with self._seeing:
            # A slow answer must not take the place of a newer one, nor come back after an advance.
            if voided == self._voided and asked_at >= self._seen[0]:
                self._seen = (asked_at, token)
        return token

    def recent(self) -> Hashable | None:
        seen_at, token = self._seen
        if self._clock() - seen_at < RECENT_SECONDS:
            return token
        return self.current()

    def advance(self) -> None:
        try:
            self._client.set(KEY, uuid.uuid4().hex)
        except redis.RedisError as error:
            self._owed = True
            self._pause(error)
            self._advance_later()
        else:
            self._owed = False
            self._void()

    def _read(self) -> Hashable:
        token = self._client.get(KEY)
        if token is None:
            self._client.set(KEY, uuid.uuid4().hex, nx=True)
            token = self._client.get(KEY)
        return token

    def _advance_later(self) -> None:
        timer = threading.Timer(PAUSE_SECONDS, self.advance)
        timer.daemon = True
        timer.start()

    def _void(self) -> None:
        """Forget the token that was seen, and those that are still on their way."""
        with self._seeing:
            self._voided += 1
            self._seen = _NEVER_SEEN

    def _pause(self, error: Exception) -> None:
        self._silent_until = self._clock() + PAUSE_SECONDS
        self._void()
        log.warning("Redis does not answer, pages are rendered without the cache: %s", error)
