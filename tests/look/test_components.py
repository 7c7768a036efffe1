"""The components: sums that add up, sentences for those who don't see, markup that holds."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template, TemplateSyntaxError
from hypothesis import given
from hypothesis import strategies as st

from returns.components import (
    STATUS_LOOKS,
    AfterRow,
    Bar,
    BarChart,
    CheckRow,
    Clause,
    Column,
    ColumnChart,
    Difference,
    Due,
    Found,
    Kind,
    Ledger,
    LedgerRow,
    MessageView,
    Progress,
    Promise,
    Ruler,
    Stage,
    Stretch,
    Turn,
    UnbalancedLedgerError,
    VerdictStrip,
    Voice,
    Whose,
    Window,
)
from returns.components.charts import PLOT_HEIGHT
from returns.domain.facts import Outcome
from returns.domain.workflow import Status
from tests.look.markup import Markup

EASTERN = ZoneInfo("America/New_York")
SERUM = LedgerRow("Vital C serum, 2 × $61.20", Decimal("122.40"))
FEE = LedgerRow("Restocking, 20%", Decimal("-24.48"), how="Day 47; free up to day 30", clause="CON-28")
LEDGER = Ledger([SERUM, FEE], "You'd get back", Decimal("97.92"), after=[AfterRow("Shipping to us", "you pay")])
THIRTY = [Stretch(Window.IN_FULL, 30, "in full"), Stretch(Window.FEE, None, "less 20%")]
FIFTEEN = [Stretch(Window.IN_FULL, 15, "in full, or half if opened"), Stretch(Window.CLOSED, None, "closed")]


def draw(source: str, **values: Any) -> Markup:
    return Markup.of(Template("{% load house %}" + source).render(Context(values)))


# ------------------------------------------------------------------------------------------------------------- ledger


@given(st.lists(st.decimals(-10_000, 10_000, places=2, allow_nan=False), max_size=8), st.decimals(1, 9, places=2))
def test_a_ledger_whose_lines_do_not_add_up_cannot_be_made(amounts: list[Decimal], off: Decimal) -> None:
    rows = [LedgerRow("Line", amount) for amount in amounts]
    total = sum(amounts, Decimal(0))
    assert Ledger(rows, "Total", total).total == total
    with pytest.raises(UnbalancedLedgerError):
        Ledger(rows, "Total", total + off)


def test_an_amount_is_never_hidden_behind_words() -> None:
    with pytest.raises(UnbalancedLedgerError):
        LedgerRow("Serum", Decimal("1.00"), instead="1 new")
    with pytest.raises(UnbalancedLedgerError):
        replace(LEDGER, total_instead="1 serum")


def test_a_ledger_shows_signed_amounts_and_what_is_not_in_the_sum() -> None:
    cells = [cell.text.strip() for cell in draw("{% ledger ledger %}", ledger=LEDGER).all("td")]
    assert cells == ["$122.40", "−$24.48", "$97.92", "you pay"]


def test_only_staff_see_the_clause_of_a_line() -> None:
    assert not draw("{% ledger ledger %}", ledger=LEDGER).all("span", class_="code")
    [clause] = draw('{% ledger ledger "staff" %}', ledger=LEDGER).all("span", class_="code")
    assert clause.text == "CON-28"


def test_goods_instead_of_money_are_named_and_not_counted() -> None:
    row = LedgerRow("Vital C serum", Decimal(0), instead="1 new")
    ledger = Ledger([row], "You get", Decimal(0), total_instead="1 serum")
    assert [cell.text for cell in draw("{% ledger ledger %}", ledger=ledger).all("td")] == ["1 new", "1 serum"]


# ------------------------------------------------------------------------------------------------------------- ruler


def test_a_ruler_is_to_scale_and_says_all_of_it_in_its_sentence() -> None:
    ruler = Ruler.of_days(THIRTY, sentence="In full up to day 30, then less 20%. Today is day 47.", day=47)
    assert [(segment.start, segment.end) for segment in ruler.segments] == [(0.0, 50.0), (50.0, 100.0)]
    drawn = draw("{% day_ruler ruler %}", ruler=ruler)
    assert drawn.all("svg", role="img")[0].get("aria-label") == ruler.sentence
    assert "today, day 47" in [text.text for text in drawn.all("text")]


THREE = [THIRTY[0], Stretch(Window.FEE, 60, "less 20%"), FIFTEEN[1]]


@given(st.integers(0, 2000), st.sampled_from([THIRTY, FIFTEEN, THREE]))
def test_whatever_the_day_the_marker_and_every_stretch_stay_on_the_ruler(day: int, stretches: list[Stretch]) -> None:
    ruler = Ruler.of_days(stretches, sentence="…", day=day)
    assert ruler.marker is not None
    assert 0 <= ruler.marker.at <= 100
    assert ruler.segments[0].start == 0
    assert ruler.segments[-1].end == 100
    assert all(one.end == other.start for one, other in zip(ruler.segments, ruler.segments[1:], strict=False))


def test_long_words_get_a_line_of_their_own_instead_of_running_into_the_day() -> None:
    assert Ruler.of_days(FIFTEEN, sentence="…").is_crowded
    assert not Ruler.of_days(THIRTY, sentence="…").is_crowded


def test_two_rulers_of_a_page_do_not_share_their_pattern() -> None:
    ruler = Ruler.of_days(THIRTY, sentence="…")
    assert not draw('{% day_ruler ruler "line-1" %}{% day_ruler ruler "line-2" %}', ruler=ruler).faults()


# ------------------------------------------------------------------------------------------- status, verdict, promise


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("audience", ["customer", "staff"])
def test_a_status_is_told_by_icon_word_and_color(status: Status, audience: str) -> None:
    drawn = draw("{% status_pill status audience %}", status=status, audience=audience)
    look = STATUS_LOOKS[status]
    assert drawn.elements[0].get("class") == f"pill pill-{look.kind}"
    assert drawn.elements[0].text == look.word(staff=audience == "staff")
    assert drawn.all("use")[0].get("href").endswith(f"icons.svg#{look.icon}")


def test_solid_red_is_for_what_is_over_its_date_and_nothing_else() -> None:
    assert Kind.LATE not in {look.kind for look in STATUS_LOOKS.values()}
    assert Kind.LATE not in {VerdictStrip.of(outcome, "…", "…").kind for outcome in Outcome}


def test_a_verdict_says_word_sentence_change_and_clause_and_folds_the_other_reasons() -> None:
    strip = VerdictStrip.of(
        Outcome.NEEDS_REVIEW,
        "We'll look",
        "We don't know the date.",
        change="A date would make it a yes.",
        clause=Clause("CON-28", "After 30 days", "/policy/#CON-28"),
        more=["It's opened."],
    )
    drawn = draw("{% verdict_strip strip %}", strip=strip)
    assert drawn.all("summary")[0].text == "and 1 more reason"
    assert drawn.all("a", href="/policy/#CON-28")[0].text == "After 30 days"
    assert "A date would make it a yes." in drawn.elements[0].text
    assert draw('{% verdict_strip strip "staff" %}', strip=strip).all("a")[0].text == "CON-28 After 30 days"


def test_a_promise_is_a_date_or_a_duration_and_never_both_or_neither() -> None:
    for wrong in ({}, {"day": date(2026, 12, 8), "within": 10}):
        with pytest.raises(ValueError, match="either"):
            Promise("Promised by", "…", **wrong)  # type: ignore[arg-type]
    assert Promise("Promised by", "…", day=date(2026, 12, 8)).leaf == ("Dec", "8", "Tue")
    assert Promise("When it's done", "…", within=10).leaf == ("within", "10", "days")


def test_the_path_names_the_stage_a_return_is_at() -> None:
    stages = [Stage("Requested", Progress.DONE), Stage("Authorized", Progress.NOW), Stage("Received", Progress.NEXT)]
    items = draw("{% path stages %}", stages=stages).all("li")
    assert [item.get("aria-current") for item in items] == ["", "step", ""]


def test_an_rma_number_is_shown_whole() -> None:
    assert draw('{% rma_tag "RMA-7K3F-9Q2M-X" %}').all("span", class_="rma-tag-number")[0].text == "RMA-7K3F-9Q2M-X"


# ------------------------------------------------------------------------------------------------------------- words


def test_the_day_of_an_instant_is_its_day_at_the_storefront() -> None:
    at = datetime(2026, 11, 19, 3, 30, tzinfo=UTC)
    assert draw("<p>{{ at|short_day:zone }}</p>", at=at, zone=EASTERN).elements[0].text == "Wed, Nov 18"
    with pytest.raises(TemplateSyntaxError):
        draw("{{ at|day }}", at=at)


def test_money_has_cents_and_a_real_minus() -> None:
    assert draw("<p>{{ amount|money }}</p>", amount=Decimal("-1234.5")).elements[0].text == "−$1,234.50"


def test_what_people_wrote_is_shown_as_text() -> None:
    said = MessageView("<b>You</b>", "now", "<script>alert(1)</script>\nline two")
    drawn = draw("{% message said %}", said=said)
    assert not drawn.all("script")
    assert not drawn.all("b")


# --------------------------------------------------------------------------------------------------------- all of it

EVERYTHING: dict[str, tuple[str, Any]] = {
    "ledger": ("{% ledger it %}", LEDGER),
    "ruler": ("{% day_ruler it %}", Ruler.of_days(FIFTEEN, sentence="…", day=16)),
    "strip": ("{% verdict_strip it %}", VerdictStrip(Kind.NO, "We can't", "Trial kits aren't.", more=["One", "Two"])),
    "tag": ("{% rma_tag it %}{% box_mark it %}", "RMA-7K3F-9Q2M-X"),
    "turn": ("{% turn_box it %}<p>Pack it</p>{% end_turn_box %}", Turn(Whose.YOURS, "Send your package")),
    "promise": ("{% promise it %}", Promise("By", "…", day=date(2026, 12, 8), paused="Paused", paused_note="Moves")),
    "path": ("{% path it %}", [Stage("Requested", Progress.DONE), Stage("Not accepted", Progress.ENDED, "Nov 17")]),
    "due": ("{% due it %}", Due("Fri, 2 d left", Kind.WAIT, "clock", 120.0)),
    "late": ("{% due it %}", Due("1 day over", Kind.LATE, "warning")),
    "check list": ("{% check_list it %}", [CheckRow("Email", "a@example.com", "", "/email/", "email")]),
    "difference": ("{% difference it %}", Difference(Found("Unopened", "$92.00"), Found("Opened", "$46.00"))),
    "message": ("{% message it %}", MessageView("Sam", "Nov 17", "Wait\n\nfor it", Voice.INTERNAL)),
    "notice": ('{% notice "wait" it %}<p>…</p>{% end_notice %}', "Please don't ship yet"),
    "empty": ("{% empty it %}<p>…</p>{% end_empty %}", "Nothing is open"),
    "stepper": ("{% stepper 1 it %}", 3),
    "bars": ("{% bar_chart it %}", BarChart("Why", [Bar("Damaged", 3, "3", "100%")])),
    "no bars": ("{% bar_chart it %}", BarChart("Why", [])),
    "columns": ("{% column_chart it %}", ColumnChart("Weeks", [Column("Aug 3", (4, 2), "6")], ("A", "B"), 10)),
    "no columns": ("{% column_chart it %}", ColumnChart("Weeks", [], ("A",), 0)),
}


@pytest.mark.parametrize("piece", EVERYTHING)
def test_every_component_is_well_formed_and_has_no_style_of_its_own(piece: str) -> None:
    source, it = EVERYTHING[piece]
    drawn = draw(source, it=it)
    assert drawn.elements
    assert not drawn.faults()
    assert not [element for element in drawn.elements if element.get("style")]


def test_columns_start_at_zero_and_reach_the_top_at_the_top_value() -> None:
    blocks = ColumnChart("Weeks", [Column("Aug 3", (60.0, 60.0))], ("A", "B"), 120).blocks
    assert sum(float(block.height) for block in blocks) == PLOT_HEIGHT
    assert float(blocks[0].y) + float(blocks[0].height) == float(blocks[1].y) + PLOT_HEIGHT
