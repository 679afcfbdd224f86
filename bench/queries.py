"""Step of the bench: how many SQL statements each kind of page sends, with warm caches."""

import json
from collections.abc import Callable
from statistics import mean
from typing import Any

from django.db import connection
from django.test import Client

OK = 200


def main(addresses: str) -> dict[str, float]:
    """Mean number of statements by kind of page. Raises SystemExit if a page does not answer 200."""
    client = Client(SERVER_NAME="127.0.0.1")
    return {kind: mean([_count(client, path) for path in paths]) for kind, paths in json.loads(addresses).items()}


def _count(client: Client, path: str) -> int:
    client.get(path)
    sent = 0

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal sent
        sent += 1
        return execute(*arguments)

    with connection.execute_wrapper(counted):
        status = client.get(path).status_code
    if status != OK:
        raise SystemExit(f"{path} answers {status}.")
    return sent
