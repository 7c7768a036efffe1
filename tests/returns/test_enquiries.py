"""What may be asked about an order before anything is filed."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from returns.domain.facts import Condition, Reason, Wish
from returns.enquiries import Enquiry
from returns.models import Storefront
from returns.wording.checks import asked_rows
from returns.wording.spoken import say_this
from tests import factories
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture
def enquire(shops: dict[str, Storefront], now: datetime) -> Any:
    """`enquire(slug, **order)`: an enquiry about an order of one line."""

    def make(slug: str, **order: Any) -> Enquiry:
        return Enquiry.about(factories.order(shops[slug], now=now, **order), at=now)

    return make


def wishes(enquiry: Enquiry, **asked: Any) -> list[str]:
    return [wish.value for wish in enquiry.wishes(factories.asked(enquiry.lines[0], **asked))]


def test_only_wishes_that_lead_somewhere_are_offered(enquire: Any) -> None:
    assert wishes(enquire(IMAGE)) == ["refund", "exchange"]
    assert wishes(enquire(IMAGE, days_ago=31)) == ["refund"]
    assert wishes(enquire(SPA)) == ["store_credit", "exchange"]
    assert wishes(enquire(SPA), condition=Condition.OPENED, used_percent=Decimal(10)) == ["store_credit"]
    assert wishes(enquire(PRO)) == ["refund", "store_credit", "exchange"]


def test_a_claim_is_made_good_by_money_or_a_replacement(enquire: Any) -> None:
    in_time = {"delivered_hours_ago": 20}
    assert wishes(enquire(IMAGE, **in_time), reason=Reason.DAMAGED) == ["refund", "replacement"]
    kit = enquire(IMAGE, lines=[{"kind": "trial_kit"}], **in_time)
    assert wishes(kit, reason=Reason.DAMAGED) == ["refund"], "one way, which is a replacement"
    assert kit.judge(factories.asked(kit.lines[0], reason=Reason.DAMAGED)).resolution == "replacement"


def test_what_is_never_taken_back_leaves_no_wish(enquire: Any) -> None:
    assert wishes(enquire(IMAGE, lines=[{"kind": "trial_kit"}])) == []


def test_an_open_question_says_what_its_answer_could_give(enquire: Any) -> None:
    late = enquire(IMAGE, days_ago=47, lines=[{"expires_on": None}])
    asked = factories.asked(late.lines[0])
    assert late.possible(asked, late.judge(asked)) == Decimal("97.92")
    spa = enquire(SPA)
    opened = factories.asked(spa.lines[0], condition=Condition.OPENED)
    assert spa.possible(opened, spa.judge(opened)) == Decimal("61.20")
    plain = factories.asked(spa.lines[0])
    assert spa.possible(plain, spa.judge(plain)) is None


def test_the_phone_reads_the_words_of_the_page(enquire: Any) -> None:
    enquiry = enquire(IMAGE, days_ago=47, lines=[{"title": "Serum"}])
    said = say_this(enquiry.quote([enquiry.usual(enquiry.lines[0])]), enquiry.titles, enquiry.terms)
    assert said[0] == "You'd get back: $97.92."
    assert said[1].startswith("Serum: Day 47 after your order, so 20% stays with us: $122.40 less $24.48.")
    assert said[2] == "You pay for shipping it to us."


def test_the_phone_names_no_sum_where_nothing_is_granted(enquire: Any) -> None:
    enquiry = enquire(IMAGE, lines=[{"title": "Kit", "kind": "trial_kit"}])
    said = say_this(enquiry.quote([enquiry.usual(enquiry.lines[0])]), enquiry.titles, enquiry.terms)
    assert said == (
        "By our policy, we can't take it back.",
        "Kit: We can't take this back. Trial kits aren't taken back at any time.",
    )


def test_the_check_page_repeats_what_was_told(enquire: Any) -> None:
    enquiry = enquire(SPA, lines=[{"title": "Serum"}])
    asked = factories.asked(
        enquiry.lines[0],
        reason=Reason.DISSATISFIED,
        condition=Condition.OPENED,
        used_percent=Decimal(30),
        wants=Wish.STORE_CREDIT,
    )
    (row,) = asked_rows(enquiry, [asked], enquiry.quote([asked]))
    assert row.title == "2 × Serum"
    assert row.told == "Opened. I'm not satisfied with it. About 30% used. Store credit."
    assert row.verdict == "Yes: $61.20 credit"
