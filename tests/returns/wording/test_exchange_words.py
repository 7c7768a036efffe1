"""The product that was chosen in exchange is named wherever the return is told."""

import pytest

from returns.models import OrderLine, Product, ReturnLine
from returns.wording.states import asked_words, exchange_words


@pytest.mark.parametrize(
    ("size", "said"), [("2 oz", "An exchange for Clay mask, 2 oz"), ("", "An exchange for Clay mask")]
)
def test_the_chosen_product_is_named_with_its_size(size: str, said: str) -> None:
    line = ReturnLine(
        order_line=OrderLine(),
        requested_quantity=1,
        reason="ordered_wrong_item",
        condition="unopened",
        exchange_product=Product(name="Clay mask", size=size),
    )
    assert exchange_words(line) == said
    assert asked_words(line) == f"Unopened. I ordered the wrong product. {said}."


def test_nothing_is_said_where_none_was_chosen() -> None:
    line = ReturnLine(order_line=OrderLine(), requested_quantity=1, reason="changed_mind", condition="unopened")
    assert not exchange_words(line)
    assert asked_words(line) == "Unopened. I changed my mind."
