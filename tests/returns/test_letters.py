"""What the mails about a return say, in both parts, with sums that add up (requirements, section 8)."""

import re
from datetime import datetime
from decimal import Decimal

import pytest
from django.core.mail import EmailMultiAlternatives

from returns import mail
from returns.domain.facts import Condition, Reason, Wish
from returns.models import CustomerAccount, Notification, ReturnRequest, SettlementLine, Storefront
from returns.services import authorization, inspection, receiving, requests, transition
from returns.services.authorization import Decision
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO, SPA
from tests.mails import Last, Reader, asked_back, bought, html_of, settled, text_of, words_of

pytestmark = pytest.mark.django_db

AMOUNT = re.compile(r"(\u2212?)\$([\d,]+\.\d\d)$")


def amount(words: str) -> Decimal | None:
    found = AMOUNT.search(words.strip())
    return Decimal(found[2].replace(",", "")) * (-1 if found[1] else 1) if found else None


def ledger_in_text(body: str) -> tuple[list[Decimal], Decimal]:
    """Rows and total: the rows stand above the dashes, the total below them."""
    lines = body.splitlines()
    rule = next(number for number, line in enumerate(lines) if set(line) == {"-"})
    start = next(number for number in range(rule, 0, -1) if not lines[number].strip())
    rows = [found for line in lines[start:rule] if (found := amount(line)) is not None]
    total = amount(lines[rule + 1])
    assert total is not None
    return rows, total


def ledger_in_html(html: str) -> tuple[list[Decimal], Decimal]:
    amounts = [amount(row[1]) for row in Reader.read(html).rows if len(row) == 2]
    *rows, total = [found for found in amounts if found is not None]
    return rows, total


@pytest.mark.parametrize("slug", [SPA, IMAGE, PRO])
@pytest.mark.parametrize("days_ago", [10, 47])
def test_both_parts_show_the_same_ledger_and_it_adds_up(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last, slug: str, days_ago: int
) -> None:
    if slug == SPA and days_ago > 15:
        days_ago = 15
    CustomerAccount.objects.filter(pk=cast.accounts[slug].pk).update(outstanding_balance=Decimal("12.34"))
    order = bought(
        shops[slug], cast, now, days_ago=days_ago, customer=CustomerAccount.objects.get(pk=cast.accounts[slug].pk)
    )
    request = factories.authorized(asked_back(order, now), by=cast.renee, now=now)
    request = settled(
        factories.inspected(factories.received(request, by=cast.renee, now=now), by=cast.renee, now=now), cast, now
    )
    for kind in ("received", "authorized", "completed"):
        message = last(kind)
        in_text, in_html = ledger_in_text(text_of(message)), ledger_in_html(html_of(message))
        assert in_text == in_html, kind
        rows, total = in_text
        assert sum(rows) == total == request.amount, kind


def test_the_completion_mail_shows_the_lines_of_the_settlement(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    request = factories.authorized(
        asked_back(bought(shops[IMAGE], cast, now, days_ago=47), now), by=cast.renee, now=now
    )
    request = factories.inspected(factories.received(request, by=cast.renee, now=now), by=cast.renee, now=now)
    settled(request, cast, now)
    rows, total = ledger_in_text(text_of(last("completed")))
    assert rows == list(SettlementLine.objects.order_by("position").values_list("amount", flat=True))
    assert total == ReturnRequest.objects.get(pk=request.pk).settlement.total


def test_goods_for_goods_are_shown_without_a_figure(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=5)
    request = asked_back(order, now, reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    factories.authorized(request, by=cast.renee, now=now)
    message = last("authorized")
    for words in (text_of(message), words_of(html_of(message))):
        assert (
            "nothing has to come back. You get a replacement. Our package leaves by Friday, November 20, 2026." in words
        )
        assert "2 new" in words
        for packing in ("Pack", "outside of the box", "insure", "Shipping to us", "after it arrives"):
            assert packing not in words


def test_a_replacement_that_is_asked_for_isnt_told_to_ship(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=5)
    asked_back(order, now, reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    message = last("received")
    for words in (" ".join(text_of(message).split()), words_of(html_of(message))):
        assert "Nothing to send back unless we ask." in words
        assert "We decide when we have read it." in words
        for packing in ("ship anything", "Ship the package", "Shipping to us", "your package is here"):
            assert packing not in words


def test_replaced_goods_that_are_asked_back_are_packed_as_they_came(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=5)
    request = asked_back(order, now, reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    authorization.authorize(
        request_id=request.pk, decisions=[Decision(1, 2)], by=By.staff(cast.renee), now=now, asks_goods_back=True
    )
    message = last("authorized")
    for words in (" ".join(text_of(message).split()), words_of(html_of(message))):
        assert "Put it in as it came to you, with everything that came with it." in words
        assert "We pay the shipping, because the mistake was ours." in words
        assert "as new" not in words


# ------------------------------------------------------------------------------------------------------ what they say


def test_received_says_what_was_asked_with_verdict_and_sum_and_not_to_ship(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now, days_ago=47), now)
    message = last("received")
    assert message.subject == f"We have your return request {request.reference}"
    for words in (" ".join(text_of(message).split()), words_of(html_of(message)).replace("’", "'")):
        assert "Hello Maya" in words
        assert "Don't ship anything yet." in words
        assert "2 × Vital C hydrating serum" in words
        assert "Day 47 after your order, so 20% stays with us: $122.40 less $24.48." in words


@pytest.mark.parametrize(
    ("slug", "mark", "days"),
    [(SPA, "order", "within 10 business days"), (IMAGE, "rma", "within 10 days"), (PRO, "rma", "within 10 days")],
)
def test_authorized_says_everything_that_is_needed_to_send(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last, slug: str, mark: str, days: str
) -> None:
    order = bought(shops[slug], cast, now)
    request = factories.authorized(asked_back(order, now), by=cast.renee, now=now)
    message = last("authorized")
    assert message.subject == f"Your return is authorized: {request.rma_number}"
    marked = order.number if mark == "order" else request.rma_number
    for words in (" ".join(text_of(message).split()), words_of(html_of(message))):
        assert str(request.rma_number) in words
        assert f"Write {marked} on the outside of the box." in words
        assert "2 × Vital C hydrating serum and Facial cleanser" in words
        for line in shops[slug].return_address.splitlines():
            assert line in words
        assert "You pay the shipping." in words
        assert "USPS, UPS or FedEx" in words
        assert "insure the package for $156.60" in words
        assert f"We process it {days} after it arrives." in words
        assert "Gift pouch" in words or slug != SPA, "free items come back (LPS-17)"


def test_authorized_in_part_says_what_is_left_out_and_why(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    decisions = [Decision(1, 1, "other", "We saw one on your photo."), Decision(2, 1)]
    authorization.authorize(request_id=request.pk, decisions=decisions, by=By.staff(cast.renee), now=now)
    message = last("authorized")
    for words in (" ".join(text_of(message).split()), words_of(html_of(message))):
        assert "Vital C hydrating serum We saw one on your photo." in words


def test_authorized_says_what_was_decided_however_late_it_leaves(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    request = factories.authorized(asked_back(bought(shops[IMAGE], cast, now), now), by=cast.renee, now=now)
    factories.received(request, by=cast.renee, now=now)
    findings = [factories.finding(1, 1), factories.finding(2, 0)]
    inspection.inspect(request_id=request.pk, findings=findings, by=By.staff(cast.renee), now=now)
    assert "You get $156.60 back." in text_of(last("authorized"))


def test_a_question_is_quoted_and_notes_never_are(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    with transition.locked(request.pk) as held:
        requests.add_message(held, body="CANARY note", by=By.staff(cast.renee), now=now, internal=True)
    authorization.request_information(
        request_id=request.pk, question="Which number\nis below the jar?", by=By.staff(cast.renee), now=now
    )
    message = last("information_requested")
    assert "> Which number\n> is below the jar?" in text_of(message)
    assert "Which number is below the jar?" in words_of(html_of(message))
    assert "CANARY" not in text_of(message) + html_of(message)
    assert cast.renee.email not in text_of(message) + html_of(message)


def test_rejected_gives_each_reason_once_and_a_way_to_object(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    order = bought(shops[SPA], cast, now, days_ago=16)
    request = asked_back(order, now, ask_anyway=True)
    authorization.reject(request_id=request.pk, reason="policy", text="", by=By.staff(cast.renee), now=now)
    message = last("rejected")
    assert message.subject == "We can't take back 2 products"
    assert text_of(message).count("Returns end on day 15") == 1
    assert "Vital C hydrating serum and Facial cleanser" in text_of(message)
    assert "a second person looks at it" in text_of(message)


def test_redirected_names_the_seller(every: dict[str, EmailMultiAlternatives]) -> None:
    message = every["redirected"]
    for words in (" ".join(text_of(message).split()), words_of(html_of(message))):
        assert "You bought them from le petit spa call them" in words


def test_withdrawn_after_authorization_says_not_to_ship(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    request = factories.authorized(asked_back(bought(shops[IMAGE], cast, now), now), by=cast.renee, now=now)
    requests.withdraw(request_id=request.pk, by=By.owner(cast.maya), now=now)
    assert "don't ship the package" in text_of(last("withdrawn"))


def test_the_package_mail_promises_the_fixed_day_and_says_what_was_counted(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    request = factories.authorized(asked_back(bought(shops[SPA], cast, now), now), by=cast.renee, now=now)
    receiving.receive(request_id=request.pk, counts={1: 1, 2: 1}, by=By.staff(cast.renee), now=now)
    message = last("package_received")
    assert message.subject == "Your package is here, done by December 3"
    assert "Vital C hydrating serum: 1 (we expected 2)" in text_of(message)
    for words in (" ".join(text_of(message).split()).lower(), words_of(html_of(message)).lower()):
        assert "thursday, december 3, 2026" in words
        assert "weekends and federal holidays aren't counted" in words


def test_the_completion_mail_goes_to_the_main_contact_and_explains_a_lower_sum(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    account = cast.accounts[SPA]
    account.main_contact_name, account.main_contact_email = "Dana Main", "dana@example.com"
    account.save()
    request = factories.authorized(asked_back(bought(shops[SPA], cast, now), now), by=cast.renee, now=now)
    request = factories.received(request, by=cast.renee, now=now)
    findings = [
        factories.finding(1, 2, condition=Condition.OPENED, used_percent=Decimal("14.9")),
        factories.finding(2, 1),
    ]
    request = inspection.inspect(request_id=request.pk, findings=findings, by=By.staff(cast.renee), now=now)
    settled(factories.taken_as_found(request, by=cast.renee, now=now), cast, now)
    message = last("completed")
    assert message.to == ["dana@example.com"]
    assert message.subject == "Your $95.40 credit is ready"
    for words in (" ".join(text_of(message).split()), words_of(html_of(message)).replace("’", "'")):
        assert "Hello Dana" in words
        assert re.search("why it isn't \\$156.60", words, re.IGNORECASE)
        assert re.search(r"You told us:? 2 unopened,? \$122.40", words)
        assert re.search(r"We found:? 2 opened, 14.9% used,? \$61.20", words)
        assert f"Sent to the main contact of account {account.number}." in words


def test_le_petit_spa_never_says_refund_or_card(shops: dict[str, Storefront], cast: Cast, now: datetime) -> None:
    request = factories.authorized(asked_back(bought(shops[SPA], cast, now), now), by=cast.renee, now=now)
    request = factories.inspected(factories.received(request, by=cast.renee, now=now), by=cast.renee, now=now)
    settled(request, cast, now)
    for row in Notification.objects.all():
        message = mail.render(row, now=now)
        assert not re.search(r"\b(refund|card)", text_of(message) + words_of(html_of(message)), re.IGNORECASE), row.kind


def test_somebody_whose_name_nobody_told_us_is_greeted_all_the_same(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    account = cast.accounts[IMAGE]
    account.main_contact_email = "dana@example.com"
    account.save()
    request = factories.authorized(asked_back(bought(shops[IMAGE], cast, now), now), by=cast.renee, now=now)
    settled(factories.inspected(factories.received(request, by=cast.renee, now=now), by=cast.renee, now=now), cast, now)
    assert "\nHello, the return" in text_of(last("completed"))
