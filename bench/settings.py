"""Production settings with the two baseline views added; whatever is written goes where the sandbox says."""

from config.settings.production import *  # noqa: F403
from config.settings.production import INSTALLED_APPS, LOGGING

ROOT_URLCONF = "bench.urls"
# Drafts are compared with the example content unless another collection is named.
INSTALLED_APPS = [*INSTALLED_APPS, "examples"]
# Tens of thousands of pages are published here; a line for each would measure the terminal.
LOGGING["root"]["level"] = "ERROR"
