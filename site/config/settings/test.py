"""The suite: quick password hashes, an index of its own for every run, no cookie trouble over plain HTTP."""

import atexit
import shutil
import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, INSTALLED_APPS, LOGGING, STORAGES

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
INSTALLED_APPS = ["examples", *INSTALLED_APPS]
VAR = Path(tempfile.mkdtemp(prefix="dsr-test-"))
atexit.register(shutil.rmtree, VAR, ignore_errors=True)
MEDIA_ROOT = VAR / "media"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in use: in memory, the threads of a test's web server would share the one connection of the test.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
# Tests of the virus scanner start one of their own.
CLAMD_URL = ""
SEARCH_URL = f"tantivy://{VAR}/index"
# Computing meaning takes longer than most tests; those about it turn it on.
SEARCH_MEANING = "off"
EXAMPLE_PASSWORD = "beispiel-passwort"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests that force a log-in are about something else; those of the door ask for it.
SECOND_FACTOR_REQUIRED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# Limits are counted in each test's own process; tests/people/test_limits.py starts two that share the table.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea"}}
LOGGING["root"]["level"] = "WARNING"
# Tests stop search servers on purpose, some while a connection is still at work.
LOGGING["loggers"]["elastic_transport"]["level"] = "ERROR"
# Static files come from their source folders: nothing is collected for a test.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
# Wagtail's tasks keep two indexes of its own at every save, a third of a test's time, and delete files. Tests of that
# ask for `wagtail_indexes`.
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
