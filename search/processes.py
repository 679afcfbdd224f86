"""How a further process of the platform starts; imported there before Django is set up, so it imports no model."""

import gc
import multiprocessing
import os
import threading
from collections.abc import Mapping

import django
from django.db import connections


def start(databases: Mapping[str, str]) -> None:
    """Set up Django with the databases, by alias, that the process works on which started this one."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    django.setup()
    for alias, name in databases.items():
        connections[alias].settings_dict["NAME"] = name
    # All that is loaded by now stays; looking through it again and again takes a quarter of the time of reading pages.
    gc.freeze()


def _end_with_parent() -> None:
    """A process killed from outside cannot end those it started; they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
