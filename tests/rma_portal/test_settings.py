"""What production's settings promise, read from a process started like production."""

import json
from functools import cache
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils.module_loading import import_string
from whitenoise.storage import CompressedManifestStaticFilesStorage

from accounts.sessions import SessionStore
from tests.rma_portal.production import LOCAL, PRODUCTION, run_python

READ = """
import json
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()}, default=str))
"""


@cache
def loaded(**environment: str) -> dict[str, Any]:
    """Every setting of a process with this environment, by name."""
    result = run_python("-c", READ, **environment, DJANGO_SETTINGS_MODULE="rma_portal.settings")
    assert result.returncode == 0, result.stderr
    settings: dict[str, Any] = json.loads(result.stdout)
    return settings


def production(*names: str, **environment: str) -> list[Any]:
    """The values of these settings in production, or in production changed by `environment`."""
    settings = loaded(**PRODUCTION | environment)
    return [settings[name] for name in names]


def test_cookies_are_for_this_host_over_https_and_for_no_script() -> None:
    assert production("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME") == ["__Host-sessionid", "__Host-csrftoken"]
    for cookie in ("SESSION_COOKIE", "CSRF_COOKIE"):
        assert production(*[f"{cookie}_{part}" for part in ("SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")]) == [
            True,
            True,
            "Lax",
            "/",
            None,
        ]


def test_plain_http_has_plain_cookies_because_browsers_drop_the_others() -> None:
    assert production("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", **LOCAL) == [
        "sessionid",
        False,
        False,
    ]


def test_sessions_live_in_the_database_so_that_a_flushed_redis_signs_nobody_out() -> None:
    assert production("SESSION_ENGINE") == ["accounts.sessions"]
    assert issubclass(SessionStore, DatabaseSessions)


def test_the_only_host_is_the_portals_own_unless_others_are_named() -> None:
    assert production("ALLOWED_HOSTS") == [["returns.example.com"]]
    assert production("ALLOWED_HOSTS", ALLOWED_HOSTS="a.example,b.example") == [["a.example", "b.example"]]


def test_a_proxy_is_believed_only_if_it_is_counted() -> None:
    assert production("SECURE_PROXY_SSL_HEADER") == [["HTTP_X_FORWARDED_PROTO", "https"]]
    assert production("SECURE_PROXY_SSL_HEADER", "ALLAUTH_TRUSTED_PROXY_COUNT", TRUSTED_PROXIES="0") == [None, 0]


def test_the_database_waits_briefly_for_connections_locks_and_statements() -> None:
    [databases] = production("DATABASES")
    database = databases["default"]
    assert database["OPTIONS"]["connect_timeout"] == 3
    assert "lock_timeout=4000" in database["OPTIONS"]["options"]
    assert "statement_timeout=15000" in database["OPTIONS"]["options"]
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"], database["ATOMIC_REQUESTS"]) == (60, True, False)


def test_the_mail_url_becomes_the_mail_settings() -> None:
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_USE_TLS", "EMAIL_TIMEOUT", "DEFAULT_FROM_EMAIL")
    assert production(*names) == ["mail.example.com", 587, "portal", True, 10, "returns@returns.example.com"]


def test_mail_is_encrypted_as_the_url_says() -> None:
    names = ("EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    assert production(*names, EMAIL_URL="smtp://a:b@mail.example.com:465?ssl=1") == [465, False, True]
    assert production(*names, EMAIL_URL="smtp://mail.example.com") == [25, False, False]
    assert production("EMAIL_BACKEND", EMAIL_URL="smtp+tls://mail.example.com") == [""], "unknown, and refused"


def test_passwords_are_stored_expensively() -> None:
    [hashers] = production("PASSWORD_HASHERS")
    assert hashers == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_static_files_are_hashed() -> None:
    [storages] = production("STORAGES")
    assert issubclass(import_string(storages["staticfiles"]["BACKEND"]), CompressedManifestStaticFilesStorage)


def test_nothing_that_counts_is_kept_in_redis() -> None:
    assert production("CACHES") == [{"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}]
