"""What a report is about: storefronts, days, the date they mean; and the addresses of what is behind its figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from urllib.parse import quote_plus, urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from returns.forms.reports import RangeForm, last_days
from returns.models import Storefront
from returns.reports.periods import DAY, By, Period, month_of
from returns.viewer import Viewer
from returns.wording.phrases import zone_name


@dataclass(frozen=True)
class Scope:
    """A valid choice of days and storefronts."""

    storefronts: Sequence[Storefront]
    period: Period
    by: By
    slug: str

    @classmethod
    def of(cls, form: RangeForm) -> "Scope":
        """From a form that is valid."""
        return cls(form.chosen, form.period, form.counted_by, form.cleaned_data["storefront"])

    @cached_property
    def query(self) -> dict[str, str]:
        """As the address has it."""
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        return {"first": first, "last": last, "by": self.by.value, "storefront": self.slug}

    @cached_property
    def currency(self) -> str:
        """What its amounts are in; empty where the storefronts have several, which nobody can add up."""
        found = {shop.currency for shop in self.storefronts}
        return found.pop() if len(found) == 1 else ("" if found else "USD")

    @cached_property
    def _returns(self) -> str:
        return reverse("reports:returns")

    def behind(self, figures: str | Sequence[str], *details: str, shop: str = "", **other: str) -> str:
        """The address of the returns behind a figure."""
        query = {**self.query, **other}
        if shop:
            query["storefront"] = shop
        named = [("figure", name) for name in ([figures] if isinstance(figures, str) else figures)]
        pairs = (*query.items(), *named, *(("detail", detail) for detail in details))
        return f"{self._returns}?{'&'.join(f'{name}={_quoted(value)}' for name, value in pairs)}"

    def address(self, name: str, **other: str) -> str:
        """Another page or file about the same days."""
        return f"{reverse(name)}?{urlencode({**self.query, **other})}"


_quoted = lru_cache(4_096)(quote_plus)
"""A report has hundreds of addresses, all of the same few words."""


def storefronts_of(request: HttpRequest) -> list[Storefront]:
    """Those the manager works for."""
    return list(Storefront.objects.staffed_by(Viewer(request.user)))


def today_at(storefronts: Sequence[Storefront], now: datetime) -> date:
    """The date at the first of them; by it the presets count."""
    zone = storefronts[0].zone if storefronts else timezone.get_default_timezone()
    return now.astimezone(zone).date()


def range_form(data: Mapping[str, str], storefronts: Sequence[Storefront], now: datetime) -> RangeForm:
    """What was chosen; the last 30 days where nothing was."""
    named = {"first", "last"} & set(data)
    return RangeForm(data if named else last_days(today_at(storefronts, now)), storefronts=storefronts)


@dataclass(frozen=True, slots=True)
class Preset:
    """A range that people ask for often."""

    label: str
    url: str
    is_current: bool


def presets(scope: Scope, storefronts: Sequence[Storefront], always: Period, now: datetime) -> list[Preset]:
    """The last 7, 30 and 90 days, last month, and all time."""
    today = today_at(storefronts, now)
    last_month = month_of(today) - DAY
    ranges = (
        ("7 days", Period(today - timedelta(days=6), today)),
        ("30 days", Period(today - timedelta(days=29), today)),
        ("Last month", Period(month_of(last_month), last_month)),
        ("90 days", Period(today - timedelta(days=89), today)),
        ("All time", always),
    )
    return [
        Preset(
            label,
            scope.address("reports:overview", first=period.first.isoformat(), last=period.last.isoformat()),
            period == scope.period,
        )
        for label, period in ranges
    ]


def zone_words(storefronts: Sequence[Storefront]) -> str:
    """`Eastern time`, or whose clock it is where there are several."""
    zones = {shop.timezone for shop in storefronts}
    return f"{zone_name(zones.pop())} time" if len(zones) == 1 else "each storefront's time"
