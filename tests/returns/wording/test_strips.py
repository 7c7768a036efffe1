"""Strip and ruler of a line: the same words, the clause they rest on, and the day the case stands at."""

from datetime import date
from decimal import Decimal

from returns.components import Kind, Window
from returns.domain.facts import NO_MONEY, Outcome, Resolution
from returns.domain.settlement import LineQuote
from returns.domain.storefront import SHIPPED, load_storefronts
from returns.domain.verdict import Code, Finding, Numbers, Verdict
from returns.wording.strips import line_ruler, policy_ruler, verdict_strip

TERMS = {slug: terms for slug, (_, terms) in load_storefronts(SHIPPED).items()}
SPA, IMAGE = TERMS["le-petit-spa"], TERMS["image-consumer"]
NUMBERS = Numbers(
    clock="purchase",
    age_days=47,
    requested_on=date(2026, 11, 18),
    full_until=date(2026, 11, 1),
    fee_percent=Decimal(20),
    fixed_fee=NO_MONEY,
    excluded="trial_kit",
)


def judged(outcome: Outcome, code: Code, *more: Code, clause: str = "CON-28") -> LineQuote:
    findings = [Finding(outcome, each, clause, NUMBERS) for each in (code, *more)]
    gross, fee = Decimal("122.40"), Decimal("24.48")
    return LineQuote(0, 2, Verdict.of(*findings), Resolution.REFUND, gross, fee, gross - fee, None)


def test_a_strip_links_the_clause_on_the_page_of_its_version() -> None:
    strip = verdict_strip(judged(Outcome.ELIGIBLE, Code.RESTOCKING_FEE), IMAGE, policy_url="/policy/1/")
    assert strip.kind is Kind.OK
    assert strip.clause is not None
    assert (strip.clause.title, strip.clause.url) == ("After 30 days", "/policy/1/#CON-28")


def test_the_other_reasons_stay_behind_the_deciding_one() -> None:
    strip = verdict_strip(judged(Outcome.NOT_ELIGIBLE, Code.EXCLUDED_KIND, Code.OPENED), IMAGE)
    assert strip.sentence == "Trial kits aren't taken back at any time."
    assert strip.more == ["It's opened, and opened products aren't taken back."]


def test_a_clause_the_terms_do_not_have_is_left_out() -> None:
    assert verdict_strip(judged(Outcome.ELIGIBLE, Code.RESTOCKING_FEE, clause="ZZ-1"), IMAGE).clause is None


def test_a_ruler_marks_the_day_of_the_request() -> None:
    ruler = line_ruler(judged(Outcome.ELIGIBLE, Code.RESTOCKING_FEE), IMAGE)
    assert ruler is not None
    assert ruler.marker is not None
    assert ruler.marker.label == "today, day 47"
    assert ruler.sentence == (
        "Day 47 after your order, Wednesday, November 18, 2026. From the start to day 30 in full; "
        "from day 31 on less 20%. Day 0 is the day of your order."
    )


def test_the_ruler_of_a_frozen_verdict_marks_the_day_it_was_asked_and_no_today() -> None:
    ruler = line_ruler(judged(Outcome.ELIGIBLE, Code.RESTOCKING_FEE), IMAGE, marker="asked, day %(day)s")
    assert ruler is not None
    assert ruler.marker is not None
    assert ruler.marker.label == "asked, day 47"


def test_a_ruler_is_shown_only_where_the_day_decides() -> None:
    assert line_ruler(judged(Outcome.NOT_ELIGIBLE, Code.FINAL_SALE), IMAGE) is None


def test_the_rulers_of_the_policies_differ_as_the_policies_do() -> None:
    assert [segment.window for segment in policy_ruler(IMAGE).segments] == [Window.IN_FULL, Window.FEE]
    assert [segment.label for segment in policy_ruler(SPA).segments] == ["in full, or half if opened", "closed"]
