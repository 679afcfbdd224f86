"""What another real process needs to work on the database and the index of the running test."""

import os
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


def environment_of_test(folder: Path) -> dict[str, str]:
    """Development settings with the test's database and index; whatever else it writes goes into `folder`."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        login = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
        url = f"postgres://{login}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        "DATABASE_URL": url,
        "SEARCH_URL": settings.SEARCH_URL,
        "SEARCH_FALLBACK_URL": "",
        "SEARCH_MEANING": "off",
        "VAR_DIR": str(folder),
    }
