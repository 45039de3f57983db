"""Fixtures that every room's tests share."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_caches(settings, tmp_path):
    """Give each test a cache of its own, and let no page of an earlier one be answered."""
    from core import generations
    from events import feeds

    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    }
    cache.clear()
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
