"""Combinations that must not start, and the one that must: production as documented (E14)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from rma_portal.celery import app
from rma_portal.checks import refuse_unsafe_start
from tests.rma_portal.production import LOCAL, PRODUCTION, run_python

LOCAL_ADDRESS = {"INSECURE_HTTP": True, "SITE_URL": "http://127.0.0.1:8000"}
WORLD = "http://returns.example.com"
# What is changed in production's settings, and what the refusal names.
UNSAFE: dict[str, tuple[dict[str, Any], str]] = {
    "no secret key": ({"SECRET_KEY": ""}, "SECRET_KEY must be set"),
    "a guessable secret key": ({"SECRET_KEY": "secret"}, "SECRET_KEY must be set"),
    "no link key": ({"LINK_KEY": ""}, "LINK_KEY must be set"),
    "one key for both": ({"LINK_KEY": PRODUCTION["SECRET_KEY"]}, "must differ"),
    "no address": ({"SITE_URL": ""}, "SITE_URL must be"),
    "an address without a scheme": ({"SITE_URL": "returns.example.com"}, "SITE_URL must be"),
    "an address with a path": ({"SITE_URL": "https://example.com/returns"}, "SITE_URL must be"),
    "plain http to the world": ({"SITE_URL": WORLD}, "SITE_URL must begin with https://"),
    "insecure http to the world": ({"INSECURE_HTTP": True, "SITE_URL": WORLD}, "INSECURE_HTTP is for"),
    "insecure http to the neighbors": (
        {"INSECURE_HTTP": True, "SITE_URL": "http://192.168.0.5"},
        "INSECURE_HTTP is for",
    ),
    "insecure http behind https": ({"INSECURE_HTTP": True}, "INSECURE_HTTP is for"),
    "a name that only looks local": (
        {"INSECURE_HTTP": True, "SITE_URL": "http://localhost.example.com"},
        "INSECURE_HTTP is for",
    ),
    "any host": ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS must name"),
    "a negative number of proxies": ({"TRUSTED_PROXIES": -1}, "TRUSTED_PROXIES is"),
    "debugging": ({"DEBUG": True}, "DEBUG needs"),
    "the demo": ({"DEMO": True}, "DEMO needs"),
    "debugging and the demo to the world": ({"DEBUG": True, "DEMO": True, "SITE_URL": WORLD}, "DEMO needs"),
    "test settings": ({"TESTING": True}, "TESTING needs"),
    "mails for everybody to read": ({"MAIL_SINK_DIR": "/var/mails"}, "MAIL_SINK_DIR needs"),
    "no redis": ({"REDIS_URL": ""}, "REDIS_URL must name"),
    "another broker": ({"REDIS_URL": "memory://"}, "REDIS_URL must name"),
    "no mail server": ({"EMAIL_URL": ""}, "EMAIL_URL must name"),
    "mails to the screen": ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "EMAIL_URL must be"),
}


@pytest.fixture
def production(settings: Settings) -> Settings:
    """The settings of this process, changed to what production's are."""
    for name in ("SECRET_KEY", "LINK_KEY", "SITE_URL", "EMAIL_URL", "REDIS_URL"):
        setattr(settings, name, PRODUCTION[name])
    settings.ALLOWED_HOSTS = ["returns.example.com"]
    settings.DEBUG = settings.TESTING = settings.DEMO = settings.INSECURE_HTTP = False
    settings.MAIL_SINK_DIR = ""
    return settings


@pytest.mark.usefixtures("production")
def test_production_may_start() -> None:
    refuse_unsafe_start()


def test_one_machine_may_have_demo_debugging_and_a_mail_sink(production: Settings) -> None:
    for name, value in (LOCAL_ADDRESS | {"DEBUG": True, "DEMO": True, "MAIL_SINK_DIR": "mails"}).items():
        setattr(production, name, value)
    refuse_unsafe_start()


@pytest.mark.parametrize("case", UNSAFE)
def test_an_unsafe_combination_is_refused_by_name(production: Settings, case: str) -> None:
    change, named = UNSAFE[case]
    for name, value in change.items():
        setattr(production, name, value)
    with pytest.raises(ImproperlyConfigured, match=named):
        refuse_unsafe_start()


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"ENGINE": "django.db.backends.sqlite3"}, "DATABASE_URL must name"),
        ({"ENGINE": ""}, "DATABASE_URL must name"),
        ({"ATOMIC_REQUESTS": True}, "ATOMIC_REQUESTS must stay off"),
    ],
)
def test_any_database_but_postgresql_is_refused(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, change: dict[str, Any], named: str
) -> None:
    for name, value in change.items():
        monkeypatch.setitem(settings.DATABASES["default"], name, value)
    with pytest.raises(ImproperlyConfigured, match=named):
        refuse_unsafe_start()


@pytest.fixture
def _eager() -> Iterator[None]:
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.mark.usefixtures("production", "_eager")
def test_eager_tasks_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="task_always_eager"):
        refuse_unsafe_start()


def test_production_passes_every_deployment_check_without_a_warning() -> None:
    result = run_python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (result.returncode, result.stdout) == (0, "System check identified no issues (0 silenced).\n"), result.stderr


def test_one_machine_passes_the_checks() -> None:
    result = run_python("manage.py", "check", **LOCAL, DEMO="1", MAIL_SINK_DIR="mails")
    assert result.returncode == 0, result.stderr


PARTS = {
    "a command": ["manage.py", "clearsessions"],
    "the web server": ["-c", "import rma_portal.wsgi"],
    "the worker": ["-m", "celery", "-A", "rma_portal", "worker"],
    "beat": ["-m", "celery", "-A", "rma_portal", "beat"],
}


@pytest.mark.parametrize("part", PARTS)
def test_every_part_refuses_to_start_unsafe(part: str) -> None:
    result = run_python(*PARTS[part], **PRODUCTION, DEMO="1", DEBUG="1")
    assert result.returncode == 1
    assert "DEMO needs INSECURE_HTTP" in result.stderr


def test_settings_load_with_nothing_set_for_the_commands_that_need_no_database() -> None:
    script = "import django; django.setup(); from django.conf import settings; print(settings.DEBUG)"
    result = run_python("-c", script, DJANGO_SETTINGS_MODULE="rma_portal.settings")
    assert (result.returncode, result.stdout) == (0, "False\n"), result.stderr
