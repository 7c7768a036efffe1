"""What is logged: one JSON line per event, without addresses, tokens or anything a person typed (B45).

JSON also keeps a line a line: CR, LF and the escape character that steers terminals arrive escaped.
"""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

# The first letter and the domain stay, enough to recognize one's own address in a support case.
# Starts only where a word starts and never steps back, so that a long line costs no more than its length.
ADDRESS = re.compile(r"(?<![\w.+%-])([\w.+-])(?:[\w.+-]|%(?!40))*+(@|%40)(?=[\w-])")
# Whoever holds one of these may act for the person it was mailed to; a blank before it makes it no other token.
TOKEN_IN_PATH = re.compile(r"(/link/|/mail-choice/|/confirm-email/|/email/confirm/|/password/reset/key/)[^/?\"']+")
TOKEN_IN_QUERY = re.compile(r"([?&](?:token|key|code|password|sesame)=)[^&\s\"']+", re.IGNORECASE)
# PostgreSQL quotes the whole row that broke a constraint.
ROW_DETAIL = re.compile(r"DETAIL:.*?(?=\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL)


def scrub(text: str) -> str:
    """The text with e-mail addresses masked (`a***@d.com`), link tokens and quoted database rows left out."""
    text = ROW_DETAIL.sub("DETAIL: [row]", text)
    text = TOKEN_IN_PATH.sub(r"\1[token]", text)
    text = TOKEN_IN_QUERY.sub(r"\1[token]", text)
    return ADDRESS.sub(r"\1***\2", text)


def scrub_event(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:  # noqa: ARG001  structlog's signature
    """The last processor before rendering: every value of the event goes through `scrub`."""
    return {key: _scrubbed(value) for key, value in event.items()}


def _scrubbed(value: object) -> object:
    match value:
        case None | bool() | int() | float():
            return value
        case dict():
            return {scrub(str(key)): _scrubbed(part) for key, part in value.items()}
        case list() | tuple() | set():
            return [_scrubbed(part) for part in value]
        case _:
            return scrub(str(value))


SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_config(level: str) -> dict[str, Any]:
    """The `logging` configuration of the web server, the worker and every command: everything to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.PositionalArgumentsFormatter(), *SHARED],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    scrub_event,
                    structlog.processors.JSONRenderer(),
                ],
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # These bring handlers of their own, which would write each line a second time and unscrubbed.
            **{
                name: {"handlers": [], "level": level, "propagate": True}
                for name in ("django", "django.server", "gunicorn.error", "celery")
            },
            # RequestLogMiddleware has written the same line already, with the request's id.
            "django.request": {"level": "CRITICAL"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # As has django-structlog for each task.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }


def configure_structlog() -> None:
    """Send what `structlog.get_logger()` writes through the same formatter."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
