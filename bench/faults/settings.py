"""Production settings with an address at which a page can be published as an editor does, and counted."""

from config.settings.production import *  # noqa: F403
from config.settings.production import LOGGING

ROOT_URLCONF = "bench.faults.urls"
LOGGING["root"]["level"] = "WARNING"
