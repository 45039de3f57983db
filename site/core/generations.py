"""The generation of what is public: one token for all processes, new whenever readers may see something new.

The page cache reads the token before it renders, compares it before it keeps a page and again on each hit. Tokens are
compared for equality only, so a store that was emptied or restored can never bring an old generation back.

There is one token for the whole installation, not one per site: a region's site shows what its members publish, terms
and settings cross sites, and the price of one token too few is a stale opening hour, while that of one too many is a
page rendered once more.
"""

import logging
import os
from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.signals import setting_changed
from django.db import transaction

log = logging.getLogger(__name__)

FILE_NAME = "generation"


class GenerationStore(Protocol):
    """Where the token lives."""

    def current(self) -> Hashable | None:
        """Return the token as it stands now; None when the store does not answer, and then nothing may be cached."""

    def recent(self) -> Hashable | None:
        """Return the token as it stood a moment ago at most, cheaply enough to ask on each hit."""

    def advance(self) -> None:
        """Start a new generation."""


class FileGeneration:
    """A token in a file of the data folder, for all processes of one machine: the file's size counts the generations.

    Appending one byte is atomic, needs no lock and survives a crash; reading is one `stat`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def current(self) -> Hashable | None:
        try:
            return self._token()
        except FileNotFoundError:
            return self._first_token()
        except OSError:
            return None

    recent = current

    def advance(self) -> None:
        try:
            self._append()
        except OSError:
            log.exception("The generation file can't be written: pages may stay old for as long as they are kept.")

    def _token(self) -> Hashable:
        found = os.stat(self._path)
        return found.st_ino, found.st_size, found.st_mtime_ns

    def _first_token(self) -> Hashable | None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._append()
            return self._token()
        except OSError:
            return None

    def _append(self) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, b".")
        finally:
            os.close(descriptor)


@lru_cache(maxsize=1)
def store() -> GenerationStore:
    """Return the installation's store: Redis where `CACHE_URL` names one, else a file in the data folder."""
    url = settings.CACHE_URL
    if url.startswith(("redis://", "rediss://", "unix://")):
        # Only who uses Redis needs its client.
        from core.redis_generation import RedisGeneration

        return RedisGeneration(url)
    return FileGeneration(Path(settings.DATA_DIR) / FILE_NAME)


def bump(site_id: int | None = None) -> None:
    """Start a new generation as soon as the current transaction commits; at once outside of one.

    To be called by whatever changes what readers see; several calls in one transaction are cheap. A caller may name the
    site that it changed, but all sites are renewed, for the reason above.
    """
    transaction.on_commit(_advance, robust=True)


def _advance() -> None:
    store().advance()


def _forget_store(*, setting: str, **_kwargs: object) -> None:
    if setting in {"CACHE_URL", "DATA_DIR"}:
        store.cache_clear()


setting_changed.connect(_forget_store)
