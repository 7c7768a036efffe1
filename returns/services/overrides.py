"""The override register: each decision otherwise than the policy, its clause, its effect in money, who, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from returns.domain.facts import LineOverride, Resolution
from returns.models import Override, ReturnLine, ReturnRequest
from returns.quoting import Judged, override_of, quote_judged
from returns.services.errors import Refused
from returns.services.transition import By, refuse_own_order


@dataclass(frozen=True, slots=True)
class OverrideAsked:
    """Staff set the policy aside for a line: what is given, how much of the price (per cent), and why."""

    resolution: Resolution
    percent: Decimal
    reason: str

    @property
    def terms(self) -> LineOverride:
        """The override as the engine takes it."""
        return LineOverride(resolution=self.resolution, percent=self.percent)


@dataclass(frozen=True, slots=True)
class Decided:
    """A line with the units decided about, and the override asked for them, if any."""

    line: ReturnLine
    quantity: int
    asked: OverrideAsked | None = None

    def judged(self) -> Judged:
        """The line as it will be quoted: with this override, else with the one recorded before."""
        return Judged(self.line, self.quantity, self.asked.terms if self.asked else override_of(self.line))


def record_overrides(request: ReturnRequest, decided: Sequence[Decided], *, by: By, now: datetime) -> list[Override]:
    """Write a row for each override asked, with the amounts of the policy and of the override for the same units.

    Raises Refused where one has no reason or gives money in a form the policy doesn't have, and for one's own order.
    """
    with_units = [row for row in decided if row.quantity]
    if not any(row.asked for row in with_units):
        return []
    refuse_own_order(request, by)
    _refuse_foreign_money(request, with_units)
    before = quote_judged(request, [Judged(row.line, row.quantity) for row in with_units])
    after = quote_judged(request, [row.judged() for row in with_units])
    written = []
    for row, policy, given in zip(with_units, before.lines, after.lines, strict=True):
        if row.asked is None:
            continue
        if not row.asked.reason.strip():
            title = row.line.order_line.title
            raise Refused(f"{title}: give the reason for the override.", field=f"line-{row.line.position}")
        written.append(
            Override.objects.create(
                line=row.line,
                clause_id=policy.verdict.clause_id,
                code=policy.verdict.code.value,
                resolution=row.asked.resolution.value,
                percent=row.asked.percent,
                amount_before=policy.amount,
                amount_after=given.amount,
                reason=row.asked.reason.strip(),
                actor=by.person,
                at=now,
            )
        )
    return written


def _refuse_foreign_money(request: ReturnRequest, decided: Sequence[Decided]) -> None:
    # No storefront gives money in a way its policy doesn't have: at le petit spa there is no path to a card (RES-01).
    forms = {form.resolution for form in request.policy_version.parsed().money.forms}
    for row in decided:
        if row.asked and row.asked.resolution.is_money and row.asked.resolution not in forms:
            raise Refused(
                f"{request.storefront.name} doesn't give money back that way.", field=f"line-{row.line.position}"
            )
