"""What every public template may use; no database access here: error pages are rendered with it as well."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config import VERSION


def platform(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "platform_version": VERSION,
        "base_url": settings.BASE_URL,
    }
