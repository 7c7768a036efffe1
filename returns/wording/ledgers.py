"""A quote as a ledger: signed rows with their arithmetic that add up to the total, then what isn't in the sum."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns.components import AfterRow, Ledger, LedgerRow
from returns.domain.facts import NO_MONEY, Outcome, Payer, Resolution
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import LineQuote, Quote
from returns.domain.verdict import Code
from returns.wording.orders import units_of
from returns.wording.phrases import NBSP, listing, long_date, money, percent
from returns.wording.verdicts import looked_at


class Stage(StrEnum):
    """How firm the sum is: a quote, a decision, what was found, or what was settled. It names the total."""

    QUOTE = "quote"
    DECISION = "decision"
    FOUND = "found"
    SETTLED = "settled"


def quote_ledger(
    quote: Quote,
    titles: Sequence[str],
    terms: PolicyTerms,
    *,
    stage: Stage = Stage.QUOTE,
    possible: Sequence[Decimal | None] = (),
    kept: Sequence[AfterRow] = (),
    exchanges: Mapping[int, str] = MappingProxyType({}),
    free: Mapping[int, int] = MappingProxyType({}),
    staff: bool = False,
) -> Ledger:
    """The sum of a quote, as this shop's terms say it.

    ``titles`` are the names of the order's lines by their index; ``possible``, by line of the quote, is what an open
    question would give at most once it is answered. ``kept`` are earlier quotes, to stand beside the sum of now.
    ``exchanges`` are the products wished in exchange, where known, and ``free`` how many of a free item come back too,
    both by the order line's index. For ``staff`` the customer is a third person, and what gives nothing keeps its row,
    with the clause that says so.
    """
    return Ledger(
        rows=(
            *_rows(quote, titles, terms, exchanges, staff=staff),
            *(() if staff else _nothings(quote, titles, terms, stage)),
        ),
        total_label=total_name(quote, terms, stage, staff=staff),
        total=quote.total,
        total_instead=_goods_words(quote),
        currency=quote.currency,
        after=(*_forms(quote), *_after(quote, titles, possible, stage, free, staff=staff), *kept),
        caption=_("How the amount is made up"),
        as_of=_("As of %(date)s") % {"date": long_date(quote.requested_on)} if stage is Stage.QUOTE else "",
    )


def total_name(quote: Quote, terms: PolicyTerms, stage: Stage, *, staff: bool = False) -> str:
    """`You'd get back`, `Customer gets`, `Store credit`, `Refund`: what the total is, how firm, and for whom."""
    credit, only_goods = _is_credit(quote, terms), bool(_goods_words(quote))
    if staff and (only_goods or stage is Stage.QUOTE):
        return "Credit" if credit and not only_goods else "Customer gets"
    if only_goods:
        return _("You'd get") if stage is Stage.QUOTE else _("You get")
    if stage is Stage.QUOTE:
        return _("You'd get as store credit") if credit else _("You'd get back")
    if credit:
        return _("Store credit")
    forms = {line.resolution for line in quote.lines if line.resolution is not None and line.resolution.is_money}
    if len(forms) > 1:
        return _("Refund and store credit")
    return _("Refund") if forms == {Resolution.REFUND} else _("Money back")


def _goods_words(quote: Quote) -> str:
    """`a replacement`, where nothing but goods comes for what is sent back; empty where money does."""
    given = {line.resolution for line in quote.lines if line.is_granted}
    if quote.total or any(form is not None and form.is_money for form in given):
        return ""
    return listing([_(words) for form, words in GOODS.items() if form in given])


GOODS = {Resolution.EXCHANGE: N_("the right product in exchange"), Resolution.REPLACEMENT: N_("a replacement")}


def _is_credit(quote: Quote, terms: PolicyTerms) -> bool:
    given = {line.resolution for line in quote.lines if line.resolution is not None and line.resolution.is_money}
    if not given:
        return terms.money.is_credit_only
    return given == {Resolution.STORE_CREDIT}


# -------------------------------------------------------------------------------------------------------------- rows


def _rows(
    quote: Quote, titles: Sequence[str], terms: PolicyTerms, exchanges: Mapping[int, str], *, staff: bool
) -> Iterator[LedgerRow]:
    for line in quote.lines:
        if line.is_granted or (line.resolution is Resolution.NONE and not staff):
            exchange = exchanges.get(line.line, "")
            rows = _line_rows(line, titles[line.line], terms, quote.currency, exchange)
            yield from (_about_customer(row) for row in rows) if staff else rows
        elif staff and line.verdict.outcome is not Outcome.NEEDS_REVIEW:
            yield LedgerRow(_with_quantity(line, titles[line.line]), NO_MONEY, _nothing(line), line.verdict.clause_id)
    if quote.shipping_refund:
        clause = terms.claims.shipping_clause or terms.claims.clause
        yield LedgerRow(_("Original shipping"), quote.shipping_refund, _("Because the mistake was ours"), clause)
    if quote.balance_applied:
        clause = terms.balance_netting.clause if terms.balance_netting else ""
        what, how = BALANCE_FOR_STAFF if staff else (_("Your open balance"), _("What you owed on your account"))
        yield LedgerRow(what, -quote.balance_applied, how, clause)
    yield from _extras(quote, staff=staff)


def _extras(quote: Quote, *, staff: bool) -> Iterator[LedgerRow]:
    if quote.extras and quote.extras.goodwill:
        yield LedgerRow(_("Goodwill"), quote.extras.goodwill, _("On top, because we want to"))
    if quote.extras and quote.extras.postage:
        what, how = POSTAGE_FOR_STAFF if staff else (_("Your postage"), _("What you paid to send it to us"))
        yield LedgerRow(what, quote.extras.postage, how)


BALANCE_FOR_STAFF = ("Open balance", "What the customer owed on the account")
POSTAGE_FOR_STAFF = ("The customer's postage", "What they paid to send it to us")
HOW_FOR_STAFF: Mapping[str, str] = {"It goes back to you": "It goes back to the customer"}
"""How a row comes about, to customers and to staff; the desk is English."""


def _about_customer(row: LedgerRow) -> LedgerRow:
    how = HOW_FOR_STAFF.get(row.how, row.how).replace("of what you paid", "of what they paid")
    return replace(row, how=how)


def _nothings(quote: Quote, titles: Sequence[str], terms: PolicyTerms, stage: Stage) -> Iterator[LedgerRow]:
    """What gives nothing after all, with the reason: a decided or settled sum leaves no line out."""
    if stage is Stage.QUOTE:
        return
    for line in quote.lines:
        if line.verdict.outcome in (Outcome.NOT_ELIGIBLE, Outcome.REDIRECT) and not line.is_granted:
            name = _with_quantity(line, titles[line.line])
            yield LedgerRow(name, NO_MONEY, looked_at(line, terms), line.verdict.clause_id)


def _line_rows(line: LineQuote, title: str, terms: PolicyTerms, currency: str, exchange: str) -> Iterator[LedgerRow]:
    clause = line.verdict.clause_id
    if line.resolution is None or not line.resolution.is_money:
        instead, words = _GOODS[line.resolution or Resolution.NONE]
        how = _(words)
        if line.resolution is Resolution.EXCHANGE and exchange:
            how = _("For %(product)s; no money moves") % {"product": exchange}
        yield LedgerRow(_with_quantity(line, title), NO_MONEY, how, clause, _(instead) % {"count": line.quantity})
        return
    yield LedgerRow(_with_price(line, title, currency), line.gross, clause=clause)
    if line.fee:
        yield LedgerRow(_fee_name(line, currency), -line.fee, _fee_how(line, terms), clause)
    rest = line.gross - line.fee - line.amount
    if rest:
        yield LedgerRow(_rest_name(line), -rest, _rest_how(line, terms), clause)


def _nothing(line: LineQuote) -> str:
    """Why a line gives nothing, in two words; its verdict says the rest."""
    if line.resolution is Resolution.NONE:
        return "Nothing is given for it"  # for staff, like the two below; decided so, or the customer wants it back
    return "The seller's" if line.verdict.outcome is Outcome.REDIRECT else "Not eligible"


_GOODS = {
    Resolution.EXCHANGE: (N_("%(count)s exchanged"), N_("For the right product; no money moves")),
    Resolution.REPLACEMENT: (N_("%(count)s new"), N_("Replaced; no money moves")),
    Resolution.NONE: (N_("%(count)s back"), N_("It goes back to you")),
}


def _with_quantity(line: LineQuote, title: str) -> str:
    return f"{line.quantity}{NBSP}× {title}" if line.quantity > 1 else title


def _with_price(line: LineQuote, title: str, currency: str) -> str:
    """`Vital C serum, 2 × $61.20`, the price never on a line of its own; left out where the cents don't divide."""
    if line.quantity == 1:
        return title
    each = line.gross / line.quantity
    even = each == each.quantize(Decimal("0.01"))
    return f"{title}, {line.quantity}{NBSP}×{NBSP}{money(each, currency)}" if even else _with_quantity(line, title)


def _fee_name(line: LineQuote, currency: str) -> str:
    numbers = line.verdict.numbers
    parts = []
    if numbers.fee_percent:
        figures = {"share": percent(numbers.fee_percent), "amount": money(line.gross, currency)}
        parts.append(_("%(share)s of %(amount)s") % figures)
    if numbers.fixed_fee:
        parts.append(_("%(amount)s for each") % {"amount": money(numbers.fixed_fee, currency)})
    return _("Restocking, %(fee)s") % {"fee": listing(parts)} if parts else _("Restocking")


def _fee_how(line: LineQuote, terms: PolicyTerms) -> str:
    day, free = line.verdict.numbers.age_days, terms.last_full_day
    if day is None:
        return ""
    if free is None:
        return _("Day %(day)s") % {"day": day}
    return _("Day %(day)s; free up to day %(last)s") % {"day": day, "last": free}


def _rest_name(line: LineQuote) -> str:
    if line.verdict.code is Code.STAFF_OVERRIDE:
        return _("Kept, as a person decided")
    share = Decimal(100) - (line.rate or Decimal(0))
    if share in _KEPT:
        return _(_KEPT[share])
    return _("%(share)s stays with us") % {"share": percent(share)}


_KEPT = {
    Decimal(50): N_("Half stays with us"),
    Decimal(25): N_("A quarter stays with us"),
    Decimal(75): N_("Three quarters stays with us"),
}


def _rest_how(line: LineQuote, terms: PolicyTerms) -> str:
    used = line.verdict.numbers.used_percent
    if line.verdict.code is Code.STAFF_OVERRIDE:
        given = _("%(share)s of what you paid is given back")
        return given % {"share": percent(line.rate)} if line.rate is not None else ""
    limit = terms.opened.used_limit_percent
    if used is None or limit is None:
        return ""
    figures = {"used": percent(used), "limit": percent(limit)}
    return _("Opened, %(used)s used; up to %(limit)s is taken back") % figures


# --------------------------------------------------------------------------------------------------- not in the sum


def _forms(quote: Quote) -> Iterator[AfterRow]:
    """How much of the products' amounts comes as money and how much as credit, where it is both."""
    sums: dict[Resolution, Decimal] = {}
    for line in quote.lines:
        if line.resolution in _FORMS and line.amount:
            sums[line.resolution] = sums.get(line.resolution, NO_MONEY) + line.amount
    if len(sums) > 1:
        for form, words in _FORMS.items():
            yield AfterRow(_(words), money(sums[form], quote.currency))


_FORMS = {
    Resolution.REFUND: N_("Of the products, as money"),
    Resolution.STORE_CREDIT: N_("Of the products, as store credit"),
}


def _after(
    quote: Quote,
    titles: Sequence[str],
    possible: Sequence[Decimal | None],
    stage: Stage,
    free: Mapping[int, int],
    *,
    staff: bool,
) -> Iterator[AfterRow]:
    for number, line in enumerate(quote.lines):
        if line.verdict.outcome is Outcome.NEEDS_REVIEW:
            most = possible[number] if number < len(possible) else None
            up_to = _("up to %(amount)s") % {"amount": money(most, quote.currency)} if most else _("not counted yet")
            product = {"product": _with_quantity(line, titles[line.line])}
            yield AfterRow(_("%(product)s, once we've looked") % product, up_to)
    if quote.service_charge:
        yield AfterRow(_("Service charge, billed apart"), money(quote.service_charge, quote.currency))
    if quote.extras and quote.extras.waived_charge:
        waived = {"amount": money(quote.extras.waived_charge, quote.currency)}
        yield AfterRow(_("Service charge"), _("%(amount)s, waived") % waived)
    if stage is Stage.SETTLED:
        return  # the way back is behind us
    yield from _shipping(quote, titles, PAYS_BY_STAFF if staff else PAYS)
    if stage is Stage.FOUND:
        return  # what was to come back is here, or was noted as missing
    for index in quote.also_return:
        product = {"product": units_of(free.get(index, 1), titles[index])}
        yield AfterRow(_("Send back too: %(product)s") % product, _("came free"))


def _shipping(quote: Quote, titles: Sequence[str], pays: Mapping[Payer, str]) -> Iterator[AfterRow]:
    if quote.return_shipping_paid_by is not None:
        yield AfterRow(_("Shipping to us"), _(pays[quote.return_shipping_paid_by]))
        return
    for line in quote.lines:
        if line.paid_by is not None:
            yield AfterRow(_("Shipping of %(product)s") % {"product": titles[line.line]}, _(pays[line.paid_by]))


PAYS = {Payer.CUSTOMER: N_("you pay"), Payer.MERCHANT: N_("we pay")}
PAYS_BY_STAFF = {Payer.CUSTOMER: "customer pays", Payer.MERCHANT: "we pay"}


def earlier_quote(quote: Quote, what: str) -> AfterRow:
    """`Your quote on Monday, November 16, 2026`, kept beside the sum of now; `what` is in the reader's language."""
    on = _("%(what)s on %(date)s") % {"what": what, "date": long_date(quote.requested_on)}
    return AfterRow(on, quoted_words(quote))


def quoted_words(quote: Quote) -> str:
    """What was quoted: the sum, `a replacement`, or `not counted yet` where a person had to look at all of it first."""
    if is_uncounted(quote):
        return _("not counted yet")
    return _goods_words(quote) or money(quote.total, quote.currency)


def is_uncounted(quote: Quote) -> bool:
    """Whether it names no sum, because a person had to look at all that might be given: its $0.00 promises nothing."""
    granted = any(line.is_granted for line in quote.lines)
    return not granted and any(line.verdict.outcome is Outcome.NEEDS_REVIEW for line in quote.lines)


def without_way_back(quote: Quote) -> Quote:
    """The quote without who pays the shipping and what to send back too, where nothing comes back (any more)."""
    lines = tuple(replace(line, paid_by=None) for line in quote.lines)
    return replace(quote, lines=lines, return_shipping_paid_by=None, also_return=())
