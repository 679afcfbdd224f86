"""Starts Django in a sandbox, runs one step of the bench there and prints its result as JSON."""

import importlib
import json
import sys

import django

# They take the time of answers.
AS_SERVER = {"publish", "similar", "stock"}


def main(step: str, *arguments: str) -> None:
    if step in AS_SERVER:
        importlib.import_module("config.wsgi")
    else:
        django.setup()
    # The steps import models, which is possible from here on only.
    print(json.dumps(importlib.import_module(f"bench.{step}").main(*arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
