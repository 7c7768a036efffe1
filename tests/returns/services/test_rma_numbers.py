"""A number that is taken already is drawn again, and never given twice."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from returns.models import Storefront
from returns.services import authorization
from returns.services.errors import Refused
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE

pytestmark = pytest.mark.django_db


def test_a_taken_number_is_drawn_again(
    cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [
        factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
        for _ in range(2)
    ]
    drawn: Iterator[str] = iter(["RMA-2222-2222-2", "RMA-2222-2222-2", "RMA-2222-2222-2", "RMA-3333-3333-3"])
    monkeypatch.setattr(authorization, "new_rma_number", lambda: next(drawn))
    numbers = [factories.authorized(request, by=cast.renee, now=now).rma_number for request in requests]
    assert numbers == ["RMA-2222-2222-2", "RMA-3333-3333-3"]


def test_a_generator_that_only_repeats_is_refused_and_changes_nothing(
    cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (
        factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
        for _ in range(2)
    )
    monkeypatch.setattr(authorization, "new_rma_number", lambda: "RMA-2222-2222-2")
    factories.authorized(first, by=cast.renee, now=now)
    with pytest.raises(Refused, match="No free RMA number"):
        factories.authorized(second, by=cast.renee, now=now)
    second.refresh_from_db()
    assert (second.status, second.rma_number) == ("submitted", None)
    assert second.lines.get().authorized_quantity is None
