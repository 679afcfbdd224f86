"""Entry point for gunicorn; expects `site/` on PYTHONPATH, as the Dockerfile sets it."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()

# All views are loaded now and not with the first request. What is loaded stays, so the garbage collector need not look
# through it again and again: that took some milliseconds of every longer answer.
_views = get_resolver().url_patterns
gc.collect()
gc.freeze()
