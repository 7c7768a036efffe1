"""Every setting of the portal, in one file, read from the environment.

Without any variable these are production's settings with nothing to connect to: the commands that need no database
work, everything else is refused by `rma_portal.checks` with the variable's name. `.env.example` lists the variables.
"""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp import constants as csp
from environs import Env

from rma_portal import logs

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- What kind of instance this is -----------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
TESTING = env.bool("TESTING", False)  # the test suite: no static manifest, a cheap password hash
DEMO = env.bool("DEMO", False)  # `make run`: the demo people may be seeded
INSECURE_HTTP = env.bool("INSECURE_HTTP", False)  # plain http, on this machine only
MAIL_SINK_DIR = env.str("MAIL_SINK_DIR", "")  # where `make run` collects the mails it shows under /mail/

# --- Secrets ---------------------------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", "")
# Guest links are derived from a key of their own, so that changing one key does not end what the other protects.
LINK_KEY = env.str("LINK_KEY", "")

# --- Addresses -------------------------------------------------------------------------------------------------------
# The one address that mailed links begin with, whatever Host header a request came with.
SITE_URL = env.str("SITE_URL", "").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [SITE_HOST] if SITE_HOST else [])
# How many proxies stand before gunicorn. None is believed about the scheme or the client's address unless counted here.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

ROOT_URLCONF = "rma_portal.urls"
WSGI_APPLICATION = "rma_portal.wsgi.application"

# --- Applications ----------------------------------------------------------------------------------------------------
# No django.contrib.admin: staff work at the desk, configuration comes by management command.
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "rma_portal",
    "accounts",
    "returns",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_structlog",
]

# From the outside in. Whatever answers (WhiteNoise, a redirect, an error page) passes all that stands above it.
MIDDLEWARE = [
    "rma_portal.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "rma_portal.middleware.BodyMiddleware",
    "rma_portal.middleware.MalformedRequestMiddleware",
    "rma_portal.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rma_portal.middleware.RequestLogMiddleware",
    "rma_portal.languages.LanguageMiddleware",
    "rma_portal.middleware.PersonalPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rma_portal.middleware.ErrorPagesMiddleware",
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
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "rma_portal.form_renderer.FormRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("bootstrap5", "house")
CRISPY_TEMPLATE_PACK = "house"
CRISPY_FAIL_SILENTLY = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Database --------------------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "")
# Milliseconds; 0 lifts the limit, for a long migration.
DATABASE_STATEMENT_TIMEOUT = env.int("DATABASE_STATEMENT_TIMEOUT", 15_000)
# A pooler that gives each transaction another connection can't keep them; one that pools sessions can.
PREPARED_STATEMENTS = env.bool("PREPARED_STATEMENTS", True)
DATABASES: dict[str, Any] = {}
if DATABASE_URL:
    DATABASES["default"] = {
        **env.dj_db_url("DATABASE_URL", conn_max_age=60, conn_health_checks=True),
        "ATOMIC_REQUESTS": False,
    }
    # A lock is waited for briefly, then the person is asked to try again; a statement never outlives its page.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        connect_timeout=3,  # seconds
        # A server that vanished without a word (fail-over, pulled cable) is noticed within ten seconds.
        tcp_user_timeout=10_000,  # milliseconds
        keepalives_idle=5,  # seconds
        options=f"-c lock_timeout=4000 -c statement_timeout={DATABASE_STATEMENT_TIMEOUT}"
        " -c idle_in_transaction_session_timeout=60000"
        # Statements here take milliseconds: starting helpers, or compiling the plan, would take longer than the work.
        " -c max_parallel_workers_per_gather=0 -c jit=off"
        # A page about one return joins ten tables by their keys. Four at a time PostgreSQL looks through all orders in
        # which that could be done; the rest it joins as written, which takes less than looking further.
        " -c join_collapse_limit=4",
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: Celery's doorbell, never the truth -----------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
# Nothing is cached or counted in Redis, it keeps hints at most (services/presence.py): the limits of attempts are rows,
# so that losing it opens no door.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

# --- People ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:home"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 15}},
    {"NAME": "accounts.passwords.NotCommon"},
    {"NAME": "accounts.passwords.NotOneself"},
]
# Argon2 costs whoever guesses memory as well as time, which PBKDF2, Django's default, does not.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "reset_password": "accounts.forms.ForgotPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # a typing error shows at the confirmation, which asks for it again
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a new password is told to its owner
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Ours count in the database (accounts/limits.py); allauth's would stop counting whenever Redis is away.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if INSECURE_HTTP else "https"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
# Django's own, which ends with any change of password or address; allauth's writes rows while it checks.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  a class
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds

# --- Sessions and cookies --------------------------------------------------------------------------------------------
# A browser keeps `__Host-` cookies only over https, for the whole host and this host alone.
COOKIE_PREFIX = "" if INSECURE_HTTP else "__Host-"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_COOKIE_SECURE = not INSECURE_HTTP
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = not INSECURE_HTTP
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- Transport -------------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = not INSECURE_HTTP
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 2 * 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# Probes speak plain http to this process, not to the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
# Also to our own pages under other host names nothing is said about where somebody came from.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "rma_portal.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.NONE],
        "script-src": [csp.SELF],
        "style-src": [csp.SELF],
        "img-src": [csp.SELF],
        "font-src": [csp.SELF],
        "connect-src": [csp.SELF],
        "manifest-src": [csp.SELF],
        "form-action": [csp.SELF],
        "base-uri": [csp.NONE],
        "object-src": [csp.NONE],
        "frame-ancestors": [csp.NONE],
    },
}

# --- Mail ------------------------------------------------------------------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", "")
_mail: dict[str, Any] = env.dj_email_url("EMAIL_URL") if EMAIL_URL else {}
# Empty for a scheme nobody knows; the checks refuse that, where a guess might send mails unencrypted.
EMAIL_BACKEND = _mail.get("EMAIL_BACKEND", "")
EMAIL_HOST = _mail.get("EMAIL_HOST", "")
EMAIL_PORT = _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
# How many the mail server wants to be given in a minute at most; 0 is as many as it takes. Urgent ones go first.
MAILS_PER_MINUTE = env.int("MAILS_PER_MINUTE", 0)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"returns@{SITE_HOST or 'localhost'}")

# --- Figures for Prometheus ------------------------------------------------------------------------------------------
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # empty: there is no /metrics

# --- Language and time -----------------------------------------------------------------------------------------------
# Stored in UTC; each storefront shows its own zone.
# Pages and mails for customers speak these; the desk and the reports speak LANGUAGE_CODE (docs/translating.md).
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]  # each in its own words, as its readers look for it
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
LANGUAGE_COOKIE_SECURE = not INSECURE_HTTP
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60  # seconds
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "var" / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
PLAIN_STATIC = DEBUG or TESTING
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PLAIN_STATIC
        else "rma_portal.static_files.Storage",
    },
}
# --- Photos: private, served by a view that asks who wants to see them, never by the web server -----------------------
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "var" / "media")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
LARGEST_PHOTO = 10 * 1024**2  # bytes of one photo as it is sent; what we keep of it is smaller
# A form with all its photos. More is refused before it is read (B16); a proxy in front should allow as much.
LARGEST_BODY = 8 * LARGEST_PHOTO + 1024**2
LARGEST_FORM = 1024**2  # bytes of a form without photos
# The views that take photos; every other one takes a form of LARGEST_FORM.
PHOTO_ROUTES = frozenset(
    {
        "portal:draft_photos",
        "portal:return_photos",
        "portal:damage",
        "portal:license",
        "portal:answer",
        "portal:message",
        "desk:photos_add",
        "desk:held_photos",
    }
)
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2  # larger files wait in FILE_UPLOAD_TEMP_DIR until the request ends
DATA_UPLOAD_MAX_NUMBER_FILES = 40  # far more than a form takes, so that choosing too many is answered in words

WHITENOISE_USE_FINDERS = PLAIN_STATIC
WHITENOISE_AUTOREFRESH = PLAIN_STATIC
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else's page needs our files

# --- Logging ---------------------------------------------------------------------------------------------------------
LOGGING = logs.logging_config(env.str("LOG_LEVEL", "INFO"))
logs.configure_structlog()
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # one line for each request: when it is answered
# Neither is needed to follow a request, both are personal; and asking for the person would need the database.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None
