"""The limit above which a settlement takes two: nobody raises it alone."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from returns.domain.limits import holds_at_once, why_not_raise

AMOUNTS = st.decimals(min_value=0, max_value=1_000, places=2)
PEOPLE = st.integers(1, 3)


def test_a_lower_limit_and_the_same_hold_at_once_and_a_higher_one_doesnt() -> None:
    assert holds_at_once(in_force=Decimal(200), wished=Decimal("199.99"))
    assert holds_at_once(in_force=Decimal(200), wished=Decimal(200))
    assert not holds_at_once(in_force=Decimal(200), wished=Decimal("200.01"))


def test_another_person_agrees_and_only_to_what_they_saw() -> None:
    assert why_not_raise(asked=Decimal(500), seen=Decimal(500), asked_by=1, by=2) == ""
    assert "You asked for it" in why_not_raise(asked=Decimal(500), seen=Decimal(500), asked_by=1, by=1)
    assert "Another limit" in why_not_raise(asked=Decimal(5000), seen=Decimal(500), asked_by=1, by=2)


@given(st.lists(st.tuples(PEOPLE, AMOUNTS, st.booleans()), max_size=30))
def test_whatever_managers_do_one_alone_never_gets_above_what_two_agreed_to(
    tries: list[tuple[int, Decimal, bool]],
) -> None:
    in_force, asked = Decimal(100), None
    agreed = in_force  # the highest that nobody, or two people, wanted
    for who, amount, answers in tries:
        if answers and asked is not None:
            if not why_not_raise(asked=asked[1], seen=amount, asked_by=asked[0], by=who):
                assert asked[0] != who
                in_force, asked = amount, None
                agreed = max(agreed, in_force)
        elif holds_at_once(in_force=in_force, wished=amount):
            in_force, asked = amount, None
        else:
            asked = (who, amount)
        assert in_force <= agreed
