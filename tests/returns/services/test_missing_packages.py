"""What never arrived can't come back: it is decided by a person, and settled without a package (CON-12, RES-29)."""

import uuid
from datetime import datetime
from decimal import Decimal

import pytest

from returns.differences import giving_less, is_worth_telling
from returns.domain.facts import Reason, Resolution
from returns.domain.workflow import Status
from returns.invariants import violations
from returns.models import LedgerEntry, ReturnRequest, Storefront
from returns.quoting import order_lines
from returns.services import authorization, inspection, receiving, requests, settlement, shipments
from returns.services.authorization import Decision
from returns.services.errors import Refused
from returns.services.overrides import OverrideAsked
from returns.services.storefronts import change_limit
from returns.services.transition import By
from returns.slips.contents import slip_of
from returns.wording.instructions import instructions
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA
from tests.mails import Last

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_person_is_enough(shops: dict[str, Storefront]) -> None:
    for shop in shops.values():
        change_limit(storefront=shop, amount=Decimal(1000))


def decided(
    cast: Cast, shop: Storefront, now: datetime, resolution: Resolution, *, percent: int = 100
) -> ReturnRequest:
    """A report of two missing units that staff decide for the customer; they ask for the goods back, too."""
    order = factories.order(shop, now=now, customer=cast.accounts[shop.slug])
    lost = factories.asked(order.lines.get(), reason=Reason.NOT_RECEIVED)
    filed = factories.submitted(order, now=now, lines=[lost])
    override = OverrideAsked(resolution, Decimal(percent), "The carrier has lost it.")
    return authorization.authorize(
        request_id=filed.pk,
        decisions=[Decision(1, 2, override=override)],
        by=By.staff(cast.renee),
        now=now,
        asks_goods_back=True,
    )


@pytest.mark.parametrize(
    ("slug", "resolution"),
    [
        (IMAGE, Resolution.REFUND),
        (SPA, Resolution.STORE_CREDIT),
        (IMAGE, Resolution.REPLACEMENT),
        (IMAGE, Resolution.EXCHANGE),
    ],
)
def test_whatever_is_given_for_it_nothing_comes_back_and_it_is_settled_at_once(
    cast: Cast, shops: dict[str, Storefront], now: datetime, slug: str, resolution: Resolution
) -> None:
    request = decided(cast, shops[slug], now, resolution)
    assert not request.goods_come_back
    with pytest.raises(Refused, match="Nothing has to come back"):
        shipments.mark_shipped(request_id=request.pk, by=By.staff(cast.renee), now=now)
    request = settlement.settle_without_goods(
        request_id=request.pk, expected_total=request.amount, by=By.staff(cast.renee), now=now
    )
    assert request.status == Status.COMPLETED
    assert request.settlement.resolution == resolution
    assert request.received_at is None
    assert request.lines.get().order_line.available == 0
    assert not list(violations())


def test_money_for_it_is_booked_as_decided(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    request = decided(cast, shops[IMAGE], now, Resolution.REFUND, percent=50)
    by = By.staff(cast.renee)
    settlement.settle_without_goods(request_id=request.pk, expected_total=request.amount, by=by, now=now)
    assert request.amount == Decimal("61.20")
    assert sum(entry.amount for entry in LedgerEntry.objects.filter(request=request)) == request.amount


def mixed(cast: Cast, shop: Storefront, now: datetime) -> ReturnRequest:
    """Two lines: the first never arrived and is refunded by a person, the second comes back, worth twice as much."""
    soap: dict[str, object] = {"title": "Packed soap", "paid_total": Decimal("244.80")}
    order = factories.order(shop, now=now, customer=cast.accounts[shop.slug], lines=[{"title": "Lost tea"}, soap])
    lost, here = order.lines.order_by("position")
    asked = [factories.asked(lost, reason=Reason.NOT_RECEIVED), factories.asked(here)]
    filed = factories.submitted(order, now=now, lines=asked)
    override = OverrideAsked(shop_money(shop), Decimal(100), "Lost.")
    decisions = [Decision(1, 2, override=override), Decision(2, 2)]
    return authorization.authorize(request_id=filed.pk, decisions=decisions, by=By.staff(cast.renee), now=now)


def shop_money(shop: Storefront) -> Resolution:
    """How this shop gives money: le petit spa as store credit alone (RES-01)."""
    return Resolution.STORE_CREDIT if shop.slug == SPA else Resolution.REFUND


def test_what_is_asked_back_beside_it_has_to_arrive_first(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request, by = mixed(cast, shops[IMAGE], now), By.staff(cast.renee)
    assert request.goods_come_back
    with pytest.raises(Refused, match="needs no package"):
        settlement.settle_without_goods(request_id=request.pk, expected_total=request.amount, by=by, now=now)


@pytest.mark.parametrize("checks", [(), ("porch",)])
def test_a_customer_says_first_where_they_have_looked(
    cast: Cast, shops: dict[str, Storefront], now: datetime, checks: tuple[str, ...]
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    lost = factories.asked(order.lines.get(), reason=Reason.NOT_RECEIVED)

    def file(by: By) -> ReturnRequest:
        said, key = factories.contact(order), uuid.uuid4()
        return requests.submit(order=order, asked=[lost], contact=said, by=by, now=now, nonce=key, checks=checks)

    if checks:
        assert file(By.owner(cast.maya)).checks == ["porch"]
        return
    with pytest.raises(Refused, match="where you have looked"):
        file(By.owner(cast.maya))
    assert not ReturnRequest.objects.exists()
    assert file(By.staff(cast.renee)).checks == [], "staff ask it on the phone"


@pytest.mark.parametrize("counts", [{1: 2}, {1: 0}, {}])
def test_what_never_arrived_is_never_received(
    cast: Cast, shops: dict[str, Storefront], now: datetime, counts: dict[int, int]
) -> None:
    request = decided(cast, shops[IMAGE], now, Resolution.REFUND)
    with pytest.raises(Refused, match="nothing comes back"):
        receiving.receive(request_id=request.pk, counts=counts, by=By.staff(cast.renee), now=now)
    request.refresh_from_db()
    assert request.status == Status.AUTHORIZED
    assert request.lines.get().received_quantity is None


@pytest.mark.parametrize("slug", [IMAGE, SPA])
def test_what_comes_back_beside_it_is_counted_alone_and_both_are_settled(
    cast: Cast, shops: dict[str, Storefront], now: datetime, slug: str
) -> None:
    request, by = mixed(cast, shops[slug], now), By.staff(cast.renee)
    promised = request.amount
    with pytest.raises(Refused, match="Count every line"):
        receiving.receive(request_id=request.pk, counts={1: 2, 2: 2}, by=by, now=now)
    request = receiving.receive(request_id=request.pk, counts={2: 2}, by=by, now=now)
    findings = [factories.finding(2, 2)]
    assert inspection.preview(request, findings).total == promised
    request = inspection.inspect(request_id=request.pk, findings=findings, by=by, now=now)
    assert not is_worth_telling(request, list(request.lines.all())), "everything is as it was told"
    request = settlement.settle(request_id=request.pk, expected_total=promised, by=by, now=now)
    assert request.settlement.total == promised
    assert [line.settled_quantity for line in request.lines.all()] == [2, 2]
    assert not list(violations())


def test_less_of_what_came_back_leaves_what_never_arrived_as_it_was_decided(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request, by = mixed(cast, shops[IMAGE], now), By.staff(cast.renee)
    receiving.receive(request_id=request.pk, counts={2: 1}, by=by, now=now)
    request = inspection.inspect(request_id=request.pk, findings=[factories.finding(2, 1)], by=by, now=now)
    less = giving_less(request, list(request.lines.all()))
    assert less == {request.lines.get(position=2).pk}
    request = factories.taken_as_found(request, by=cast.renee, now=now)
    request = settlement.settle(request_id=request.pk, expected_total=request.amount, by=by, now=now)
    first, second = request.lines.order_by("position")
    assert first.settled_amount == Decimal("122.40")
    assert second.settled_gross == Decimal("122.40")
    assert not list(violations())


def test_only_what_comes_back_is_packed_and_insured(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    request = mixed(cast, shops[SPA], now)
    lines, terms = list(request.lines.order_by("position")), request.policy_version.parsed()
    how = instructions(request, terms, order_lines(request.order), lines, request.current_quote)
    assert how.pack == "2 × Packed soap"
    assert how.insure.endswith("for $244.80.")
    slip = slip_of(request)
    assert [line.title for line in slip.lines] == ["Packed soap"]
    assert any("insured for $244.80" in check for check in slip.checks)


def test_the_mail_doesnt_ask_for_what_never_arrived(
    cast: Cast, shops: dict[str, Storefront], now: datetime, last: Last
) -> None:
    mixed(cast, shops[SPA], now)
    body = str(last("authorized").body)
    assert "2 × Packed soap" in body
    assert "2 × Lost tea" not in body.partition("Packed soap")[0]


def closed_as_lost(cast: Cast, shop: Storefront, now: datetime) -> ReturnRequest:
    """A toner on its way back, and beside it a serum that never arrived; the package was given up."""
    order = factories.order(shop, now=now, customer=cast.accounts[shop.slug], lines=[{}, {"title": "Toner"}])
    serum, toner = order.lines.order_by("position")
    asked = [factories.asked(serum, reason=Reason.NOT_RECEIVED), factories.asked(toner)]
    filed, by = factories.submitted(order, now=now, lines=asked), By.staff(cast.renee)
    lost = OverrideAsked(Resolution.REFUND, Decimal(100), "The carrier has lost it.")
    authorization.authorize(
        request_id=filed.pk, decisions=[Decision(1, 2, override=lost), Decision(2, 2)], by=by, now=now
    )
    shipments.mark_shipped(request_id=filed.pk, by=by, now=now)
    return requests.close_lost(request_id=filed.pk, by=by, now=now)


def settled_elsewhere(cast: Cast, request: ReturnRequest, now: datetime, *, units: int) -> None:
    """The missing serum is reported once more, and refunded there."""
    line, by = request.order.lines.get(position=1), By.staff(cast.renee)
    again = factories.submitted(
        request.order, now=now, lines=[factories.asked(line, reason=Reason.NOT_RECEIVED, quantity=units)]
    )
    lost = OverrideAsked(Resolution.REFUND, Decimal(100), "The carrier has lost it.")
    done = authorization.authorize(request_id=again.pk, decisions=[Decision(1, units, override=lost)], by=by, now=now)
    settlement.settle_without_goods(request_id=done.pk, expected_total=done.amount, by=by, now=now)


@pytest.mark.parametrize("elsewhere", [0, 1, 2])
def test_a_late_package_is_received_and_what_was_settled_elsewhere_is_not_given_twice(
    cast: Cast, shops: dict[str, Storefront], now: datetime, elsewhere: int
) -> None:
    request, by = closed_as_lost(cast, shops[IMAGE], now), By.staff(cast.renee)
    if elsewhere:
        settled_elsewhere(cast, request, now, units=elsewhere)
    assert request.amount == 0
    here = receiving.receive(request_id=request.pk, counts={2: 2}, by=By.staff(cast.mona), now=now)
    assert here.amount == Decimal("122.40") + Decimal("61.20") * (2 - elsewhere)
    serum = request.lines.get(position=1)
    assert serum.authorized_quantity == 2 - elsewhere
    assert serum.rejection_reason == ("duplicate" if elsewhere else "")
    found = inspection.inspect(request_id=request.pk, findings=[factories.finding(2, 2)], by=by, now=now)
    lines = list(found.lines.select_related("order_line").order_by("position"))
    assert not giving_less(found, lines)
    assert not is_worth_telling(found, lines)
    done = settlement.settle(request_id=request.pk, expected_total=found.amount, by=by, now=now)
    assert done.settlement.total == Decimal("122.40") + Decimal("61.20") * (2 - elsewhere)
    assert request.order.lines.get(position=1).refunded == Decimal("122.40")
    assert not list(violations())


def test_a_late_package_whose_products_were_asked_for_again_is_still_refused(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = closed_as_lost(cast, shops[IMAGE], now)
    factories.submitted(request.order, now=now, lines=[factories.asked(request.order.lines.get(position=2))])
    with pytest.raises(Refused):
        receiving.receive(request_id=request.pk, counts={2: 2}, by=By.staff(cast.mona), now=now)
    request.refresh_from_db()
    assert request.status == Status.EXPIRED
