"""One machine, nothing installed: SQLite, the embedded index and example content. Never for the public."""

from config.settings.base import *  # noqa: F403
from config.settings.base import ALLOWED_HOSTS, EMAIL_URL, INSTALLED_APPS, LOGGING, SECRET_KEY, STORAGES, env

# Off unless asked for: the platform shows its own error pages; whoever works on it sets DEBUG=1 for tracebacks.
DEBUG = env.bool("DEBUG", default=False)
# Sessions of a development machine may be forged by whoever reads this line; production refuses to start without one.
SECRET_KEY = SECRET_KEY or "only-for-development"
ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]"]
INSTALLED_APPS = ["examples", *INSTALLED_APPS]
# Letters are printed, unless a mail server is named.
if not EMAIL_URL:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Static files come straight from their source folders, nothing is collected.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
LOGGING["handlers"]["console"]["formatter"] = "plain"
# The development server prints requests itself.
LOGGING["loggers"]["config.access_log"] = {"level": "WARNING"}
# Bodies that carry example content log in with these; printed by `make start`.
EXAMPLE_PASSWORD = "beispiel-passwort"  # noqa: S105
# Everybody knows these passwords, so a second factor would protect nothing: it is offered and can be tried.
SECOND_FACTOR_REQUIRED = False
# Browsers take security keys over plain HTTP on localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
