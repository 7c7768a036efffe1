"""What is remarkable about a package: refused, too much, missing, damaged; and what it does to the sum."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client

from returns.domain.facts import Reason
from returns.invariants import violations
from returns.models import LedgerEntry, Message, Override, Package, ReturnRequest, Storefront
from returns.services import receiving, settlement
from returns.services.errors import Refused
from returns.services.extras import plan_of
from returns.services.shares import shares_to_settle
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


def authorized(cast: Cast, shop: Storefront, now: datetime, **asked: object) -> ReturnRequest:
    """Two units of serum for 122.40, and a gift pouch that came free."""
    lines: list[dict[str, object]] = [{"title": "Serum"}, {"title": "Pouch", "kind": "promo", "paid_total": Decimal(0)}]
    order = factories.order(shop, now=now, customer=cast.accounts[shop.slug], lines=lines)
    serum = order.lines.get(title="Serum")
    request = factories.submitted(order, now=now, lines=[factories.asked(serum, **asked)])
    return factories.authorized(request, by=cast.sam, now=now)


def receive(request: ReturnRequest, cast: Cast, now: datetime, count: int = 2, **noted: Any) -> ReturnRequest:
    return receiving.receive(request_id=request.pk, counts={1: count}, by=By.staff(cast.renee), now=now, **noted)


def settled(request: ReturnRequest, cast: Cast, now: datetime) -> ReturnRequest:
    request = factories.inspected(request, by=cast.renee, now=now)
    total = shares_to_settle(request, list(request.lines.order_by("position")))[1].total
    return settlement.settle(request_id=request.pk, expected_total=total, by=By.staff(cast.sam), now=now)


def url(request: ReturnRequest, step: str) -> str:
    return f"/desk/requests/{request.reference}/{step}/"


def found(**changed: Any) -> dict[str, Any]:
    sent = {"accepted": 2, "condition": "unopened", "complete": "complete", "disposition": "restock"}
    return {**{f"line-1-{name}": value for name, value in sent.items()}, **changed}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


# ---------------------------------------------------------------------------------------------------- refused packages


def test_a_package_that_the_dock_sees_refused_is_charged_whatever_the_customer_said(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = receive(authorized(cast, shops[SPA], now), cast, now, refused=Package.REFUSED)
    done = settled(request, cast, now)
    assert (done.settlement.total, done.settlement.service_charge) == (Decimal("122.40"), Decimal("20.00"))
    assert LedgerEntry.objects.get(idem_key=f"charge:{done.rma_number}").amount == Decimal("20.00")
    assert list(violations()) == []


def test_each_refused_package_is_charged_once_and_the_customers_own_word_adds_none(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = authorized(cast, shops[SPA], now, reason=Reason.REFUSED_PACKAGE)
    request = receive(request, cast, now, count=1, refused=Package.REFUSED)
    nonce = uuid.uuid4()
    for _ in range(2):  # the same form sent twice is one package
        receiving.receive_another(
            request_id=request.pk,
            nonce=nonce,
            counts={1: 1},
            by=By.staff(cast.renee),
            now=now + timedelta(hours=1),
            refused=Package.REFUSED,
        )
    assert settled(request, cast, now + timedelta(hours=2)).settlement.service_charge == Decimal("40.00")


def test_what_was_refused_because_of_damage_is_not_charged_and_stands_in_the_register(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = receive(authorized(cast, shops[SPA], now), cast, now, refused=Package.REFUSED_DAMAGED)
    assert plan_of(request).waives_charge
    done = settled(request, cast, now)
    assert (done.settlement.total, done.settlement.service_charge) == (Decimal("122.40"), Decimal(0))
    entry = Override.objects.get()
    assert (entry.code, entry.amount_before, entry.actor) == (Override.CHARGE_WAIVED, Decimal("-20.00"), cast.renee)
    assert "because it was damaged" in entry.reason
    assert not LedgerEntry.objects.filter(idem_key__startswith="charge:").exists()


@pytest.mark.parametrize(
    ("first", "second", "charge"),
    [
        (Package.REFUSED, Package.REFUSED_DAMAGED, "20.00"),
        (Package.REFUSED_DAMAGED, Package.REFUSED, "20.00"),
        (Package.REFUSED_DAMAGED, Package.REFUSED_DAMAGED, "0.00"),
    ],
)
def test_of_two_refused_packages_only_the_damaged_ones_are_not_charged(
    cast: Cast, shops: dict[str, Storefront], now: datetime, first: str, second: str, charge: str
) -> None:
    request = receive(authorized(cast, shops[SPA], now), cast, now, count=1, refused=first)
    receiving.receive_another(
        request_id=request.pk,
        nonce=uuid.uuid4(),
        counts={1: 1},
        by=By.staff(cast.renee),
        now=now + timedelta(hours=1),
        refused=second,
    )
    done = settled(request, cast, now + timedelta(hours=2))
    assert done.settlement.service_charge == Decimal(charge)
    assert Override.objects.get().amount_before == Decimal(charge) - Decimal("40.00")
    assert list(violations()) == []


def test_whoever_waives_with_a_reason_of_their_own_waives_all_of_it(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = receive(authorized(cast, shops[SPA], now), cast, now, count=1, refused=Package.REFUSED_DAMAGED)
    request = factories.inspected(request, by=cast.renee, now=now)
    assert "that of 1 damaged package." in text(renee.get(url(request, "settle/extras")))
    kept = {"goodwill": "5", "goodwill_reason": "Sorry.", "waives_charge": "on"}
    renee.post(url(request, "settle/extras"), {**kept, "waiver_reason": plan_of(request).waiver_reason})
    assert plan_of(request).waived_charges == 1
    renee.post(url(request, "settle/extras"), {**kept, "waiver_reason": "All of it came late, too."})
    assert (plan_of(request).waives_charge, plan_of(request).waived_charges) == (True, None)


def test_nobody_waives_a_charge_of_their_own_at_the_dock(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = authorized(cast, shops[SPA], now)
    ReturnRequest.objects.filter(pk=request.pk).update(contact_email=cast.renee.email)
    receive(request, cast, now, refused=Package.REFUSED_DAMAGED)
    assert Package.objects.get().refused == Package.REFUSED_DAMAGED
    assert not plan_of(request).waives_charge


def test_a_shop_without_the_charge_takes_refused_packages_like_any_other(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = authorized(cast, shops[IMAGE], now)
    assert "Refused at the door" not in text(renee.get(url(request, "receive")))
    receive(request, cast, now, refused=Package.REFUSED)
    assert Package.objects.get().refused == ""


def test_the_dock_chooses_how_it_came_and_reads_what_that_costs(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = authorized(cast, shops[SPA], now)
    assert "For a refused package $20.00 is billed apart" in text(renee.get(url(request, "receive")))
    bad = renee.post(url(request, "receive"), {"line-1": 2, "refused": "lost"})
    assert bad.status_code == 422
    with pytest.raises(Refused, match="how the package came"):
        receive(request, cast, now, refused="lost")
    assert renee.post(url(request, "receive"), {"line-1": 2, "refused": "refused"}).status_code == 302
    assert "Refused at the door: the service charge is billed apart" in text(renee.get(url(request, "inspect")))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE returns_package SET refused = 'lost'")


# ----------------------------------------------------------------------------------------------- not as it should come


def test_units_damaged_on_the_way_back_give_nothing_or_count_as_whole(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = receive(authorized(cast, shops[IMAGE], now), cast, now, damaged={1: 1})
    page = text(renee.get(url(request, "inspect")))
    assert "Serum: 1 unit damaged on the way back" in page
    assert "Nothing for it: $61.20 less" in page
    missing = renee.post(url(request, "inspect"), found())
    assert missing.status_code == 422
    assert "Choose one." in text(missing)
    checked = text(renee.post(url(request, "inspect/check"), found(**{"seen-damaged-1": "nothing"})))
    assert "$61.20" in checked
    assert renee.post(url(request, "inspect"), found(**{"seen-damaged-1": "nothing"})).status_code == 302
    request.refresh_from_db()
    assert (request.amount, request.lines.get().accepted_quantity) == (Decimal("61.20"), 1)
    assert "nothing for it: $61.20 less." in Message.objects.get(internal=True).body


def test_what_counts_as_whole_keeps_the_sum(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = receive(authorized(cast, shops[IMAGE], now), cast, now, damaged={1: 2})
    assert renee.post(url(request, "inspect"), found(**{"seen-damaged-1": "whole"})).status_code == 302
    request.refresh_from_db()
    assert request.amount == Decimal("122.40")


def test_missing_units_extra_units_and_foreign_products_say_what_they_do_to_the_sum(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    short = receive(authorized(cast, shops[IMAGE], now), cast, now, count=1, other_items="A hair mask")
    page = text(renee.get(url(short, "inspect")))
    assert "Serum: 1 missing, $61.20 less." in page
    assert "Also in the package: A hair mask" in page
    sent = found(**{"line-1-accepted": 1, "seen-other-1": "back"})
    assert renee.post(url(short, "inspect"), sent).status_code == 302
    body = Message.objects.get(internal=True).body
    assert "A hair mask: goes back to the customer." in body
    assert "1 missing" in body
    over = receive(authorized(cast, shops[IMAGE], now), cast, now, count=3, over_is_right=True)
    assert "Serum: 1 more than authorized" in text(renee.get(url(over, "inspect")))
    assert renee.post(url(over, "inspect"), found()).status_code == 422
    assert renee.post(url(over, "inspect"), found(**{"seen-over-1": "stays"})).status_code == 302
    over.refresh_from_db()
    assert over.amount == Decimal("122.40")


def test_a_missing_free_item_means_what_staff_say(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    same = receive(authorized(cast, shops[SPA], now), cast, now)
    assert "Not complete: nothing is given" in text(renee.get(url(same, "inspect")))
    assert renee.post(url(same, "inspect"), found(**{"too-item-2": "on"})).status_code == 302
    same.refresh_from_db()
    assert same.amount == Decimal("122.40")
    strict = receive(authorized(cast, shops[SPA], now), cast, now)
    sent = found(**{"too-item-2": "on", "too-means": "incomplete"})
    assert "$0.00" in text(renee.post(url(strict, "inspect/check"), sent))
    assert renee.post(url(strict, "inspect"), sent).status_code == 302
    strict.refresh_from_db()
    assert strict.amount == Decimal(0)
    assert "Missing: Pouch. Not complete without it." in Message.objects.filter(request=strict).get(internal=True).body
    whole = receive(authorized(cast, shops[SPA], now), cast, now)
    everything = {"too-item-1": "on", "too-item-2": "on", "too-means": "incomplete"}
    assert renee.post(url(whole, "inspect"), found(**everything)).status_code == 302
    whole.refresh_from_db()
    assert whole.amount == Decimal("122.40"), "nothing is missing, so nothing is incomplete"
