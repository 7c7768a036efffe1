"""Where the money of a settlement goes: by the storefront's own way, against what is owed, and never to oneself."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from returns.domain.deadlines import local_date
from returns.domain.facts import Condition, Disposition, Reason, Resolution, Wish
from returns.invariants import violations
from returns.models import (
    CustomerAccount,
    LedgerAccount,
    LedgerEntry,
    Notification,
    Order,
    ReturnRequest,
    Settlement,
    Storefront,
)
from returns.quoting import account_facts, quote_asked
from returns.services import authorization, extras, inspection, settlement
from returns.services.account_links import give_orders
from returns.services.authorization import Decision
from returns.services.errors import Refused
from returns.services.extras import ExtrasAsked
from returns.services.overrides import OverrideAsked
from returns.services.shares import payout_of, quoted_without_extras, shares_to_settle
from returns.services.transition import By
from returns.views.status_case import ending_of
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


def processed(request: ReturnRequest, cast: Cast, now: datetime) -> ReturnRequest:
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    return request


def settled(request: ReturnRequest, cast: Cast, now: datetime) -> ReturnRequest:
    done = settlement.settle(request_id=request.pk, expected_total=request.amount, by=By.staff(cast.renee), now=now)
    assert list(violations()) == []
    return done


def test_shipping_of_a_replacement_comes_back_as_store_credit_at_le_petit_spa(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], shipping_paid=Decimal("8.95"))
    asked = factories.asked(order.lines.get(), reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    request = factories.submitted(order, now=now, lines=[asked])
    done = settled(processed(request, cast, now), cast, now)
    assert (done.settlement.resolution, done.settlement.total) == ("replacement", Decimal("8.95"))
    credit = LedgerAccount.objects.get(customer_account=cast.accounts[SPA], kind=LedgerAccount.STORE_CREDIT)
    assert credit.balance == Decimal("8.95")
    assert not LedgerAccount.objects.filter(kind=LedgerAccount.REFUNDS_PAYABLE).exists()


def test_a_balance_found_after_filing_is_netted_once_and_the_main_contact_hears_of_it(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[PRO], now=now)
    request = factories.submitted(order, now=now)
    account = factories.account(
        shops[PRO], email=order.email, outstanding_balance=Decimal("40.00"), main_contact_email="boss@example.com"
    )
    give_orders(Order.objects.filter(pk=order.pk), account)
    request = processed(ReturnRequest.objects.get(pk=request.pk), cast, now)
    assert request.amount == Decimal("82.40")
    settled(request, cast, now)
    account.refresh_from_db()
    assert account.outstanding_balance == 0
    assert Notification.objects.get(kind="completed").recipient == "boss@example.com"


def test_a_balance_that_takes_all_leaves_nothing_to_pay_out(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    account = cast.accounts[PRO]
    account.outstanding_balance = Decimal("500.00")
    account.save()
    request = factories.submitted(factories.order(shops[PRO], now=now, customer=account), now=now)
    done = settled(processed(request, cast, now), cast, now)
    assert (done.settlement.total, done.settlement.state) == (Decimal(0), "confirmed")
    account.refresh_from_db()
    assert account.outstanding_balance == Decimal("377.60")
    assert [entry.idem_key.split(":")[0] for entry in LedgerEntry.objects.all()] == ["balance"]


@pytest.mark.parametrize(
    ("owed", "paid_out", "headline"),
    [
        ("0", "76.20", "Your refund of $76.20 has arrived"),
        ("50", "26.20", "Your refund of $26.20 has arrived"),
        ("100", "15.00", "Your refund of $15.00 has arrived"),
    ],
)
def test_a_refund_beside_a_credit_is_told_with_its_own_sum(
    cast: Cast, shops: dict[str, Storefront], now: datetime, owed: str, paid_out: str, headline: str
) -> None:
    account = cast.accounts[PRO]
    account.outstanding_balance = Decimal(owed)
    account.save()
    request = both_ways(account, now)
    request = processed(request, cast, now)
    extra = ExtrasAsked(goodwill=Decimal(15), goodwill_reason="Waited long.")
    quote = quoted_without_extras(request)
    extras.change_extras(request_id=request.pk, asked=extra, quote=quote, by=By.staff(cast.renee), now=now)
    lines = list(request.lines.select_related("order_line").order_by("position"))
    shares, answer = shares_to_settle(request, lines)
    assert payout_of(request, shares, answer) == Decimal(paid_out)
    done = settlement.settle(request_id=request.pk, expected_total=answer.total, by=By.staff(cast.renee), now=now)
    booked = LedgerEntry.objects.filter(credit__kind=LedgerAccount.STORE_CREDIT).get().amount
    assert (done.settlement.payout, done.settlement.credit) == (Decimal(paid_out), booked)
    assert ending_headline(done) == headline


def test_where_a_balance_took_the_refund_the_credit_is_told(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    account = cast.accounts[PRO]
    account.outstanding_balance = Decimal("70.00")
    account.save()
    done = settled(processed(both_ways(account, now), cast, now), cast, now)
    assert (done.settlement.payout, done.settlement.state) == (Decimal(0), "confirmed")
    assert ending_headline(done) == "Your $52.40 credit is ready"


def both_ways(account: CustomerAccount, now: datetime) -> ReturnRequest:
    """One product for money, one for store credit, each worth 61.20."""
    order = factories.order(account.storefront, now=now, customer=account, lines=[{}, {}])
    wishes = zip(order.lines.order_by("position"), (Wish.REFUND, Wish.STORE_CREDIT), strict=True)
    return factories.submitted(
        order, now=now, lines=[factories.asked(line, quantity=1, wants=wish) for line, wish in wishes]
    )


def ending_headline(request: ReturnRequest) -> str:
    """What the customer reads once a refund has arrived."""
    request.settlement.state = Settlement.CONFIRMED
    ending = ending_of(request)
    assert ending is not None
    return ending.headline


def test_nobody_overrides_at_the_inspection_of_their_own_return(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    own = factories.account(shops[IMAGE], user=cast.renee)
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=own, days_ago=60), now=now)
    for step in (factories.authorized, factories.received):
        request = step(request, by=cast.sam, now=now)
    waived = OverrideAsked(Resolution.REFUND, Decimal(100), "I want it.")
    finding = factories.finding(1, 2, override=waived)
    with pytest.raises(Refused, match="your own order"):
        inspection.inspect(request_id=request.pk, findings=[finding], by=By.staff(cast.renee), now=now)
    inspection.inspect(request_id=request.pk, findings=[finding], by=By.staff(cast.sam), now=now)


def test_an_order_without_account_is_ones_own_by_its_address(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, email=cast.renee.email.upper()), now=now)
    with pytest.raises(Refused, match="your own order"):
        factories.authorized(request, by=cast.renee, now=now)


@pytest.mark.parametrize("address", ["email", "main_contact_email"])
def test_an_account_nobody_signs_in_to_is_ones_own_by_its_address(
    cast: Cast, shops: dict[str, Storefront], now: datetime, address: str
) -> None:
    account = factories.account(shops[IMAGE])
    setattr(account, address, cast.renee.email.upper())
    account.save()
    request = factories.submitted(
        factories.order(shops[IMAGE], now=now, customer=account, email="old@example.com"), now=now
    )
    with pytest.raises(Refused, match="your own order"):
        factories.authorized(request, by=cast.renee, now=now)


def test_an_override_gives_money_only_in_a_way_the_storefront_has(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = factories.submitted(factories.order(shops[SPA], now=now, customer=cast.accounts[SPA]), now=now)
    card = OverrideAsked(Resolution.REFUND, Decimal(100), "She asked for her card.")
    with pytest.raises(Refused, match="doesn't give money back that way"):
        authorization.authorize(
            request_id=request.pk, decisions=[Decision(1, 2, override=card)], by=By.staff(cast.renee), now=now
        )


def test_what_turned_out_unopened_is_no_partly_used_return(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], lines=[{}, {}])
    first, second = order.lines.order_by("position")
    opened = {"condition": Condition.OPENED, "used_percent": Decimal(10)}
    request = factories.submitted(order, now=now, lines=[factories.asked(first, **opened)])
    for step in (factories.authorized, factories.received):
        request = step(request, by=cast.renee, now=now)
    assert quote_asked(order, [factories.asked(second, **opened)], at=now).lines[0].verdict.code == "REPEAT_RETURN"
    inspection.inspect(request_id=request.pk, findings=[factories.finding(1, 2)], by=By.staff(cast.renee), now=now)
    code = quote_asked(order, [factories.asked(second, **opened)], at=now).lines[0].verdict.code
    assert code == "PARTIAL_USED_CREDIT"


def test_of_several_opened_returns_the_latest_is_named_and_one_is_read(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    opened = {"condition": Condition.OPENED, "used_percent": Decimal(10)}
    for days in (9, 2, 5):
        order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
        at = now - timedelta(days=days)
        filed = factories.submitted(
            order, now=at, lines=[factories.asked(order.lines.get(), **opened, ask_anyway=True)]
        )
        override = OverrideAsked(Resolution.STORE_CREDIT, Decimal(50), "An exception.")
        decision = Decision(1, 2, override=override)
        authorization.authorize(request_id=filed.pk, decisions=[decision], by=By.staff(cast.renee), now=at)
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
    (earlier,) = account_facts(order).previous_partial_returns
    assert earlier.returned_on == local_date(now - timedelta(days=2), shops[SPA].zone)


def test_a_later_opened_return_takes_nothing_from_an_earlier_one(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], lines=[{}, {}])
    first, second = order.lines.order_by("position")
    opened = {"condition": Condition.OPENED, "used_percent": Decimal(10)}
    earlier = factories.submitted(order, now=now, lines=[factories.asked(first, **opened)])
    earlier = factories.received(factories.authorized(earlier, by=cast.sam, now=now), by=cast.sam, now=now)
    later = factories.submitted(order, now=now, lines=[factories.asked(second, **opened, ask_anyway=True)])
    exception = Decision(1, 2, override=OverrideAsked(Resolution.STORE_CREDIT, Decimal(50), "An exception."))
    at = now + timedelta(hours=1)
    authorization.authorize(request_id=later.pk, decisions=[exception], by=By.staff(cast.sam), now=at)
    finding = factories.finding(1, 2, condition=Condition.OPENED, used_percent=Decimal(10))
    earlier = inspection.inspect(request_id=earlier.pk, findings=[finding], by=By.staff(cast.sam), now=at)
    assert earlier.amount == Decimal("61.20")


def test_an_opened_return_counts_for_an_account_that_came_later(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[SPA], now=now, lines=[{}, {}])
    first, second = order.lines.order_by("position")
    opened = {"condition": Condition.OPENED, "used_percent": Decimal(10)}
    request = factories.submitted(order, now=now, lines=[factories.asked(first, **opened)])
    factories.authorized(request, by=cast.renee, now=now)
    give_orders(Order.objects.filter(pk=order.pk), factories.account(shops[SPA], email=order.email))
    order.refresh_from_db()
    code = quote_asked(order, [factories.asked(second, **opened)], at=now).lines[0].verdict.code
    assert code == "REPEAT_RETURN"


@pytest.mark.parametrize(("disposition", "left"), [(Disposition.SCRAP, 1), (Disposition.SEND_BACK, 2)])
def test_goods_that_stay_here_for_nothing_can_not_be_asked_back_again(
    cast: Cast, shops: dict[str, Storefront], now: datetime, disposition: Disposition, left: int
) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
    line = order.lines.get()
    opened = {"condition": Condition.OPENED, "used_percent": Decimal(30), "quantity": 1}
    request = factories.submitted(order, now=now, lines=[factories.asked(line, **opened)])
    for step in (factories.authorized, factories.received):
        request = step(request, by=cast.renee, now=now)
    finding = factories.finding(1, 1, condition=Condition.OPENED, used_percent=Decimal(78), disposition=disposition)
    request = inspection.inspect(request_id=request.pk, findings=[finding], by=By.staff(cast.renee), now=now)
    settled(factories.taken_as_found(request, by=cast.renee, now=now), cast, now)
    line.refresh_from_db()
    assert (line.available, line.refunded) == (left, Decimal(0))
    answer = quote_asked(order, [factories.asked(line, quantity=1)], at=now)
    assert answer.total == Decimal("61.20")  # the other unit's own share, not the scrapped one's too
