"""How a return ended: called by what was given, and paid only once it is."""

from returns.domain.facts import Resolution
from returns.wording.endings import Ending


def test_paid_is_said_only_once_the_money_has_left() -> None:
    assert Ending(Resolution.REFUND).word == "Processed"
    assert Ending(Resolution.REFUND, is_paid=True).word == "Paid"
    assert "refund" not in Ending(Resolution.STORE_CREDIT, amount="$80.00").headline.lower()
