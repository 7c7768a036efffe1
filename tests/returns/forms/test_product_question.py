"""Which product is asked for in exchange: a list while it is short, a search when it isn't."""

from datetime import datetime

import pytest

from returns.catalogue import MOST_HITS, SHORT, Catalogue
from returns.forms.exchanges import ProductQuestion
from returns.models import OrderLine, Product, Storefront
from returns.policy_in_force import policy_version_for
from tests import factories
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(shops: dict[str, Storefront]) -> Product:
    return factories.product(shops[IMAGE], "OWN", name="Own serum")


@pytest.fixture
def line(shops: dict[str, Storefront], own: Product, now: datetime) -> OrderLine:
    return factories.order(shops[IMAGE], now=now, lines=[{"product": own}]).lines.get()


def catalogue_of(line: OrderLine) -> Catalogue:
    return Catalogue(line.order.storefront, policy_version_for(line.order).parsed())


def question(line: OrderLine, *, sought: str = "", picked: str = "") -> ProductQuestion:
    return ProductQuestion(catalogue_of(line), line, sought, picked)


def many(shop: Storefront, number: int = SHORT) -> None:
    for each in range(number):
        factories.product(shop, f"SKU-X{each}", name=f"Serum {each}")


def test_a_shop_that_sells_nothing_else_asks_nothing(line: OrderLine) -> None:
    assert question(line).fields == set()
    assert question(line, picked="OWN").product is None, "nobody exchanges a product for the same one"


def test_a_short_catalogue_is_a_list_without_the_product_itself(line: OrderLine, shops: dict[str, Storefront]) -> None:
    many(shops[IMAGE], 2)
    many(shops[SPA], 1)
    asked = question(line)
    assert asked.fields == {"exchange"}
    assert [product.sku for product in asked.offered] == ["SKU-X0", "SKU-X1"]


def test_a_long_catalogue_is_searched_first(line: OrderLine, shops: dict[str, Storefront]) -> None:
    many(shops[IMAGE])
    assert question(line).fields == {"find"}
    assert question(line).offered == []
    found = question(line, sought="SERUM 1")
    assert found.fields == {"find", "exchange"}
    assert {"SKU-X1", "SKU-X10", "SKU-X21"} <= {product.sku for product in found.offered}
    assert len(question(line, sought="serum").offered) <= MOST_HITS
    assert question(line, sought="own").offered == []
    assert question(line, sought="own").finds_nothing


def test_what_was_chosen_stays_among_the_hits(line: OrderLine, shops: dict[str, Storefront]) -> None:
    many(shops[IMAGE])
    kept = question(line, sought="serum 23", picked="SKU-X3")
    assert [product.sku for product in kept.offered] == ["SKU-X3", "SKU-X23"]


def test_a_catalogue_is_read_once_and_only_when_somebody_looks(
    line: OrderLine, django_assert_num_queries: object
) -> None:
    catalogue = catalogue_of(line)
    with django_assert_num_queries(1):  # type: ignore[operator]
        catalogue.find("OWN")
        catalogue.known(1)
        catalogue.matching("serum")
