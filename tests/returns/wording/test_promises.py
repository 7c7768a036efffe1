"""The promised day: nothing is promised that isn't fixed."""

from datetime import UTC, date, datetime

import pytest

from returns.domain.storefront import SHIPPED, load_storefronts
from returns.domain.workflow import Status
from returns.wording.promises import promise_words

TERMS = {slug: terms for slug, (_, terms) in load_storefronts(SHIPPED).items()}


def test_before_receipt_a_duration_is_promised_and_no_day() -> None:
    promise = promise_words(TERMS["le-petit-spa"], Status.AUTHORIZED, None, None)
    assert promise is not None
    assert promise.day is None
    assert promise.sentence.startswith("Within 10 business days after your package reaches us.")
    assert promise.leaf == ("within", "10", "business days")


def test_after_receipt_the_day_is_fixed_and_how_it_was_counted_is_said() -> None:
    received = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    promise = promise_words(TERMS["le-petit-spa"], Status.RECEIVED, received, date(2026, 12, 8))
    assert promise is not None
    assert promise.day == date(2026, 12, 8)
    assert promise.sentence == (
        "10 business days after your package came on Monday, November 23, 2026. "
        "Weekends and federal holidays aren't counted."
    )


@pytest.mark.parametrize("status", [Status.REJECTED, Status.REDIRECTED, Status.WITHDRAWN, Status.EXPIRED])
def test_nothing_is_promised_for_a_return_that_ended_before_the_package_came(status: Status) -> None:
    assert promise_words(TERMS["image-consumer"], status, None, None) is None
