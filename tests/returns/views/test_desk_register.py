"""The override register: what was decided otherwise than the policy, by whom and why; never changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from returns.domain.facts import Resolution
from returns.models import Override, ReturnRequest, Storefront
from returns.services import authorization, extras, settlement
from returns.services.authorization import Decision
from returns.services.extras import ExtrasAsked
from returns.services.overrides import OverrideAsked
from returns.services.shares import quoted_without_extras, shares_to_settle
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db

REGISTER = "/desk/register/"


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def overridden(cast: Cast, shop: Storefront, now: datetime, reason: str = "A loyal customer.") -> ReturnRequest:
    """A late return that staff take back at half of the price."""
    order = factories.order(shop, now=now, customer=cast.accounts[shop.slug], days_ago=80)
    request = factories.submitted(order, now=now, lines=[factories.asked(order.lines.get(), ask_anyway=True)])
    form = request.policy_version.parsed().money.forms[0].resolution
    asked = OverrideAsked(Resolution(form), Decimal(50), reason)
    decided = [Decision(1, 2, override=asked)]
    return authorization.authorize(request_id=request.pk, decisions=decided, by=By.staff(cast.renee), now=now)


def test_an_override_stands_in_it_with_clause_amounts_person_and_reason(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    assert "Nobody decided otherwise" in text(renee.get(REGISTER))
    request = overridden(cast, shops[SPA], now)
    page = text(renee.get(REGISTER))
    for words in (request.number, "Store credit, 50% of the price", "A loyal customer.", "+$61.20", "Renee O."):
        assert words in page, words
    assert Override.objects.get().clause_id in page


def test_goodwill_and_a_waived_charge_stand_in_it(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.sam, now=now)
    by = By.staff(cast.sam)
    asked = ExtrasAsked(goodwill=Decimal(5), goodwill_reason="Waited long.")
    extras.change_extras(request_id=request.pk, asked=asked, quote=quoted_without_extras(request), by=by, now=now)
    assert "Waited long." not in text(renee.get(REGISTER)), "nothing is given before it is settled"
    total = shares_to_settle(request, list(request.lines.order_by("position")))[1].total
    settlement.settle(request_id=request.pk, expected_total=total, by=by, now=now)
    page = text(renee.get(REGISTER))
    assert "Waited long." in page
    assert "+$5.00" in page
    assert "Waited long." in text(renee.get(REGISTER, {"kind": "GOODWILL"}))
    assert "Nothing fits" in text(renee.get(REGISTER, {"kind": "SERVICE_CHARGE_WAIVED"}))
    assert "Nothing fits" in text(renee.get(REGISTER, {"kind": "policy"}))


def test_it_is_narrowed_by_storefront_person_and_day(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    overridden(cast, shops[SPA], now, "At the spa.")
    overridden(cast, shops[IMAGE], now + timedelta(days=2), "At IMAGE.")
    for query, spa, image in (
        ({"storefront": SPA}, True, False),
        ({"person": str(cast.renee.public_id)}, True, True),
        ({"first": "2026-11-19"}, False, True),
        ({"last": "2026-11-18"}, True, False),
        ({"first": "2026-11-18", "last": "2026-11-20", "storefront": IMAGE}, False, True),
        ({"first": "nonsense"}, False, False),
        ({"storefront": "nowhere"}, False, False),
    ):
        page = text(renee.get(REGISTER, query))
        assert ("At the spa." in page, "At IMAGE." in page) == (spa, image), query


def test_somebody_of_another_storefront_reads_only_theirs(
    cast: Cast, signed_in: SignIn, shops: dict[str, Storefront], now: datetime
) -> None:
    overridden(cast, shops[SPA], now, "At the spa.")
    overridden(cast, shops[IMAGE], now, "At IMAGE.")
    page = text(signed_in(cast.lena).get(REGISTER))
    assert "At the spa." in page
    assert "At IMAGE." not in page


def test_it_is_paged_by_its_last_row(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("returns.views.desk_register.PAGE_SIZE", 1)
    overridden(cast, shops[SPA], now, "The first.")
    overridden(cast, shops[SPA], now + timedelta(minutes=1), "The second.")
    first = renee.get(REGISTER, {"storefront": SPA})
    assert "The second." in text(first)
    second = text(renee.get(REGISTER, {"storefront": SPA, "after": first.context["page"].next}))
    assert "The first." in second
    assert "The second." not in second


def test_it_costs_the_same_however_long_it_is(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, django_assert_num_queries: Any
) -> None:
    for minutes in range(3):
        overridden(cast, shops[SPA], now + timedelta(minutes=minutes))
    with django_assert_num_queries(5):  # session, person, storefronts, people, the rows
        renee.get(REGISTER)
