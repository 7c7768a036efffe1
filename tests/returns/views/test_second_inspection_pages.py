"""The second inspection at the desk, and what the customer sees of it."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client

from returns.differences import Answer
from returns.models import ReturnRequest, Storefront
from returns.services import difference
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import SPA
from tests.mails import Last, bought, differing, html_of, text_of, words_of
from tests.returns.views.seen import seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def objected(shops: dict[str, Storefront], cast: Cast, now: datetime) -> ReturnRequest:
    """Renee found two serums opened, told as unopened; Maya doesn't agree."""
    request = differing(bought(shops[SPA], cast, now), cast, now)
    return difference.answer_difference(
        request_id=request.pk, answer=Answer.DISAGREE, text="They were sealed.", by=By.owner(cast.maya), now=now
    )


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


@pytest.fixture
def sam(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.sam)


@pytest.fixture
def maya(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.maya)


def url(rma: ReturnRequest, step: str = "") -> str:
    return f"/desk/requests/{rma.reference}/{step}"


def found_again(used: str = "127.6") -> dict[str, object]:
    """Both serums opened, weighed again; the cleanser as told."""
    return {
        "line-1-accepted": 2,
        "line-1-condition": "opened",
        "line-1-complete": "complete",
        "line-1-disposition": "scrap",
        "line-1-weight_full": "139",
        "line-1-weight_empty": "82",
        "line-1-weight_now": used,
        "line-2-accepted": 1,
        "line-2-condition": "unopened",
        "line-2-complete": "complete",
        "line-2-disposition": "restock",
    }


def text(answer: object) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())  # type: ignore[attr-defined]


def test_what_came_back_too_is_ticked_again_for_the_second_person(
    renee: Client, sam: Client, shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    """Also where the findings gave nothing, so that no free item would have to come back for them."""
    free = {"title": "Gift bag", "kind": "promo", "quantity": 1, "paid_total": Decimal(0)}
    made = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], lines=[{}, free])
    rma = factories.submitted(made, now=now, lines=[factories.asked(made.lines.get(position=1))])
    for step in (factories.authorized, factories.received):
        rma = step(rma, by=cast.renee, now=now)
    nothing = {"line-1-accepted": 2, "line-1-condition": "unopened", "line-1-complete": "complete"}
    first = nothing | {"line-1-disposition": "restock", "too-item-1": "on", "too-means": "incomplete"}
    assert renee.post(url(rma, "inspect/"), first).status_code == 302
    difference.send_difference(request_id=rma.pk, by=By.staff(cast.renee), now=now)
    difference.answer_difference(
        request_id=rma.pk, answer=Answer.DISAGREE, text="All was in it.", by=By.owner(cast.maya), now=now
    )
    too = sam.get(url(rma, "inspect/")).context["too"]
    assert [(each.label, bool(each.value())) for each in too.items] == [
        ("Gift bag", True),
        ("Packing slip and printed material", False),
    ]
    assert too["means"].value() == "incomplete"
    sam.post(url(rma, "inspect/"), first | {"too-item-2": "on"})
    notes = [note.body for note in rma.messages.filter(internal=True).order_by("id")]
    assert notes[-1] == "Came back too: Gift bag, Packing slip and printed material."
    rma.refresh_from_db()
    assert rma.amount == Decimal("122.40")


def test_who_inspected_it_reads_that_somebody_else_goes_on(renee: Client, sam: Client, objected: ReturnRequest) -> None:
    foot = "Somebody else than you looks at it again and goes on. Hand it over in the queue."
    assert foot in text(renee.get(url(objected)))
    assert foot not in text(sam.get(url(objected)))


def test_somebody_else_is_offered_to_inspect_again_with_what_was_found_first(
    sam: Client, objected: ReturnRequest
) -> None:
    assert "Inspect again" in text(sam.get(url(objected)))
    page = sam.get(url(objected, "inspect/"))
    assert "They were sealed." in text(page)
    assert "Found first" in text(page)
    serums, cleanser = page.context["forms"]
    assert (serums["condition"].value(), serums["weight_now"].value()) == ("opened", "116.2")
    assert cleanser["condition"].value() == "unopened"


def test_who_found_it_first_is_not(renee: Client, objected: ReturnRequest) -> None:
    assert "Inspect again" not in text(renee.get(url(objected)))
    assert renee.get(url(objected, "inspect/")).status_code == 302
    assert renee.post(url(objected, "inspect/"), found_again()).status_code == 409


def test_the_customer_sees_told_found_first_and_found_again(
    sam: Client, maya: Client, objected: ReturnRequest, last: Last
) -> None:
    after = text(sam.post(url(objected, "inspect/"), found_again(), follow=True))
    assert "inspected again: $95.40" in after
    assert "Found first" in after
    shown = text(maya.get(f"/{SPA}/returns/{objected.reference}/"))
    for words in ("A second person has looked", "We found first", "2 opened, 40% used", "Found again", "20% used"):
        assert words in shown, words
    sam.post(url(objected, "difference/"), {"note": ""})
    mail = last("difference")
    for body in (words_of(html_of(mail)), " ".join(text_of(mail).split())):
        for words in ("second person", "We found first", "2 opened, 40% used", "Found again", "2 opened, 20% used"):
            assert words in body, words
    assert "second person" in mail.subject
    shown = text(maya.get(f"/{SPA}/returns/{objected.reference}/"))
    assert "They found it otherwise than you told us, too." in shown


def test_a_finding_that_was_set_right_stays_in_sight(
    sam: Client, maya: Client, objected: ReturnRequest, last: Last
) -> None:
    sealed = {**found_again(""), "line-1-condition": "unopened"}
    assert sam.post(url(objected, "inspect/"), sealed).status_code == 302
    page = text(sam.get(url(objected, "settle/")))
    assert "Send the difference" not in page
    answer = sam.post(url(objected, "settle/"), seen(objected, "156.60"))
    assert answer.status_code == 302
    shown = text(maya.get(f"/{SPA}/returns/{objected.reference}/"))
    for words in ("We found first", "2 opened, 40% used", "Found again", "$156.60"):
        assert words in shown, words
    assert "We found first" in text_of(last("completed"))
