"""When a line wasn't as told: a matter of its facts, never of how they are worded."""

from datetime import date
from decimal import Decimal

import pytest

from returns.differences import is_different
from returns.models import OrderLine, ReturnLine

TOLD: dict[str, object] = {
    "reason": "changed_mind",
    "condition": "unopened",
    "resalable": True,
    "requested_quantity": 2,
    "authorized_quantity": 2,
}
FOUND: dict[str, object] = {
    "received_quantity": 2,
    "accepted_quantity": 2,
    "found_condition": "unopened",
    "found_resalable": True,
}


def line(**fields: object) -> ReturnLine:
    return ReturnLine(order_line=OrderLine(title="Vital C serum"), **TOLD | FOUND | fields)


@pytest.mark.parametrize(
    "found",
    [
        {"accepted_quantity": 1},
        {"accepted_quantity": 0, "received_quantity": 0},
        {"found_condition": "opened"},
        {"found_resalable": False},
        {"condition": "opened", "found_condition": "opened", "used_percent": 10, "found_used_percent": Decimal("14.9")},
        {"expires_on": date(2030, 1, 31), "found_expires_on": date(2027, 1, 31)},
    ],
)
def test_units_state_use_and_a_sooner_expiration_are_differences(found: dict[str, object]) -> None:
    assert is_different(line(**found))


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"condition": "opened", "found_condition": "opened", "used_percent": 10, "found_used_percent": Decimal("10.0")},
        {"expires_on": date(2030, 1, 31), "found_expires_on": date(2031, 1, 31)},
        {"found_expires_on": date(2027, 1, 31)},
        {"found_condition": ""},
        {"authorized_quantity": 0, "accepted_quantity": 0, "found_condition": "opened"},
    ],
)
def test_what_is_as_told_or_better_or_not_ours_to_take_is_none(found: dict[str, object]) -> None:
    assert not is_different(line(**found))


@pytest.mark.parametrize("reason", ["damaged", "shipping_error"])
def test_of_a_claim_only_the_units_are_compared(reason: str) -> None:
    """RES-25: how damaged or wrong goods look isn't the customer's doing."""
    assert not is_different(line(reason=reason, found_condition="opened", found_resalable=False))
    assert is_different(line(reason=reason, accepted_quantity=1))
