"""Above the storefront's limit one person proposes a settlement, and another, a manager, agrees to that very sum."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from returns.domain.facts import Reason, Wish
from returns.domain.settlement import Quote
from returns.domain.workflow import Action
from returns.invariants import violations
from returns.models import (
    CustomerAccount,
    LedgerAccount,
    LedgerEntry,
    Override,
    ReturnRequest,
    Settlement,
    SettlementLine,
    SettlementPlan,
    Storefront,
)
from returns.services import extras, second_person, settlement
from returns.services.breakdowns import breakdown_of
from returns.services.errors import AmountChanged, Refused
from returns.services.extras import ExtrasAsked
from returns.services.shares import Share, quoted_without_extras, shares_to_settle
from returns.services.storefronts import change_limit
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


def inspected(customer: CustomerAccount, cast: Cast, now: datetime, **asked: object) -> ReturnRequest:
    order = factories.order(customer.storefront, now=now, customer=customer, shipping_paid=Decimal("9.95"))
    lines = [factories.asked(order.lines.get(), **asked)]
    request = factories.submitted(order, now=now, lines=lines)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.sam, now=now)
    return request


def to_settle(request: ReturnRequest) -> tuple[list[Share], Quote]:
    return shares_to_settle(request, list(request.lines.order_by("position")))


def total(request: ReturnRequest) -> Decimal:
    return to_settle(request)[1].total


def settle(request: ReturnRequest, by: By, now: datetime) -> Settlement:
    done = settlement.settle(request_id=request.pk, expected_total=total(request), by=by, now=now)
    assert list(violations()) == []
    return done.settlement


def propose(request: ReturnRequest, by: By, now: datetime) -> ReturnRequest:
    return second_person.propose(
        request_id=request.pk, action=Action.SETTLE, expected_total=total(request), by=by, now=now
    )


def add(request: ReturnRequest, by: By, now: datetime, **asked: object) -> None:
    wanted = ExtrasAsked(**asked)  # type: ignore[arg-type]
    extras.change_extras(request_id=request.pk, asked=wanted, quote=quoted_without_extras(request), by=by, now=now)


@pytest.fixture
def people(cast: Cast) -> dict[str, By]:
    return {"renee": By.staff(cast.renee), "sam": By.staff(cast.sam), "mona": By.staff(cast.mona)}


# ------------------------------------------------------------------------------------------------------- second person


def test_above_the_limit_another_person_a_manager_agrees(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    change_limit(storefront=shops[IMAGE], amount=Decimal("122.39"))
    request = inspected(cast.accounts[IMAGE], cast, now)
    for by in people.values():
        with pytest.raises(Refused, match="one person proposes it"):
            settle(request, by, now)
    propose(request, people["renee"], now)
    with pytest.raises(Refused, match="You proposed it"):
        settle(request, people["renee"], now)
    with pytest.raises(Refused, match="a manager agrees"):
        settle(request, people["sam"], now)
    assert settle(request, people["mona"], now).decided_by == cast.mona


def test_a_manager_never_agrees_to_their_own_proposal(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    change_limit(storefront=shops[IMAGE], amount=Decimal(0))
    request = inspected(cast.accounts[IMAGE], cast, now)
    propose(request, people["mona"], now)
    with pytest.raises(Refused, match="You proposed it"):
        settle(request, people["mona"], now)


def test_at_the_limit_one_person_is_enough_and_nothing_is_proposed(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    change_limit(storefront=shops[IMAGE], amount=Decimal("122.40"))
    request = inspected(cast.accounts[IMAGE], cast, now)
    with pytest.raises(Refused, match="within the limit"):
        propose(request, people["renee"], now)
    assert settle(request, people["renee"], now).total == Decimal("122.40")


def test_a_proposal_of_another_sum_is_none(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    change_limit(storefront=shops[IMAGE], amount=Decimal(100))
    request = inspected(cast.accounts[IMAGE], cast, now)
    with pytest.raises(AmountChanged):
        second_person.propose(
            request_id=request.pk, action=Action.SETTLE, expected_total=Decimal(1), by=people["renee"], now=now
        )
    propose(request, people["renee"], now)
    add(request, people["renee"], now, goodwill=Decimal(5), goodwill_reason="Waited long.")
    with pytest.raises(Refused, match="one person proposes it"):
        settle(request, people["mona"], now)


def test_a_proposal_of_the_same_total_made_of_other_parts_is_none(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    change_limit(storefront=shops[SPA], amount=Decimal(100))
    request = inspected(cast.accounts[SPA], cast, now, reason=Reason.REFUSED_PACKAGE)
    propose(request, people["renee"], now)
    # Written past the service, which ends the proposal: whatever else changes the parts doesn't.
    SettlementPlan.objects.filter(request=request).update(waives_charge=True, waiver_reason="It was damaged.")
    with pytest.raises(Refused, match=r"proposed it otherwise: service charge \$20\.00 → \$0\.00\. It is worth more"):
        settle(request, people["mona"], now)
    assert not Settlement.objects.exists()
    propose(request, people["renee"], now)
    assert settle(request, people["mona"], now).service_charge == 0


def test_a_proposal_from_before_its_parts_were_kept_is_agreed_to_by_its_total(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    change_limit(storefront=shops[IMAGE], amount=Decimal(100))
    request = inspected(cast.accounts[IMAGE], cast, now)
    propose(request, people["renee"], now)
    SettlementPlan.objects.filter(request=request).update(proposed_sums="", proposed_total=Decimal("122.39"))
    with pytest.raises(Refused, match="proposed it otherwise. It is worth more"):
        settle(request, people["mona"], now)
    SettlementPlan.objects.filter(request=request).update(proposed_total=Decimal("122.40"))
    assert settle(request, people["mona"], now).total == Decimal("122.40")


def test_what_is_settled_or_proposed_is_made_of_what_was_seen(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    request = inspected(cast.accounts[SPA], cast, now)
    now_given = breakdown_of(request, *to_settle(request))
    assert (now_given.refund, now_given.store_credit) == (Decimal(0), total(request))
    refund = replace(now_given, refund=now_given.store_credit, store_credit=now_given.refund)
    change_limit(storefront=shops[SPA], amount=Decimal(0))
    asked = {"request_id": request.pk, "expected_total": total(request), "by": people["renee"], "now": now}
    changed = r"not what it is made of: refund \$122\.40 → \$0\.00, store credit \$0\.00 → \$122\.40\. Look at it again"
    with pytest.raises(AmountChanged, match=changed + ", then propose it"):
        second_person.propose(action=Action.SETTLE, seen=refund, **asked)  # type: ignore[arg-type]
    change_limit(storefront=shops[SPA], amount=Decimal(500))
    with pytest.raises(AmountChanged, match=changed + ", then settle"):
        settlement.settle(seen=refund, **asked)  # type: ignore[arg-type]
    assert not Settlement.objects.exists()
    settlement.settle(seen=now_given, **asked)  # type: ignore[arg-type]
    assert Settlement.objects.get().credit == Decimal("122.40")


def test_what_was_proposed_before_the_goods_were_looked_at_is_proposed_anew(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    change_limit(storefront=shops[IMAGE], amount=Decimal(100))
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=19)
    claim = factories.asked(order.lines.get(), reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    request = factories.authorized(factories.submitted(order, now=now, lines=[claim]), by=cast.sam, now=now)
    second_person.propose(
        request_id=request.pk,
        action=Action.SETTLE_WITHOUT_GOODS,
        expected_total=Decimal(0),
        by=people["renee"],
        now=now,
    )
    request = factories.inspected(factories.received(request, by=cast.sam, now=now), by=cast.mona, now=now)
    assert total(request) == 0, "goods have no sum by which another proposal would be noticed"
    with pytest.raises(Refused, match="one person proposes it"):
        settle(request, people["mona"], now)
    propose(request, people["renee"], now)
    assert settle(request, people["mona"], now).resolution == "replacement"


def test_the_worth_counts_before_a_balance_is_taken_off(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    change_limit(storefront=shops[PRO], amount=Decimal(100))
    account = cast.accounts[PRO]
    account.outstanding_balance = Decimal("122.40")
    account.save()
    request = inspected(account, cast, now)
    with pytest.raises(Refused, match="one person proposes it"):
        settle(request, people["renee"], now)


def test_nobody_proposes_for_an_order_of_their_own(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    change_limit(storefront=shops[IMAGE], amount=Decimal(0))
    own = factories.account(shops[IMAGE], user=cast.renee)
    with pytest.raises(Refused, match="your own order"):
        propose(inspected(own, cast, now), By.staff(cast.renee), now)


# -------------------------------------------------------------------------------------------------------------- extras


def test_goodwill_is_an_entry_of_its_own_with_its_reason_in_the_register(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    request = inspected(cast.accounts[IMAGE], cast, now)
    add(request, people["renee"], now, goodwill=Decimal("15.00"), goodwill_reason="The parcel took three weeks.")
    done = settle(request, people["sam"], now)
    assert (done.total, done.payout) == (Decimal("137.40"), Decimal("137.40"))
    assert LedgerEntry.objects.get(debit__kind=LedgerAccount.GOODWILL).amount == Decimal("15.00")
    assert SettlementLine.objects.get(kind=SettlementLine.GOODWILL).amount == Decimal("15.00")
    register = Override.objects.get()
    assert (register.request, register.code, register.actor) == (request, Override.GOODWILL, cast.renee)
    assert register.amount_after - register.amount_before == Decimal("15.00")
    assert request.order.lines.get().refunded == Decimal("122.40")  # never by raising what the line gave back


def test_goodwill_is_never_taken_for_a_balance(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    account = cast.accounts[PRO]
    account.outstanding_balance = Decimal("500.00")
    account.save()
    request = inspected(account, cast, now)
    add(request, people["renee"], now, goodwill=Decimal("15.00"), goodwill_reason="Sorry.")
    assert settle(request, people["renee"], now).total == Decimal("15.00")
    account.refresh_from_db()
    assert account.outstanding_balance == Decimal("377.60")


def test_postage_is_repaid_where_the_shop_pays_it_and_nowhere_else(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    mind = inspected(cast.accounts[SPA], cast, now)
    with pytest.raises(Refused, match="customer pays the way back"):
        add(mind, people["renee"], now, postage=Decimal("8.20"))
    damaged = inspected(cast.accounts[SPA], cast, now, reason=Reason.DAMAGED)
    add(damaged, people["renee"], now, postage=Decimal("8.20"))
    assert settle(damaged, people["renee"], now).total == Decimal("122.40") + Decimal("9.95") + Decimal("8.20")
    credit = LedgerAccount.objects.get(kind=LedgerAccount.STORE_CREDIT)
    assert credit.balance == Decimal("140.55")
    assert LedgerEntry.objects.get(debit__kind=LedgerAccount.POSTAGE).amount == Decimal("8.20")


@pytest.mark.parametrize("is_waived", [False, True])
def test_the_service_charge_is_billed_apart_or_waived_with_a_reason(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By], is_waived: bool
) -> None:
    request = inspected(cast.accounts[SPA], cast, now, reason=Reason.REFUSED_PACKAGE)
    if is_waived:
        with pytest.raises(Refused, match="Give the reason"):
            add(request, people["renee"], now, waives_charge=True)
        add(request, people["renee"], now, waives_charge=True, waiver_reason="It was damaged.")
    done = settle(request, people["renee"], now)
    charged = LedgerEntry.objects.filter(credit__kind=LedgerAccount.SERVICE_CHARGES).count()
    assert (done.total, done.service_charge, charged) == (
        Decimal("122.40"),
        Decimal(0) if is_waived else Decimal("20.00"),
        0 if is_waived else 1,
    )
    codes = list(Override.objects.values_list("code", "amount_before", "amount_after"))
    assert codes == ([(Override.CHARGE_WAIVED, Decimal("-20.00"), Decimal(0))] if is_waived else [])


def test_extras_without_a_reason_or_beyond_measure_are_refused(
    cast: Cast, shops: dict[str, Storefront], now: datetime, people: dict[str, By]
) -> None:
    request = inspected(cast.accounts[IMAGE], cast, now)
    for bad in ({"goodwill": Decimal(-1)}, {"goodwill": Decimal(5)}, {"goodwill": Decimal("10000.01")}):
        with pytest.raises(Refused):
            add(request, people["renee"], now, **bad)
    with pytest.raises(Refused, match="no service charge"):
        add(request, people["renee"], now, waives_charge=True, waiver_reason="Because.")
