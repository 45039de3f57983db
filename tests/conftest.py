"""Fixtures that every room's tests share."""

import os
from uuid import uuid4

import pytest
from django.utils import translation
from hypothesis import settings as hypothesis_settings

# A busy machine is slow, not wrong. By hand new examples are looked for; what decides on a change tries the same ones.
hypothesis_settings.register_profile("chitalnya", deadline=None, derandomize=os.environ.get("CI") == "true")
hypothesis_settings.load_profile("chitalnya")


@pytest.fixture(autouse=True)
def _english():
    """Begin and end each test in English, whatever language its requests were in."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _fresh_caches(settings, tmp_path_factory, monkeypatch):
    """Give each test a cache and a generation of its own, and let no page of an earlier one be answered."""
    from core import generations
    from events import feeds

    settings.DATA_DIR = tmp_path_factory.mktemp("data")
    if settings.CACHE_URL:
        from core import redis_generation

        # Tests that run beside each other must neither see each other's values nor raise each other's generation.
        settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex}}
        monkeypatch.setattr(redis_generation, "KEY", f"chitalnya:generation:{os.environ.get('PYTEST_XDIST_WORKER')}")
    else:
        settings.CACHES = {
            "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(settings.DATA_DIR)}
        }
    generations.store().advance()
    feeds.kept_feeds.clear()


@pytest.fixture
def remembering(monkeypatch):
    """Let `core.memory` remember, which it never does inside of a test's transaction."""
    monkeypatch.setattr("core.memory.is_uncertain", lambda: False)


@pytest.fixture
def library(db):
    """Return a small network in four languages."""
    from tests.factories.library import Library

    return Library()
