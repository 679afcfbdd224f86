"""Settings every environment shares: production is the rule, dev and test loosen it.

Read from the environment: SECRET_KEY, DATABASE_URL, SEARCH_URL, SEARCH_FALLBACK_URL, SEARCH_MEANING, CACHE_URL,
ALLOWED_HOSTS, BASE_URL, METRICS_TOKEN and MAINTENANCE; accounts, mail and uploads have files of their own. Nothing here
may read the database.
"""

from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

from config.cache import forgiving

env = environ.Env()

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(env("VAR_DIR", default=str(ROOT / "var")))

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
MAINTENANCE = env.bool("MAINTENANCE", default=False)
METRICS_TOKEN = env("METRICS_TOKEN", default="")

INSTALLED_APPS = [
    "matching",
    "search",
    "people",
    "knowledge",
    "projects",
    "pages",
    "wagtail.contrib.redirects",
    "wagtail.contrib.table_block",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

# What stands between the editor's buttons and a page that others see, in the order it is asked (pages/gates.py).
PUBLICATION_GATES = [
    "matching.reporting.editor.SimilarIsWeighed",
    "people.moderation.hooks.PublishedWithTheList",
    "people.moderation.submission.HandedIn",
    "pages.gates.NothingIsWrong",
]

MIDDLEWARE = [
    "config.health.LivenessMiddleware",
    "config.maintenance.MaintenanceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.access_log.AccessLogMiddleware",
    "config.csp.PublicOrAdminCSPMiddleware",
    "config.language.ChosenLanguageMiddleware",
    "config.database.LostDatabaseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.line_breaks.LineBreakMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.admin_site.admin_access.DoorMiddleware",
    "config.errors.ClashMiddleware",
    "config.unreadable.UnreadableMiddleware",
    "people.admin_site.visibility.HiddenPagesMiddleware",
    # A page that moved or got another address is found at the old one as well.
    "pages.redirects.ReadableRedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
# The site is mounted below nothing, whatever a server or a header says: addresses are written into code and links.
FORCE_SCRIPT_NAME = ""
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.platform",
            ],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR}/db.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Without these, half of concurrent read-then-write transactions fail with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Seconds until a machine that says nothing counts as away; without them it takes minutes.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

# Shared by all processes, because limits of attempts are counted there: a table, unless CACHE_URL names a server.
# Django keeps 300 entries unless told otherwise; whoever tries many addresses would wipe out what was counted.
SHARED_CACHE_TABLE, SHARED_CACHE_ENTRIES = "shared_cache", 100_000
SHARED_CACHE_URL = f"dbcache://{SHARED_CACHE_TABLE}?max_entries={SHARED_CACHE_ENTRIES}"
CACHES = {"default": forgiving(env.cache_url("CACHE_URL", default=SHARED_CACHE_URL))}

# --- search ---------------------------------------------------------------------------------------------------------
SEARCH_URL = env("SEARCH_URL", default=f"tantivy://{VAR}/index")
# Answers visitors while the search server of SEARCH_URL cannot; empty: they get a plain list.
SEARCH_FALLBACK_URL = env("SEARCH_FALLBACK_URL", default="")
SEARCH_MEANING = env("SEARCH_MEANING", default="auto")

# --- language -------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "config.formats"

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR / "static")))
STATICFILES_DIRS = [ROOT / "site" / "static"]
STATICFILES_FINDERS = [
    "config.stylesheet.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A page with many blocks and artefacts sends far more fields than Django's default of 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- Wagtail --------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Digitale Städte und Regionen"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_CONTENT_LANGUAGES = WAGTAILADMIN_PERMITTED_LANGUAGES = [("de", "Deutsch"), ("en", "English")]
WAGTAIL_I18N_ENABLED = False
WAGTAIL_DATE_FORMAT, WAGTAIL_DATETIME_FORMAT = "%d.%m.%Y", "%d.%m.%Y %H:%M"
# Addresses that can be read out on the telephone: umlauts become two letters.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "pages.stock_search"}}
TAGGIT_CASE_INSENSITIVE = True
WAGTAIL_EDITING_SESSION_PING_INTERVAL = 10_000

# --- security -------------------------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail shows previews in a frame of the same origin.
SELF = "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # the design system's icons are data: masks
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
# Wagtail's admin carries inline scripts and styles; this looser policy holds below /admin/ only.
CONTENT_SECURITY_POLICY_ADMIN = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, "'unsafe-inline'", "'unsafe-eval'"],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "frame-ancestors": [SELF],
    }
}

from config.settings.accounts import *  # noqa: E402, F403
from config.settings.logging import LOGGING  # noqa: E402, F401
from config.settings.matching import *  # noqa: E402, F403
from config.settings.uploads import *  # noqa: E402, F403
