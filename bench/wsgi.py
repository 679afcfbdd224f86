"""The platform's WSGI application, with the processor time of each answer in a header."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from config.wsgi import application as platform

HEADER = "X-Bench-Processor-Seconds"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer; a page is complete when its headers are sent, so the time spent until then is all there is."""
    began = time.process_time()

    def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, (HEADER, f"{time.process_time() - began:.6f}")], *rest)

    answer: Iterable[bytes] = platform(environ, started)
    return answer
