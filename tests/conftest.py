"""Fixtures that every room's tests share."""

import os

import pytest
from django.core.cache import cache
from django.utils import translation
from hypothesis import settings as hypothesis_settings

# A busy machine is slow, not wrong.
hypothesis_settings.register_profile("chitalnya", deadline=None)
hypothesis_settings.load_profile("chitalnya")


@pytest.fixture(autouse=True)
def _english():
    """Begin and end each test in English, whatever language its requests were in."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _fresh_caches(settings, tmp_path_factory):
    """Give each test a cache and a generation of its own, and let no page of an earlier one be answered."""
    from core import generations
    from events import feeds

    settings.DATA_DIR = tmp_path_factory.mktemp("data")
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(settings.DATA_DIR)}
    }
    cache.clear()
    if settings.CACHE_URL:
        # Tests that run beside each other must not raise each other's generation.
        number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        settings.CACHE_URL = f"{settings.CACHE_URL.rstrip('/')}/{number}"
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
