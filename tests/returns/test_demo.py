"""The demo shows every state and every kind of verdict, breaks no promise, and is refused in production."""

from datetime import datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from returns.demo.goods import ORDERS
from returns.demo.people import PASSWORD, PEOPLE
from returns.demo.seed import seed
from returns.domain.facts import Condition, Reason, Wish
from returns.domain.workflow import Status
from returns.invariants import violations
from returns.models import Order, ReturnRequest, Storefront
from returns.quoting import Asked, quote_asked

pytestmark = pytest.mark.django_db

NOT_SHOWN = {"REPEAT_RETURN", "STAFF_OVERRIDE", "EXCLUDED_FLAG"}


def test_every_state_is_there_and_no_promise_is_broken(now: datetime) -> None:
    seed(now=now)
    assert set(ReturnRequest.objects.values_list("status", flat=True)) == {status.value for status in Status}
    assert list(violations()) == []
    assert ReturnRequest.objects.late(now, Storefront.objects.all()).exists()
    assert Order.objects.filter(number__in=[order.number for order in ORDERS]).count() == len(ORDERS)


def test_the_orders_reach_every_kind_of_verdict(now: datetime) -> None:
    seed(now=now)
    codes = set()
    for order in Order.objects.filter(number__in=[order.number for order in ORDERS]):
        for line in order.lines.all():
            for reason, condition, used, wants in (
                (Reason.CHANGED_MIND, Condition.UNOPENED, None, Wish.REFUND),
                (Reason.CHANGED_MIND, Condition.UNOPENED, None, Wish.EXCHANGE),
                (Reason.DISSATISFIED, Condition.OPENED, Decimal(30), Wish.REFUND),
                (Reason.DISSATISFIED, Condition.OPENED, Decimal(70), Wish.REFUND),
                (Reason.DISSATISFIED, Condition.OPENED, None, Wish.REFUND),
                (Reason.DAMAGED, Condition.UNOPENED, None, Wish.REFUND),
                (Reason.SHIPPING_ERROR, Condition.UNOPENED, None, Wish.REFUND),
                (Reason.NOT_RECEIVED, Condition.UNOPENED, None, Wish.REFUND),
                (Reason.REFUSED_PACKAGE, Condition.UNOPENED, None, Wish.REFUND),
            ):
                for resalable in (True, False):
                    asked = Asked(line.pk, 1, reason, condition, wants, used_percent=used, resalable=resalable)
                    codes.add(quote_asked(order, [asked], at=now).lines[0].verdict.code.value)
    from returns.domain.verdict import Code

    assert {code.value for code in Code} - codes == NOT_SHOWN


def test_the_demo_is_refused_in_production(settings: Settings) -> None:
    settings.DEMO = False
    for command in ("seed_demo", "demo_logins"):
        with pytest.raises(CommandError):
            call_command(command)
    assert not Order.objects.exists()


def test_the_demo_goes_into_an_empty_portal_once(settings: Settings) -> None:
    settings.DEMO = True
    out = StringIO()
    call_command("seed_demo", stdout=out)
    assert "demo returns" in out.getvalue()
    call_command("seed_demo", if_empty=True, stdout=out)
    with pytest.raises(CommandError, match="empty portal"):
        call_command("seed_demo")
    call_command("demo_logins", stdout=out)
    assert all(person.email in out.getvalue() for person in PEOPLE)
    assert PASSWORD in out.getvalue()
