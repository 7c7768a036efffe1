"""What migrations make of the rows that are there already."""

from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection

from returns.invariants import violations
from returns.models import ReportFigure, ReportMark, ReturnRequest, Storefront
from returns.services import requests, rollups
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE

pytestmark = pytest.mark.django_db

NO_SUM = import_module("returns.migrations.0037_ended_gives_nothing").NO_SUM
SUM = Decimal("122.40")


def test_what_had_ended_without_giving_anything_says_no_sum_and_the_figures_follow(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    at = now - timedelta(days=3)
    withdrawn, open_still = (
        factories.submitted(factories.order(shops[IMAGE], now=at, customer=cast.accounts[IMAGE]), now=at)
        for _ in range(2)
    )
    requests.withdraw(request_id=withdrawn.pk, by=By.owner(cast.maya), now=at)
    ReturnRequest.objects.filter(pk=withdrawn.pk).update(amount=SUM)  # as it was kept before
    rollups.refresh(now=now)
    assert [violation.where for violation in violations()] == [withdrawn.reference]
    with connection.cursor() as cursor:
        cursor.execute(NO_SUM)
    assert list(ReturnRequest.objects.order_by("pk").values_list("amount", flat=True)) == [0, SUM]
    assert ReportMark.objects.exists()
    rollups.refresh(now=now)
    figures = ReportFigure.objects.filter(storefront=shops[IMAGE], by="requested", span="day", figure="status")
    assert dict(figures.values_list("detail", "amount")) == {"withdrawn": 0, open_still.status: SUM}
    assert list(violations()) == []
