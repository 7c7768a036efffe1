"""How a return ends: signed lines, ledger, credit or refund, completion mail; all in one transaction."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError
from django.db.models import F

from returns import leaving
from returns.differences import giving_less
from returns.domain.breakdown import Breakdown
from returns.domain.deadlines import local_date
from returns.domain.facts import Disposition, Outcome, Resolution
from returns.domain.settlement import Extras, Quote
from returns.domain.workflow import Action, Status
from returns.models import (
    CustomerAccount,
    LedgerAccount,
    Order,
    OrderLine,
    ReturnLine,
    ReturnRequest,
    Settlement,
    SettlementLine,
)
from returns.services import transition
from returns.services.bookkeeping import Book
from returns.services.breakdowns import breakdown_of, refuse_other_sums
from returns.services.clock import after_waiting
from returns.services.credit_news import tell_of_credit
from returns.services.errors import Refused
from returns.services.extras import register_extras
from returns.services.objections import refuse_same_eyes
from returns.services.requests import release_units
from returns.services.second_person import agree
from returns.services.shares import Share, goods_stay, money_form, settled_resolution, shares_to_settle
from returns.services.transition import By
from returns.wording.phrases import long_date

ZERO = Decimal("0.00")
KEPT = frozenset({Disposition.RESTOCK, Disposition.QUARANTINE, Disposition.SCRAP})
MONEY = frozenset(resolution for resolution in Resolution if resolution.is_money)


def settle(
    *, request_id: int, expected_total: Decimal, by: By, now: datetime, seen: Breakdown | None = None
) -> ReturnRequest:
    """Settle what was accepted at inspection: money by the ledger, goods for goods without (GEN-08).

    What the customer answered to a difference is part of it: products they want back give nothing (D2).
    `expected_total` is the sum the person saw, `seen` what it was made of; None where nobody was shown that.
    Raises AmountChanged where either is another one by now, Refused for one's
    own order, an undecided line, less than was decided that the customer wasn't asked about, one's own findings they
    objected to, while they may still answer, or above the storefront's limit without a second person; AlreadyDecided
    where it was settled before.
    """
    return _close(request_id, Action.SETTLE, expected_total, seen, by, now)


def settle_without_goods(
    *, request_id: int, expected_total: Decimal, by: By, now: datetime, seen: Breakdown | None = None
) -> ReturnRequest:
    """Settle what needs no package: a replacement of damaged or misshipped goods, or what never arrived.

    What is given for goods that never arrived is a person's decision (RES-29). Raises as `settle` does.
    """
    return _close(request_id, Action.SETTLE_WITHOUT_GOODS, expected_total, seen, by, now)


def _close(
    request_id: int, action: Action, expected_total: Decimal, seen: Breakdown | None, by: By, now: datetime
) -> ReturnRequest:
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, action, by)
        transition.refuse_own_order(request, by)
        _refuse_before_answer(request, now)
        lines = list(request.lines.select_related("order_line").order_by("position"))
        _refuse_unasked(request, lines, by)
        held = _lock_money(request)
        shares, answer = shares_to_settle(request, lines)
        _refuse_unready(request, shares)
        sums = breakdown_of(request, shares, answer)
        refuse_other_sums(answer, sums, expected_total=expected_total, seen=seen, then="settle")
        agree(request, shares, answer, by)
        payout = _give(Book(request, held, by, now), shares, answer)
        settlement = _write_settlement(request, shares, answer, payout, by, now)
        _write_lines(settlement, shares, answer)
        _release_unaccepted(lines, shares)
        register_extras(request, answer.extras, now=now)
        tell_of_credit(request, now=now)
        leaves_on = _goods_leave_on(request, lines, now)
        return transition.apply(
            request,
            action,
            by=by,
            now=now,
            data={"settlement": str(settlement.public_id), "total": str(answer.total)},
            amount=answer.total,
            found_quote=answer.as_data(),
            due_on=after_waiting(request),
            answer_due_on=None,
            goods_leave_on=leaves_on,
            goods_owed_on=leaves_on,
        )


def _goods_leave_on(request: ReturnRequest, lines: Sequence[ReturnLine], now: datetime) -> date | None:
    """What was promised with the decision stays; else the day is counted from now, where anything leaves."""
    if not leaving.gives_goods(lines):
        return None
    return request.goods_leave_on or leaving.day_to_leave(request, now)


def _lock_money(request: ReturnRequest) -> CustomerAccount | None:
    # The order is locked already, so two settlements for it come one after the other, and the second one sees what the
    # first one gave.
    list(OrderLine.objects.select_for_update(no_key=True).filter(order=request.order).order_by("pk"))
    if request.order.account_id is None:
        return None
    account = CustomerAccount.objects.select_for_update(no_key=True).get(pk=request.order.account_id)
    request.order.account = request.account = account
    return account


def _refuse_unready(request: ReturnRequest, shares: Sequence[Share]) -> None:
    for share in shares:
        if share.judged.verdict.outcome is Outcome.NEEDS_REVIEW:
            raise Refused(f"{share.line.order_line.title} still needs a decision. Override it with a reason first.")
    if request.status == Status.AUTHORIZED.value and not goods_stay(shares):
        raise Refused("Only a replacement of damaged or wrong goods, or what never arrived, needs no package.")


def waits_for_answer(request: ReturnRequest, now: datetime) -> bool:
    """Whether the customer can still answer to the difference, so that nothing is settled yet."""
    if not request.is_paused or request.answer_due_on is None:
        return False
    return local_date(now, request.storefront.zone) <= request.answer_due_on


def _refuse_before_answer(request: ReturnRequest, now: datetime) -> None:
    if waits_for_answer(request, now) and request.answer_due_on is not None:
        until = long_date(request.answer_due_on)
        raise Refused(f"The customer can answer until {until}. Settle it once they have, or after that day.")


def _refuse_unasked(request: ReturnRequest, lines: Sequence[ReturnLine], by: By) -> None:
    """Refuse where the customer hasn't been asked about less, or where the same person would look at it again."""
    if must_ask_first(request, lines):
        raise Refused("It gives less than was decided. Press “Send the difference” first; the customer is asked.")
    refuse_same_eyes(request, by)


def must_ask_first(request: ReturnRequest, lines: Sequence[ReturnLine]) -> bool:
    """Whether something gives less than was decided, and the customer hasn't been told yet (LPS-29)."""
    is_asked = request.status != Status.INSPECTED.value or request.difference_answer
    return not is_asked and bool(giving_less(request, lines))


def _write_settlement(
    request: ReturnRequest, shares: Sequence[Share], answer: Quote, payout: Decimal, by: By, now: datetime
) -> Settlement:
    try:
        return Settlement.objects.create(
            request=request,
            resolution=settled_resolution(shares).value,
            currency=answer.currency,
            total=answer.total,
            payout=payout,
            service_charge=answer.service_charge,
            payment_method=request.order.payment_method if payout else "",
            state=Settlement.DECIDED if payout else Settlement.CONFIRMED,
            decided_by=by.person,
            decided_at=now,
        )
    except IntegrityError as error:
        raise Refused(f"{request.number} is settled already.") from error


def _write_lines(settlement: Settlement, shares: Sequence[Share], answer: Quote) -> None:
    rows = list(_signed_lines(shares, answer))
    SettlementLine.objects.bulk_create(
        SettlementLine(
            settlement=settlement, position=position, kind=kind, return_line=line, clause_id=clause, amount=amount
        )
        for position, (kind, line, clause, amount) in enumerate(rows, start=1)
    )


Signed = tuple[str, ReturnLine | None, str, Decimal]


def _signed_lines(shares: Sequence[Share], answer: Quote) -> Iterator[Signed]:
    for share in shares:
        judged = share.judged
        clause = judged.verdict.clause_id
        if judged.resolution not in MONEY:
            continue
        yield SettlementLine.GROSS, share.line, clause, judged.gross
        if judged.fee:
            yield SettlementLine.FEE, share.line, clause, -judged.fee
        rest = judged.gross - judged.fee - judged.amount
        if rest:
            yield SettlementLine.SHARE, share.line, clause, -rest
    yield from (line for line in _of_the_whole(answer) if line[-1])


def _of_the_whole(answer: Quote) -> Iterator[Signed]:
    """What belongs to no line: shipping, the balance owed, and what a person adds."""
    extras = answer.extras or Extras()
    yield SettlementLine.SHIPPING, None, "", answer.shipping_refund
    yield SettlementLine.BALANCE, None, "", -answer.balance_applied
    yield SettlementLine.GOODWILL, None, "", extras.goodwill
    yield SettlementLine.POSTAGE, None, "", extras.postage


def _give(book: Book, shares: Sequence[Share], answer: Quote) -> Decimal:
    """Book all of it, and count it on the order; what is left to pay out to the payment method."""
    request = book.request
    balance_left = answer.balance_applied
    for share in sorted(shares, key=lambda share: share.judged.resolution is not Resolution.REFUND):
        balance_left = book.give_line(share.line, share.judged, balance_left)
        _count_line(share)
    if answer.shipping_refund:
        form = money_form(request, shares)
        kind = LedgerAccount.STORE_CREDIT if form is Resolution.STORE_CREDIT else LedgerAccount.REFUNDS_PAYABLE
        balance_left = book.give("shipping", answer.shipping_refund, kind, balance_left)
        Order.objects.filter(pk=request.order_id).update(
            shipping_refunded=F("shipping_refunded") + answer.shipping_refund
        )
    if answer.extras:
        form = money_form(request, shares)
        kind = LedgerAccount.STORE_CREDIT if form is Resolution.STORE_CREDIT else LedgerAccount.REFUNDS_PAYABLE
        book.give_extra(LedgerAccount.GOODWILL, answer.extras.goodwill, kind)
        book.give_extra(LedgerAccount.POSTAGE, answer.extras.postage, kind)
    if answer.service_charge:
        book.charge(answer.service_charge)
    if answer.balance_applied:
        CustomerAccount.objects.filter(pk=book.customer.pk).update(
            outstanding_balance=F("outstanding_balance") - answer.balance_applied
        )
    return book.payable


def _count_line(share: Share) -> None:
    line, judged = share.line, share.judged
    eligible = judged.verdict.outcome is Outcome.ELIGIBLE
    # Goods for goods use up the line's value like money does: one cap for all forms (D1).
    value = judged.amount if judged.resolution in MONEY else (judged.gross if eligible else ZERO)
    # Goods that stay here are gone for the customer even where they give nothing; what is sent back can come again.
    taken = share.quantity if (eligible or line.disposition in KEPT) and not line.goes_back else 0
    OrderLine.objects.filter(pk=line.order_line_id).update(
        refunded=F("refunded") + value, returned_quantity=F("returned_quantity") + taken
    )
    line.settled_code = judged.verdict.code
    line.settled_quantity = taken
    line.settled_gross, line.settled_fee, line.settled_amount = judged.gross, judged.fee, judged.amount
    line.settled_rate = judged.rate
    line.resolution = (judged.resolution or Resolution.NONE).value
    line.save()


def _release_unaccepted(lines: Sequence[ReturnLine], shares: Sequence[Share]) -> None:
    settled = {share.line.pk: share.line.settled_quantity for share in shares}
    rest: dict[int, int] = {}
    for line in lines:
        unaccepted = line.held_quantity - settled.get(line.pk, 0)
        rest[line.order_line_id] = rest.get(line.order_line_id, 0) + unaccepted
    release_units(rest)
