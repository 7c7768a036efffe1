"""Where goods go is suggested from what was found, beside what was told."""

import pytest

from returns.domain.dispositions import Because, State, suggested
from returns.domain.facts import Condition, Disposition, Reason

NEW = State(Condition.UNOPENED, is_complete=True)
OPENED = State(Condition.OPENED, is_complete=True)
TORN = State(Condition.UNOPENED, is_complete=False)


@pytest.mark.parametrize(
    ("told", "found", "where", "because"),
    [
        (NEW, NEW, Disposition.RESTOCK, Because.AS_NEW),
        (OPENED, NEW, Disposition.RESTOCK, Because.AS_NEW),
        (OPENED, OPENED, Disposition.SCRAP, Because.OPENED),
        (TORN, TORN, Disposition.QUARANTINE, Because.INCOMPLETE),
        (NEW, OPENED, Disposition.QUARANTINE, Because.NOT_AS_TOLD),
        (NEW, TORN, Disposition.QUARANTINE, Because.NOT_AS_TOLD),
        (OPENED, State(Condition.OPENED, is_complete=False), Disposition.QUARANTINE, Because.NOT_AS_TOLD),
    ],
)
def test_goods_go_where_what_was_found_suggests(
    told: State, found: State, where: Disposition, because: Because
) -> None:
    suggestion = suggested(Reason.CHANGED_MIND, told, found)
    assert (suggestion.disposition, suggestion.because) == (where, because)


@pytest.mark.parametrize("reason", [Reason.DAMAGED, Reason.SHIPPING_ERROR])
@pytest.mark.parametrize("found", [NEW, OPENED, TORN])
def test_what_a_claim_is_about_is_kept_as_its_proof(reason: Reason, found: State) -> None:
    suggestion = suggested(reason, NEW, found)
    assert (suggestion.disposition, suggestion.because) == (Disposition.QUARANTINE, Because.CLAIM)


@pytest.mark.parametrize("reason", [reason for reason in Reason if not reason.is_merchant_fault])
@pytest.mark.parametrize("told", [NEW, OPENED, TORN])
@pytest.mark.parametrize("found", [OPENED, TORN, State(Condition.OPENED, is_complete=False)])
def test_nothing_opened_or_incomplete_goes_back_to_the_shelf(reason: Reason, told: State, found: State) -> None:
    assert suggested(reason, told, found).disposition is not Disposition.RESTOCK
