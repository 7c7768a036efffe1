"""What the desk refuses politely: stale decisions, places beyond time, messages of another form; in few queries."""

import uuid
from datetime import datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from returns.domain.workflow import Status
from returns.models import Message, ReturnRequest, Storefront
from returns.services import authorization
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    return factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)


def test_ones_own_earlier_decision_does_not_swallow_another_one(
    cast: Cast, signed_in: SignIn, request_: ReturnRequest, now: datetime
) -> None:
    factories.authorized(request_, by=cast.renee, now=now)
    client = signed_in(cast.renee)
    answer = client.post(f"/desk/requests/{request_.reference}/reject/", {"reason": "discretion", "text": "No."})
    assert answer.status_code == 409
    assert "was first" in answer.content.decode()
    request_.refresh_from_db()
    assert request_.status == Status.AUTHORIZED


@pytest.mark.parametrize(
    "place",
    [
        "0,9999-12-31,0001-01-01T00:00:00%2B23:59,X",
        "0,0001-01-01,9999-12-31T23:59:59-23:59,X",
        "0,9999-12-31",
        "x,y,z,a",
        ",,,",
        "%00",
    ],
)
def test_a_place_in_the_queue_that_can_not_be_shows_the_queue(
    cast: Cast, signed_in: SignIn, request_: ReturnRequest, place: str
) -> None:
    answer = signed_in(cast.renee).get(f"/desk/?after={place}")
    assert answer.status_code in {200, 400}


def test_a_message_form_of_another_return_is_no_error(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, request_: ReturnRequest, now: datetime
) -> None:
    other = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    client, nonce = signed_in(cast.renee), str(uuid.uuid4())
    for one in (request_, other, other):
        answer = client.post(
            f"/desk/requests/{one.reference}/message/", {"nonce": nonce, "kind": "note", "body": "Call her."}
        )
        assert answer.status_code == 302, answer.content.decode()[:500]
    assert Message.objects.count() == 2


@pytest.mark.parametrize("url", ["/desk/find/?q=Maya", "/desk/find/?q=RMA-2222-2222-2", "/desk/receive/?q=Maya"])
def test_looking_up_needs_few_queries_however_much_is_found(
    cast: Cast,
    shops: dict[str, Storefront],
    signed_in: SignIn,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    url: str,
) -> None:
    client = signed_in(cast.renee)
    for _ in range(3):
        factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    with django_assert_max_num_queries(14):
        client.get(url)


@pytest.mark.parametrize("step", ["authorize", "reject", "ask"])
def test_computing_a_decision_somebody_else_made_shows_what_they_decided(
    cast: Cast, signed_in: SignIn, request_: ReturnRequest, now: datetime, step: str
) -> None:
    by = By.staff(cast.sam)
    if step == "authorize":
        factories.authorized(request_, by=cast.sam, now=now)
    elif step == "reject":
        authorization.reject(request_id=request_.pk, reason="discretion", text="", by=by, now=now)
    else:
        authorization.request_information(request_id=request_.pk, question="Why?", by=by, now=now)
    answer = signed_in(cast.renee).post(
        f"/desk/requests/{request_.reference}/authorize/check/",
        {"line-1-choice": "authorize", "line-1-quantity": "1", "line-1-reason": "policy"},
    )
    assert answer.status_code in {200, 409}
    assert request_.reference in answer.content.decode()


def test_ones_own_order_is_known_by_its_address_too(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    own = factories.submitted(factories.order(shops[IMAGE], now=now, email=cast.renee.email), now=now)
    page = signed_in(cast.renee).get(f"/desk/requests/{own.reference}/").content.decode()
    assert "your own order" in page.lower()
    assert "Authorize and email" not in page
