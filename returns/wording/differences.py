"""What was found in words: how it was measured, and the three answers with what each comes to (LPS-29)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from returns.differences import ACCEPTED, by_line, is_goods
from returns.domain.facts import NO_MONEY, Disposition, Resolution
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import LineQuote, Quote
from returns.domain.usage import Measure, Measurement, from_data
from returns.models import EarlierFinding, ReturnLine, ReturnRequest
from returns.wording.phrases import MINUS, NBSP, listing, money, percent

MEASURES = {Measure.WEIGHT: N_("Weight"), Measure.VOLUME: N_("Volume")}


@dataclass(frozen=True, slots=True)
class MeasuredWords:
    """One measurement with its sum: `(139.0 − 130.5) ÷ (139.0 − 82.0)` is 14.92% used."""

    title: str
    rows: Sequence[tuple[str, str]]
    formula: str
    used: str


def measured_words(line: ReturnLine) -> list[MeasuredWords]:
    """How it was measured how much of a line is used, by weight and by volume; empty where nothing was measured."""
    return [_measured(what, one) for what, one in from_data(line.found_measures).items()]


def _measured(what: Measure, one: Measurement) -> MeasuredWords:
    return MeasuredWords(
        _(MEASURES[what]),
        (
            (_("Full, new"), f"{one.full} {what.unit}"),
            (_("Empty"), f"{one.empty} {what.unit}"),
            (_("Yours, as it came"), f"{one.now} {what.unit}"),
        ),
        f"({one.full}{NBSP}{MINUS}{NBSP}{one.now}) ÷ ({one.full}{NBSP}{MINUS}{NBSP}{one.empty})",
        percent(one.used_percent),
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """One answer: its label, and its consequence in cents."""

    label: str
    consequence: str


@dataclass(frozen=True, slots=True)
class Sums:
    """What the answers come to; `sent_back` is None where nothing could go back."""

    found: Decimal
    sent_back: Decimal | None
    currency: str

    @classmethod
    def of(cls, told: Mapping[str, str], found: Quote) -> "Sums":
        """As the customer was told them: the data of the event that sent the difference."""
        sent_back = told.get("sent_back")
        return cls(Decimal(told.get("total", found.total)), Decimal(sent_back) if sent_back else None, found.currency)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """The products that nothing is given for as found, by what becomes of them: kept here, or on their way back."""

    kept: Sequence[str] = ()
    back: Sequence[str] = ()

    @property
    def words(self) -> str:
        """`Vital C serum stays with us.`; empty where something is given for everything that came."""
        kept, back = list(dict.fromkeys(self.kept)), list(dict.fromkeys(self.back))
        parts = []
        if kept:
            stays = ngettext("%(products)s stays with us.", "%(products)s stay with us.", len(kept))
            parts.append(stays % {"products": listing(kept)})
        if back:
            parts.append(_comes_back(back))
        return " ".join(parts)


def accept_offer(sums: Sums, terms: PolicyTerms, unpaid: Unpaid = Unpaid()) -> Offer:
    """Take what was found: `Take the $80.00 credit`, and what becomes of goods that nothing is given for."""
    rest = f" {unpaid.words}" if unpaid.words else ""
    if not sums.found:
        return Offer(_("Accept it"), _("We finish your return. Nothing is paid.") + rest)
    return Offer(
        _("Take the %(money)s") % {"money": _named(sums.found, sums.currency, terms)},
        _("For all that we found. We finish it then.") + rest,
    )


def _comes_back(products: Sequence[str]) -> str:
    """`Vital C serum comes back to you.`."""
    words = ngettext("%(products)s comes back to you.", "%(products)s come back to you.", len(products))
    return words % {"products": listing(products)}


def send_back_offer(sums: Sums, terms: PolicyTerms, titles: Sequence[str]) -> Offer | None:
    """Have the products back that weren't as told, and the rest settled; None where nothing could go back."""
    if sums.sent_back is None or not titles:
        return None
    products = listing(list(dict.fromkeys(titles)))
    rest = _("Nothing is paid.")
    if sums.sent_back:
        rest = _("%(money)s for the rest.") % {"money": _named(sums.sent_back, sums.currency, terms)}
    return Offer(
        _("Send %(products)s back to me") % {"products": products}, f"{rest} {_comes_back(list(dict.fromkeys(titles)))}"
    )


def unpaid_of(request: ReturnRequest, lines: Sequence[ReturnLine]) -> Unpaid:
    """What becomes of the goods that came and give nothing, as the inspection says."""
    after = by_line(request.current_quote, lines, ACCEPTED)
    nothing = [line for line in lines if line.received_quantity and line.authorized_quantity]
    nothing = [line for line in nothing if (judged := after.get(line.pk)) is None or not _gives(judged)]
    is_back = Disposition.SEND_BACK.value
    return Unpaid(
        [line.order_line.title for line in nothing if line.disposition and line.disposition != is_back],
        [line.order_line.title for line in nothing if line.disposition == is_back],
    )


def _gives(judged: LineQuote) -> bool:
    return is_goods(judged) or bool(judged.amount)


def disagree_offer() -> Offer:
    """Somebody else looks again."""
    return Offer(_("I don't agree"), _("Tell us why. A second person looks at it, and nothing is settled until then."))


def given_words(judged: LineQuote | None, currency: str, *, was: LineQuote | None = None) -> str:
    """What a line gives: `$46.00`, `exchanged`; `nothing` where goods `was` promised for it aren't given any more."""
    if judged is not None and is_goods(judged):
        return _(_GOODS[judged.resolution or Resolution.NONE])
    if was is not None and is_goods(was) and (judged is None or not judged.is_granted):
        return _("nothing")
    return money(judged.amount if judged else NO_MONEY, currency)


def gave_words(earlier: EarlierFinding, currency: str, *, named: bool = True) -> str:
    """What a line gave as it was found first: `$46.00`, where it is ``named`` `$46.00 credit`; `exchanged`."""
    form = Resolution(earlier.resolution)
    if form in _GOODS:
        return _(_GOODS[form])
    amount = money(earlier.amount, currency)
    is_credit = named and form is Resolution.STORE_CREDIT
    return _("%(amount)s credit") % {"amount": amount} if is_credit else amount


_GOODS = {Resolution.EXCHANGE: N_("exchanged"), Resolution.REPLACEMENT: N_("replaced")}


def _named(amount: Decimal, currency: str, terms: PolicyTerms) -> str:
    """`$80.00 credit` at a shop that gives credit only, else `$80.00`."""
    if terms.money.is_credit_only:
        return _("%(amount)s credit") % {"amount": money(amount, currency)}
    return money(amount, currency)
