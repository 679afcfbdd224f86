"""A cache that is away slows pages down, and nothing else; what must be counted there is refused."""

from typing import Any

import environ
import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client

from config.cache import ForgivingCache, forgiving
from tests.factories import UserFactory
from tests.people.accounts import is_logged_in, log_in

AWAY = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
TABLE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}
MISSING_TABLE = {**TABLE, "LOCATION": "not_there"}


@pytest.fixture
def away(settings: Any) -> None:
    settings.CACHES = {"default": forgiving(AWAY)}


@pytest.mark.django_db
@pytest.mark.usefixtures("away", "engine")
def test_pages_are_read_without_the_cache(client: Client) -> None:
    for path in ("/", "/kommunen/", "/suche/?q=x", "/konto/anmelden/"):
        assert client.get(path).status_code == 200, path


@pytest.mark.django_db
@pytest.mark.usefixtures("away")
def test_log_in_that_cannot_be_counted_is_refused(client: Client) -> None:
    answer = log_in(client, UserFactory())
    assert answer.status_code == 429
    assert not is_logged_in(client)


@pytest.mark.usefixtures("away")
def test_failures_answer_as_an_empty_cache() -> None:
    cache = caches["default"]
    cache.set("a", 1)
    assert cache.get("a", "nothing") == "nothing"
    assert cache.add("a", 1) is False
    assert cache.delete("a") is False
    assert not cache.touch("a")
    assert "a" not in cache
    assert cache.get_many(["a"]) == {}
    cache.clear()


@pytest.mark.django_db
def test_shared_table_is_there_after_migrating(settings: Any) -> None:
    settings.CACHES = {"default": forgiving(TABLE)}
    cache = caches["default"]
    assert cache.add("lock", 1) is True
    assert cache.add("lock", 1) is False
    assert cache.get("lock") == 1
    assert cache.incr("lock") == 2
    cache.clear()
    assert cache.get("lock") is None


def test_table_holds_more_than_an_attacker_fills_in_a_minute() -> None:
    cache = ForgivingCache("", forgiving(environ.Env.cache_url_config(settings.SHARED_CACHE_URL)))
    assert cache._cache._max_entries == settings.SHARED_CACHE_ENTRIES
    assert settings.SHARED_CACHE_ENTRIES >= 100_000


@pytest.mark.django_db(transaction=True)
def test_missing_table_is_an_empty_cache(settings: Any) -> None:
    settings.CACHES = {"default": forgiving(MISSING_TABLE)}
    assert caches["default"].get("a") is None
