"""Starts Django in a sandbox, runs one step of the bench there and prints its result as JSON."""

import importlib
import json
import sys


def main(step: str, *arguments: str) -> None:
    # Makes the process ready as the server's are; the steps import models, which is possible from here on only.
    importlib.import_module("config.wsgi")
    print(json.dumps(importlib.import_module(f"bench.{step}").main(*arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
