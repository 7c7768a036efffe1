"""A package that shows as delivered and isn't there: look first, then a person looks for it (CON-12, RES-29)."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from returns.models import Order, OrderLine, ReturnRequest, Storefront
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA
from tests.mails import Last, html_of, text_of, words_of
from tests.returns.views.seen import seen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now, tick=False) as moment:
        yield moment


class Looking:
    """Somebody who looks for the package of an order."""

    def __init__(self, client: Client, order: Order) -> None:
        self.client, self.order = client, order
        self.lines = list(order.lines.order_by("position"))
        self.url = reverse("portal:missing", args=[order.storefront.slug, order.public_id])

    def open(self) -> Any:
        """Look at the page."""
        return self.client.get(self.url)

    def send(self, *lines: OrderLine, checks: tuple[str, ...] = ("porch", "neighbors"), **more: str) -> Any:
        """Report these lines missing, or all of them."""
        ticks = {f"chosen-{line.public_id}": "on" for line in lines or self.lines}
        units = {f"quantity-{line.public_id}": str(line.quantity) for line in self.lines}
        usual = {"nonce": str(uuid.uuid4()), "send": "report"}
        return self.client.post(self.url, {**usual, **units, **ticks, "checks": list(checks), **more})


@pytest.fixture
def looking(cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime) -> Any:
    """`looking(slug, **order)`: Maya, whose order shows as delivered."""

    def make(slug: str = IMAGE, **order: Any) -> Looking:
        made = factories.order(shops[slug], now=now, customer=cast.accounts[slug], **order)
        return Looking(signed_in(cast.maya), made)

    return make


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("slug", [SPA, IMAGE, PRO])
def test_a_missing_package_becomes_a_case_for_a_person(looking: Any, slug: str) -> None:
    there = looking(slug)
    assert there.send().status_code == 302
    request = ReturnRequest.objects.get()
    assert request.submitted_quote.lines[0].verdict.code == "NOT_RECEIVED"
    assert request.submitted_quote.lines[0].verdict.outcome == "needs_review"
    assert request.checks == ["porch", "neighbors"]
    assert request.rma_number is None
    assert request.due_on is None


def test_everything_is_ticked_at_first(looking: Any) -> None:
    there = looking(lines=({}, {"title": "Mask"}))
    body = text(there.open())
    assert all(f'id="id_chosen-{line.public_id}" checked' in body for line in there.lines)


def test_one_of_several_products_may_be_missing_alone(looking: Any) -> None:
    there = looking(lines=({}, {"title": "Mask"}))
    there.send(there.lines[1])
    assert [line.order_line_id for line in ReturnRequest.objects.get().lines.all()] == [there.lines[1].pk]


def test_the_page_promises_no_day_and_no_number(looking: Any) -> None:
    body = text(looking().open())
    assert "There is nothing to send back." in body
    assert "within 10 days" not in body
    assert "RMA number" not in body


def test_somewhere_has_to_be_looked_first(looking: Any) -> None:
    response = looking().send(checks=())
    assert response.status_code == 422
    assert "Look in at least one of these places first, and tick it." in text(response)
    assert not ReturnRequest.objects.exists()


@pytest.mark.parametrize("checks", [("moon",), ("porch", "moon")])
def test_a_place_nobody_knows_is_refused(looking: Any, checks: tuple[str, ...]) -> None:
    assert looking().send(checks=checks).status_code == 422
    assert not ReturnRequest.objects.exists()


def test_nothing_missing_is_nothing_to_report(looking: Any) -> None:
    there = looking(lines=({}, {}))
    response = there.client.post(there.url, {"checks": ["porch"], "send": "report"})
    assert response.status_code == 422
    assert "Choose at least one product." in text(response)


def test_a_line_of_another_order_is_refused(looking: Any) -> None:
    there, elsewhere = looking(), looking()
    response = there.send(*there.lines, **{f"chosen-{elsewhere.lines[0].public_id}": "on"})
    assert response.status_code == 422
    assert "One of the products isn&#x27;t part of this order." in text(response)


def test_the_same_form_sent_twice_files_one_case(looking: Any) -> None:
    there, nonce = looking(), str(uuid.uuid4())
    first, second = there.send(nonce=nonce), there.send(nonce=nonce)
    assert first.headers["Location"] == second.headers["Location"]
    assert ReturnRequest.objects.count() == 1


def test_a_report_that_comes_after_the_last_unit_was_asked_for_isnt_taken_for_filed(looking: Any) -> None:
    there = looking()
    assert there.send().status_code == 302
    assert there.send().status_code == 409, "another page of the same order, sent too late"
    assert ReturnRequest.objects.count() == 1
    assert there.open().status_code == 200


def test_before_it_shows_as_delivered_the_page_helps_with_tracking_instead(looking: Any) -> None:
    there = looking(
        delivered_hours_ago=None, status="shipped", tracking_number="1Z999", tracking_url="https://example.com/1Z999"
    )
    body = text(there.open())
    assert 'href="https://example.com/1Z999"' in body
    assert "Report it missing" not in body
    assert there.send().status_code == 409
    assert not ReturnRequest.objects.exists()


def test_an_order_shown_as_delivered_without_a_moment_can_be_reported(looking: Any) -> None:
    there = looking(delivered_hours_ago=None, status="delivered")
    assert "Report it missing" in text(there.open())
    assert there.send().status_code == 302


def test_a_partner_order_is_sent_to_its_seller_and_may_be_asked_anyway(looking: Any) -> None:
    there = looking(channel="partner", seller_name="Glow Bar", seller_contact="hello@glow.example")
    body = text(there.open())
    assert "Bought at Glow Bar" in body
    assert 'href="mailto:hello@glow.example"' in body
    refused = there.send()
    assert refused.status_code == 409
    assert "There is a problem" in text(refused)
    assert there.send(send="anyway").status_code == 302


def test_staff_see_where_it_was_looked_for(looking: Any, cast: Cast, signed_in: SignIn) -> None:
    looking().send(checks=("tracking", "porch"))
    reference = ReturnRequest.objects.get().reference
    assert "Around the door, The tracking page" in text(
        signed_in(cast.renee).get(reverse("desk:request", args=[reference]))
    )


def test_the_report_is_no_return_on_its_page(looking: Any) -> None:
    there = looking()
    filed = there.send(checks=("tracking", "porch"))
    body = text(there.client.get(filed.headers["Location"]))
    assert "We have your report" in body
    assert "A person looks for the package with you and the carrier." in body
    assert "What didn't arrive" in body
    assert "Where you looked: Around the door, The tracking page" in body
    for said_of_returns in ("ship anything", "reaches us", "You'd get back", "What you are returning", "Received"):
        assert said_of_returns not in body


def test_the_report_is_no_return_in_its_mail(looking: Any, last: Last) -> None:
    looking().send()
    mail = last("received")
    assert mail.subject.startswith("We have your report of a missing package: ")
    for body in (text_of(mail), words_of(html_of(mail))):
        assert "Where you looked: Around the door, The neighbors" in body
        assert "A person looks for the package" in body
        assert "ship anything" not in body
        assert "RMA number" not in body


@pytest.mark.parametrize(
    ("resolution", "follows"),
    [("refund", "You get an email when it's done."), ("replacement", "You get an email when it's on its way.")],
)
def test_what_staff_give_for_it_needs_no_package(
    looking: Any, cast: Cast, signed_in: SignIn, last: Last, resolution: str, follows: str
) -> None:
    there = looking()
    page = there.send().headers["Location"]
    rma, renee = ReturnRequest.objects.get(), signed_in(cast.renee)
    given = {"choice": "override", "quantity": 2, "resolution": resolution, "percent": 100, "why": "Lost."}
    url = reverse("desk:authorize", args=[rma.reference])
    renee.post(url, {f"line-1-{name}": value for name, value in given.items()})
    desk = text(renee.get(reverse("desk:request", args=[rma.reference])))
    assert "Settle it, nothing comes back" in desk
    assert "Receive the package" not in desk
    assert "It&#x27;s on its way" not in desk
    there.client.force_login(cast.maya)
    body = text(there.client.get(page))
    assert "Nothing to send back" in body
    assert "I have shipped it" not in body
    mail = last("authorized")
    assert mail.subject.startswith("What we do about your missing package: ")
    assert follows in text_of(mail)
    assert "Pack " not in text_of(mail)
    rma.refresh_from_db()
    settle = reverse("desk:settle_without_goods", args=[rma.reference])
    settling = text(renee.get(settle))
    assert "Quoted $0.00" not in settling
    assert ("No sum was quoted" in settling) == (resolution == "refund")
    assert (", not counted → $" in settling) == (resolution == "refund")
    answer = renee.post(settle, seen(rma, str(rma.amount)))
    assert answer.status_code == 302
    rma.refresh_from_db()
    assert rma.status == "completed"


def test_somebody_elses_order_is_not_found(looking: Any, cast: Cast, signed_in: SignIn) -> None:
    there = looking()
    for person in (cast.otto, cast.renee, cast.mona):
        assert signed_in(person).get(there.url).status_code == 404
        assert signed_in(person).post(there.url).status_code == 404
