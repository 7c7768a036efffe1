"""Proposed settlements: who sees them, who agrees, and what becomes of those that another doesn't agree to."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from returns.domain.workflow import Action
from returns.invariants import violations
from returns.letters import NoLongerTrue, letter_of
from returns.models import Notification, ReturnRequest, SettlementPlan, Storefront
from returns.services import second_person
from returns.services.errors import AlreadyDecided, Refused
from returns.services.storefronts import change_limit
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA
from tests.returns.views.seen import seen

pytestmark = pytest.mark.django_db

LIST = "/desk/proposals/"


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def mona(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.mona)


def proposed(cast: Cast, shop: Storefront, now: datetime, by: By) -> ReturnRequest:
    """A return worth more than the limit, and its settlement proposed."""
    change_limit(storefront=shop, amount=Decimal(100))
    request = factories.submitted(factories.order(shop, now=now, customer=cast.accounts[shop.slug]), now=now)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.sam, now=now)
    return second_person.propose(
        request_id=request.pk, action=Action.SETTLE, expected_total=Decimal("122.40"), by=by, now=now
    )


@pytest.fixture
def request_proposed(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    return proposed(cast, shops[IMAGE], now, By.staff(cast.renee))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def refuse(browser: Client, rma: ReturnRequest, reason: str = "Ask Sam first.") -> Any:
    return browser.post(reverse("desk:settle_refuse", args=[rma.reference]), {"reason": reason})


def settle(browser: Client, rma: ReturnRequest) -> Any:
    return browser.post(reverse("desk:settle", args=[rma.reference]), seen(rma, "122.40"))


def test_what_is_proposed_stands_in_the_list_and_is_counted_for_who_can_agree(
    mona: Client, cast: Cast, signed_in: SignIn, request_proposed: ReturnRequest
) -> None:
    page = text(mona.get(LIST))
    assert request_proposed.number in page
    assert "$122.40" in page
    assert '<span class="bar-count">1</span>' in page
    assert "bar-count" not in text(signed_in(cast.renee).get(LIST))
    assert "proposed it" in text(mona.get(reverse("desk:settle", args=[request_proposed.reference])))
    assert settle(mona, request_proposed).status_code == 302
    plan = SettlementPlan.objects.get()
    assert (plan.proposed_by, plan.agreed_by) == (cast.renee, cast.mona)
    page = text(mona.get(LIST))
    assert "Nothing waits for a second person" in page
    assert "bar-count" not in page
    assert list(violations()) == []


def test_ones_own_proposal_is_not_counted_and_nobody_answers_to_it_themselves(
    mona: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = proposed(cast, shops[IMAGE], now, By.staff(cast.mona))
    page = text(mona.get(LIST))
    assert "You proposed it; another manager agrees" in page
    assert "bar-count" not in page
    assert settle(mona, request).status_code == 409
    assert refuse(mona, request).status_code == 409
    plan = SettlementPlan.objects.get()
    assert (plan.agreed_by, plan.refused_by) == (None, None)


def test_what_is_not_agreed_to_goes_back_with_the_reason_and_can_be_proposed_again(
    mona: Client, cast: Cast, signed_in: SignIn, request_proposed: ReturnRequest, now: datetime
) -> None:
    assert refuse(mona, request_proposed, " ").status_code == 422
    assert refuse(mona, request_proposed).status_code == 302
    mail = Notification.objects.get(kind="proposal_refused")
    assert mail.recipient == cast.renee.email
    assert ("Because", "Ask Sam first.") in letter_of(mail, now=now)["facts"]
    renee = signed_in(cast.renee)
    assert "Ask Sam first." in text(renee.get(LIST, {"state": "refused"}))
    assert request_proposed.number not in text(renee.get(LIST))
    page = text(renee.get(reverse("desk:settle", args=[request_proposed.reference])))
    assert "Mona M. didn't agree: Ask Sam first." in page
    assert "Propose $122.40" in page
    assert settle(mona, request_proposed).status_code == 409  # nothing is proposed now
    note = request_proposed.messages.get()
    assert (note.internal, note.body) == (True, "Proposal not agreed to: Ask Sam first.")
    again = reverse("desk:settle_propose", args=[request_proposed.reference])
    assert renee.post(again, seen(request_proposed, "122.40")).status_code == 302
    with pytest.raises(NoLongerTrue):
        letter_of(mail, now=now)
    assert settle(mona, request_proposed).status_code == 302
    assert list(violations()) == []


def test_only_managers_send_a_proposal_back_and_only_while_one_waits(
    mona: Client, cast: Cast, signed_in: SignIn, request_proposed: ReturnRequest, now: datetime
) -> None:
    assert refuse(signed_in(cast.sam), request_proposed).status_code == 403
    with pytest.raises(Refused, match="A manager answers"):
        second_person.refuse_proposal(request_id=request_proposed.pk, reason="No.", by=By.staff(cast.sam), now=now)
    assert settle(mona, request_proposed).status_code == 302
    assert refuse(mona, request_proposed).status_code == 409
    page = reverse("desk:settle_refuse", args=[request_proposed.reference])
    assert mona.get(page).headers["Location"] == reverse("desk:request", args=[request_proposed.reference])
    with pytest.raises(AlreadyDecided):
        second_person.refuse_proposal(request_id=request_proposed.pk, reason="No.", by=By.staff(cast.mona), now=now)


def test_somebody_of_another_storefront_sees_none_of_it(
    cast: Cast, signed_in: SignIn, request_proposed: ReturnRequest
) -> None:
    assert request_proposed.number not in text(signed_in(cast.lena).get(LIST))


@pytest.mark.parametrize(
    "bad",
    [
        "UPDATE returns_settlementplan SET agreed_by_id = proposed_by_id",
        "UPDATE returns_settlementplan SET refused_by_id = proposed_by_id, refused_at = now(), refusal = 'x'",
        "UPDATE returns_settlementplan SET refusal = 'x'",
        "UPDATE returns_settlementplan SET refused_at = now()",
        "UPDATE returns_settlementplan SET proposed_total = NULL",
        "UPDATE returns_settlementplan SET goodwill = -1",
        "UPDATE returns_settlementplan SET goodwill = 1",
        "UPDATE returns_settlementplan SET waives_charge = true",
    ],
)
def test_the_database_refuses_a_proposal_that_one_person_answers_alone(
    request_proposed: ReturnRequest, bad: str
) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(bad)


def test_the_list_costs_the_same_however_long_it_is(
    mona: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, django_assert_num_queries: Any
) -> None:
    for shop in (IMAGE, SPA, IMAGE):
        proposed(cast, shops[shop], now, By.staff(cast.renee))
    with django_assert_num_queries(4):  # session, person, proposals, the count in the bar
        mona.get(LIST)
