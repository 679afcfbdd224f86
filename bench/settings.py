"""Production settings with the two baseline views added; whatever is written goes where the sandbox says."""

from config.settings.production import *  # noqa: F403
from config.settings.production import LOGGING

ROOT_URLCONF = "bench.urls"
# Tens of thousands of pages are published here; a line for each would measure the terminal.
LOGGING["root"]["level"] = "ERROR"
