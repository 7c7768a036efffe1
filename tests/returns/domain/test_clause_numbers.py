"""Numbers in the words of clauses that the policy itself doesn't have."""

from dataclasses import replace
from decimal import Decimal

import pytest

from returns.domain.clause_numbers import stray_numbers
from returns.domain.policy import PolicyTerms
from returns.domain.storefront import SHIPPED as FOLDER
from returns.domain.storefront import load_storefronts

SHIPPED = {slug: terms for slug, (_, terms) in load_storefronts(FOLDER).items()}
IMAGE, SPA = SHIPPED["image-consumer"], SHIPPED["le-petit-spa"]


def saying(terms: PolicyTerms, text: str) -> PolicyTerms:
    first, *rest = terms.clauses
    return replace(terms, clauses=(replace(first, text=text), *rest))


@pytest.mark.parametrize("slug", SHIPPED)
def test_the_words_of_the_shipped_policies_say_what_their_figures_do(slug: str) -> None:
    assert stray_numbers(SHIPPED[slug]) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Within 45 days after your order.", "45 days"),
        ("Day 45 is the last one.", "Day 45"),
        ("Within 45 calendar days; 45-day returns.", "45 calendar days, 45-day"),
        ("A fee of 15% or 15 percent, or 15 per cent.", "15%, 15 percent, 15 per cent"),
        ("Tell us within 72 hours.", "72 hours"),
        ("We bill $25.00, or 25 dollars, or 2,500 cents.", "$25.00, 25 dollars, 2,500 cents"),
        ("It must last 6 months, or 3 years.", "6 months, 3 years"),
        ("En 45 días, 15 por ciento, 72 horas.", "45 días, 15 por ciento, 72 horas"),
        ("Within 3 weeks.", "3 weeks"),
    ],
)
def test_a_number_that_no_figure_has_is_named_as_it_is_written(text: str, found: str) -> None:
    first, *_ = stray_numbers(saying(IMAGE, text))
    assert (first.clause_id, ", ".join(first.numbers)) == (IMAGE.clauses[0].id, found)
    assert first.words.startswith(f"{IMAGE.clauses[0].id} says {found}")


@pytest.mark.parametrize(
    "text",
    [
        "Within 30 days; day 30 is the last one, from day 31 on 20% stays with us and 80% is yours.",
        "Tell us within 48 hours, which is 2 days.",
        "It must last 12 months, or 1 year. Processed within 10 days.",
        "Call 1-855-791-5800, write to 7130 Seacrest Blvd, or look at clause 4 of 2026.",
        "The word percent alone, days alone, and $ alone.",
    ],
)
def test_numbers_the_policy_has_and_numbers_of_nothing_are_left_alone(text: str) -> None:
    assert stray_numbers(saying(IMAGE, text)) == []


def test_amounts_are_compared_as_amounts() -> None:
    assert stray_numbers(saying(SPA, "We bill $20, $20.00, 20 dollars or 2,000 cents.")) == []


def test_every_clause_left_behind_by_a_changed_figure_is_named() -> None:
    first, *rest = IMAGE.tiers
    changed = replace(
        IMAGE, tiers=(replace(first, until_day=14), *(replace(tier, fee_percent=Decimal(25)) for tier in rest))
    )
    found = {stray.clause_id: stray.numbers for stray in stray_numbers(changed)}
    assert found["CON-28"][-1] == "20%"
    assert found["CON-24"] == ("30 days", "Day 30"), "that an exchange has 30 days doesn't excuse the words"


def test_the_days_of_an_exchange_do_not_excuse_those_of_returns() -> None:
    shorter = replace(SPA, tiers=(replace(SPA.tiers[0], until_day=12),))
    assert [stray.words for stray in stray_numbers(shorter)] == ["LPS-04 says 15 days, Day 15"]
    assert stray_numbers(replace(SPA, exchange=replace(SPA.exchange, until_day=10)))[0].clause_id == "LPS-03"
