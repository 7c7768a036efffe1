"""The page of a request and the decisions below it, through the pages that staff use."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from returns.domain.facts import Condition, Reason, Wish
from returns.domain.workflow import Status
from returns.models import Notification, Order, Override, ReturnRequest, Storefront
from returns.services import authorization, requests
from returns.services.storefronts import change_return_address
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


@pytest.fixture
def rma(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    """Two lines of a professional order on day 34: less 20%, and a peel that is never taken back."""
    order = factories.order(
        shops[PRO],
        now=now,
        customer=cast.accounts[PRO],
        days_ago=34,
        lines=[
            {"title": "Vital C serum", "quantity": 6, "paid_total": Decimal("204.00")},
            {"title": "Perfecting Lift peel", "quantity": 2, "paid_total": Decimal("116.00"), "kind": "peel"},
        ],
    )
    serum, peel = order.lines.order_by("position")
    lines = [factories.asked(serum), factories.asked(peel, ask_anyway=True)]
    return factories.submitted(order, now=now, lines=lines)


def url(request: ReturnRequest, step: str = "") -> str:
    return f"/desk/requests/{request.reference}/{step}"


def decisions(request: ReturnRequest, **changed: Any) -> dict[str, Any]:
    """What the page sends when nobody touches the suggested decisions, but for those in `changed`."""
    sent: dict[str, Any] = {}
    for line in request.lines.order_by("position"):
        sent[f"line-{line.position}-quantity"] = line.requested_quantity
        sent[f"line-{line.position}-choice"] = "authorize"
    return {**sent, "line-2-choice": "reject", "line-2-reason": "policy", **changed}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


# --------------------------------------------------------------------------------------------------------------- page


def test_the_page_shows_verdict_facts_sum_and_customer(renee: Client, rma: ReturnRequest) -> None:
    page = text(renee.get(url(rma)))
    for fact in (
        "34 days, in full up to day 30",
        "October 15, 2026",
        "IMAGE Pro, version 1",
        "1 eligible",
        "1 not eligible",
    ):
        assert fact in page
    assert "6 of 6 bought, $34.00 each after discount. Changed their mind. Unopened. Wants a refund." in page
    assert "Day 34 after the order, so 20% stays with us: $204.00 less $40.80." in page
    assert "PRO-22" in page
    assert "$163.20" in page
    assert "Maya Brennan" in page
    assert "Filed" in page
    assert "customer pays" in page
    assert "you pay" not in page
    assert "2 × Perfecting Lift peel" in page
    assert "</span> Not eligible" in page


def test_decisions_that_authorize_nothing_promise_no_rma(renee: Client, rma: ReturnRequest) -> None:
    sent = decisions(rma, **{"line-1-choice": "reject", "line-1-reason": "discretion", "line-1-text": "Not again."})
    page = text(renee.post(url(rma, "authorize/check/"), sent))
    assert "Nothing would be authorized like this." in page
    assert "Sends the RMA number" not in page


def test_staff_see_when_a_customer_reads_another_language(renee: Client, rma: ReturnRequest) -> None:
    assert "Reads <strong>" not in text(renee.get(url(rma)))
    ReturnRequest.objects.filter(pk=rma.pk).update(language="es")
    assert "Reads <strong>Español</strong>" in text(renee.get(url(rma)))


def test_the_page_suggests_what_the_policy_says(renee: Client, rma: ReturnRequest) -> None:
    forms = renee.get(url(rma)).context["forms"]
    assert [form.initial.get("choice") for form in forms] == ["authorize", "reject"]


def test_the_page_asks_the_database_few_questions(renee: Client, rma: ReturnRequest) -> None:
    with CaptureQueriesContext(connection) as asked:
        renee.get(url(rma))
    # session, person, request, lines, overrides, events, messages, earlier returns, photos
    assert len(asked) <= 9


def test_requests_of_other_storefronts_and_unknown_ones_are_not_found(
    signed_in: SignIn, cast: Cast, rma: ReturnRequest
) -> None:
    lena = signed_in(cast.lena)
    for path in (url(rma), url(rma, "authorize/"), url(rma, "settle/"), "/desk/requests/2222-2222/"):
        assert lena.get(path).status_code == 404
        assert lena.post(path).status_code in {404, 405}


def test_customers_are_kept_out_and_strangers_sent_to_sign_in(
    signed_in: SignIn, cast: Cast, rma: ReturnRequest
) -> None:
    for path in ("/desk/", "/desk/find/", "/desk/receive/", url(rma), url(rma, "authorize/")):
        assert signed_in(cast.maya).get(path).status_code == 403
        assert Client().get(path).status_code == 302


STEPS = [
    "take",
    "authorize",
    "authorize/check",
    "reject",
    "redirect",
    "ask",
    "answer",
    "message",
    "withdraw",
    "shipped",
]
STEPS += ["receive", "inspect", "inspect/check", "settle", "settle-without-goods"]


@pytest.mark.parametrize("step", STEPS)
def test_looking_at_a_decision_changes_nothing(renee: Client, rma: ReturnRequest, step: str) -> None:
    before = (rma.event_seq, rma.status, Notification.objects.count())
    assert renee.get(url(rma, f"{step}/"), follow=True).status_code == 200
    rma.refresh_from_db()
    assert (rma.event_seq, rma.status, Notification.objects.count()) == before


def test_the_buttons_are_those_of_the_workflow_table(
    renee: Client, signed_in: SignIn, cast: Cast, rma: ReturnRequest, now: datetime
) -> None:
    def offered(client: Client) -> list[str]:
        buttons = client.get(url(rma)).context["buttons"]
        return [button.label for button in (*buttons.head, *buttons.bar)]

    before = offered(renee)
    assert "Authorize and email the RMA" in before
    assert before[-1] == "Authorize and email the RMA"
    authorization.reject(request_id=rma.pk, reason="discretion", text="No.", by=By.staff(cast.sam), now=now)
    assert offered(renee) == []
    assert offered(signed_in(cast.mona)) == ["Open it again"]


def test_only_what_was_bought_elsewhere_is_offered_to_be_sent_there(renee: Client, rma: ReturnRequest) -> None:
    def offered() -> list[str]:
        return [button.label for button in renee.get(url(rma)).context["buttons"].bar]

    assert "Send to the seller" not in offered()
    assert url(rma, "redirect/") in text(renee.get(url(rma, "reject/")))
    Order.objects.filter(pk=rma.order_id).update(channel="partner", seller_name="Corner Salon")
    assert "Send to the seller" in offered()


def test_a_shop_without_refunds_reads_the_wish_in_its_own_form(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
    wished = factories.asked(order.lines.get(), wants=Wish.REFUND)
    assert "Wants money back (store credit)." in text(
        renee.get(url(factories.submitted(order, now=now, lines=[wished])))
    )


def test_what_never_arrived_has_no_way_back_that_anybody_pays(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=[{}])
    line = factories.asked(made.lines.get(), reason=Reason.NOT_RECEIVED)
    lost = factories.submitted(made, now=now, lines=[line])
    given = {"line-1-choice": "override", "line-1-quantity": 2, "line-1-resolution": "refund", "line-1-percent": "100"}
    preview = text(renee.post(url(lost, "authorize/check/"), given | {"line-1-why": "The carrier lost it."}))
    assert "$122.40" in preview
    assert "Shipping to us" not in preview


def test_what_never_arrived_has_no_condition(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    lost = factories.asked(order.lines.get(), reason=Reason.NOT_RECEIVED)
    page = text(renee.get(url(factories.submitted(order, now=now, lines=[lost]))))
    assert "Not received. Wants" in page


def test_earlier_returns_are_those_asked_for_before_this_one(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    first, second = (
        factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=at)
        for at in (now - timedelta(days=2), now - timedelta(days=1))
    )
    assert [other.number for other in renee.get(url(second)).context["earlier"]] == [first.number]
    assert renee.get(url(first)).context["earlier"] == []


def test_that_opened_goods_were_taken_back_before_is_a_fact_beside_the_earlier_return(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    def filed(at: datetime, **asked: object) -> ReturnRequest:
        order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
        return factories.submitted(order, now=at, lines=[factories.asked(order.lines.get(), **asked)])

    opened = filed(
        now - timedelta(days=2), reason=Reason.DISSATISFIED, condition=Condition.OPENED, used_percent=Decimal(30)
    )
    later = filed(now - timedelta(days=1))
    assert "opened goods taken back" not in text(renee.get(url(later))), "nobody has decided about it yet"
    factories.authorized(opened, by=cast.sam, now=now)
    assert "opened goods taken back" in text(renee.get(url(later)))


def test_a_date_too_near_is_told_as_the_customers_not_as_ones_own(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], days_ago=40)
    old = factories.asked(order.lines.get(), expires_on=(now + timedelta(days=60)).date(), ask_anyway=True)
    page = text(renee.get(url(factories.submitted(order, now=now, lines=[old]))))
    assert "Expires January 17, 2027, " in page
    assert "Yours is" not in page


# ---------------------------------------------------------------------------------------------------- decide the lines


def test_authorizing_issues_the_number_and_says_to_whom_it_was_sent(renee: Client, rma: ReturnRequest) -> None:
    page = text(renee.post(url(rma, "authorize/"), decisions(rma), follow=True))
    rma.refresh_from_db()
    assert rma.status == Status.AUTHORIZED
    assert f'<span class="nowrap">{rma.rma_number}</span> authorized, email sent to Maya Brennan' in page
    serum, peel = rma.lines.order_by("position")
    assert (serum.authorized_quantity, peel.authorized_quantity) == (6, 0)
    assert peel.rejection_text.startswith("Peels aren't taken back")  # the verdict's own sentence
    assert rma.amount == Decimal("163.20")


def test_an_update_shows_the_sum_and_saves_nothing(renee: Client, rma: ReturnRequest) -> None:
    sent = decisions(
        rma,
        **{
            "line-1-choice": "override",
            "line-1-quantity": 4,
            "line-1-resolution": "store_credit",
            "line-1-percent": "100",
            "line-1-why": "Called on day 27.",
            "line-1-reason": "not_resalable",
        },
    )
    answer = renee.post(url(rma, "authorize/check/"), sent)
    page = text(answer)
    assert answer.status_code == 200
    assert answer.context["ledger"].total == Decimal("136.00")
    assert "Authorize 4 units, reject 4, for $136.00." in page
    assert "Quoted to the customer" in page
    assert "Called on day 27." in page
    rma.refresh_from_db()
    assert (rma.status, rma.event_seq) == (Status.SUBMITTED, 1)
    assert not Override.objects.exists()


def test_an_override_goes_to_the_register_with_its_reason(renee: Client, rma: ReturnRequest, cast: Cast) -> None:
    sent = decisions(
        rma,
        **{
            "line-1-choice": "override",
            "line-1-resolution": "refund",
            "line-1-percent": "100",
            "line-1-why": "Called on day 27.",
        },
    )
    page = text(renee.post(url(rma, "authorize/"), sent, follow=True))
    override = Override.objects.get()
    assert (override.actor, override.reason, override.clause_id) == (cast.renee, "Called on day 27.", "PRO-22")
    assert "Override by Renee O. (PRO-22): refund, 100% of the price. Called on day 27." in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"line-1-choice": ""}, "Choose Authorize, Reject or Override."),
        ({"line-1-choice": "refund"}, "Select a valid choice"),
        ({"line-1-quantity": "7"}, "Enter a number from 1 to 6."),
        ({"line-1-quantity": "0"}, "Enter a number from 1 to 6."),
        ({"line-1-quantity": "-1"}, "greater than or equal to 0"),
        ({"line-1-quantity": "3"}, "Choose why the rest isn't authorized."),
        ({"line-1-quantity": "3", "line-1-reason": "other"}, "Write the reason the customer reads."),
        ({"line-1-choice": "override", "line-1-resolution": "refund"}, "Write why you decide otherwise"),
        ({"line-1-choice": "override", "line-1-why": "So."}, "Choose what the customer gets."),
        (
            {"line-1-choice": "override", "line-1-resolution": "refund", "line-1-why": "So."},
            "Enter a share between 0 and 100.",
        ),
        ({"line-1-choice": "override", "line-1-percent": "101"}, "less than or equal to 100"),
        ({"line-1-choice": "override", "line-1-percent": "NaN"}, "Enter a number."),
    ],
)
def test_an_incomplete_decision_comes_back_with_the_words_that_fix_it(
    renee: Client, rma: ReturnRequest, changed: dict[str, str], said: str
) -> None:
    answer = renee.post(url(rma, "authorize/"), decisions(rma, **changed))
    page = text(answer)
    assert answer.status_code == 422
    assert said in page
    assert "<title>Error: " in page
    assert renee.post(url(rma, "authorize/check/"), decisions(rma, **changed)).status_code == 422
    rma.refresh_from_db()
    assert rma.event_seq == 1


def test_a_line_the_policy_refuses_needs_an_override(renee: Client, rma: ReturnRequest) -> None:
    answer = renee.post(url(rma, "authorize/"), decisions(rma, **{"line-2-choice": "authorize"}))
    assert "To authorize it, choose Override" in text(answer)
    rma.refresh_from_db()
    assert rma.rma_number is None


def test_what_cant_be_authorized_is_only_offered_to_be_overridden_or_rejected(
    renee: Client, rma: ReturnRequest, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    def offered(request: ReturnRequest) -> list[list[str]]:
        forms = renee.get(url(request)).context["forms"]
        return [[value for value, _ in form.fields["choice"].choices] for form in forms]

    assert offered(rma) == [["authorize", "reject", "override"], ["reject", "override"]]
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    lost = factories.submitted(order, now=now, lines=[factories.asked(order.lines.get(), reason=Reason.NOT_RECEIVED)])
    assert offered(lost) == [["reject", "override"]]
    assert "Choose Override or Reject." in text(renee.post(url(lost, "authorize/"), {}))


def test_a_store_that_gives_credit_never_offers_a_refund(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
    spa = factories.submitted(order, now=now)
    resolutions = [value for value, _ in renee.get(url(spa)).context["forms"][0].fields["resolution"].choices]
    assert resolutions == ["store_credit", "exchange", "replacement"]
    sent = {"line-1-choice": "override", "line-1-quantity": 2, "line-1-resolution": "refund", "line-1-why": "So."}
    assert "Select a valid choice" in text(renee.post(url(spa, "authorize/"), sent))


@pytest.mark.parametrize(
    ("sent", "come_back"), [({}, False), ({"goods": "stay"}, False), ({"goods": "come_back"}, True)]
)
def test_staff_say_whether_replaced_goods_come_back(
    renee: Client,
    cast: Cast,
    shops: dict[str, Storefront],
    now: datetime,
    sent: dict[str, str],
    come_back: bool,
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=5)
    claim = factories.asked(order.lines.get(), reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    filed = factories.submitted(order, now=now, lines=[claim])
    assert "Nothing comes back" in text(renee.get(url(filed)))
    renee.post(url(filed, "authorize/"), {"line-1-choice": "authorize", "line-1-quantity": 2, **sent})
    filed.refresh_from_db()
    assert (filed.status, filed.goods_come_back) == (Status.AUTHORIZED, come_back)


def test_whether_goods_come_back_is_no_question_unless_all_of_it_is_replaced(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=5)
    filed = factories.submitted(order, now=now, lines=[factories.asked(order.lines.get(), reason=Reason.DAMAGED)])
    assert "Nothing comes back" not in text(renee.get(url(filed)))
    sent = {"line-1-choice": "override", "line-1-quantity": 2, "line-1-resolution": "replacement", "line-1-why": "New."}
    assert "Nothing comes back" in text(renee.post(url(filed, "authorize/check/"), sent))
    renee.post(url(filed, "authorize/"), {"line-1-choice": "authorize", "line-1-quantity": 2, "goods": "stay"})
    filed.refresh_from_db()
    assert filed.goods_come_back, "money is given only for goods that come back"


def test_every_field_of_the_model_in_the_form_changes_nothing(renee: Client, rma: ReturnRequest) -> None:
    forged = {field.name: "1" for field in ReturnRequest._meta.fields} | {"status": "completed", "amount": "9999"}
    renee.post(url(rma, "authorize/"), {**forged, **decisions(rma)})
    changed = ReturnRequest.objects.get(pk=rma.pk)
    assert (changed.status, changed.amount, changed.reference) == (Status.AUTHORIZED, Decimal("163.20"), rma.reference)


def test_without_a_return_address_the_page_says_how_to_fix_it(
    renee: Client, signed_in: SignIn, cast: Cast, rma: ReturnRequest, shops: dict[str, Storefront]
) -> None:
    change_return_address(storefront=shops[PRO], address="")
    answer = renee.get(url(rma))
    labels = [button.label for button in answer.context["buttons"].bar]
    assert "Authorize and email the RMA" not in labels
    assert "has no return address yet" in text(answer)
    refused = renee.post(url(rma, "authorize/"), decisions(rma))
    assert refused.status_code == 409
    assert "has no return address yet" in text(refused)
    way_out = 'href="/reports/storefronts/image-professional/"'
    assert way_out not in text(answer)  # support can't enter it
    assert way_out in text(signed_in(cast.mona).get(url(rma)))


# -------------------------------------------------------------------------------------------------- others were first


def test_a_key_of_a_page_sends_no_mail_and_moves_no_money(renee: Client, rma: ReturnRequest) -> None:
    page = renee.get(url(rma)).content.decode()
    primary = page[page.index("data-primary") - 200 : page.index("data-primary")]
    assert 'type="submit" form="decision"' in primary  # G puts the focus there; Enter presses it
    assert 'data-key="g"' not in page


def test_what_somebody_else_decided_is_shown_and_stays(
    renee: Client, cast: Cast, rma: ReturnRequest, now: datetime
) -> None:
    authorization.reject(request_id=rma.pk, reason="discretion", text="No, thank you.", by=By.staff(cast.sam), now=now)
    answer = renee.post(url(rma, "authorize/"), decisions(rma))
    page = text(answer)
    assert answer.status_code == 409
    assert "Sam T. was first" in page
    assert "The customer reads: No, thank you." in page
    rma.refresh_from_db()
    assert (rma.status, rma.rma_number) == (Status.REJECTED, None)


def test_the_same_button_twice_has_one_effect_and_no_scolding(renee: Client, rma: ReturnRequest) -> None:
    for _ in range(2):
        answer = renee.post(url(rma, "authorize/"), decisions(rma), follow=True)
        assert answer.status_code == 200
    assert "You did that already" in text(answer)
    assert Notification.objects.filter(kind="authorized").count() == 1


def test_nobody_decides_about_their_own_order(
    signed_in: SignIn, shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    account = factories.account(shops[IMAGE], user=cast.renee, name="Renee Okafor")
    order = factories.order(shops[IMAGE], now=now, customer=account)
    own = factories.submitted(order, now=now)
    renee = signed_in(cast.renee)
    page = renee.get(url(own))
    assert "This is your own order" in text(page)
    assert page.context["forms"] == []
    assert renee.post(url(own, "authorize/"), decisions(own)).status_code == 409
    assert renee.post(url(own, "reject/"), {"reason": "policy"}).status_code == 409
    own.refresh_from_db()
    assert own.status == Status.SUBMITTED


# ------------------------------------------------------------------------------------------------------ other decisions


def test_taking_a_request_puts_it_in_review_and_a_colleague_may_take_it_over(
    renee: Client, signed_in: SignIn, cast: Cast, rma: ReturnRequest
) -> None:
    renee.post(url(rma, "take/"))
    rma.refresh_from_db()
    assert (rma.status, rma.owner) == (Status.IN_REVIEW, cast.renee)
    assert "Take over" in text(signed_in(cast.sam).get(url(rma)))
    signed_in(cast.sam).post(url(rma, "take/"))
    rma.refresh_from_db()
    assert (rma.status, rma.owner) == (Status.IN_REVIEW, cast.sam)


def test_a_question_waits_for_the_customer_and_staff_can_enter_the_answer(renee: Client, rma: ReturnRequest) -> None:
    assert "Write what you need to know." in text(renee.post(url(rma, "ask/"), {"question": " "}))
    renee.post(url(rma, "ask/"), {"question": "A photo of the carton, please."})
    rma.refresh_from_db()
    assert rma.status == Status.INFORMATION_REQUESTED
    assert "A photo of the carton, please." in text(renee.get(url(rma)))
    renee.post(url(rma, "answer/"), {"body": "She says it is torn."})
    rma.refresh_from_db()
    assert rma.status == Status.IN_REVIEW


def test_rejecting_needs_a_coded_reason_and_gives_the_customer_a_sentence(renee: Client, rma: ReturnRequest) -> None:
    assert "Choose a reason" in text(renee.post(url(rma, "reject/"), {}))
    assert "Write the reason the customer reads." in text(renee.post(url(rma, "reject/"), {"reason": "other"}))
    page = text(renee.post(url(rma, "reject/"), {"reason": "no_information"}, follow=True))
    assert "rejected, email sent to Maya Brennan" in page
    assert "The customer reads: We asked you for more and didn't hear from you" in page
    assert "Quoted, not given" in page


@pytest.mark.parametrize(("step", "field"), [("reject", "reason"), ("ask", "question")])
def test_who_came_to_a_decision_by_a_key_goes_on_typing_in_its_field(
    renee: Client, rma: ReturnRequest, step: str, field: str
) -> None:
    form = text(renee.get(url(rma, f"{step}/"))).partition('class="sheet"')[2]
    focused = [part.partition(">")[0] for part in form.split("<") if "autofocus" in part.partition(">")[0]]
    assert [f'name="{field}"' in one for one in focused] == [True]


def test_who_declines_after_review_writes_why(renee: Client, rma: ReturnRequest) -> None:
    reads = "Write the reason the customer reads."
    assert reads in text(renee.post(url(rma, "reject/"), {"reason": "discretion"}))
    some = {"line-1-quantity": 1, "line-1-reason": "discretion"}
    assert reads in text(renee.post(url(rma, "authorize/"), decisions(rma, **some)))
    renee.post(url(rma, "reject/"), {"reason": "discretion", "text": "The jar is empty."})
    assert set(rma.lines.values_list("rejection_text", flat=True)) == {"The jar is empty."}


def test_only_a_manager_opens_a_rejected_request_again(
    renee: Client, signed_in: SignIn, cast: Cast, rma: ReturnRequest
) -> None:
    renee.post(url(rma, "reject/"), {"reason": "policy"})
    assert renee.post(url(rma, "reopen/")).status_code == 403
    signed_in(cast.mona).post(url(rma, "reopen/"))
    rma.refresh_from_db()
    assert rma.status == Status.IN_REVIEW


def test_withdrawing_shipping_and_redirecting_on_behalf(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, rma: ReturnRequest
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    sent = factories.authorized(factories.submitted(order, now=now), by=cast.sam, now=now)
    renee.post(url(sent, "shipped/"), {"carrier": "UPS", "tracking_number": "1Z"})
    sent.refresh_from_db()
    assert (sent.status, sent.carrier, sent.tracking_number) == (Status.SHIPPED, "UPS", "1Z")
    renee.post(url(sent, "withdraw/"))
    sent.refresh_from_db()
    assert sent.status == Status.WITHDRAWN
    renee.post(url(rma, "redirect/"), {"text": "Your salon takes it back."})
    rma.refresh_from_db()
    assert rma.status == Status.REDIRECTED


def test_a_note_stays_internal_and_is_written_once(renee: Client, rma: ReturnRequest) -> None:
    assert renee.get(url(rma)).context["message_form"]["kind"].value() == "note"
    sent = {"kind": "note", "body": "Hana <b>says</b> so.", "nonce": str(uuid.uuid4())}
    for _ in range(2):
        page = text(renee.post(url(rma, "message/"), sent, follow=True))
    assert page.count("Hana &lt;b&gt;says&lt;/b&gt; so.") == 1
    note = rma.messages.get()
    assert (note.internal, note.from_staff) == (True, True)
    renee.post(url(rma, "message/"), {**sent, "kind": "message", "nonce": str(uuid.uuid4())})
    assert rma.messages.filter(internal=False).count() == 1


def test_an_empty_note_comes_back_with_its_words(renee: Client, rma: ReturnRequest) -> None:
    answer = renee.post(url(rma, "message/"), {"kind": "message", "body": " ", "nonce": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "Write something first." in text(answer)
    assert answer.context["message_form"]["kind"].value() == "message"


def test_steps_that_are_over_lead_back_to_the_request(
    renee: Client, cast: Cast, rma: ReturnRequest, now: datetime
) -> None:
    requests.withdraw(request_id=rma.pk, by=By.staff(cast.sam), now=now)
    page = renee.get(url(rma, "reject/"), follow=True)
    assert page.redirect_chain == [(url(rma), 302)]
    assert "withdrawn; there is nothing to do here" in text(page)
    assert renee.post(url(rma, "reject/"), {"reason": "policy"}).status_code == 409


def test_every_status_has_a_page(renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
    asked = factories.asked(
        order.lines.get(),
        reason=Reason.DISSATISFIED,
        condition=Condition.OPENED,
        used_percent=Decimal(30),
        wants=Wish.STORE_CREDIT,
    )
    seen = factories.submitted(order, now=now, lines=[asked])
    later = now + timedelta(minutes=1)
    for step in (factories.authorized, factories.received, factories.inspected, None):
        renee.get(url(seen))  # reads the terms of the policy, once for a process
        with CaptureQueriesContext(connection) as queries:
            page = text(renee.get(url(seen)))
        # session, person, request, lines, events, messages, earlier returns, photos
        assert len(queries) <= 8, [one["sql"] for one in queries]
        seen = step(seen, by=cast.sam, now=later) if step else seen
    assert "Opened, 30% used" in page
