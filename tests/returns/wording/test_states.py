"""The state of a product in words: as told, and as found."""

from datetime import date
from decimal import Decimal

import pytest

from returns.models import OrderLine, ReturnLine
from returns.wording.states import asked_words, found_words, told_words


def line(**fields: object) -> ReturnLine:
    values: dict[str, object] = {"reason": "changed_mind", "condition": "unopened", "requested_quantity": 1}
    return ReturnLine(order_line=OrderLine(title="Vital C serum"), **values | fields)


def found(condition: str, units: int = 1, **fields: object) -> ReturnLine:
    return line(
        authorized_quantity=1,
        received_quantity=units,
        accepted_quantity=units,
        found_condition=condition,
        found_resalable=True,
        **fields,
    )


def test_what_the_customer_said_is_the_state_and_the_reason() -> None:
    assert asked_words(line()) == "Unopened. I changed my mind."
    assert asked_words(line(condition="opened", used_percent=Decimal(30))) == "Opened, 30% used. I changed my mind."


@pytest.mark.parametrize("reason", ["damaged", "shipping_error"])
def test_nobody_says_unopened_of_a_claim_where_nobody_asked(reason: str) -> None:
    claim = line(reason=reason, requested_quantity=2)
    assert "nopened" not in asked_words(claim)
    assert told_words(claim) == "2 as it came"


def test_what_was_found_is_told_by_its_state_and_an_expiration_that_is_sooner() -> None:
    assert found_words(found("opened")) == "Opened"
    sooner = found("unopened", expires_on=date(2030, 1, 31), found_expires_on=date(2027, 1, 31))
    assert told_words(sooner) == "Unopened, expires January 31, 2030"
    assert found_words(sooner) == "Unopened, expires January 31, 2027"
    as_told = found("unopened", expires_on=date(2030, 1, 31), found_expires_on=date(2030, 1, 31))
    assert told_words(as_told) == found_words(as_told) == "Unopened"
