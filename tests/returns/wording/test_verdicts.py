"""Every verdict has a word and a sentence, at every storefront, and they keep to that storefront's terms."""

import itertools
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from returns.domain.facts import Outcome, Payer, Resolution
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import LineQuote
from returns.domain.storefront import SHIPPED, load_storefronts
from returns.domain.verdict import Code, Finding, Instead, Numbers, Verdict
from returns.wording.strips import verdict_strip
from returns.wording.verdicts import Seller, further_reasons, looked_at, words_for

TERMS = {slug: terms for slug, (_, terms) in load_storefronts(SHIPPED).items()}
SPA, IMAGE, PRO = TERMS["le-petit-spa"], TERMS["image-consumer"], TERMS["image-professional"]

FORBIDDEN = r"!|please note|kindly|unfortunately|invalid|oops|parcel|approve|cancel"
ELIGIBLE = {
    Code.FULL_REFUND,
    Code.PARTIAL_USED_CREDIT,
    Code.RESTOCKING_FEE,
    Code.EXCHANGE,
    Code.DAMAGED,
    Code.SHIPPING_ERROR,
    Code.REFUSED_PACKAGE,
    Code.STAFF_OVERRIDE,
}
ALL_NUMBERS = Numbers(
    clock="purchase",
    started_on=date(2026, 10, 2),
    requested_on=date(2026, 11, 18),
    age_days=47,
    limit_days=30,
    limit_on=date(2026, 11, 1),
    full_until=date(2026, 11, 1),
    money_until=date(2026, 11, 1),
    exchange_until=date(2026, 11, 1),
    fee_percent=Decimal(20),
    fixed_fee=Decimal("0.00"),
    service_charge=Decimal("20.00"),
    share_percent=Decimal(50),
    used_percent=Decimal(62),
    limit_percent=Decimal(50),
    previous_return_on=date(2026, 3, 9),
    expires_on=date(2027, 6, 30),
    must_expire_on=date(2027, 11, 18),
    shelf_months=12,
    days_short=141,
    hours=51,
    limit_hours=48,
    claim_until=datetime(2026, 11, 19, 15, 0, tzinfo=UTC),
    excluded="trial_kit",
    instead=Instead(Outcome.ELIGIBLE, Code.RESTOCKING_FEE, Decimal(20), Decimal("0.00")),
)


def line(
    code: Code, numbers: Numbers = ALL_NUMBERS, *, resolution: Resolution | None = None, **further: str
) -> LineQuote:
    outcome = Outcome.ELIGIBLE if code in ELIGIBLE else Outcome.NEEDS_REVIEW
    finding = Finding(outcome, code, further.get("clause", "X"), numbers)
    gross, fee = Decimal("122.40"), Decimal("24.48")
    return LineQuote(0, 2, Verdict.of(finding), resolution, gross, fee, gross - fee, Payer.MERCHANT)


def usual_form(terms: PolicyTerms, code: Code) -> Resolution | None:
    return terms.money.forms[0].resolution if code in ELIGIBLE else None


@pytest.mark.parametrize(("slug", "code"), list(itertools.product(TERMS, Code)))
def test_every_code_has_a_word_and_a_sentence_at_every_storefront(slug: str, code: Code) -> None:
    words = words_for(line(code, resolution=usual_form(TERMS[slug], code)), TERMS[slug], seller=Seller("Glow Spa"))
    assert words.word
    assert not words.change[:1].isupper()
    assert words.sentence.endswith(".")
    assert "None" not in words.spoken()
    assert words.change == "" or words.change.endswith(".")


@pytest.mark.parametrize(("slug", "code"), list(itertools.product(TERMS, Code)))
def test_every_no_and_every_not_yet_says_what_would_change_it_or_that_a_person_decides(slug: str, code: Code) -> None:
    if code not in ELIGIBLE and code is not Code.PARTNER_PURCHASE:
        words = words_for(line(code), TERMS[slug])
        assert words.change or "You hear from us by email." in words.sentence


@pytest.mark.parametrize(("slug", "code"), list(itertools.product(TERMS, Code)))
def test_a_finding_with_only_its_shared_numbers_still_makes_a_sentence(slug: str, code: Code) -> None:
    bare = Numbers(
        clock="purchase",
        age_days=0,
        limit_days=0,
        expires_on=date(2027, 6, 30),
        must_expire_on=date(2027, 11, 18),
        days_short=1,
    )
    assert "None" not in words_for(line(code, bare, resolution=usual_form(TERMS[slug], code)), TERMS[slug]).spoken()


@pytest.mark.parametrize("code", list(Code))
def test_le_petit_spa_never_says_refund_or_card(code: Code) -> None:
    for resolution in (usual_form(SPA, code), Resolution.REPLACEMENT if code in ELIGIBLE else None):
        spoken = words_for(line(code, resolution=resolution), SPA).spoken()
        assert not re.search(r"refund|\bcard\b|money back", spoken, re.IGNORECASE)


@pytest.mark.parametrize(("slug", "code"), list(itertools.product(TERMS, Code)))
def test_words_are_calm_and_american(slug: str, code: Code) -> None:
    spoken = words_for(line(code, resolution=usual_form(TERMS[slug], code)), TERMS[slug]).spoken()
    assert not re.search(
        r"!|please note|kindly|unfortunately|invalid|oops|parcel|approve|cancel", spoken, re.IGNORECASE
    )


def test_a_fee_is_said_with_its_day_its_share_and_the_subtraction() -> None:
    words = words_for(line(Code.RESTOCKING_FEE, resolution=Resolution.REFUND), IMAGE)
    assert words.word == "Yes: $97.92 back"
    assert words.sentence.startswith("Day 47 after your order, so 20% stays with us: $122.40 less $24.48.")


def test_a_full_amount_says_until_when() -> None:
    numbers = Numbers(
        clock="purchase", age_days=12, requested_on=date(2026, 11, 16), limit_days=30, limit_on=date(2026, 12, 4)
    )
    words = words_for(line(Code.FULL_REFUND, numbers, resolution=Resolution.REFUND), IMAGE)
    assert words.sentence == "Day 12 after your order, so in full. In full until Friday, December 4, 2026."


def test_store_credit_is_said_where_it_is_what_the_customer_gets() -> None:
    assert words_for(line(Code.FULL_REFUND, resolution=Resolution.STORE_CREDIT), SPA).word == "Yes: $97.92 credit"


def test_an_expiration_too_soon_names_the_date_and_the_days_it_is_short() -> None:
    words = words_for(line(Code.EXPIRY_TOO_SOON), IMAGE)
    assert words.sentence == (
        "After day 30 the expiration date must be a year or more away. Yours is June 30, 2027, 141 days short."
    )
    assert "November 18, 2027 or after" in words.change


def test_a_late_claim_names_what_is_still_possible() -> None:
    words = words_for(line(Code.CLAIM_WINDOW_EXPIRED), IMAGE)
    assert words.sentence == "51 hours after delivery, the limit is 48."
    assert words.change == "asking for an ordinary return. Money back less 20% is possible."


def test_a_claim_weeks_late_is_counted_in_days() -> None:
    late = line(Code.CLAIM_WINDOW_EXPIRED, replace(ALL_NUMBERS, hours=985))
    assert words_for(late, IMAGE).sentence == "41 days after delivery; the limit is 48 hours."


def test_past_the_window_nothing_else_is_offered_for_opened_goods() -> None:
    for code in (Code.REPEAT_RETURN, Code.OVER_HALF_USED):
        assert words_for(line(code), SPA).change.startswith("nothing, by the policy.")
        in_time = line(code, replace(ALL_NUMBERS, age_days=3))
        assert not words_for(in_time, SPA).change.startswith("nothing")


def test_a_known_date_too_soon_is_changed_by_the_printed_one_alone() -> None:
    assert words_for(line(Code.EXPIRY_TOO_SOON), IMAGE).change == (
        "nothing, unless the date on the carton is November 18, 2027 or after. If it is, ask us anyway and tell us."
    )


def test_a_no_asked_anyway_is_a_persons_to_decide() -> None:
    strip = verdict_strip(replace_outcome(line(Code.FINAL_SALE)), IMAGE, anyway=True)
    assert strip.word == "You asked us anyway; a person decides"
    assert strip.sentence.startswith("By the policy: It was bought as final sale.")
    assert strip.change == ""


def replace_outcome(judged: LineQuote) -> LineQuote:
    finding = replace(judged.verdict.reasons[0], outcome=Outcome.NOT_ELIGIBLE)
    return replace(judged, verdict=Verdict.of(finding))


def test_what_was_weighed_is_said_with_its_figure_and_the_limit() -> None:
    weighed = line(Code.PARTIAL_USED_CREDIT, resolution=Resolution.STORE_CREDIT)
    assert looked_at(weighed, SPA) == "62% used, the limit is 50%: half of what you paid comes back."


def test_an_excluded_kind_is_called_as_the_shop_calls_it() -> None:
    assert words_for(line(Code.EXCLUDED_KIND), PRO).sentence == "Trial kits aren't taken back at any time."


def test_a_partner_purchase_names_the_seller_and_how_to_reach_them() -> None:
    words = words_for(line(Code.PARTNER_PURCHASE), IMAGE, seller=Seller("le petit spa", "980-216-1527"))
    assert "Bought at le petit spa." in words.sentence
    assert "980-216-1527" in words.sentence


def test_what_an_open_question_could_give_is_named() -> None:
    words = words_for(line(Code.EXPIRY_UNKNOWN), IMAGE, possible=Decimal("27.36"))
    assert "makes it $27.36 back" in words.change


def test_after_it_is_sent_nobody_is_asked_to_answer_on_the_page() -> None:
    for code, terms in ((Code.EXPIRY_UNKNOWN, IMAGE), (Code.USAGE_UNKNOWN, SPA)):
        assert "Tell us" not in words_for(line(code), terms).spoken()


def test_a_free_item_promises_no_amount() -> None:
    zero = Decimal("0.00")
    finding = Finding(Outcome.ELIGIBLE, Code.FULL_REFUND, "LPS-04", ALL_NUMBERS)
    free = LineQuote(0, 1, Verdict.of(finding), Resolution.STORE_CREDIT, zero, zero, zero, Payer.CUSTOMER)
    assert words_for(free, SPA).word == "Yes: nothing was paid for it"


def test_an_open_question_behind_a_no_is_not_asked() -> None:
    deciding = Finding(Outcome.NOT_ELIGIBLE, Code.FINAL_SALE, "CON-23", ALL_NUMBERS)
    open_question = Finding(Outcome.NEEDS_REVIEW, Code.EXPIRY_UNKNOWN, "CON-27", ALL_NUMBERS)
    zero = Decimal("0.00")
    judged = LineQuote(0, 1, Verdict.of(deciding, open_question), None, zero, zero, zero, None)
    assert further_reasons(judged, IMAGE) == []


def test_further_reasons_follow_as_sentences() -> None:
    deciding = Finding(Outcome.NOT_ELIGIBLE, Code.FINAL_SALE, "CON-23", ALL_NUMBERS)
    second = Finding(Outcome.NOT_ELIGIBLE, Code.OPENED, "CON-24b", ALL_NUMBERS)
    zero = Decimal("0.00")
    judged = LineQuote(0, 1, Verdict.of(deciding, second), None, zero, zero, zero, None)
    assert further_reasons(judged, IMAGE) == ["It's opened, and opened products aren't taken back."]
