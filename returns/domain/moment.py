"""What the clocks say about a request, worked out once for all of its lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from returns.domain.deadlines import claim_deadline, elapsed, local_date
from returns.domain.facts import OrderFacts
from returns.domain.policy import Clock, ExchangeDecision, PolicyTerms

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """Day counts and claim deadline of a request; None where they hang on a delivery that is unknown.

    ``figures`` are the fields of ``Numbers`` that every finding of the request shares.
    """

    requested_on: date
    started_on: date | None
    age: int | None
    since_delivery: timedelta | None
    claim_until: datetime | None
    figures: dict[str, Any]

    @classmethod
    def of(cls, terms: PolicyTerms, order: OrderFacts, requested_at: datetime) -> Moment:
        """The clocks at ``requested_at`` (GEN-02, GEN-03, GEN-04)."""
        zone = terms.zone
        requested_on = local_date(requested_at, zone)
        start = order.placed_at if terms.clock is Clock.PURCHASE else order.delivered_at
        started_on = None if start is None else local_date(start, zone)
        delivered_at, hours = order.delivered_at, terms.claims.hours
        moment = cls(
            requested_on=requested_on,
            started_on=started_on,
            age=None if started_on is None else (requested_on - started_on).days,
            since_delivery=None if delivered_at is None else elapsed(delivered_at, requested_at),
            claim_until=None if delivered_at is None or hours is None else claim_deadline(delivered_at, hours),
            figures={},
        )
        moment.figures.update(moment._shared(terms, requested_at))
        return moment

    def day(self, number: int | None) -> date | None:
        """The calendar day of day ``number`` of the count, None where there is no such day."""
        if number is None or self.started_on is None:
            return None
        return self.started_on + timedelta(days=number)

    def is_after(self, last_day: int | None) -> bool:
        """Whether day ``last_day`` of the count is over; False where there is no last day, or no count."""
        return last_day is not None and self.age is not None and self.age > last_day

    def hours_since_delivery(self, limit: int) -> int | None:
        """Whole hours since delivery: rounded up once ``limit`` is passed, so that they never look in time."""
        if self.since_delivery is None:
            return None
        late = self.since_delivery > _HOUR * limit
        return -(-self.since_delivery // _HOUR) if late else self.since_delivery // _HOUR

    def _shared(self, terms: PolicyTerms, requested_at: datetime) -> dict[str, Any]:
        can_claim = self.claim_until is not None and elapsed(requested_at, self.claim_until) >= timedelta()
        can_exchange = terms.exchange.decision is not ExchangeDecision.NONE
        claim_day = None if self.is_after(terms.claims.until_day) else self.day(terms.claims.until_day)
        return {
            "clock": terms.clock.value,
            "started_on": self.started_on,
            "requested_on": self.requested_on,
            "age_days": self.age,
            "full_until": self.day(terms.last_full_day),
            "money_until": self.day(terms.last_day),
            "exchange_until": self.day(terms.exchange.until_day) if can_exchange else None,
            "claim_until": self.claim_until if can_claim else None,
            "claim_until_on": claim_day,
        }
