"""Extras and proposals through the desk's pages, and the limit on the managers'."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from returns.domain.facts import Reason
from returns.models import ReturnRequest, Settlement, SettlementPlan, Storefront
from returns.services.storefronts import change_limit
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA
from tests.returns.views.seen import seen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


def inspected(cast: Cast, shop: Storefront, now: datetime, **asked: object) -> ReturnRequest:
    order = factories.order(shop, now=now, customer=cast.accounts[shop.slug])
    request = factories.submitted(order, now=now, lines=[factories.asked(order.lines.get(), **asked)])
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.sam, now=now)
    return request


def url(request: ReturnRequest, step: str) -> str:
    return reverse(f"desk:{step}", args=[request.reference])


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def test_extras_are_put_into_the_sum_that_is_then_settled(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, signed_in: SignIn
) -> None:
    rma = inspected(cast, shops[SPA], now, reason=Reason.DAMAGED)
    assert "The customer's postage" in text(renee.get(url(rma, "extras")))
    sent = {"goodwill": "15", "goodwill_reason": "Waited long.", "postage": "8.20"}
    assert renee.post(url(rma, "extras"), sent).headers["Location"] == url(rma, "settle")
    page = text(renee.get(url(rma, "settle")))
    assert "Goodwill" in page
    assert "The customer's postage" in page.replace("&#x27;", "'")
    assert "What you paid" not in page
    assert "Settle and credit $145.60" in page
    assert renee.post(url(rma, "settle"), seen(rma, "122.40")).status_code == 409
    assert renee.post(url(rma, "settle"), seen(rma, "145.60")).status_code == 302
    assert Settlement.objects.get().total == Decimal("145.60")
    sheet = text(signed_in(cast.maya).get(reverse("portal:settlement", args=[SPA, rma.reference])))
    assert "Your postage" in sheet
    assert "Waited long." not in sheet


@pytest.mark.parametrize(
    "bad", ["-1", "1e3", "NaN", "Infinity", "\uff11\uff10\uff10", "1,00", "0.001", "9" * 40, "10000.01", "$5", "0x10"]
)
def test_a_tampered_amount_is_none(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, bad: str
) -> None:
    rma = inspected(cast, shops[IMAGE], now)
    answer = renee.post(url(rma, "extras"), {"goodwill": bad, "goodwill_reason": "Because."})
    assert answer.status_code == 422
    assert not SettlementPlan.objects.exists()


def test_goodwill_needs_its_reason_and_a_charge_is_waived_only_where_there_is_one(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    rma = inspected(cast, shops[IMAGE], now)
    assert renee.post(url(rma, "extras"), {"goodwill": "5"}).status_code == 422
    assert "service charge" not in text(renee.get(url(rma, "extras")))
    refused = inspected(cast, shops[SPA], now, reason=Reason.REFUSED_PACKAGE)
    assert renee.post(url(refused, "extras"), {"waives_charge": "on"}).status_code == 422
    sent = {"waives_charge": "on", "waiver_reason": "It was damaged."}
    assert renee.post(url(refused, "extras"), sent).status_code == 302
    assert "$20.00, waived" in text(renee.get(url(refused, "settle")))


def test_a_charge_that_was_waived_while_the_page_was_open_is_looked_at_before_it_is_settled(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    rma = inspected(cast, shops[SPA], now, reason=Reason.REFUSED_PACKAGE)
    form = renee.get(url(rma, "settle")).context["form"]
    shown = {name: form[name].value() for name in ("expected_total", "seen")}
    assert shown == seen(rma, "122.40") | {"expected_total": Decimal("122.40")}
    renee.post(url(rma, "extras"), {"waives_charge": "on", "waiver_reason": "It was damaged."})
    answer = renee.post(url(rma, "settle"), {**shown, "message": "Thank you."})
    assert answer.status_code == 409
    said = "The total is the same, but not what it is made of: service charge $20.00 → $0.00. Look at it again"
    assert said in text(answer)
    assert answer.context["form"]["message"].value() == "Thank you."
    rma.refresh_from_db()
    assert rma.status == "inspected"
    assert renee.post(url(rma, "settle"), {"expected_total": "122.40"}).status_code == 422
    assert renee.post(url(rma, "settle"), {**shown, "seen": "all of it"}).status_code == 422
    assert renee.post(url(rma, "settle"), seen(rma, "122.40")).status_code == 302


def test_above_the_limit_support_proposes_and_a_manager_agrees(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, signed_in: SignIn
) -> None:
    change_limit(storefront=shops[IMAGE], amount=Decimal(100))
    rma, mona = inspected(cast, shops[IMAGE], now), signed_in(cast.mona)
    assert "Propose $122.40" in text(renee.get(url(rma, "settle")))
    assert renee.post(url(rma, "settle"), seen(rma, "122.40")).status_code == 409
    assert renee.post(url(rma, "settle_propose"), seen(rma, "1.00")).status_code == 409
    assert renee.post(url(rma, "settle_propose"), seen(rma, "122.40")).status_code == 302
    assert "You proposed it" in text(renee.get(url(rma, "settle")))
    said = "Renee O. proposed $122.40. A manager who didn't propose it agrees."
    assert said in text(mona.get(url(rma, "request")))
    assert "Renee O. proposed it" in text(signed_in(cast.sam).get(url(rma, "settle")))
    assert "Settle and refund $122.40" in text(mona.get(url(rma, "settle")))
    assert mona.post(url(rma, "settle"), seen(rma, "122.40")).status_code == 302
    assert Settlement.objects.get().decided_by == cast.mona


def test_whoever_settles_reads_why_goodwill_is_given_and_by_whom(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, signed_in: SignIn
) -> None:
    rma = inspected(cast, shops[SPA], now)
    assert "postage" not in text(renee.get(url(rma, "settle"))), "the customer pays the way back here"
    renee.post(url(rma, "extras"), {"goodwill": "15", "goodwill_reason": "The scale was off at first."})
    for reader in (renee, signed_in(cast.mona)):
        page = text(reader.get(url(rma, "settle")))
        assert f"Goodwill, {cast.renee.get_short_name()}: “The scale was off at first.”" in page


def test_after_the_settlement_nothing_is_added_or_proposed(renee: Client, cast: Cast, now: datetime) -> None:
    rma = factories.settled(cast.accounts[IMAGE], by=cast.sam, now=now)
    assert renee.get(url(rma, "extras")).headers["Location"] == url(rma, "request")
    assert renee.post(url(rma, "extras"), {"goodwill": "5", "goodwill_reason": "x"}).status_code == 409
    assert renee.post(url(rma, "settle_propose"), seen(rma, "122.40")).status_code == 409


def test_managers_set_the_limit_of_their_storefront(
    renee: Client, cast: Cast, shops: dict[str, Storefront], signed_in: SignIn
) -> None:
    page, mona = reverse("reports:storefront_limit", args=[IMAGE]), signed_in(cast.mona)
    assert renee.post(page, {"amount": "1"}).status_code == 403
    for bad in ("", "-1", "1e9", "NaN"):
        assert mona.post(page, {"amount": bad}).status_code == 422
    assert mona.post(page, {"amount": "150"}).status_code == 302
    shops[IMAGE].refresh_from_db()
    assert shops[IMAGE].second_person_above == Decimal("150.00")
    assert "above $150.00" in text(mona.get(reverse("reports:storefront", args=[IMAGE])))


def test_a_higher_limit_waits_on_the_page_for_another_manager(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn
) -> None:
    shop = shops[IMAGE]
    nora = signed_in(factories.person("nora@example.com", name="Nora Nash", role=Role.MANAGER, at=[shop]))
    page, mona = reverse("reports:storefront_limit", args=[IMAGE]), signed_in(cast.mona)
    agree, refuse = (reverse(f"reports:storefront_limit_{answer}", args=[IMAGE]) for answer in ("agree", "refuse"))
    assert mona.post(page, {"amount": "350"}).headers["Location"] == page
    assert "Take it back" in text(mona.get(page))
    assert mona.post(agree, {"amount": "350.00"}).status_code == 409
    assert "Agree to $350.00" in text(nora.get(page))
    assert nora.post(agree, {"amount": "x"}).status_code == 422
    assert nora.post(agree, {"amount": "350.00"}).status_code == 302
    shop.refresh_from_db()
    assert shop.second_person_above == Decimal("350.00")
    assert nora.post(refuse).status_code == 409
    mona.post(page, {"amount": "400"})
    assert nora.post(refuse).status_code == 302
    assert "asked for" not in text(nora.get(page))
