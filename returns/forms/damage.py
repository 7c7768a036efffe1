"""Reporting damage or a wrong item: one short form for the whole package (ux, 05)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.domain.deadlines import local_date
from returns.domain.facts import Reason, Resolution, Wish
from returns.domain.policy import Remedy
from returns.domain.settlement import LineQuote, Quote
from returns.enquiries import Enquiry
from returns.forms.order_lines import CHOSEN, LineRow, OrderLinesForm, ticked
from returns.models import OrderLine
from returns.quoting import Asked
from returns.wording.claims import (
    ClaimClock,
    Timing,
    claim_clock,
    happened_choices,
    no_new_one,
    only_way,
    remedy_choice,
    too_early,
    total_of,
)

Choice = TypeVar("Choice", bound=StrEnum)

REASON = "reason-"
"""Begins the name of a line's own reason, where the lines of a report have different ones."""

_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_AMERICAN_DAY = re.compile(r"(?P<month>[0-9]{1,2})[ /.-](?P<day>[0-9]{1,2})[ /.-](?P<year>[0-9]{4})")
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?(?::[0-9]{2})? ?(?P<half>am|pm)?", re.IGNORECASE)


class DayField(forms.Field):
    """A day, as browsers send it or as Americans write it: digits are the ten plain ones."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: object) -> date | None:
        """The day. Raises ValidationError that shows how to write it."""
        text = str(value or "").strip()
        if not text:
            return None
        match = _DAY.fullmatch(text) or _AMERICAN_DAY.fullmatch(text)
        try:
            return date(*(int(match[part]) for part in ("year", "month", "day"))) if match else self._refuse()
        except ValueError:
            return self._refuse()

    def _refuse(self) -> date:
        raise forms.ValidationError(_("Enter the day as month, day and year, for example 11/18/2026."), code="invalid")


class ClockField(forms.Field):
    """A time of day: `14:30`, `2:30 pm`."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def to_python(self, value: object) -> time | None:
        """The time. Raises ValidationError that shows how to write it."""
        text = str(value or "").strip()
        if not text:
            return None
        match = _CLOCK.fullmatch(text)
        try:
            return _time_of(match) if match else self._refuse()
        except ValueError:
            return self._refuse()

    def _refuse(self) -> time:
        raise forms.ValidationError(_("Enter the time with am or pm, for example 2:30 pm."), code="invalid")


def _time_of(match: re.Match[str]) -> time:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError(match.string)
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(match["minute"] or 0))


def with_claims(entered: Mapping[str, str], claims: Sequence[tuple[OrderLine, Asked]]) -> dict[str, str]:
    """What was entered in the lane before, with these claims; where reasons differ, each line keeps its own."""
    mine = {name.removeprefix(CHOSEN) for name in entered if name.startswith(CHOSEN)}
    own = {line: entered.get(f"{REASON}{line}") or entered.get("reason", "") for line in sorted(mine)}
    own |= {str(line.public_id): asked.reason.value for line, asked in claims}
    rest = {name: value for name, value in entered.items() if name != "reason" and not name.startswith(REASON)}
    rest |= ticked((line, asked.quantity) for line, asked in claims) | {"wants": claims[0][1].wants.value}
    reasons = {reason for reason in own.values() if reason}
    if len(reasons) == 1:
        return rest | {"reason": reasons.pop()}
    return rest | {f"{REASON}{line}": reason for line, reason in own.items()}


class DamageForm(OrderLinesForm):
    """What happened, to which products, and what the customer would like.

    What happened is asked once for all of them, unless they came here with reasons of their own.

    ``anyway``: they send it although the policy says no, so that a person decides.
    """

    reason = forms.ChoiceField(
        label=gettext_lazy("What happened?"),
        choices=happened_choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what happened.")},
    )
    arrived_on = DayField(
        label=gettext_lazy("Day"), error_messages={"required": gettext_lazy("Enter the day on which it arrived.")}
    )
    arrived_at = ClockField(
        label=gettext_lazy("About what time"),
        error_messages={"required": gettext_lazy("Enter about what time it arrived.")},
    )
    wants = forms.ChoiceField(label=gettext_lazy("What would you like?"), widget=forms.RadioSelect)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        enquiry: Enquiry,
        anyway: bool = False,
        ticked: str = "",
        reason: str = "",
    ) -> None:
        self.enquiry, self.anyway = enquiry, anyway
        super().__init__(data, lines=enquiry.lines, ticked=ticked)
        self.initial["reason"] = reason
        self.by_line = any(f"{REASON}{line.public_id}" in self.data for line in self.lines)
        if self.by_line:
            self._ask_by_line()
        if self.clock.timing is not Timing.UNKNOWN:
            del self.fields["arrived_on"], self.fields["arrived_at"]
        self._offer_remedies()

    def _ask_by_line(self) -> None:
        """One reason for each product in place of the one for all."""
        del self.fields["reason"]
        for line in self.lines:
            self.fields[f"{REASON}{line.public_id}"] = forms.ChoiceField(
                label=_("What happened?"),
                choices=[("", _("Choose…")), *happened_choices()],
                error_messages={"required": _("Choose what happened.")},
            )

    @property
    def rows(self) -> list[LineRow]:
        """The lines to choose from, each with its own reason where they differ."""
        if not self.by_line:
            return super().rows
        return [replace(row, reason=self[f"{REASON}{row.line.public_id}"]) for row in super().rows]

    # ------------------------------------------------------------------------------------------ what is asked so far

    @cached_property
    def clock(self) -> ClaimClock:
        """How long the report is in time; all lines of an order share it."""
        enquiry = self.enquiry
        any_line = replace(enquiry.usual(enquiry.lines[0]), reason=Reason.DAMAGED)
        judged = enquiry.judge(any_line)
        return claim_clock(judged, enquiry.terms, delivered_at=enquiry.order.delivered_at, now=enquiry.at)

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """What is asked as far as it can be read: damaged, and the first remedy, where nothing else is said."""
        wants = self._one_of(Wish, "wants")
        wished = wants if wants in self.remedies else self.remedies[0]
        return tuple(self._asked(line, units, wished) for line, units in self.chosen())

    def _asked(self, line: OrderLine, units: int, wants: Wish) -> Asked:
        return replace(
            self.enquiry.usual(line),
            quantity=units,
            reason=self._one_of(Reason, f"{REASON}{line.public_id}" if self.by_line else "reason") or Reason.DAMAGED,
            wants=wants,
            ask_anyway=self.anyway,
        )

    def _one_of(self, kind: type[Choice], name: str) -> Choice | None:
        raw = str((self.data if self.is_bound else self.initial).get(name) or "")
        return kind(raw) if raw in {member.value for member in kind} else None

    @cached_property
    def quote(self) -> Quote | None:
        """The answer to what is chosen; None while nothing is."""
        return self.enquiry.quote(self.asked) if self.asked else None

    # ------------------------------------------------------------------------------------------------------ remedies

    @cached_property
    def remedies(self) -> tuple[Wish, ...]:
        """What the chosen products can be made good by, a new one first; at least one way.

        Where a person decides, or has to be asked to, the customer still says which one they would like.
        """
        chosen = self.chosen() or [(line, 1) for line in self.lines]
        ways = self._in_stock_ways()
        leads = {wish for line, units in chosen for wish in self._leading(line, units, ways)}
        return tuple(wish for wish in ways if wish in leads) or ways

    def _ways(self) -> tuple[Wish, ...]:
        terms = self.enquiry.terms
        money = [Wish(form.value) for form in terms.money.forms] if Remedy.MONEY in terms.claims.remedies else []
        return (*([Wish.REPLACEMENT] if Remedy.REPLACEMENT in terms.claims.remedies else []), *money)

    def _in_stock_ways(self) -> tuple[Wish, ...]:
        """The ways there are: no new one is promised of what is out of stock, unless there is no other way."""
        ways = self._ways()
        others = tuple(wish for wish in ways if wish is not Wish.REPLACEMENT)
        return others if others and self._out_of_stock else ways

    @cached_property
    def _out_of_stock(self) -> list[OrderLine]:
        return [line for line, _units in self.chosen() if not line.is_in_stock]

    @property
    def needs_a_person(self) -> bool:
        """Whether something could only be replaced, and there is none to send (CON-15)."""
        return any(self._is_only_replaced(line) for line in self._out_of_stock)

    def _is_only_replaced(self, line: OrderLine) -> bool:
        judged = self.enquiry.judge(self._asked(line, 1, self._in_stock_ways()[0]))
        return judged.is_granted and judged.resolution is Resolution.REPLACEMENT

    @property
    def out_of_stock(self) -> str:
        """Why no new one is offered, and what is instead, where one of the chosen products is out of stock."""
        if not self._out_of_stock or Wish.REPLACEMENT not in self._ways():
            return ""
        titles = [line.title for line in self._out_of_stock]
        return no_new_one(titles, is_for_a_person=self.needs_a_person)

    def _leading(self, line: OrderLine, units: int, ways: Sequence[Wish]) -> list[Wish]:
        """The ways that end where they say; a line that isn't granted leaves all of them to a person."""
        judged = {wish: self.enquiry.judge(self._asked(line, units, wish)) for wish in ways}
        if not all(one.is_granted for one in judged.values()):
            return list(ways)
        return [
            wish for wish, one in judged.items() if one.resolution is not None and one.resolution.value == wish.value
        ]

    def _offer_remedies(self) -> None:
        if len(self.remedies) < 2:
            del self.fields["wants"]
            return
        several = sum(units for _line, units in self.chosen()) > 1
        self.fields["wants"].choices = [  # type: ignore[attr-defined]
            (wish.value, remedy_choice(wish, self.enquiry.terms, amount=self._gives(wish), several=several))
            for wish in self.remedies
        ]
        self.initial["wants"] = self.remedies[0].value
        raw = self.data.get("wants") if self.is_bound else None
        if self.is_bound and (not raw or raw in set(Wish) - set(self.remedies)):
            # It wasn't on the page, or another product took it away: then the first one is ticked.
            self.data = {**self.data, "wants": self.remedies[0].value}

    def _gives(self, wish: Wish) -> str:
        """What the chosen products give as money, where nothing about it is open."""
        chosen = self.chosen()
        if not chosen or wish is Wish.REPLACEMENT:
            return ""
        quote = self.enquiry.quote([self._asked(line, units, wish) for line, units in chosen])
        return total_of(quote.total, quote.currency) if all(line.is_granted for line in quote.lines) else ""

    @property
    def one_way(self) -> str:
        """Why only one remedy is there for some of the chosen products, or for all."""
        judged: Sequence[LineQuote] = self.quote.lines if self.quote else ()
        return only_way(judged, self.enquiry.terms)

    @property
    def one_remedy(self) -> str:
        """The remedy and what it means where there is nothing to choose."""
        if "wants" in self.fields or self.needs_a_person:
            return ""
        text = remedy_choice(self.remedies[0], self.enquiry.terms)
        return f"{text}. {text.hint}"

    @property
    def can_return_instead(self) -> bool:
        """Whether a report that comes too late leaves an ordinary return (RES-24)."""
        asked = self.asked or [self._asked(line, 1, self.remedies[0]) for line in self.lines]
        return any(self.enquiry.judge(one).verdict.numbers.instead for one in asked)

    # ------------------------------------------------------------------------------------------------------ checking

    def clean(self) -> dict[str, Any]:
        """The stated arrival lies between the order and now (RES-24)."""
        data = super().clean()
        for line in self.lines:
            if not self._is_ticked(line):
                self.errors.pop(f"{REASON}{line.public_id}", None)
        at = self.stated_arrival
        if at is None:
            return data
        ordered = self.enquiry.order.placed_at
        if at > self.enquiry.at:
            self.add_error("arrived_on", _("That is still to come. Enter when it arrived."))
        elif local_date(at, self.enquiry.order.storefront.zone) < local_date(
            ordered, self.enquiry.order.storefront.zone
        ):
            self.add_error("arrived_on", too_early(local_date(ordered, self.enquiry.order.storefront.zone)))
        return data

    @property
    def stated_arrival(self) -> datetime | None:
        """When the customer says it came, at the storefront's clock. Of an hour that comes twice, the second one."""
        day, at = self.cleaned_data.get("arrived_on"), self.cleaned_data.get("arrived_at")
        if day is None or at is None:
            return None
        return datetime.combine(day, at, self.enquiry.order.storefront.zone).replace(fold=1)
