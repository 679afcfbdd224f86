"""The shared cache, which may be away without anybody noticing more than a limit that says no.

Must not hide what is wrong: every failure is logged.
"""

from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import DatabaseError
from django.utils.module_loading import import_string
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

FAILURES = (OSError, DatabaseError, RedisError)


def forgiving(config: dict[str, Any]) -> dict[str, Any]:
    """This cache wrapped in `ForgivingCache`; `config` is an entry of Django's CACHES."""
    inner = {**config, "BACKEND": config["BACKEND"]}
    return {"BACKEND": "config.cache.ForgivingCache", "LOCATION": config.get("LOCATION", ""), "OPTIONS": inner}


class ForgivingCache(BaseCache):
    """Asks the cache it is given; while that is away nothing is found, nothing is kept and no lock is granted.

    Readers get their pages, only slower. Limits of attempts need a lock: log-ins are refused rather than uncounted.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        config = dict(params.get("OPTIONS", {}))
        backend = import_string(config.pop("BACKEND"))
        super().__init__(config)
        self._cache: BaseCache = backend(config.pop("LOCATION", location), config)

    def _try(self, action: Callable[[], Any], instead: Any) -> Any:
        try:
            return action()
        except FAILURES as error:
            log.error("cache_unavailable", error=str(error))
            return instead

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._try(lambda: self._cache.get(key, default, version), default)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._try(lambda: self._cache.set(key, value, timeout, version), None)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._try(lambda: self._cache.add(key, value, timeout, version), False))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._try(lambda: self._cache.touch(key, timeout, version), False))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._try(lambda: self._cache.delete(key, version), False))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(self._try(lambda: self._cache.has_key(key, version), False))

    def clear(self) -> None:
        self._try(self._cache.clear, None)

    def close(self, **kwargs: Any) -> None:
        self._cache.close(**kwargs)
