"""A return from its request to its settlement, through the services alone, at each storefront."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from returns.domain.facts import Condition, Disposition, Reason, Resolution, Wish
from returns.domain.workflow import Status
from returns.invariants import violations
from returns.models import LedgerAccount, LedgerEntry, Notification, OrderLine, ReturnRequest, Storefront
from returns.services import authorization, conversation, inspection, receiving, requests, settlement
from returns.services.authorization import Decision
from returns.services.errors import AlreadyDecided, AmountChanged, Refused
from returns.services.overrides import OverrideAsked
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(Notification.objects.order_by("created_at", "priority").values_list("kind", flat=True))


def test_image_consumer_refunds_in_full_and_counts_the_due_day_in_calendar_days(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], payment_method="Visa")
    request = factories.submitted(order, now=now)
    assert request.status == Status.SUBMITTED
    assert request.rma_number is None
    assert request.submitted_quote.total == Decimal("122.40")

    request = factories.authorized(request, by=cast.renee, now=now + timedelta(hours=1))
    assert request.rma_number is not None
    assert request.rma_number.startswith("RMA-")

    request = factories.received(request, by=cast.sam, now=now + timedelta(days=5))
    assert request.due_on == date(2026, 12, 3)  # 10 calendar days after November 23 (CON-32)

    request = factories.inspected(request, by=cast.sam, now=now + timedelta(days=6))
    assert request.current_quote.total == Decimal("122.40")

    request = settlement.settle(
        request_id=request.pk, expected_total=Decimal("122.40"), by=By.staff(cast.renee), now=now + timedelta(days=6)
    )
    assert request.status == Status.COMPLETED
    assert request.settlement.resolution == Resolution.REFUND
    assert request.settlement.payment_method == "Visa"
    assert [(line.kind, line.amount) for line in request.settlement.lines.all()] == [("gross", Decimal("122.40"))]
    line = OrderLine.objects.get(order=order)
    assert (line.refunded, line.returned_quantity, line.available) == (Decimal("122.40"), 2, 0)
    assert kinds() == ["received", "authorized", "package_received", "completed"]


def test_le_petit_spa_gives_half_of_a_partly_used_product_as_store_credit(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(
        shops[SPA], now=now, customer=cast.accounts[SPA], lines=[{"quantity": 1, "paid_total": Decimal("45.01")}]
    )
    line = order.lines.get()
    asked = factories.asked(
        line, reason=Reason.DISSATISFIED, condition=Condition.OPENED, used_percent=Decimal(30), wants=Wish.REFUND
    )
    request = factories.submitted(order, now=now, lines=[asked])
    request = factories.authorized(request, by=cast.renee, now=now)
    request = factories.received(request, by=cast.renee, now=now + timedelta(days=2))
    assert request.due_on == date(2026, 12, 7)  # 10 business days after November 20; Thanksgiving isn't counted
    request = factories.inspected(request, by=cast.renee, now=now + timedelta(days=3))
    settlement.settle(
        request_id=request.pk, expected_total=Decimal("22.51"), by=By.staff(cast.renee), now=now + timedelta(days=3)
    )
    credit = LedgerAccount.objects.get(customer_account=cast.accounts[SPA], kind=LedgerAccount.STORE_CREDIT)
    assert credit.balance == Decimal("22.51")
    assert sum(account.balance for account in LedgerAccount.objects.all()) == 0
    signed = [(row.kind, row.amount) for row in request.settlement.lines.all()]
    assert signed == [("gross", Decimal("45.01")), ("partly_used_share", Decimal("-22.50"))]


def test_image_professional_takes_fee_and_balance_off_and_the_rest_stays_owed(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    account = cast.accounts[PRO]
    account.outstanding_balance = Decimal("50.00")
    account.save()
    order = factories.order(shops[PRO], now=now, customer=account, days_ago=34)
    request = factories.submitted(order, now=now)
    request = factories.authorized(request, by=cast.renee, now=now)
    request = factories.received(request, by=cast.renee, now=now)
    request = factories.inspected(request, by=cast.renee, now=now)
    assert request.amount == Decimal("47.92")
    request = settlement.settle(
        request_id=request.pk, expected_total=Decimal("47.92"), by=By.staff(cast.renee), now=now
    )
    account.refresh_from_db()
    assert account.outstanding_balance == 0
    signed = [(row.kind, row.amount) for row in request.settlement.lines.all()]
    assert signed == [
        ("gross", Decimal("122.40")),
        ("restocking_fee", Decimal("-24.48")),
        ("balance_applied", Decimal("-50.00")),
    ]
    entries = LedgerEntry.objects.order_by("idem_key").values_list("idem_key", "amount")
    assert [(key.split(":")[0], amount) for key, amount in entries] == [
        ("balance", Decimal("50.00")),
        ("refund", Decimal("47.92")),
    ]


def test_the_amount_is_recomputed_from_what_was_found(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    request = factories.submitted(order, now=now)
    request = factories.authorized(request, by=cast.renee, now=now)
    request = factories.received(request, by=cast.renee, now=now)
    opened = [factories.finding(1, 2, condition=Condition.OPENED, disposition=Disposition.SEND_BACK)]
    request = inspection.inspect(request_id=request.pk, findings=opened, by=By.staff(cast.renee), now=now)
    assert request.amount == 0
    assert request.submitted_quote.total == Decimal("122.40")
    request = factories.taken_as_found(request, by=cast.renee, now=now)
    request = settlement.settle(request_id=request.pk, expected_total=Decimal(0), by=By.staff(cast.renee), now=now)
    assert request.settlement.resolution == Resolution.NONE
    assert order.lines.get().available == 2  # nothing was given, and the goods go back to the customer


def test_a_replacement_for_damaged_goods_needs_no_package(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=20)
    asked = factories.asked(order.lines.get(), reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    request = factories.submitted(order, now=now, lines=[asked])
    assert request.is_claim
    request = factories.authorized(request, by=cast.renee, now=now)
    request = settlement.settle_without_goods(
        request_id=request.pk, expected_total=Decimal(0), by=By.staff(cast.renee), now=now
    )
    assert request.status == Status.COMPLETED
    assert request.settlement.resolution == Resolution.REPLACEMENT
    assert order.lines.get().refunded == Decimal("122.40")  # goods for goods use up the value too


def test_ordinary_goods_are_not_settled_before_they_are_here(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    request = factories.authorized(request, by=cast.renee, now=now)
    with pytest.raises(Refused, match="replacement of damaged"):
        settlement.settle_without_goods(
            request_id=request.pk, expected_total=Decimal("122.40"), by=By.staff(cast.renee), now=now
        )


def test_a_line_the_policy_refuses_is_asked_anyway_and_granted_only_by_an_override(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], days_ago=20)
    line = order.lines.get()
    with pytest.raises(Refused, match="Ask us anyway"):
        factories.submitted(order, now=now)
    request = factories.submitted(order, now=now, lines=[factories.asked(line, ask_anyway=True)])
    with pytest.raises(Refused, match="choose Override"):
        factories.authorized(request, by=cast.renee, now=now)
    override = OverrideAsked(Resolution.STORE_CREDIT, Decimal(80), "Called on day 14, we asked her to wait.")
    request = authorization.authorize(
        request_id=request.pk, decisions=[Decision(1, 2, override=override)], by=By.staff(cast.renee), now=now
    )
    assert request.amount == Decimal("97.92")
    row = request.lines.get().overrides.get()
    assert (row.code, row.amount_before, row.amount_after) == ("WINDOW_EXPIRED", Decimal(0), Decimal("97.92"))
    assert row.actor == cast.renee


def test_lines_are_authorized_one_by_one_and_the_rest_can_be_asked_for_again(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=[{}, {}])
    request = factories.submitted(order, now=now)
    decisions = [Decision(1, 1, "not_resalable", "The carton is torn."), Decision(2, 0, "discretion", "Not this one.")]
    request = authorization.authorize(request_id=request.pk, decisions=decisions, by=By.staff(cast.renee), now=now)
    assert request.amount == Decimal("61.20")
    assert [line.available for line in order.lines.order_by("position")] == [1, 2]


def test_units_not_authorized_need_a_reason(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    with pytest.raises(Refused, match="say why"):
        authorization.authorize(request_id=request.pk, decisions=[Decision(1, 1)], by=By.staff(cast.renee), now=now)
    assert request.lines.get().authorized_quantity is None


def test_authorizing_is_blocked_while_there_is_no_address(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    Storefront.objects.filter(slug=SPA).update(return_address="")
    request = factories.submitted(factories.order(shops[SPA], now=now, customer=cast.accounts[SPA]), now=now)
    with pytest.raises(Refused, match="no return address"):
        factories.authorized(request, by=cast.renee, now=now)


def test_staff_never_decide_about_their_own_order(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    own = factories.account(shops[IMAGE], user=cast.renee)
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=own), now=now)
    with pytest.raises(Refused, match="your own order"):
        factories.authorized(request, by=cast.renee, now=now)


def test_a_second_settlement_changes_nothing(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    settlement.settle(request_id=request.pk, expected_total=request.amount, by=By.staff(cast.renee), now=now)
    with pytest.raises(AlreadyDecided, match="Renee O. was first"):
        settlement.settle(request_id=request.pk, expected_total=request.amount, by=By.staff(cast.sam), now=now)
    assert LedgerEntry.objects.count() == 1


def test_a_sum_that_changed_since_the_page_was_shown_is_not_paid(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    with pytest.raises(AmountChanged):
        settlement.settle(request_id=request.pk, expected_total=Decimal("500.00"), by=By.staff(cast.renee), now=now)
    request.refresh_from_db()
    assert request.status == Status.INSPECTED
    assert not LedgerEntry.objects.exists()


def test_a_form_sent_twice_files_one_request(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    first = factories.submitted(order, now=now)
    again = requests.submit(
        order=order,
        asked=[factories.asked(order.lines.get())],
        contact=factories.contact(order),
        by=By.owner(cast.maya),
        now=now,
        nonce=first.nonce,
    )
    assert again.pk == first.pk
    assert ReturnRequest.objects.count() == 1
    assert kinds() == ["received"]


def test_more_than_is_left_can_not_be_asked_back(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    line = order.lines.get()
    factories.submitted(order, now=now, lines=[factories.asked(line, quantity=1)])
    with pytest.raises(Refused, match="1 of 2 can still be returned"):
        factories.submitted(order, now=now)
    other = factories.order(shops[IMAGE], now=now, customer=cast.ottos[IMAGE])
    with pytest.raises(Refused, match="isn't part of this order"):
        factories.submitted(other, now=now, lines=[factories.asked(line, quantity=1)])


def test_withdrawing_frees_the_units_until_the_goods_are_here(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    request = factories.submitted(order, now=now)
    withdrawn = requests.withdraw(request_id=request.pk, by=By.owner(cast.maya), now=now)
    assert withdrawn.amount == 0, "lists don't show what isn't given"
    assert order.lines.get().available == 2
    request = factories.received(
        factories.authorized(factories.submitted(order, now=now), by=cast.renee, now=now), by=cast.renee, now=now
    )
    with pytest.raises(AlreadyDecided):
        requests.withdraw(request_id=request.pk, by=By.owner(cast.maya), now=now)


def test_a_question_and_its_answer_bring_the_request_back_into_review(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    authorization.request_information(request_id=request.pk, question="Which size?", by=By.staff(cast.renee), now=now)
    answered = conversation.answer(request_id=request.pk, body="The large one.", by=By.owner(cast.maya), now=now)
    assert answered.status == Status.IN_REVIEW
    assert [message.from_staff for message in request.messages.all()] == [True, False]


def test_a_manager_reopens_a_rejection_once(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    request = factories.submitted(order, now=now)

    def reject() -> None:
        authorization.reject(
            request_id=request.pk, reason="discretion", text="Sorry.", by=By.staff(cast.renee), now=now
        )

    reject()
    assert order.lines.get().available == 2
    with pytest.raises(Refused, match="may not"):
        authorization.reopen(request_id=request.pk, by=By.staff(cast.renee), now=now)
    authorization.reopen(request_id=request.pk, by=By.staff(cast.mona), now=now)
    assert order.lines.get().available == 0
    reject()
    with pytest.raises(Refused, match="once already"):
        authorization.reopen(request_id=request.pk, by=By.staff(cast.mona), now=now)


def test_two_requests_for_one_order_get_its_shipping_back_once(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(
        shops[SPA], now=now, customer=cast.accounts[SPA], shipping_paid=Decimal("9.95"), lines=[{}, {}]
    )
    totals = []
    for line in order.lines.order_by("position"):
        asked = factories.asked(line, reason=Reason.DAMAGED, wants=Wish.STORE_CREDIT)
        request = factories.submitted(order, now=now, lines=[asked])
        for step in (factories.authorized, factories.received, factories.inspected):
            request = step(request, by=cast.renee, now=now)
        settlement.settle(request_id=request.pk, expected_total=request.amount, by=By.staff(cast.renee), now=now)
        totals.append(request.amount)
        order.refresh_from_db()
    assert totals == [Decimal("132.35"), Decimal("122.40")]


def test_a_refused_package_is_charged_apart(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
    asked = factories.asked(order.lines.get(), reason=Reason.REFUSED_PACKAGE)
    request = factories.submitted(order, now=now, lines=[asked])
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    settlement.settle(request_id=request.pk, expected_total=Decimal("122.40"), by=By.staff(cast.renee), now=now)
    owed = LedgerAccount.objects.get(kind=LedgerAccount.RECEIVABLE)
    assert owed.balance == Decimal("-20.00")
    assert request.settlement.service_charge == Decimal("20.00")


def test_a_guest_without_an_account_gets_one_for_the_credit(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[SPA], now=now)
    request = factories.submitted(order, now=now)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    settlement.settle(request_id=request.pk, expected_total=Decimal("122.40"), by=By.staff(cast.renee), now=now)
    credit = LedgerAccount.objects.get(kind=LedgerAccount.STORE_CREDIT)
    assert credit.customer_account is not None
    assert credit.customer_account.email == order.email


def test_a_count_that_is_not_possible_is_refused(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    request = factories.authorized(request, by=cast.renee, now=now)
    for counts in ({}, {1: -1}, {1: 10_000}, {1: 0}, {1: 2, 7: 1}):
        with pytest.raises(Refused):
            receiving.receive(request_id=request.pk, counts=counts, by=By.staff(cast.renee), now=now)
    request.refresh_from_db()
    assert request.status == Status.AUTHORIZED


def test_a_package_that_comes_after_the_limit_is_received_by_a_manager_while_its_units_are_free(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    late, gone = (
        factories.authorized(
            factories.submitted(order, now=now, lines=[factories.asked(order.lines.get(), quantity=1)]),
            by=cast.renee,
            now=now,
        )
        for _ in range(2)
    )
    for request in (late, gone):
        requests.expire(request_id=request.pk, now=now)
    assert order.lines.get().available == 2
    with pytest.raises(Refused, match="may not"):
        factories.received(late, by=cast.renee, now=now)
    assert factories.received(late, by=cast.mona, now=now).status == Status.RECEIVED
    factories.submitted(order, now=now, lines=[factories.asked(order.lines.get(), quantity=1)])
    with pytest.raises(Refused, match="nothing is left"):
        factories.received(gone, by=cast.mona, now=now)
    assert list(violations()) == []


def test_an_override_of_some_units_is_registered_with_the_amounts_of_those_units(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], days_ago=40)
    request = factories.submitted(order, now=now)
    waived = OverrideAsked(Resolution.REFUND, Decimal(100), "Our rep asked her to wait.")
    decision = Decision(1, 1, "discretion", "Only one.", override=waived)
    authorization.authorize(request_id=request.pk, decisions=[decision], by=By.staff(cast.renee), now=now)
    row = request.lines.get().overrides.get()
    assert (row.code, row.amount_before, row.amount_after) == ("RESTOCKING_FEE", Decimal("48.96"), Decimal("61.20"))


def test_a_manager_does_not_reopen_their_own_return(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    own = factories.account(shops[IMAGE], user=cast.mona)
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=own), now=now)
    authorization.reject(request_id=request.pk, reason="discretion", text="No.", by=By.staff(cast.renee), now=now)
    with pytest.raises(Refused, match="your own order"):
        authorization.reopen(request_id=request.pk, by=By.staff(cast.mona), now=now)
