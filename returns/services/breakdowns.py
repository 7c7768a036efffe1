"""What a settlement comes to now, beside what the page of whoever settles or proposes it showed."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal

from returns.domain.breakdown import Breakdown
from returns.domain.facts import Resolution
from returns.domain.settlement import Extras, Quote
from returns.models import ReturnRequest
from returns.services.errors import AmountChanged
from returns.services.shares import Share, payout_of
from returns.wording.breakdowns import what_changed
from returns.wording.phrases import money


def breakdown_of(request: ReturnRequest, shares: Sequence[Share], answer: Quote) -> Breakdown:
    """All that would be given and taken."""
    refund, extras = payout_of(request, shares, answer), answer.extras or Extras()
    return Breakdown(
        refund=refund,
        store_credit=answer.total - refund,
        exchanged=_units(shares, Resolution.EXCHANGE),
        replaced=_units(shares, Resolution.REPLACEMENT),
        shipping_refund=answer.shipping_refund,
        goodwill=extras.goodwill,
        postage=extras.postage,
        balance_applied=answer.balance_applied,
        service_charge=answer.service_charge,
        lines=hashlib.sha256(repr([_of_line(share) for share in shares]).encode()).hexdigest()[:16],
    )


def _units(shares: Sequence[Share], resolution: Resolution) -> int:
    return sum(share.quantity for share in shares if share.judged.resolution is resolution)


def _of_line(share: Share) -> tuple[object, ...]:
    line, judged = share.line, share.judged
    form = judged.resolution.value if judged.resolution else ""
    sums = [str(amount) for amount in (judged.gross, judged.fee, judged.amount)]
    return line.position, share.quantity, form, sums, line.exchange_product_id, line.goes_back


def refuse_other_sums(
    answer: Quote, now: Breakdown, *, expected_total: Decimal, seen: Breakdown | None, then: str
) -> None:
    """Raise AmountChanged where the total, or any part of it, isn't the one that was seen; `then` is what to do next.

    `seen` is None where whoever decides saw the total alone.
    """
    again = f"Look at it again, then {then}."
    if answer.total != expected_total:
        raise AmountChanged(
            f"The sum was {money(expected_total, answer.currency)} when you opened the page and is "
            f"{money(answer.total, answer.currency)} now. {again}"
        )
    if seen is not None and seen != now:
        changed = what_changed(seen, now, answer.currency)
        raise AmountChanged(f"The total is the same, but not what it is made of: {changed}. {again}")
