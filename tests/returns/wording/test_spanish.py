"""Everything a verdict, a sum or a policy says can be said in Spanish, and nothing of it stays English."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from returns.components import STATUS_LOOKS
from returns.domain.facts import Payer, Resolution
from returns.domain.settlement import LineQuote, Quote
from returns.domain.verdict import Code
from returns.domain.workflow import Status
from returns.wording import phrases, policies
from returns.wording.ledgers import Stage, quote_ledger
from returns.wording.rejections import SENTENCES, rejection_sentence
from returns.wording.strips import line_ruler, policy_ruler, verdict_strip
from returns.wording.verdicts import Seller, asked_anyway, further_reasons, looked_at, words_for
from tests.returns.wording.test_verdicts import ALL_NUMBERS, TERMS, line, usual_form
from tests.spanish import is_english

EASTERN = ZoneInfo("America/New_York")
EVERY = list(itertools.product(TERMS, Code))


@pytest.fixture(autouse=True)
def spanish() -> Iterator[None]:
    with translation.override("es"):
        yield


def forms(slug: str, code: Code) -> Iterator[LineQuote]:
    """The verdict with each thing that can be given, and with few numbers as well as with all."""
    usual = usual_form(TERMS[slug], code)
    few = replace(ALL_NUMBERS, limit_on=None, full_until=None, claim_until=None, limit_hours=None, instead=None)
    for numbers in (ALL_NUMBERS, few, replace(few, age_days=0, previous_return_on=None, clock="delivery")):
        for resolution in {usual, *(() if usual is None else Resolution)}:
            yield line(code, numbers, resolution=resolution)


@pytest.mark.parametrize(("slug", "code"), EVERY)
def test_every_code_is_said_in_spanish_at_every_storefront(slug: str, code: Code) -> None:
    terms = TERMS[slug]
    for one in forms(slug, code):
        for possible in (None, Decimal("98.00")):
            words = words_for(one, terms, seller=Seller("Glow Spa", "555-0100"), possible=possible)
            for said in (words.word, words.sentence, words.change, asked_anyway(words).spoken(), looked_at(one, terms)):
                assert not is_english(said), said
            with translation.override("en"):
                english = words_for(one, terms, seller=Seller("Glow Spa", "555-0100"), possible=possible)
            assert words.word != english.word
            assert words.sentence != english.sentence
        assert not any(is_english(sentence) for sentence in further_reasons(one, terms))


@pytest.mark.parametrize(("slug", "code"), EVERY)
def test_strips_and_rulers_are_spanish(slug: str, code: Code) -> None:
    terms = TERMS[slug]
    for one in forms(slug, code):
        strip = verdict_strip(replace(one, verdict=replace(one.verdict)), terms)
        assert not is_english(f"{strip.word} {strip.sentence} {strip.change}")
        ruler = line_ruler(one, terms)
        if ruler is not None:
            assert ruler.marker is not None
            texts = [ruler.sentence, ruler.marker.label, *(tick.label for tick in ruler.ticks)]
            assert not any(map(is_english, texts)), texts


@pytest.mark.parametrize("slug", TERMS)
def test_every_clause_kind_and_notice_of_the_shipped_policies_has_spanish_words(slug: str) -> None:
    terms = TERMS[slug]
    assert not is_english(policy_ruler(terms).sentence)
    texts = [clause.title for clause in terms.clauses] + [clause.text for clause in terms.clauses]
    texts += [*terms.kinds.values(), *terms.flags.values(), *terms.package.packing, *terms.package.notices]
    for text in texts:
        assert not is_english(phrases.policy_text(text)), text
        assert phrases.policy_text(text) != text, text


def test_a_shops_own_words_show_as_they_are() -> None:
    assert phrases.policy_text("Glow club items") == "Glow club items"
    assert phrases.policy_text("") == ""


@pytest.mark.parametrize("slug", TERMS)
def test_the_landing_pages_points_and_facts_are_spanish(slug: str) -> None:
    terms = TERMS[slug]
    texts = [text for point in policies.points(terms) for text in (point.title, point.text)]
    texts += [text for fact in policies.facts(terms) for text in (fact.title, fact.text)]
    texts += [*policies.next_steps(terms, date(2026, 12, 1)), policies.damage_lane(terms), policies.ship_later(terms)]
    assert not [text for text in texts if is_english(text)]


@pytest.mark.parametrize(("slug", "code", "stage"), list(itertools.product(TERMS, Code, Stage)))
def test_every_sum_is_spanish(slug: str, code: Code, stage: Stage) -> None:
    terms = TERMS[slug]
    for one in forms(slug, code):
        quote = Quote(
            lines=(one,),
            shipping_refund=Decimal("8.00"),
            service_charge=Decimal("20.00"),
            balance_applied=Decimal("5.00"),
            total=one.amount + Decimal("3.00"),
            return_shipping_paid_by=Payer.CUSTOMER,
            also_return=(1,),
            requested_on=date(2026, 11, 18),
            currency="USD",
        )
        if one.resolution is None or not one.resolution.is_money:
            quote = replace(quote, total=Decimal("3.00"))
        ledger = quote_ledger(quote, ["Serum", "Neceser"], terms, stage=stage, possible=[Decimal("9.00")])
        texts = [ledger.total_label, ledger.total_instead, ledger.caption, ledger.as_of]
        texts += [text for row in ledger.rows for text in (row.label, row.how, row.instead)]
        texts += [text for row in ledger.after for text in (row.label, row.value)]
        assert not [text for text in texts if is_english(text)]


def test_every_status_and_every_reason_has_a_spanish_word() -> None:
    for status in Status:
        assert STATUS_LOOKS[status].word() != STATUS_LOOKS[status].customer
        assert STATUS_LOOKS[status].word(staff=True) == STATUS_LOOKS[status].staff, "the desk is English"
    assert not [reason for reason in SENTENCES if is_english(rejection_sentence(reason, ""))]


def test_dates_money_and_shares_are_written_as_in_the_spanish_of_the_us() -> None:
    at = datetime(2026, 12, 4, 13, 30, tzinfo=UTC)
    assert phrases.long_date(at.date()) == "viernes, 4 de diciembre de 2026"
    assert phrases.plain_date(at.date()) == "4 de diciembre de 2026"
    assert phrases.month(at.date()) == "diciembre de 2026"
    assert phrases.brief_date(at.date()) == "vie, 4 dic"
    assert phrases.clock(at.astimezone(EASTERN)) == "8:30\u00a0a.\u00a0m."
    assert phrases.clock(at) == "1:30\u00a0p.\u00a0m."
    assert phrases.moment(at, EASTERN) == "viernes, 4 de diciembre de 2026, 8:30\u00a0a.\u00a0m."
    assert phrases.zone_name("America/New_York") == "hora del Este"
    assert phrases.money(Decimal("-1234.5")) == "\u2212$1,234.50"
    assert phrases.percent(Decimal("20.00")) == "20\u00a0%"
    assert phrases.part_of_price(Decimal(50)) == "la mitad de lo que pagó"
    assert phrases.count(1, "business day") == "1 día hábil"
    assert phrases.count(10, "business day") == "10 días hábiles"
    assert (phrases.months(12), phrases.months(24), phrases.months(18)) == ("un año", "2 años", "18 meses")


@pytest.mark.parametrize(
    ("words", "last", "listed"),
    [
        (["sérum", "crema"], "and", "sérum y crema"),
        (["sérum", "crema", "tónico"], "and", "sérum, crema y tónico"),
        (["sérum", "IMAGE MD"], "and", "sérum e IMAGE MD"),
        (["agua", "hielo"], "and", "agua y hielo"),
        (["aguja", "hilo"], "and", "aguja e hilo"),
        (["UPS", "FedEx"], "or", "UPS o FedEx"),
        (["crema", "Ormedic"], "or", "crema u Ormedic"),
        (["sérum"], "or", "sérum"),
    ],
)
def test_lists_end_as_spanish_ends_them(words: list[str], last: str, listed: str) -> None:
    assert phrases.listing(words, last) == listed
