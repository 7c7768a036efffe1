"""Whose turn it is: every status has its words, and the customer acts wherever it is theirs."""

import pytest

from returns.components import Whose
from returns.domain.facts import Resolution
from returns.domain.workflow import Actor, Status, available
from returns.wording.endings import COMPLETED_AS, Ending
from returns.wording.turns import STATUS, Findings, status_words

ANSWERABLE = {Status.INFORMATION_REQUESTED, Status.AUTHORIZED, Status.DIFFERENCE_SENT}


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_its_row(status: Status) -> None:
    words = STATUS[status]
    assert words.word
    assert words.turn.headline


@pytest.mark.parametrize("status", list(Status))
def test_it_is_the_customers_turn_exactly_where_only_they_can_go_on(status: Status) -> None:
    assert (STATUS[status].turn.whose is Whose.YOURS) == (status in ANSWERABLE)
    assert (STATUS[status].turn.whose is Whose.DONE) == status.is_final


def test_the_customer_can_act_wherever_it_is_their_turn() -> None:
    assert all(available(status, Actor.OWNER) for status in ANSWERABLE)


@pytest.mark.parametrize("resolution", list(Resolution))
def test_a_completed_return_is_called_by_what_was_given(resolution: Resolution) -> None:
    words = status_words(Status.COMPLETED, Ending(resolution, amount="$97.92"))
    assert words.word == COMPLETED_AS[resolution]
    assert words.turn.whose is Whose.DONE


def test_goods_that_were_different_are_not_called_as_told() -> None:
    assert status_words(Status.INSPECTED).turn.headline == "All as you told us"
    assert (
        status_words(Status.INSPECTED, findings=Findings(is_different=True)).turn.headline == "Something was different"
    )
