"""The policy in plain words is made from the terms, and says what they say."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from returns.domain.policy import PolicyTerms, Tier
from returns.domain.storefront import SHIPPED, load_storefronts
from returns.wording import policies

TERMS = {slug: terms for slug, (_, terms) in load_storefronts(SHIPPED).items()}
SPA, IMAGE, PRO = TERMS["le-petit-spa"], TERMS["image-consumer"], TERMS["image-professional"]


def spoken(terms: PolicyTerms) -> str:
    points = " ".join(f"{point.title}: {point.text}" for point in policies.points(terms))
    facts = " ".join(f"{fact.title}: {fact.text}" for fact in policies.facts(terms))
    return f"{points} {facts} {policies.damage_lane(terms)}"


def titles(terms: PolicyTerms) -> list[str]:
    return [point.title for point in policies.points(terms)]


def test_le_petit_spa_says_store_credit_and_never_refund_or_card() -> None:
    assert "store credit" in spoken(SPA).lower()
    assert not re.search(r"refund|\bcard\b|money back", spoken(SPA), re.IGNORECASE)


def test_each_storefront_tells_its_own_rules() -> None:
    assert titles(SPA) == [
        "Up to day 15",
        "Opened, up to day 15",
        "From day 16",
        "Exchanges, up to day 15",
        "You refused the package",
    ]
    assert titles(IMAGE) == [
        "Up to day 30",
        "From day 31",
        "Exchanges, up to day 30",
        "Not taken back",
        "Bought elsewhere",
    ]
    assert titles(PRO) == ["Up to day 30", "From day 31", "Exchanges, up to day 30", "Not taken back"]


def test_a_fee_is_told_with_its_share_and_the_expiration_it_needs() -> None:
    late = policies.points(IMAGE)[1].text
    assert late == (
        "The price you paid less 20%, if the expiration date is at least a year away on the day you ask. Unopened."
    )


def test_the_half_credit_is_told_with_its_limits() -> None:
    assert policies.points(SPA)[1].text == (
        "Half of what you paid, as store credit, if no more than 50% is used. Once for each customer. "
        "We weigh it, and a person decides."
    )


def test_excluded_goods_are_named_as_the_shop_names_them() -> None:
    barred = next(point for point in policies.points(IMAGE) if point.title == "Not taken back")
    assert barred.text.startswith("Opened products, T-shirts, trial kits, samples, final sale")


def test_the_damage_lane_names_the_clock_that_runs() -> None:
    assert policies.damage_lane(IMAGE).startswith("Tell us within 48 hours of delivery.")
    assert policies.damage_lane(SPA).startswith("Tell us within 15 days of your order. Later, a person decides.")


def test_processing_is_counted_as_the_terms_count() -> None:
    assert policies.duration(SPA) == "within 10 business days"
    assert policies.duration(PRO) == "within 10 days"


def test_a_balance_that_comes_off_is_said() -> None:
    assert "What you owe us comes off it." in policies.money_words(PRO)
    assert "owe" not in policies.money_words(IMAGE)


def test_the_last_day_in_full_of_an_order_of_today_is_computed() -> None:
    counted, last = policies.window_sentence(IMAGE, datetime(2026, 11, 18, 17, 0, tzinfo=UTC))
    assert counted == "Days count from the day you order."
    assert last is not None
    assert policies.full_until_sentence(last) == "Order today, and it's in full until Friday, December 18, 2026."


@pytest.mark.parametrize("terms", [SPA, IMAGE, PRO])
def test_a_policy_of_many_tiers_names_the_days_between_them(terms: PolicyTerms) -> None:
    clause = terms.tiers[0].clause
    tiers = (Tier(clause, 10), Tier(clause, 20, fee_percent=Decimal(10)), Tier(clause, fixed_fee=Decimal("5.00")))
    shown = policies.points(replace(terms, tiers=tiers))
    assert [point.title for point in shown[:3]] == ["Up to day 10", "From day 11 to day 20", "From day 21"]
    assert "$5.00 for each product" in shown[2].text
