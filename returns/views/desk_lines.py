"""The lines of a request as staff see them: what the policy said, beside what is decided, found and settled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from returns.components import AfterRow, Difference, Found, Kind, Ruler, VerdictStrip
from returns.differences import is_different
from returns.domain.facts import Disposition, Outcome, Reason, Resolution, Wish
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import LineQuote, Quote, to_cents
from returns.forms.line_decisions import LineDecisionForm
from returns.models import Override, Product, ReturnLine, ReturnRequest
from returns.wording import desk as words
from returns.wording.ledgers import quoted_words
from returns.wording.phrases import count, money, percent, plain_date
from returns.wording.states import earlier_words, found_words, told_words
from returns.wording.strips import line_ruler, verdict_strip
from returns.wording.verdicts import Seller

NOES = frozenset({Outcome.NOT_ELIGIBLE, Outcome.REDIRECT})


@dataclass(frozen=True, slots=True)
class LineCard:
    """One line: what was asked, the verdict at submission, and what came of it so far.

    `form` is there while the line can be decided; `gives` says what the decision on the page would give.
    """

    number: int
    title: str
    asked: str
    verdict: VerdictStrip
    ruler: Ruler | None
    form: LineDecisionForm | None
    facts: Sequence[str]
    found: Difference | None
    gives: str


def line_cards(
    request: ReturnRequest, lines: Sequence[ReturnLine], forms: Mapping[int, LineDecisionForm], decided: Quote | None
) -> list[LineCard]:
    """The cards in the order of the lines. `decided` is the quote of the decisions in `forms`, where there is one."""
    given = dict(granted_lines(forms, decided)) if decided else {}
    return [
        LineCard(
            number=line.position,
            title=line.order_line.title,
            asked=asked_words(line, request.order.currency, request.policy_version.parsed(), judged),
            verdict=strip(judged, request),
            ruler=line_ruler(judged, request.policy_version.parsed(), marker="asked, day %(day)s"),
            form=forms.get(line.position),
            facts=list(line_facts(line, judged)),
            found=difference(line),
            gives=_gives(judged, given.get(line.position), request.order.currency),
        )
        for line, judged in zip(lines, request.submitted_quote.lines, strict=True)
    ]


def granted_lines(forms: Mapping[int, LineDecisionForm], decided: Quote) -> Iterator[tuple[int, LineQuote]]:
    """Line position → its part of the quote; line n of the quote belongs to the nth line with units."""
    with_units = [position for position, form in forms.items() if form.decision.quantity]
    return zip(with_units, decided.lines, strict=True)


def _gives(judged: LineQuote, decided: LineQuote | None, currency: str) -> str:
    """`Gives $204.00, $40.80 more than the policy.`, or for fewer units `Gives $60.00 for 3 of 4.`."""
    if decided is None:
        return ""
    if decided.resolution is None:
        return "Gives nothing yet: the goods decide."
    if not decided.resolution.is_money:
        return f"Gives {words.RESOLUTION_WORDS[decided.resolution].lower()}, no money."
    gives = f"Gives {money(decided.amount, currency)}"
    if decided.quantity != judged.quantity:
        return f"{gives} for {decided.quantity} of {judged.quantity}."
    more = decided.amount - judged.amount
    if not more:
        return f"{gives}, as the policy says."
    return f"{gives}, {money(abs(more), currency)} {'more' if more > 0 else 'less'} than the policy."


def asked_words(line: ReturnLine, currency: str, terms: PolicyTerms, judged: LineQuote | None = None) -> str:
    """`6 of 6 bought, $34.00 each after discount. Changed their mind. Unopened. Wants store credit`.

    With the verdict it says too whether the customer asked although the policy says no.
    """
    bought = line.order_line
    each = bought.paid_total / bought.quantity
    price = money(to_cents(each), currency)
    parts = [
        f"{line.requested_quantity} of {bought.quantity} bought, {price} each after discount",
        words.REASON_WORDS[Reason(line.reason)],
        *([] if line.reason == Reason.NOT_RECEIVED else [told_words(line, units=1)]),
        *([f"Expires {plain_date(line.expires_on)}"] if line.expires_on else []),
        f"Wants {words.wish_words(Wish(line.wants), terms)}{_for_product(line, price)}",
        *(["Asked anyway; a person decides"] if line.ask_anyway and judged and judged.verdict.outcome in NOES else []),
    ]
    return ". ".join(parts) + "."


def strip(judged: LineQuote, request: ReturnRequest) -> VerdictStrip:
    """The verdict as a strip; its clause is quoted on the same page, from the frozen policy version."""
    seller = Seller(request.order.seller_name, request.order.seller_contact)
    drawn = verdict_strip(judged, request.policy_version.parsed(), seller=seller)
    clause = replace(drawn.clause, url=f"#{drawn.clause.id}") if drawn.clause else None
    return replace(
        drawn,
        clause=clause,
        sentence=words.about_customer(drawn.sentence),
        change=words.about_customer(drawn.change),
        more=[words.about_customer(sentence) for sentence in drawn.more],
    )


def clauses(request: ReturnRequest) -> list[tuple[str, str, str]]:
    """The clauses this request rests on, as (id, title, text), from the policy version frozen with it."""
    terms = request.policy_version.parsed()
    wanted = dict.fromkeys(line.verdict.clause_id for line in request.submitted_quote.lines)
    return [(clause.id, clause.title, clause.text) for clause in terms.clauses if clause.id in wanted]


def _for_product(line: ReturnLine, paid: str) -> str:
    """` for VC-TONER Vital C toner, against $34.00 paid`: what is wished, beside what its price is held against."""
    product = line.exchange_product
    return f" for {product.sku} {product.name}, against {paid} paid" if product is not None else ""


def to_send(line: ReturnLine, judged: LineQuote) -> str:
    """`Send in exchange: 2 × VC-SERUM Vital C serum. In stock.`, while it is to be sent; nothing else is promised."""
    units = line.accepted_quantity if line.accepted_quantity is not None else line.held_quantity
    goods = _goods(line, judged)
    if not units or goods is None:
        return ""
    product = line.exchange_product if goods is Resolution.EXCHANGE else line.order_line.product
    what = "Send in exchange" if goods is Resolution.EXCHANGE else "Send as a replacement"
    if product is not None:
        return f"{what}: {units} × {_product_words(product)}. {_stock_words(product)}"
    if goods is Resolution.REPLACEMENT:
        return f"{what}: {units} × {line.order_line.title}. Not in the catalogue: look whether there is one."
    asks, ordered = f"{what}: {units}, of a product the customer didn't name; ask which.", line.order_line.product
    return f"{asks} The one ordered, {_product_words(ordered)}: {_stock_words(ordered)}" if ordered else asks


def _goods(line: ReturnLine, judged: LineQuote) -> Resolution | None:
    """Exchange or replacement: what was given, else what staff decided, what the policy says or the customer wishes."""
    decided = [Resolution(override.resolution) for override in line.overrides.all()][:1]
    wished = {Wish.EXCHANGE: Resolution.EXCHANGE, Wish.REPLACEMENT: Resolution.REPLACEMENT}.get(Wish(line.wants))
    given = [*([Resolution(line.resolution)] if line.resolution else []), *decided]
    goods = next(iter(given), judged.resolution or wished)
    return goods if goods in (Resolution.EXCHANGE, Resolution.REPLACEMENT) else None


def _product_words(product: Product) -> str:
    return f"{product.sku} {product.name}{f', {product.size}' if product.size else ''}"


def _stock_words(product: Product) -> str:
    return "In stock." if product.in_stock else "Out of stock, and there are no back orders: offer money instead."


def line_facts(line: ReturnLine, judged: LineQuote) -> Iterator[str]:
    """What staff decided, what arrived, what becomes of it, as short paragraphs."""
    if sending := to_send(line, judged):
        yield sending
    counts = list(_counts(line))
    if counts:
        yield f"{', '.join(counts)}."
    if line.disposition and line.accepted_quantity is not None:
        yield f"Goods go to: {words.DISPOSITION_WORDS[Disposition(line.disposition)].lower()}."
    if line.rejection_text:
        yield f"The customer reads: {line.rejection_text}"
    for override in line.overrides.all():
        yield override_words(override)


def _counts(line: ReturnLine) -> Iterator[str]:
    if line.authorized_quantity is not None:
        yield f"{line.authorized_quantity} of {line.requested_quantity} authorized"
    if line.received_quantity is not None:
        yield f"{line.received_quantity} received"
    if line.accepted_quantity is not None:
        yield f"{line.accepted_quantity} accepted"


def override_words(override: Override) -> str:
    """`Override by Renee O.: store credit, 100% of the price. Called on day 27.`."""
    resolution = Resolution(override.resolution)
    what = words.RESOLUTION_WORDS[resolution].lower()
    share = f", {percent(override.percent)} of the price" if resolution.is_money else ""
    return f"Override by {override.actor.get_short_name()} ({override.clause_id}): {what}{share}. {override.reason}"


def difference(line: ReturnLine) -> Difference | None:
    """Declared beside found, once the goods were looked at."""
    if not line.found_condition:
        return None
    units, accepted = line.authorized_quantity or 0, line.accepted_quantity or 0
    told, found, first = told_words(line, units=units), found_words(line), list(line.earlier_findings.all())
    return Difference(
        Found(told, f"{count(units, 'unit')} authorized"),
        Found(found, f"{count(accepted, 'unit')} accepted"),
        changed=is_different(line),
        told_heading="Declared",
        found_heading="Found again" if first else "Found",
        earlier=[Found(earlier_words(line, one), f"{count(one.accepted_quantity, 'unit')} accepted") for one in first],
        earlier_heading="Found first",
    )


# ------------------------------------------------------------------------------------------------------------ ledgers


def titles_of(request: ReturnRequest, lines: Sequence[ReturnLine]) -> list[str]:
    """The names of the order's lines by their index in a quote; only those that a quote of this request may name."""
    submitted = request.submitted_quote
    named = {judged.line: line.order_line.title for line, judged in zip(lines, submitted.lines, strict=True)}
    if any(index not in named for index in submitted.also_return):
        bought = request.order.lines.order_by("position").values_list("title", flat=True)
        return list(bought)
    return [named.get(index, "") for index in range(max(named, default=-1) + 1)]


def against(quote: Quote, other: Quote, what: str) -> list[AfterRow]:
    """`Quoted to the customer · $103.20` and `Difference · +$20.80`, beside a sum that isn't the quote's."""
    rows = [AfterRow(what, quoted_words(other))]
    change = quote.total - other.total
    if change:
        rows.append(AfterRow("Difference", f"{'+' if change > 0 else ''}{money(change, quote.currency)}"))
    return rows


VERDICT_COUNTS = (
    (Outcome.ELIGIBLE, Kind.OK, "eligible"),
    (Outcome.NEEDS_REVIEW, Kind.WAIT, "to decide"),
    (Outcome.NOT_ELIGIBLE, Kind.NO, "not eligible"),
    (Outcome.REDIRECT, Kind.IDLE, "to redirect"),
)


def verdict_counts(quote: Quote) -> list[tuple[str, str]]:
    """`2 eligible`, `1 not eligible`, each with its color."""
    outcomes = [line.verdict.outcome for line in quote.lines]
    return [
        (kind.value, f"{outcomes.count(outcome)} {word}")
        for outcome, kind, word in VERDICT_COUNTS
        if outcome in outcomes
    ]
