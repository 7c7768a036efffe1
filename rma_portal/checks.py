"""Combinations of settings that must not start.

Every management command, the web server, the worker and beat refuse to start on one of these. Each sentence names the
variable and what would be right.
"""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 50  # characters, as Django's own deployment check has it
TAG = "start"
# What only a machine that nobody else reaches may have.
LOCAL_ONLY = {
    "DEBUG": "it shows source code and settings to whoever causes an error",
    "TESTING": "it stores passwords cheaply",
    "DEMO": "its people have published passwords",
    "MAIL_SINK_DIR": "it shows every mail, sign-in links included, to everybody",
}
MAIL_THAT_LEAVES = {
    "django.core.mail.backends.smtp.EmailBackend",
    "django.core.mail.backends.locmem.EmailBackend",  # Django's test runner puts it there
}


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured with every sentence, for the processes that are no management command."""
    if found := unsafe_combinations(None):
        raise ImproperlyConfigured("\n".join(f"{error.id}: {error.msg}" for error in found))


@register(TAG)
def unsafe_combinations(app_configs: Iterable[AppConfig] | None, **_options: object) -> list[CheckMessage]:  # noqa: ARG001  the checks' signature
    """Every reason why this instance must not start; an empty list where there is none."""
    checks = (keys, addresses, local_only, servers, mail, celery)
    return [Error(sentence, id=f"rma_portal.{check.__name__}") for check in checks for sentence in check()]


def keys() -> Iterator[str]:
    """Two secrets, long enough, and not the same."""
    try:
        secret_key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's way to say that it is empty
        secret_key = ""
    for name, value in {"SECRET_KEY": secret_key, "LINK_KEY": settings.LINK_KEY}.items():
        if len(value) < SHORTEST_KEY:
            yield f"{name} must be set to at least {SHORTEST_KEY} random characters."
    if secret_key and secret_key == settings.LINK_KEY:
        yield "SECRET_KEY and LINK_KEY must differ: changing one must not end what the other protects."


def addresses() -> Iterator[str]:
    """Https to the world, plain http to this machine only, and no host name that anybody may invent."""
    url = urlsplit(settings.SITE_URL)
    if url.scheme not in {"http", "https"} or not url.hostname or url.path or url.query:
        yield "SITE_URL must be the portal's address, such as https://returns.example.com, with no path."
    elif settings.INSECURE_HTTP and not is_local():
        yield "INSECURE_HTTP is for SITE_URL=http://127.0.0.1:… (or localhost) only."
    elif url.scheme == "http" and not settings.INSECURE_HTTP:
        yield "SITE_URL must begin with https://."
    if "*" in settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS must name the hosts; * lets anybody invent one."
    if settings.TRUSTED_PROXIES < 0:
        yield "TRUSTED_PROXIES is the number of proxies before the portal: 0 or more."


def is_local() -> bool:
    """Whether the portal's own address is plain http on this machine."""
    url = urlsplit(settings.SITE_URL)
    host = url.hostname or ""
    if url.scheme != "http":
        return False
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def local_only() -> Iterator[str]:
    """What `make run` and the tests may have, and production may not."""
    if settings.INSECURE_HTTP and is_local():
        return
    for name, danger in LOCAL_ONLY.items():
        if getattr(settings, name):
            yield f"{name} needs INSECURE_HTTP and a local SITE_URL: {danger}."


def servers() -> Iterator[str]:
    """PostgreSQL and a Redis-protocol server, nothing in their place."""
    # Other databases ignore row locks, so races could not even be seen.
    database = settings.DATABASES.get("default", {})
    if database.get("ENGINE") != "django.db.backends.postgresql":
        yield "DATABASE_URL must name a PostgreSQL database: postgres://user:password@host:5432/name."
    elif database.get("ATOMIC_REQUESTS"):
        yield "ATOMIC_REQUESTS must stay off: a lock would be held while the page is rendered."
    if urlsplit(settings.REDIS_URL).scheme not in {"redis", "rediss", "unix"}:
        yield "REDIS_URL must name a Redis server: redis://host:6379/0."


def mail() -> Iterator[str]:
    """Mail goes out by SMTP."""
    if not settings.EMAIL_URL:
        yield "EMAIL_URL must name the mail server: submission://user:password@host:587."
    elif settings.EMAIL_BACKEND not in MAIL_THAT_LEAVES:
        yield "EMAIL_URL must be submission:// (STARTTLS) or smtp:// (with ?ssl=1 for TLS from the first byte)."


def celery() -> Iterator[str]:
    """Tasks run in the worker, never inside a page."""
    from rma_portal.celery import app

    if app.conf.task_always_eager:
        yield "task_always_eager must stay off: a page would wait for the mail server."
