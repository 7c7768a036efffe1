"""What the queue can be narrowed to, and how cells answer it."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from returns.domain.queue import CHOICES, STANDARD_VIEWS, STATUSES, Criteria, Sort, read_amount
from returns.domain.workflow import OPEN, Status

ME, SAM = "3f0c3f9a-52b1-4b5e-9f0a-0123456789ab", "7d444840-9dc0-41d1-b245-5ffdce74fad2"
SHOPS = ["spa", "image"]

amounts = st.none() | st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100)
criteria = st.builds(
    Criteria,
    storefront=st.sampled_from(["", *SHOPS]),
    owner=st.sampled_from(["", "me", "nobody", SAM]),
    amount_from=amounts,
    amount_to=amounts,
    **{name: st.sampled_from(["", *sorted(known)]) for name, known in CHOICES.items()},
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(criteria)
def test_what_is_stored_reads_back_equal(one: Criteria) -> None:
    assert Criteria.read(one.as_data(), SHOPS) == one


@given(st.dictionaries(st.sampled_from([*Criteria.__slots__, "overdue", "x"]), st.text(max_size=40)))
def test_any_address_is_some_criteria(data: dict[str, str]) -> None:
    one = Criteria.read(data, SHOPS)
    assert Criteria.read(one.as_data(), SHOPS) == one


def test_what_is_not_known_does_not_narrow() -> None:
    odd = {"status": "lost", "owner": "'; --", "storefront": "elsewhere", "sort": "password", "amount_from": "NaN"}
    assert Criteria.read(odd, SHOPS) == Criteria()
    assert Criteria.read({"overdue": "on"}, SHOPS) == Criteria(due="overdue")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("200", "200.00"),
        (" $1,200.5 ", "1200.50"),
        ("9999999999.99", "9999999999.99"),
        ("10000000000", None),
        ("-1", None),
        ("1e99", None),
        ("Infinity", None),
        ("", None),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, amount: str | None) -> None:
    assert read_amount(typed) == (None if amount is None else Decimal(amount))


def test_nothing_chosen_is_everything_open_and_the_groups_part_it() -> None:
    assert Criteria().statuses == OPEN
    parts = [STATUSES[name] for name in ("to_decide", "waiting", "to_receive", "to_inspect", "to_settle")]
    assert sum(len(part) for part in parts) == len(OPEN)
    assert frozenset().union(*parts) == OPEN
    assert Criteria(status="all").statuses == frozenset(Status)


def test_every_standard_view_is_counted_by_the_counters_and_sorted_by_what_breaches_next() -> None:
    assert all(view.has_counters and view.order is Sort.URGENT for _name, view in STANDARD_VIEWS)
    assert len({view for _name, view in STANDARD_VIEWS}) == len(STANDARD_VIEWS)
