"""Settings common to all. Other apps are named as strings: nothing here imports them."""

import os
from pathlib import Path

import dj_database_url
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _


def flag(name, default=False):
    """Read a yes/no environment variable."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def words(name, default=""):
    """Read a list from an environment variable, split at commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


BASE_DIR = Path(__file__).resolve().parent.parent.parent
TUGON_HOME = Path(os.environ.get("TUGON_HOME") or BASE_DIR / ".tugon").absolute()

DEBUG = False
ALLOWED_HOSTS = words("TUGON_HOSTS", "localhost,127.0.0.1")
ROOT_URLCONF = "agency.urls"
WSGI_APPLICATION = "agency.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- tenancy: the shared apps live in the public schema only, the tenant apps in a brand's schema only
SHARED_APPS = [
    "django_tenants",
    "tenants",
    "agency",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # allauth's list of passkeys uses it
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_q",
    "django_htmx",
    "template_partials",
    "lucide",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "csp",
]
TENANT_APPS = ["responses", "api"]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]
TENANT_MODEL = "tenants.Brand"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", "postgresql://postgres@localhost/tugon"),
        engine="django_tenants.postgresql_backend",
        conn_max_age=300,
        conn_health_checks=True,
    )
}

MIDDLEWARE = [
    "agency.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "agency.middleware.DatabaseAwayMiddleware",
    "tenants.middleware.BrandMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "agency.middleware.PersonMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.messages.context_processors.messages",
                "agency.shell.shell",
            ],
            "builtins": [
                "agency.templatetags.tugon",
                "agency.templatetags.charts",
                "template_partials.templatetags.partials",
            ],
        },
    }
]

# --- people
AUTH_USER_MODEL = "agency.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "agency.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tugon"
MFA_TOTP_TOLERANCE = 1  # half minutes either side: typing takes time, clocks differ (RFC 6238, 5.2)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "agency.views.csrf_failure"

# --- language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fil", _("Filipino"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["agency.formats"]
# Django does not know Filipino; a browser that asks for Tagalog is given it.
FILIPINO = {"bidi": False, "code": "fil", "name": "Filipino", "name_local": "Filipino"}
LANG_INFO.setdefault("fil", FILIPINO)
for tagalog in ("tl", "tl-ph"):
    LANG_INFO.setdefault(tagalog, {**FILIPINO, "code": tagalog, "fallback": ["fil"]})
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
TUGON_TIME_ZONE = "Asia/Manila"  # for a person or a brand that has not said otherwise

# --- files
STATIC_URL = "/static/"
STATIC_ROOT = TUGON_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- mail
EMAIL_BACKEND = os.environ.get("TUGON_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_FILE_PATH = TUGON_HOME / "mail"
EMAIL_TIMEOUT = 10  # seconds: a mail server that hangs must not hold the worker
# The part after the @ of addresses that take mail in; its mail server runs `manage.py receive_mail`.
TUGON_MAIL_DOMAIN = os.environ.get("TUGON_MAIL_DOMAIN", "").strip().lower()
DEFAULT_FROM_EMAIL = os.environ.get("TUGON_FROM", "Tugon <tugon@localhost>")
TUGON_ADDRESS = os.environ.get("TUGON_ADDRESS", "http://localhost:8000")

# --- cache: shared by all processes, so it lives in the database
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "tugon_cache",
        "KEY_FUNCTION": "tenants.caching.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    }
}

# --- queue (why these numbers: docs/decisions/0003-queue.md; tenants.checks refuses others)
Q_CLUSTER = {
    "name": "tugon",
    "orm": "default",
    "workers": int(os.environ.get("TUGON_WORKERS", "2")),
    "timeout": 60,
    "retry": 300,
    "queue_limit": 1,
    "bulk": 1,
    "catch_up": False,
    "poll": 0.25,
    "save_limit": -1,
    "max_attempts": 1,
    "ack_failures": True,
    "recycle": 5000,
    "label": "Tugon",
}

# --- the outside world
TUGON_ALLOWED_ORIGINS = words("TUGON_ALLOWED_ORIGINS")  # exact origins on private addresses we may call
# Where the newsrooms' pages stand as files; empty: drawn at each request (hosts that share no disk).
TUGON_NEWSROOM = os.environ.get("TUGON_NEWSROOM", str(TUGON_HOME / "newsroom"))
# What `manage.py listen` hears: a Jetstream (…/subscribe), or a PDS or relay (…subscribeRepos).
TUGON_STREAM = os.environ.get("TUGON_STREAM", "wss://jetstream2.us-east.bsky.network/subscribe")
TUGON_APPVIEW = os.environ.get("TUGON_APPVIEW", "https://public.api.bsky.app")  # says who a DID is
TUGON_LEASE_SECONDS = int(os.environ.get("TUGON_LEASE_SECONDS", "90"))
TUGON_FIELD_KEYS = words("TUGON_FIELD_KEYS")  # "id:base64 of 32 bytes", the first one encrypts

# --- web security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.KeyAuthentication",
        "api.authentication.PersonAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.MayOperate"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.Newest",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.Operation",
    "EXCEPTION_HANDLER": "api.problems.handle",
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tugon API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Push mentions, read everything, drive the workflow from your own systems.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1/brands/\{brand\}",
    "COMPONENT_SPLIT_REQUEST": False,  # what is sent and what is shown are serializers of their own
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["api.schema.shared_problems"],
}

# What a page of the newsroom says of itself to a browser when it comes as a file: what it says otherwise too.
TUGON_NEWSROOM_HEADERS = [
    (
        "content-security-policy",
        "; ".join(
            f"{name} {' '.join(value)}"
            for name, value in sorted(CONTENT_SECURITY_POLICY["DIRECTIVES"].items())
        ),
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", X_FRAME_OPTIONS),
    ("referrer-policy", SECURE_REFERRER_POLICY),
    ("cross-origin-opener-policy", SECURE_CROSS_ORIGIN_OPENER_POLICY),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()"),
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "agency.middleware.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("TUGON_LOG", "WARNING")},
}

# --- what later rooms add to earlier ones, named here so that nothing is imported backwards
BRAND_HOST_URLCONF = "agency.urls_brand_host"
TUGON_PROVISION_STEPS = [
    "tenants.provisioning.create_schema",
    "responses.furnishing.furnish",
    "agency.people.seat_directors",
    "tenants.provisioning.activate",
]
