"""The public platform: refuses to start without a secret and the names it answers to."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import ALLOWED_HOSTS, BASE_URL, SECRET_KEY, env

if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text; sessions and signed links depend on it.")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names this site answers to, separated by commas.")

HAS_TLS = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HAS_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if HAS_TLS else 0
SECURE_REDIRECT_EXEMPT = [r"^readyz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HAS_TLS
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HAS_TLS else "http"
# A proxy stands in front of us, see docs/operations.md.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1)
