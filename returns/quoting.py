"""From rows to facts: asks the engine about an order, with the policy version in force when it was placed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet, prefetch_related_objects

from returns.domain.facts import (
    AccountFacts,
    AccountType,
    Channel,
    Condition,
    LineOverride,
    OrderFacts,
    OrderLineFacts,
    PartialReturn,
    Reason,
    RequestFacts,
    RequestLineFacts,
    Resolution,
    Returned,
    Wish,
)
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import Quote, quote
from returns.domain.workflow import Status
from returns.models import CustomerAccount, Order, OrderLine, ReturnLine, ReturnRequest
from returns.policy_in_force import policy_version_for

ENDED_WITHOUT_GOODS = [Status.REJECTED, Status.REDIRECTED, Status.WITHDRAWN, Status.EXPIRED]
MERCHANT_FAULT = [reason.value for reason in Reason if reason.is_merchant_fault]


@dataclass(frozen=True, slots=True)
class Asked:
    """One line as the customer asks it: facts about the goods, never about the order."""

    order_line_id: int
    quantity: int
    reason: Reason
    condition: Condition
    wants: Wish
    used_percent: Decimal | None = None
    resalable: bool = True
    expires_on: date | None = None
    ask_anyway: bool = False
    exchange_product_id: int | None = None

    @property
    def comes_back(self) -> bool:
        """Whether it is to be sent here: not what never arrived, nor what came damaged or wrong and is replaced."""
        is_replaced = self.reason.is_merchant_fault and self.wants is Wish.REPLACEMENT
        return self.reason is not Reason.NOT_RECEIVED and not is_replaced

    @property
    def photos_help(self) -> bool:
        """Whether a person who decides would like to see it: opened, incomplete, disappointing or damaged goods."""
        if self.reason is Reason.NOT_RECEIVED:
            return False
        is_shown = self.reason is Reason.DISSATISFIED or self.reason.is_merchant_fault
        return is_shown or self.condition is Condition.OPENED or not self.resalable


def order_lines(order: Order) -> list[OrderLine]:
    """The lines in the order the facts number them."""
    return sorted(order.lines.all(), key=lambda line: line.position)


def order_facts(
    order: Order,
    lines: Sequence[OrderLine],
    *,
    apart_from: ReturnRequest | None = None,
    asked_back: Sequence[ReturnLine] | None = None,
) -> OrderFacts:
    """What was bought, and what earlier requests already gave for it (D1).

    ``asked_back`` are all return lines of the order in the order of their making, where they were read already.
    """
    given = _given(_settled(lines, apart_from) if asked_back is None else filter(_gave, asked_back))
    free = _free_items_asked_back(order, lines, apart_from)
    return OrderFacts(
        number=order.number,
        placed_at=order.placed_at,
        delivered_at=order.delivered_at,
        channel=Channel(order.channel),
        shipping_paid=order.shipping_paid,
        lines=tuple(
            replace(_line_facts(line, given.get(line.pk, ())), comes_back=index in free)
            for index, line in enumerate(lines)
        ),
        shipping_already_refunded=order.shipping_refunded > 0,
        currency=order.currency,
    )


def _free_items_asked_back(
    order: Order, lines: Sequence[OrderLine], apart_from: ReturnRequest | None
) -> frozenset[int]:
    """The indexes of free items that another return of the order, open or settled, asks for already (RES-13)."""
    if all(line.paid_total for line in lines) or not any(line.returning_quantity for line in lines):
        return frozenset()
    others = order.requests.exclude(status__in=ENDED_WITHOUT_GOODS)
    others = others if apart_from is None else others.exclude(pk=apart_from.pk)
    return frozenset(index for other in others for index in other.current_quote.also_return)


def _line_facts(line: OrderLine, returned: tuple[Returned, ...]) -> OrderLineFacts:
    return OrderLineFacts(
        sku=line.sku,
        kind=line.kind or None,
        flags=frozenset(line.flags),
        quantity=line.quantity,
        paid_total=line.paid_total,
        expires_on=line.expires_on,
        returned=returned,
    )


def _settled(lines: Sequence[OrderLine], apart_from: ReturnRequest | None) -> Iterable[ReturnLine]:
    # Units that stayed here for nothing aren't part of what was given: the next unit is worth its own share.
    settled = ReturnLine.objects.filter(order_line__in=lines, settled_gross__gt=0, settled_quantity__gt=0)
    return (settled if apart_from is None else settled.exclude(request=apart_from)).order_by("id")


def _gave(line: ReturnLine) -> bool:
    """The same of a line that was read already."""
    return bool(line.settled_gross and line.settled_quantity)


def _given(settled: Iterable[ReturnLine]) -> dict[int, tuple[Returned, ...]]:
    given: dict[int, tuple[Returned, ...]] = {}
    for line in settled:
        row = Returned(
            code=line.settled_code,
            quantity=line.settled_quantity,
            gross=line.settled_gross or Decimal("0.00"),
            fee=line.settled_fee or Decimal("0.00"),
            amount=line.settled_amount or Decimal("0.00"),
            rate=line.settled_rate,
        )
        given[line.order_line_id] = (*given.get(line.order_line_id, ()), row)
    return given


def account_facts(
    order: Order, *, apart_from: ReturnRequest | None = None, terms: PolicyTerms | None = None
) -> AccountFacts:
    """Who asks: type, balance owed, and earlier authorized returns of opened goods at this storefront (RES-06).

    The earlier returns are read unless ``terms`` are named that have no rule about them.
    """
    has_rule = terms is None or terms.opened.repeat_clause is not None
    account: CustomerAccount | None = order.account
    return AccountFacts(
        type=AccountType(account.type) if account else AccountType.CONSUMER,
        outstanding_balance=account.outstanding_balance if account else Decimal("0.00"),
        previous_partial_returns=_partial_returns(order, apart_from) if has_rule else (),
    )


def _partial_returns(order: Order, apart_from: ReturnRequest | None) -> tuple[PartialReturn, ...]:
    """The latest of them: one bars the next, and the latest day is the one that is named (LPS-30)."""
    if order.account_id:
        # A request belongs to the account of its order (account_links), and is found by it without the orders.
        same_customer = Q(request__account_id=order.account_id)
    elif order.email:
        same_customer = Q(request__order__email__iexact=order.email)
    else:
        return ()
    lines = opened_before(same_customer & Q(request__storefront_id=order.storefront_id))
    if apart_from is not None:
        lines = lines.exclude(request=apart_from)
        if apart_from.authorized_at is not None:  # what was authorized after it takes nothing from it any more
            lines = lines.filter(request__authorized_at__lte=apart_from.authorized_at)
    latest = lines.values_list("order_line__sku", "request__authorized_at")[:1]
    zone = order.storefront.zone
    return tuple(PartialReturn(sku=sku, returned_on=at.astimezone(zone).date()) for sku, at in latest if at)


def opened_before(whose: Q) -> QuerySet[ReturnLine]:
    """Opened goods that were taken back before, or are to be, the latest first (RES-06)."""
    lines = (
        ReturnLine.objects.filter(whose, authorized_quantity__gt=0)
        .filter(Q(found_condition="opened") | Q(found_condition="", condition="opened"))
        .filter(Q(accepted_quantity__isnull=True) | Q(accepted_quantity__gt=0))
        .filter(request__authorized_at__isnull=False)
        .exclude(reason__in=MERCHANT_FAULT)
        .exclude(request__status__in=["withdrawn", "expired"])
    )
    return lines.order_by("-request__authorized_at")


def quote_asked(order: Order, asked: Iterable[Asked], *, at: datetime) -> Quote:
    """What the policy says to this request, asked at `at`. Raises NoPolicyInForce."""
    lines = order_lines(order)
    facts = asked_facts(lines, asked, at)
    return quote(policy_version_for(order).parsed(), account_facts(order), order_facts(order, lines), facts)


def asked_facts(lines: Sequence[OrderLine], asked: Iterable[Asked], at: datetime) -> RequestFacts:
    """What is asked at `at` as the engine takes it, for an order with these lines."""
    index = {line.pk: number for number, line in enumerate(lines)}
    return RequestFacts(
        requested_at=at,
        lines=tuple(
            RequestLineFacts(
                line=index[line.order_line_id],
                quantity=line.quantity,
                reason=line.reason,
                condition=line.condition,
                used_percent=line.used_percent,
                wants=line.wants,
                resalable=line.resalable,
                expires_on=line.expires_on,
            )
            for line in asked
        ),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A return line as staff see it at a later stage: how many units, in what state, and with what override."""

    line: ReturnLine
    quantity: int
    override: LineOverride | None = None


def quote_judged(request: ReturnRequest, judged: Iterable[Judged]) -> Quote:
    """The quote again, for other quantities and for what was found, still as of the day of the request (GEN-04).

    Lines without a unit are left out: line n of the quote belongs to the nth line with units.
    """
    lines = order_lines(request.order)
    index = {line.pk: number for number, line in enumerate(lines)}
    terms = request.policy_version.parsed()
    facts = RequestFacts(
        requested_at=request.requested_at,
        lines=tuple(_judged_facts(row, index) for row in judged if row.quantity),
        refused_packages=_refused_packages(request, terms),
    )
    return quote(
        terms,
        account_facts(request.order, apart_from=request),
        order_facts(request.order, lines, apart_from=request),
        facts,
    )


def _refused_packages(request: ReturnRequest, terms: PolicyTerms) -> int | None:
    """How many packages the dock saw come back as refused; looked up only where the policy bills them."""
    if terms.refused_packages is None or request.received_at is None:
        return None
    return request.packages.exclude(refused="").count() or None


def _judged_facts(judged: Judged, index: dict[int, int]) -> RequestLineFacts:
    line = judged.line
    declared = RequestLineFacts(
        line=index[line.order_line_id],
        quantity=judged.quantity,
        reason=Reason(line.reason),
        condition=Condition(line.condition),
        used_percent=line.used_percent,
        wants=Wish(line.wants),
        resalable=line.resalable,
        expires_on=line.expires_on,
        override=judged.override,
    )
    if not line.found_condition:
        return declared
    return replace(
        declared,
        condition=Condition(line.found_condition),
        used_percent=line.found_used_percent,
        resalable=bool(line.found_resalable),
        expires_on=line.found_expires_on or line.expires_on,
    )


GOES_BACK = LineOverride(resolution=Resolution.NONE, percent=Decimal(0))
"""Nothing is given for a line that goes back because the customer wants it so (D2)."""


def as_decided(lines: Sequence[ReturnLine], units: Callable[[ReturnLine], int]) -> list[Judged]:
    """The lines with so many units each and what is decided about them; the overrides of all are read at once."""
    prefetch_related_objects(lines, "overrides")
    return [Judged(line, units(line), override_of(line)) for line in lines]


def override_of(line: ReturnLine) -> LineOverride | None:
    """What is decided for this line whatever the policy says: it goes back, or the latest override staff recorded."""
    if line.goes_back:
        return GOES_BACK
    latest = line.overrides.first()
    if latest is None:
        return None
    return LineOverride(resolution=Resolution(latest.resolution), percent=latest.percent)
