"""What may be asked for in exchange, from whatever page: sold at this storefront, and there is one (CON-15)."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from returns.catalogue import Catalogue
from returns.domain.facts import Wish
from returns.models import Order, Product, ReturnLine, ReturnRequest, Storefront
from returns.policy_in_force import policy_version_for
from returns.services import requests
from returns.services.errors import Refused
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shops: dict[str, Storefront], cast: Cast, now: datetime) -> Order:
    return factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])


def file(order: Order, product_id: int, now: datetime, wants: Wish = Wish.EXCHANGE) -> ReturnRequest:
    asked = factories.asked(order.lines.get(), wants=wants, exchange_product_id=product_id)
    return requests.submit(
        order=order, asked=[asked], contact=factories.contact(order), by=By.owner(None), now=now, nonce=uuid.uuid4()
    )


def refused(order: Order, product_id: int, now: datetime, wants: Wish = Wish.EXCHANGE) -> str:
    with pytest.raises(Refused) as problem:
        file(order, product_id, now, wants)
    assert not ReturnRequest.objects.exists()
    order.lines.get().refresh_from_db()
    assert order.lines.get().returning_quantity == 0, "no units are held"
    return problem.value.message


def test_the_product_is_kept_with_its_line(order: Order, now: datetime) -> None:
    product = factories.product(order.storefront)
    file(order, product.pk, now)
    assert ReturnLine.objects.get().exchange_product == product


@pytest.mark.parametrize("kind", ["promo", "sample"])
def test_what_is_never_sold_is_refused(order: Order, now: datetime, kind: str) -> None:
    free = factories.product(order.storefront, kind=kind)
    assert "isn't sold here" in refused(order, free.pk, now)


@pytest.mark.parametrize("fields", [{"kind": "trial_kit"}, {"flags": ["final_sale"]}])
def test_what_the_policy_never_exchanges_is_refused(order: Order, now: datetime, fields: dict[str, Any]) -> None:
    never = factories.product(order.storefront, name="Never", **fields)
    assert "isn't sold here" in refused(order, never.pk, now)
    terms = policy_version_for(order).parsed()
    assert never not in Catalogue(order.storefront, terms).products
    assert never in Catalogue(order.storefront, replace(terms, exclusions=())).products, "the terms say so, not a name"


def test_another_storefronts_product_is_refused(order: Order, shops: dict[str, Storefront], now: datetime) -> None:
    assert "isn't sold here" in refused(order, factories.product(shops[SPA]).pk, now)
    assert "isn't sold here" in refused(order, Product.objects.get().pk + 999, now)


def test_what_is_out_of_stock_is_refused(order: Order, now: datetime) -> None:
    gone = factories.product(order.storefront, name="Mask", in_stock=False)
    assert refused(order, gone.pk, now).startswith("Mask is out of stock by now, and we take no back orders.")


def test_only_an_exchange_names_a_product(order: Order, now: datetime) -> None:
    product = factories.product(order.storefront)
    assert "Only an exchange" in refused(order, product.pk, now, Wish.REFUND)
