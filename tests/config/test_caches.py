"""The cache that the tests use is the installation's kind, and each test has it for itself."""

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCache

pytestmark = pytest.mark.services


@pytest.mark.parametrize("_time", [1, 2])
def test_cache_is_empty_when_a_test_begins(_time):
    assert cache.add("counted", 1) is True
    assert (cache.incr("counted"), cache.get("counted")) == (2, 2)


def test_cache_keeps_what_accounts_count_until_it_is_over():
    cache.set("tries", [1.5, 2.5], 60)
    cache.set("over", "a lapsed code", 0)

    assert (cache.get("tries"), cache.get("over")) == ([1.5, 2.5], None)
    cache.delete("tries")
    assert cache.get("tries") is None


def test_redis_is_exercised_where_the_environment_names_one():
    assert isinstance(caches["default"], RedisCache) is bool(settings.CACHE_URL)
