"""The dock through its pages: scan, count, inspect, settle."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from returns.domain.facts import Condition, Reason, Resolution, Wish
from returns.domain.workflow import Status
from returns.models import Notification, Order, ReturnRequest, Storefront
from returns.services import authorization, settlement
from returns.services.authorization import Decision
from returns.services.overrides import OverrideAsked
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA
from tests.returns.views.seen import seen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


@pytest.fixture
def order(cast: Cast, shops: dict[str, Storefront], now: datetime) -> Order:
    """Two opened products of le petit spa, one of them in the catalogue with its weights, and a free gift."""
    product = factories.product(shops[SPA], full_weight=Decimal(214), empty_weight=Decimal(164))
    return factories.order(
        shops[SPA],
        now=now,
        customer=cast.accounts[SPA],
        number="#LPS-10482",
        lines=[
            {"title": "Serum", "quantity": 1, "paid_total": Decimal("68.00"), "product": product},
            {"title": "Crème", "quantity": 1, "paid_total": Decimal("92.00")},
            {"title": "Gift bag", "quantity": 1, "paid_total": Decimal("0.00"), "kind": "promo"},
        ],
    )


@pytest.fixture
def rma(order: Order, cast: Cast, now: datetime) -> ReturnRequest:
    """The serum opened, the crème unopened, authorized an hour ago."""
    serum, creme, _ = order.lines.order_by("position")
    lines = [
        factories.asked(
            serum, reason=Reason.DISSATISFIED, condition=Condition.OPENED, used_percent=Decimal(30), wants=Wish.REFUND
        ),
        factories.asked(creme, reason=Reason.DISSATISFIED),
    ]
    made = factories.submitted(order, now=now - timedelta(hours=2), lines=lines)
    return factories.authorized(made, by=cast.sam, now=now - timedelta(hours=1))


def url(request: ReturnRequest, step: str) -> str:
    return f"/desk/requests/{request.reference}/{step}/"


def found(**changed: Any) -> dict[str, Any]:
    """What the inspection page sends: both as declared, the serum weighed at 190.8 g (46.4% used)."""
    sent = {
        "line-1-counted": 1,
        "line-1-accepted": 1,
        "line-1-condition": "opened",
        "line-1-complete": "complete",
        "line-1-disposition": "scrap",
        "line-1-weight_full": "214",
        "line-1-weight_empty": "164",
        "line-1-weight_now": "190.8",
        "line-2-counted": 1,
        "line-2-accepted": 1,
        "line-2-condition": "unopened",
        "line-2-complete": "complete",
        "line-2-disposition": "restock",
    }
    return {**sent, **changed}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


# --------------------------------------------------------------------------------------------------------------- scan


def test_the_scan_field_has_the_focus_and_leads_to_the_package(renee: Client, rma: ReturnRequest) -> None:
    assert 'id="scan" type="text" name="q" value="" autocomplete="off"' in text(renee.get("/desk/receive/"))
    assert "autofocus" in text(renee.get("/desk/receive/"))
    for typed in (rma.rma_number or "", (rma.rma_number or "").lower().replace("-", ""), "LPS-10482", "Brennan"):
        answer = renee.get("/desk/receive/", {"q": typed})
        assert answer.headers["Location"] == url(rma, "receive")


def test_a_number_with_a_wrong_character_is_said_to_be_none_of_ours(renee: Client, rma: ReturnRequest) -> None:
    number = rma.rma_number or ""
    wrong = number[:-1] + ("2" if number[-1] != "2" else "3")
    page = text(renee.get("/desk/receive/", {"q": wrong}))
    assert "Not a number of ours" in page
    assert f">{number}</a>" in page


# ------------------------------------------------------------------------------------------------------------ receive


def test_counting_fixes_the_due_day_and_leads_to_the_inspection(renee: Client, rma: ReturnRequest) -> None:
    sent = {"line-1": 1, "line-2": 1, "carrier": "UPS", "tracking_number": "1Z 999"}
    page = text(renee.post(url(rma, "receive"), sent, follow=True))
    rma.refresh_from_db()
    assert rma.status == Status.RECEIVED
    assert "Received <strong>Wednesday, November 18, 2026</strong>, due <strong>Thursday, December 3, 2026" in page
    assert url(rma, "inspect") in page
    assert rma.packages.get().tracking_number == "1Z 999"


@pytest.mark.parametrize(
    ("sent", "said", "status"),
    [
        ({"line-1": 1}, "Count it; enter 0", 422),
        ({"line-1": 1, "line-2": -1}, "greater than or equal to 0", 422),
        ({"line-1": 1, "line-2": 10_000}, "less than or equal to 9999", 422),
        ({"line-1": 0, "line-2": 0}, "Nothing was counted", 409),
    ],
)
def test_a_count_that_is_not_possible_changes_nothing(
    renee: Client, rma: ReturnRequest, sent: dict[str, int], said: str, status: int
) -> None:
    answer = renee.post(url(rma, "receive"), sent)
    assert (answer.status_code, said in text(answer)) == (status, True)
    rma.refresh_from_db()
    assert rma.status == Status.AUTHORIZED


def test_a_package_is_received_once(renee: Client, signed_in: SignIn, cast: Cast, rma: ReturnRequest) -> None:
    sent = {"line-1": 1, "line-2": 1}
    renee.post(url(rma, "receive"), sent)
    again = renee.post(url(rma, "receive"), sent, follow=True)
    assert "You did that already" in text(again)
    other = signed_in(cast.sam).post(url(rma, "receive"), sent)
    assert other.status_code == 409
    assert "Renee O. was first" in text(other)
    assert rma.packages.count() == 1


def test_what_is_not_authorized_yet_cannot_be_received(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    open_request = factories.submitted(made, now=now)
    assert "This return isn't authorized yet" in text(renee.get(url(open_request, "receive")))


# ------------------------------------------------------------------------------------------------------------ inspect


@pytest.fixture
def here(rma: ReturnRequest, cast: Cast, now: datetime) -> ReturnRequest:
    """The package is here."""
    return factories.received(rma, by=cast.sam, now=now - timedelta(minutes=30))


def test_the_form_starts_from_what_was_declared_and_from_the_catalogue(renee: Client, here: ReturnRequest) -> None:
    serum, creme = renee.get(url(here, "inspect")).context["forms"]
    assert (serum["condition"].value(), serum["disposition"].value()) == ("opened", "scrap")
    assert (serum["weight_full"].value(), serum["weight_empty"].value()) == ("214", "164")
    assert (creme["condition"].value(), creme["disposition"].value()) == ("unopened", "restock")


def test_an_update_computes_the_share_and_the_sum_and_saves_nothing(renee: Client, here: ReturnRequest) -> None:
    answer = renee.post(
        url(here, "inspect/check"), found(**{"line-2-condition": "opened", "line-2-weight_full": "139"})
    )
    assert "46.40% used" in text(answer)
    answer = renee.post(
        url(here, "inspect/check"),
        found(
            **{
                "line-2-condition": "opened",
                "line-2-weight_full": "139",
                "line-2-weight_empty": "82",
                "line-2-weight_now": "130.5",
            }
        ),
    )
    assert answer.context["ledger"].total == Decimal("80.00")
    assert "Less than was decided" in text(answer)
    assert "The next page sends them the difference" in text(answer)
    assert "The next page shows the sum to settle" not in text(answer), "one next page, not two"
    here.refresh_from_db()
    assert here.status == Status.RECEIVED


def test_opened_goods_on_their_way_to_the_shelf_are_pointed_out_and_left_to_staff(
    renee: Client, here: ReturnRequest
) -> None:
    check, opened = url(here, "inspect/check"), {"line-2-condition": "opened", "line-2-weight_full": "139"}
    said = "Opened goods go back into stock like this."
    assert said not in text(renee.post(check, found()))
    assert text(renee.post(check, found(**opened))).count(said) == 1
    assert said not in text(renee.post(check, found(**opened, **{"line-2-disposition": "scrap"})))


def test_the_place_for_the_goods_follows_what_is_found_until_somebody_chooses_one(
    renee: Client, here: ReturnRequest
) -> None:
    check = url(here, "inspect/check")
    offered = {"line-2-suggested": "restock"}

    def creme(**changed: Any) -> Any:
        answer = renee.post(check, found(**{"line-2-condition": "opened", **offered, **changed}))
        return next(form for form in answer.context["forms"] if form.line.position == 2), text(answer)

    form, page = creme()
    assert (form["disposition"].value(), form["suggested"].value()) == ("quarantine", "quarantine")
    assert "Suggested: kept until the customer has answered." in page
    chosen, page = creme(**{"line-2-disposition": "send_back"})
    assert (chosen["disposition"].value(), chosen["suggested"].value()) == ("send_back", "quarantine")
    kept, page = creme(**{"line-2-suggested": "quarantine"})
    assert kept["disposition"].value() == "restock", "chosen after the suggestion was seen"
    assert "Opened goods go back into stock like this." in page


def test_goods_are_not_saved_to_another_place_than_the_page_showed(renee: Client, here: ReturnRequest) -> None:
    weighed = {"line-2-weight_full": "139", "line-2-weight_empty": "82", "line-2-weight_now": "120"}
    opened = {"line-2-condition": "opened", "line-2-suggested": "restock", **weighed}
    answer = renee.post(url(here, "inspect"), found(**opened))
    assert answer.status_code == 422
    assert "Suggested for what you found now. Keep it or choose another, then save again." in text(answer)
    here.refresh_from_db()
    assert here.status == Status.RECEIVED
    again = {**opened, "line-2-suggested": "quarantine", "line-2-disposition": "quarantine"}
    assert renee.post(url(here, "inspect"), found(**again)).status_code == 302
    assert here.lines.get(position=2).disposition == "quarantine"


def test_a_package_that_came_while_it_was_inspected_is_looked_at_too(renee: Client, here: ReturnRequest) -> None:
    shown = {"line-1-counted": "0", "line-1-accepted": "0"}  # the page was opened when none of it was here
    answer = renee.post(url(here, "inspect"), found(**shown))
    assert answer.status_code == 409
    assert "Another package came, with it here: 1. Look at all of them, then save again." in text(answer)
    here.refresh_from_db()
    assert here.status == Status.RECEIVED
    form = next(form for form in answer.context["forms"] if form.line.position == 1)
    assert form["weight_now"].value() == "190.8", "what was typed stays"
    again = found(**{"line-1-counted": form["counted"].value()})
    assert renee.post(url(here, "inspect"), again).status_code == 302


def test_a_product_that_came_while_another_was_inspected_starts_as_declared(renee: Client, here: ReturnRequest) -> None:
    sent = {name: value for name, value in found().items() if not name.startswith("line-2-")}
    answer = renee.post(url(here, "inspect"), sent)  # nothing of line 2 was here when the page was opened
    assert answer.status_code == 409
    here.refresh_from_db()
    assert here.status == Status.RECEIVED
    serum, creme = answer.context["forms"]
    assert not serum.errors
    assert creme.errors["accepted"] == ["Another package came, with it here: 1. Look at all of them, then save again."]
    again = {f"line-2-{name}": creme[name].value() for name in ("counted", "accepted", "condition", "complete")}
    assert renee.post(url(here, "inspect"), found(**again)).status_code == 302


def test_what_is_measured_as_used_is_not_unopened(renee: Client, here: ReturnRequest) -> None:
    weighed = {"line-2-weight_full": "139", "line-2-weight_empty": "82", "line-2-weight_now": "110.5"}
    answer = renee.post(url(here, "inspect"), found(**weighed))
    assert answer.status_code == 422
    assert "50% used, and found unopened. Choose Opened, or leave “Now” empty." in text(answer)
    here.refresh_from_db()
    assert here.status == Status.RECEIVED
    full = {**weighed, "line-2-weight_now": "139"}
    assert renee.post(url(here, "inspect"), found(**full)).status_code == 302, "nothing of it is used"


def test_staff_read_why_opened_goods_give_half_once_they_were_weighed(renee: Client, here: ReturnRequest) -> None:
    opened = {
        "line-2-condition": "opened",
        "line-2-disposition": "quarantine",
        "line-2-weight_full": "139",
        "line-2-weight_empty": "82",
        "line-2-weight_now": "110.5",
    }
    said = "50% used, the limit is 50%: half of what they paid comes back."
    assert said in text(renee.post(url(here, "inspect/check"), found(**opened)))
    page = text(renee.post(url(here, "inspect"), found(**opened), follow=True))
    assert said in page
    assert "We weigh it when it's here" not in page


def test_a_finding_does_not_say_what_would_have_changed_it(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    """Its days are counted from the request and may be over when the package is here."""
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=10)
    request = factories.submitted(made, now=now)
    for step in (factories.authorized, factories.received):
        request = step(request, by=cast.sam, now=now)
    page = text(renee.post(url(request, "inspect/check"), found(**{"line-1-counted": 2, "line-1-condition": "opened"})))
    assert "It's opened, and opened products aren't taken back." in page
    assert "What would change it" not in page


def test_the_larger_of_weight_and_volume_counts(renee: Client, here: ReturnRequest) -> None:
    volume = {"line-1-volume_full": "50", "line-1-volume_empty": "0", "line-1-volume_now": "24"}
    page = text(renee.post(url(here, "inspect/check"), found(**volume)))
    assert "52.00% used, the limit is 50%" in page or "52% used, the limit is 50%" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"line-1-weight_now": "300"}, "300 g now is more than"),
        ({"line-1-weight_now": "1"}, "1 g now is less than"),
        ({"line-1-weight_full": "10", "line-1-weight_empty": "12"}, "10 g when full must be more than 12 g when empty"),
        ({"line-1-weight_full": ""}, "Enter what it is when full and when empty too."),
        ({"line-1-accepted": "2"}, "At most 1 can be accepted."),
        ({"line-1-condition": ""}, "This field is required."),
        ({"line-1-otherwise": "on"}, "Choose what the customer gets."),
        ({"line-1-weight_now": "1e3"}, "1000 g now is more than"),
    ],
)
def test_impossible_findings_come_back(renee: Client, here: ReturnRequest, changed: dict[str, str], said: str) -> None:
    answer = renee.post(url(here, "inspect"), found(**changed))
    assert answer.status_code == 422
    assert said in text(answer)
    preview = url(here, "inspect/check")
    assert renee.post(preview, found(**changed)).status_code == 422
    live = renee.post(preview, found(**changed), headers={"HX-Request": "true"})
    assert live.status_code == 200, "script puts nothing else in place"
    if "weight" in next(iter(changed)):
        assert said in live.content.decode().partition('id="answer-1"')[2], "named at once, beside the product"
    here.refresh_from_db()
    assert here.status == Status.RECEIVED


def test_an_opened_product_that_nobody_weighed_needs_a_figure_or_a_decision(renee: Client, here: ReturnRequest) -> None:
    answer = renee.post(url(here, "inspect"), found(**{"line-1-weight_now": ""}))
    assert answer.status_code == 409
    assert "still needs a decision" in text(answer)
    decided = {
        "line-1-weight_now": "",
        "line-1-otherwise": "on",
        "line-1-resolution": "store_credit",
        "line-1-percent": "50",
        "line-1-why": "The scale is broken; it looks half full.",
    }
    renee.post(url(here, "inspect"), found(**decided))
    here.refresh_from_db()
    assert (here.status, here.amount) == (Status.INSPECTED, Decimal("126.00"))


def test_what_else_has_to_come_back_is_ticked_off_and_noted(renee: Client, here: ReturnRequest) -> None:
    assert "Gift bag" in text(renee.get(url(here, "inspect")))
    renee.post(url(here, "inspect"), found(**{"too-item-1": "on"}))
    note = here.messages.get()
    assert (note.internal, note.body) == (
        True,
        "Came back too: Gift bag. Missing: Packing slip and printed material.",
    )
    assert note.body in text(renee.get(f"/desk/requests/{here.reference}/"))


def test_a_shop_that_does_not_ask_for_free_items_ticks_nothing_off(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    request = factories.submitted(made, now=now)
    for step in (factories.authorized, factories.received):
        request = step(request, by=cast.sam, now=now)
    assert "Came back too" not in text(renee.get(url(request, "inspect")))


# ------------------------------------------------------------------------------------------------------------- settle


def test_from_inspection_to_store_credit(renee: Client, here: ReturnRequest) -> None:
    page = renee.post(url(here, "inspect"), found(), follow=True)
    assert page.redirect_chain == [(url(here, "settle"), 302)]
    assert "Settle and credit $126.00" in text(page)
    assert "refund" not in text(page).lower().replace("full_refund", "")
    assert page.context["form"]["expected_total"].value() == Decimal("126.00")
    done = renee.post(url(here, "settle"), seen(here, "126.00"), follow=True)
    here.refresh_from_db()
    assert here.status == Status.COMPLETED
    assert "settled: $126.00 store credit. Email sent to maya<wbr>@example.com" in text(done)
    assert Notification.objects.filter(kind="completed").count() == 1


def test_another_sum_than_the_one_on_the_page_is_shown_first(renee: Client, here: ReturnRequest) -> None:
    renee.post(url(here, "inspect"), found())
    for expected, shown in (("160.00", "$160.00"), ("-1", "−$1.00"), ("126.01", "$126.01")):
        answer = renee.post(url(here, "settle"), seen(here, expected))
        assert answer.status_code == 409
        assert f"The sum was {shown} when you opened the page and is $126.00 now. Look at it again" in text(answer)
    assert renee.post(url(here, "settle"), seen(here, "NaN")).status_code == 422
    here.refresh_from_db()
    assert here.status == Status.INSPECTED


def test_a_lower_sum_is_explained_line_by_line_before_it_is_settled(renee: Client, here: ReturnRequest) -> None:
    spoiled = {"line-2-complete": "incomplete"}
    page = text(renee.post(url(here, "inspect"), found(**spoiled), follow=True))
    assert "Quoted $126.00, found $34.00: less because" in page
    assert "Crème, $92.00 → $0.00: It isn't complete" in page
    assert page.count("<td>$0.00</td>") == 1
    assert "<li>Serum" not in page


def test_the_message_is_written_with_the_settlement_or_not_at_all(renee: Client, here: ReturnRequest) -> None:
    renee.post(url(here, "inspect"), found())
    said = {"message": "The serum was nearly empty."}
    refused = renee.post(url(here, "settle"), {**seen(here, "160.00"), **said})
    assert "The serum was nearly empty." in text(refused)
    assert not here.messages.filter(internal=False).exists()
    renee.post(url(here, "settle"), {**seen(here, "126.00"), **said})
    assert here.messages.get(internal=False).body == said["message"]
    assert "You did that already" in text(
        renee.post(url(here, "settle"), {**seen(here, "126.00"), **said}, follow=True)
    )
    assert here.messages.filter(internal=False).count() == 1


def test_a_settlement_happens_once(renee: Client, signed_in: SignIn, cast: Cast, here: ReturnRequest) -> None:
    renee.post(url(here, "inspect"), found())
    renee.post(url(here, "settle"), seen(here, "126.00"))
    twice = renee.post(url(here, "settle"), seen(here, "126.00"), follow=True)
    assert "You did that already" in text(twice)
    assert signed_in(cast.sam).post(url(here, "settle"), seen(here, "126.00")).status_code == 409
    assert here.order.lines.get(position=1).refunded == Decimal("34.00")


def test_a_refund_shows_how_it_was_paid(renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], payment_method="Visa ending 4242")
    at = now - timedelta(hours=1)
    request = factories.submitted(made, now=at)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.sam, now=at)
    page = text(renee.get(url(request, "settle")))
    assert "Settle and refund $122.40" in page
    assert "Visa ending 4242" in page


def test_a_replacement_of_damaged_goods_needs_nothing_back(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=19)
    claim = factories.asked(made.lines.get(), reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    request = factories.authorized(factories.submitted(made, now=now, lines=[claim]), by=cast.sam, now=now)
    page = renee.get(f"/desk/requests/{request.reference}/")
    assert [(button.label, button.is_primary) for button in page.context["buttons"].bar] == [
        ("Receive the package", False),
        ("Replace it, nothing comes back", True),
    ]
    assert "Nothing comes back: settle it; a replacement when it is sent." in text(page)
    assert "Settle as a replacement" in text(renee.get(url(request, "settle-without-goods")))
    renee.post(url(request, "settle-without-goods"), seen(request, "0.00"))
    request.refresh_from_db()
    assert request.status == Status.COMPLETED


def test_the_flash_counts_the_units_that_are_replaced_and_not_those_asked_for(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=19)
    claim = factories.asked(made.lines.get(), quantity=2, reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    filed = factories.submitted(made, now=now, lines=[claim])
    one = Decision(1, 1, rejection_reason="discretion", rejection_text="One of them is fine.")
    authorization.authorize(request_id=filed.pk, decisions=[one], by=By.staff(cast.sam), now=now)
    done = renee.post(url(filed, "settle-without-goods"), seen(filed, "0.00"), follow=True)
    assert "settled: 1 unit replaced." in text(done)


def test_what_is_given_beside_goods_stands_on_the_button_and_in_the_flash(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], shipping_paid=Decimal("8.95"))
    claim = factories.asked(made.lines.get(), quantity=1, reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    filed = factories.authorized(factories.submitted(made, now=now, lines=[claim]), by=cast.sam, now=now)
    page = text(renee.get(url(filed, "settle-without-goods")))
    assert "Settle as a replacement and credit $8.95" in page
    done = renee.post(url(filed, "settle-without-goods"), seen(filed, "8.95"), follow=True)
    assert "settled: 1 unit replaced and $8.95 store credit." in text(done)


def test_money_and_credit_stand_on_the_button_each_with_its_sum(
    signed_in: SignIn, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(shops[PRO], now=now, customer=cast.accounts[PRO], lines=[{}, {}])
    first, second = made.lines.order_by("position")
    asked = [
        factories.asked(first, quantity=1, wants=Wish.REFUND),
        factories.asked(second, quantity=1, wants=Wish.STORE_CREDIT),
    ]
    request = factories.submitted(made, now=now, lines=asked)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.sam, now=now)
    renee = signed_in(cast.renee)
    assert "Settle, refund $61.20 and credit $61.20" in text(renee.get(url(request, "settle")))
    done = renee.post(url(request, "settle"), seen(request, "122.40"), follow=True)
    assert "settled: $61.20 to refund and $61.20 store credit." in text(done)


def test_goods_that_have_to_come_back_are_not_settled_without_them(renee: Client, rma: ReturnRequest) -> None:
    page = renee.get(f"/desk/requests/{rma.reference}/")
    assert "Replace it, nothing comes back" not in [button.label for button in page.context["buttons"].bar]
    assert renee.post(url(rma, "settle-without-goods"), seen(rma, "126.00")).status_code == 409
    rma.refresh_from_db()
    assert rma.status == Status.AUTHORIZED


def test_nobody_settles_their_own_order(
    signed_in: SignIn, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    account = factories.account(shops[IMAGE], user=cast.renee)
    made = factories.order(shops[IMAGE], now=now, customer=account)
    at = now - timedelta(hours=1)
    request = factories.submitted(made, now=at)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.sam, now=at)
    own = signed_in(cast.renee)
    assert "This is your own order" in text(own.get(url(request, "settle")))
    assert own.post(url(request, "settle"), seen(request, "122.40")).status_code == 409
    assert settlement.settle(
        request_id=request.pk, expected_total=Decimal("122.40"), by=By.staff(cast.sam), now=now
    ).closed_at


# ------------------------------------------------------------------------------------------------- what never arrived


@pytest.fixture
def missing(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    """Tea that never arrived and is credited by a person, and soap beside it that comes back."""
    lines = [{"title": "Lost tea", "quantity": 1}, {"title": "Packed soap", "quantity": 1}]
    bought = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], lines=lines)
    lost, here = bought.lines.order_by("position")
    asked = [factories.asked(lost, reason=Reason.NOT_RECEIVED), factories.asked(here)]
    return factories.submitted(bought, now=now - timedelta(hours=2), lines=asked)


def authorize_missing(rma: ReturnRequest, cast: Cast, now: datetime, *, soap: int) -> None:
    """The tea is credited; of the soap so many units may come back."""
    credit = OverrideAsked(Resolution.STORE_CREDIT, Decimal(100), "Lost.")
    decisions = [Decision(1, 1, override=credit), Decision(2, soap, "" if soap else "discretion")]
    authorization.authorize(request_id=rma.pk, decisions=decisions, by=By.staff(cast.sam), now=now)


def test_the_dock_says_politely_that_nothing_of_it_can_come(
    renee: Client, missing: ReturnRequest, cast: Cast, now: datetime
) -> None:
    authorize_missing(missing, cast, now, soap=0)
    page = renee.get(url(missing, "receive"))
    assert page.status_code == 200
    assert "can&#x27;t be received now" in page.text or "can't be received now" in page.text
    assert "None of it ever reached the customer" in page.text
    assert "Received: fix the due day" not in page.text
    assert renee.post(url(missing, "receive"), {}).status_code == 409
    missing.refresh_from_db()
    assert missing.status == Status.AUTHORIZED
    desk = renee.get(f"/desk/requests/{missing.reference}/").text
    assert "Settle it, nothing comes back" in desk
    assert "Receive the package" not in desk


def test_the_dock_counts_and_inspects_only_what_can_be_in_the_package(
    renee: Client, missing: ReturnRequest, cast: Cast, now: datetime
) -> None:
    authorize_missing(missing, cast, now, soap=1)
    page = renee.get(url(missing, "receive")).text
    assert "Packed soap" in page
    assert "Lost tea" not in page
    assert renee.post(url(missing, "receive"), {"line-2": 1}).status_code == 302
    sent = {
        "line-2-accepted": 1,
        "line-2-condition": "unopened",
        "line-2-complete": "complete",
        "line-2-disposition": "restock",
        "line-2-expires_on": "08/2030",
    }
    checked = renee.post(url(missing, "inspect/check"), sent)
    assert checked.status_code == 200
    assert "$244.80" in checked.text, "the tea is credited as it was decided"
    assert renee.post(url(missing, "inspect"), sent).status_code == 302
    missing.refresh_from_db()
    assert missing.amount == Decimal("244.80")


# ------------------------------------------------------------------------------------------------------------- camera


def test_the_dock_alone_may_use_the_camera_and_the_compiled_reader(renee: Client, rma: ReturnRequest) -> None:
    page = renee.get("/desk/receive/")
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert "microphone=()" in page.headers["Permissions-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in page.headers["Content-Security-Policy"]
    for other in ("/desk/", url(rma, "receive"), f"/desk/requests/{rma.reference}/"):
        headers = renee.get(other).headers
        assert "camera=()" in headers["Permissions-Policy"]
        assert "wasm" not in headers["Content-Security-Policy"]


def test_the_reader_of_barcodes_is_served_as_what_it_is(client: Client) -> None:
    compiled = client.get("/static/vendor/zxing-wasm/zxing_reader.wasm")
    assert (compiled.status_code, compiled.headers["Content-Type"]) == (200, "application/wasm")


def test_no_mail_is_promised_while_the_customer_has_to_be_asked_first(renee: Client, here: ReturnRequest) -> None:
    done = "gets the email that it's done"
    asks = text(renee.post(url(here, "inspect"), found(**{"line-2-complete": "incomplete"}), follow=True))
    assert "Send the difference" in asks
    assert done not in asks
