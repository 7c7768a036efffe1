"""A policy file: the settings of a storefront beside its terms, read from TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, cast

from returns.domain.deadlines import ServiceHours
from returns.domain.facts import AccountType
from returns.domain.policy import Currency, PolicyError, PolicyTerms, Weekday, Zone
from returns.domain.records import As, DataError, Text, between, inside, matching, read, shown, write
from returns.domain.reminders import PROCESSING_LADDER

SHIPPED = Path(__file__).resolve().parents[1] / "policies"
"""The folder of the policies that come with the portal."""


def _time(value: object) -> time | None:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value) if isinstance(value, str) and len(value) == 5 else None
    except ValueError:
        return None


def _span(value: object) -> tuple[time, time] | None:
    times = [_time(part) for part in value] if isinstance(value, list | tuple) else []
    match times:
        case [time() as opens, time() as closes] if opens < closes:
            return opens, closes
        case _:
            return None


Slug = Annotated[str, matching(r"[a-z0-9]+(-[a-z0-9]+)*", "a name for URLs in small letters, digits and hyphens")]
Color = Annotated[str, matching(r"#[0-9a-f]{6}", 'a color such as "#0d5963"')]
Span = Annotated[tuple[time, time], As(_span, 'opening and closing time, as ["08:30", "18:00"]')]
Phone = Annotated[str, matching(r"[0-9+(). -]{0,40}", "a phone number, or empty")]
Email = Annotated[str, matching(r"([^@\s]+@[^@\s]+\.[^@\s]+)?", "an email address, or empty")]


class Place(StrEnum):
    """Where a help topic is shown."""

    LANDING = "landing"
    ORDER = "order"
    SIGN_IN = "sign_in"
    ACCOUNT = "account"


PLACEHOLDERS = ("phone", "email", "hours")
"""What a help topic may leave to the settings, so that its contacts never contradict them."""


@dataclass(frozen=True, slots=True)
class HelpTopic:
    """A short answer in the shop's own words. ``{phone}``, ``{email}`` and ``{hours}`` are filled in when shown."""

    title: Text
    text: Text
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class StorefrontSettings:
    """What ``[storefront]`` holds: contacts, hours, address and look. Managers edit them later; the file is a start.

    ``look`` names the theme in the style sheet and ``accent`` its color. ``return_address`` may be empty: then nothing
    can be authorized until somebody fills it in (RES-37). ``account_self_service``: customers edit their own account
    data (RES-38). ``account_types`` is what they rise to by showing a license, lowest first. ``closing_days`` are days
    on which the shop is closed beside weekends and holidays. Staff decide within ``decision_days`` service days, about
    claims within ``claim_decision_days``; they are reminded ``reminder_days`` calendar days before a day they promised.
    What is sent to the customer leaves within ``goods_leave_within_days`` service days once nothing is waited for.
    A return that isn't shipped ``expires_after_days`` days after it was authorized expires; without, none ever does.
    """

    slug: Slug
    name: Text
    short_name: Text
    timezone: Zone
    currency: Currency
    accent: Color
    look: Slug
    care_name: Text
    email: Email
    returns_phone: Phone
    hours: Mapping[str, Span]
    closed_on_federal_holidays: bool
    account_self_service: bool
    tagline: str = ""
    appointment_phone: Phone = ""
    return_address: tuple[Text, ...] = ()
    closing_days: tuple[date, ...] = ()
    position: Annotated[int, between(0, 1000)] = 0
    account_types: tuple[AccountType, ...] = ()
    help: tuple[HelpTopic, ...] = ()
    decision_days: Annotated[int, between(0, 60)] = 2
    claim_decision_days: Annotated[int, between(0, 60)] = 1
    reminder_days: tuple[Annotated[int, between(0, 60)], ...] = PROCESSING_LADDER
    expires_after_days: Annotated[int, between(7, 1000)] | None = None
    goods_leave_within_days: Annotated[int, between(0, 60)] = 2

    @property
    def service_hours(self) -> ServiceHours:
        """The hours with the calendar they follow."""
        return ServiceHours(self.timezone, self.hours, self.closed_on_federal_holidays, frozenset(self.closing_days))

    @property
    def opening_hours(self) -> dict[str, list[str]]:
        """The hours as JSON-safe data: ``{"mon": ["08:30", "18:00"]}``."""
        return cast("dict[str, list[str]]", write(self.hours))

    @property
    def help_topics(self) -> list[dict[str, object]]:
        """The topics as JSON-safe data: ``{"title": …, "text": …, "places": ["landing"]}``."""
        return cast("list[dict[str, object]]", write(self.help))


def load_storefront(path: Path) -> tuple[StorefrontSettings, PolicyTerms]:
    """Settings and terms in a policy file. Raises PolicyError naming file, key and what is allowed."""
    try:
        return _parts(_toml(path))
    except DataError as error:
        raise PolicyError(error.key, error.problem, path.name) from None


def load_storefronts(folder: Path) -> dict[str, tuple[StorefrontSettings, PolicyTerms]]:
    """All policy files of a folder, by slug. Raises PolicyError, also where there are none."""
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not paths:
        raise PolicyError("", "no policy files (*.toml) in this folder", str(folder))
    found: dict[str, tuple[StorefrontSettings, PolicyTerms]] = {}
    for path in paths:
        settings, terms = load_storefront(path)
        if settings.slug in found:
            raise PolicyError("storefront.slug", f"{settings.slug} is used by another file too", path.name)
        found[settings.slug] = settings, terms
    return found


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise PolicyError("", f"can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise PolicyError("", "is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise PolicyError("", f"is not TOML: {error}") from None


def _parts(data: dict[str, Any]) -> tuple[StorefrontSettings, PolicyTerms]:
    if "storefront" not in data:
        raise PolicyError("storefront", "is missing")
    settings = read(StorefrontSettings, data.pop("storefront"), "storefront")
    for day in settings.hours:
        if day not in list(Weekday):
            allowed = ", ".join(Weekday)
            raise PolicyError(inside("storefront.hours", day), f"is not a weekday; allowed are {allowed}")
    for key, problem in _unhelpful(settings.help):
        raise PolicyError(key, problem)
    for key in ("timezone", "currency"):
        if key in data:
            raise PolicyError(key, "belongs into [storefront]")
    return settings, PolicyTerms.from_data({**data, "timezone": settings.timezone, "currency": settings.currency})


def _unhelpful(topics: tuple[HelpTopic, ...]) -> Iterator[tuple[str, str]]:
    """What no page could show, as (key, problem)."""
    for number, topic in enumerate(topics):
        where = inside("storefront.help", number)
        if not topic.places:
            yield inside(where, "places"), f"must name at least one of {', '.join(Place)}"
        for key in ("title", "text"):
            try:
                names = [name for _, name, _, _ in Formatter().parse(getattr(topic, key)) if name is not None]
            except ValueError:
                yield inside(where, key), "has a brace without its other half"
                continue
            for name in names:
                if name not in PLACEHOLDERS:
                    allowed = ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)
                    yield inside(where, key), f"names {shown(f'{{{name}}}')}; allowed are {allowed}"
