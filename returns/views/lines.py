"""A line of an order as its pages show it: product, verdict, ruler, and the forms where it is being returned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from returns.components import Ledger, Ruler, VerdictStrip
from returns.domain.facts import Outcome
from returns.domain.settlement import LineQuote, Quote
from returns.enquiries import Enquiry
from returns.forms.item_list import LineItems, ReturnFormSet, is_free_item
from returns.forms.items import ItemForm
from returns.models import OrderLine, PolicyVersion, Storefront
from returns.quoting import Asked
from returns.wording import orders as words
from returns.wording.checks import asked_anyway_rows
from returns.wording.ledgers import quote_ledger
from returns.wording.phrases import money
from returns.wording.states import free_units, sized
from returns.wording.strips import line_ruler, verdict_strip

_SIGNS = (
    ("shirt", ("tshirt", "t-shirt", "shirt")),
    ("kit", ("trial_kit", "kit", "set")),
    ("tube", ("cleanser", "mask", "scrub", "tube", "gel", "lotion")),
    ("jar", ("crème", "creme", "cream", "moisturizer", "jar", "masque")),
    ("gift", ("gift", "bag", "promo")),
)


def sign_of(line: OrderLine) -> str:
    """The drawing beside a product. It only helps to find one's way, so a guess from the name is enough."""
    name = f"{line.kind} {line.title}".lower()
    return next((sign for sign, hints in _SIGNS if any(hint in name for hint in hints)), "bottle")


def policy_url(storefront: Storefront, version: PolicyVersion) -> str:
    """The page of the very version a verdict rests on."""
    return reverse("portal:policy_version", args=[storefront.slug, version.number])


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about one line, or one part of it: the strip, and the ruler where a day count decides."""

    strip: VerdictStrip
    ruler: Ruler | None
    form: ItemForm | None = None


@dataclass(frozen=True, slots=True)
class LineView:
    """One line on the page. ``answers`` is empty where nothing is left to return, or where it comes back by itself.

    ``comes_too``: it came free with the order and travels back with whatever is returned.
    """

    line: OrderLine
    sign: str
    bought: str
    answers: Sequence[Answer]
    can_be_split: bool = False
    is_split: bool = False
    comes_too: bool = False


def answer_of(enquiry: Enquiry, asked: Asked, judged: LineQuote, form: ItemForm | None = None) -> Answer:
    """The verdict on what is asked, in words."""
    strip = verdict_strip(
        judged,
        enquiry.terms,
        policy_url=policy_url(enquiry.order.storefront, enquiry.version),
        seller=enquiry.seller,
        possible=enquiry.possible(asked, judged),
    )
    return Answer(strip, line_ruler(judged, enquiry.terms), form)


def line_views(enquiry: Enquiry) -> list[LineView]:
    """The lines of an order with what most people would get for them today."""
    return [_usual(enquiry, line) for line in enquiry.lines]


def _usual(enquiry: Enquiry, line: OrderLine) -> LineView:
    bought = words.bought(line, enquiry.order.currency)
    if line.available < 1 or is_free_item(line, enquiry.terms):
        return LineView(line, sign_of(line), bought, [], comes_too=line.available > 0)
    asked = enquiry.usual(line)
    return LineView(line, sign_of(line), bought, [answer_of(enquiry, asked, enquiry.judge(asked))])


MANY_LINES = 8
"""From more lines on, those that can't go back are folded away, and may be left out."""


@dataclass(frozen=True, slots=True)
class ListedItems:
    """The lines of the items page: those to look at first, and those that can't go back, folded under their count.

    ``can_filter``: there are many of both kinds. ``nothing_possible``: the policy takes back none of them.
    """

    shown: Sequence[LineView]
    folded: Sequence[LineView]
    possible: int
    total: int
    can_filter: bool
    only_possible: bool
    nothing_possible: bool


def sorted_views(formset: ReturnFormSet, *, only_possible: bool) -> ListedItems:
    """The lines of an order with the forms to return them. What is chosen is never folded away."""
    usual = usual_answers(formset.enquiry)
    possible = sum(usual.values())
    can_filter = len(formset.items) > MANY_LINES and 0 < possible < len(formset.items)
    first = [item for item in formset.items if not can_filter or usual[item.line.pk] or _is_chosen(item)]
    rest = [item for item in formset.items if item not in first]
    leaves_out = can_filter and only_possible
    return ListedItems(
        shown=[_item(formset.enquiry, item) for item in first],
        folded=[] if leaves_out else [_item(formset.enquiry, item) for item in rest],
        possible=possible,
        total=len(formset.items),
        can_filter=can_filter,
        only_possible=leaves_out,
        nothing_possible=not possible,
    )


def usual_answers(enquiry: Enquiry) -> dict[int, bool]:
    """For each line by its key, whether what most people ask would be granted or looked at."""
    return {line.pk: _can_go_back(enquiry, line) for line in enquiry.lines}


def _can_go_back(enquiry: Enquiry, line: OrderLine) -> bool:
    if line.available < 1 or is_free_item(line, enquiry.terms):
        return False
    return enquiry.judge(enquiry.usual(line)).verdict.outcome in (Outcome.ELIGIBLE, Outcome.NEEDS_REVIEW)


def _is_chosen(item: LineItems) -> bool:
    return any(part.is_chosen for part in item.parts)


def _item(enquiry: Enquiry, item: LineItems) -> LineView:
    bought = words.bought(item.line, enquiry.order.currency)
    if item.is_gone or item.is_free_item:
        return LineView(item.line, sign_of(item.line), bought, [], comes_too=item.is_free_item and not item.is_gone)
    answers = [answer_of(enquiry, part.asked, part.judged, part) for part in item.parts]
    return LineView(item.line, sign_of(item.line), bought, answers, item.can_be_split, item.is_split)


@dataclass(frozen=True, slots=True)
class QuoteView:
    """The answer to a whole request. ``is_counted``: something is granted.

    ``is_looked_at``: a person has to look at some of it, because the rules leave it open or the customer asks anyway.
    """

    quote: Quote
    ledger: Ledger
    is_counted: bool
    is_looked_at: bool = True

    @property
    def total(self) -> str:
        """The sum in one sentence, the only part that is read aloud when it changes."""
        if not self.is_counted:
            return _("Not counted yet") if self.is_looked_at else _("Nothing comes back")
        if self.ledger.total_instead:
            return f"{self.ledger.total_label} {self.ledger.total_instead}"
        return f"{self.ledger.total_label} {money(self.quote.total, self.quote.currency)}"


def _exchanges(enquiry: Enquiry, asked: Sequence[Asked], quote: Quote) -> dict[int, str]:
    """The products wished in exchange, by the order line's index; none where two parts wish different ones."""
    wished: dict[int, set[str]] = {}
    for one, judged in zip(asked, quote.lines, strict=True):
        product = enquiry.catalogue.known(one.exchange_product_id) if one.exchange_product_id else None
        wished.setdefault(judged.line, set()).add(sized(product) if product is not None else "")
    return {index: names.pop() for index, names in wished.items() if len(names) == 1}


def quote_view(enquiry: Enquiry, asked: Sequence[Asked]) -> QuoteView | None:
    """The quote for these lines; None where nothing is asked."""
    if not asked:
        return None
    quote = enquiry.quote(asked)
    possible = [enquiry.possible(one, judged) for one, judged in zip(asked, quote.lines, strict=True)]
    ledger = quote_ledger(
        quote,
        enquiry.titles,
        enquiry.terms,
        possible=possible,
        exchanges=_exchanges(enquiry, asked, quote),
        free=free_units(enquiry.lines),
    )
    ledger = replace(ledger, after=(*asked_anyway_rows(asked, quote, enquiry.titles), *ledger.after))
    is_open = any(line.verdict.outcome is Outcome.NEEDS_REVIEW for line in quote.lines)
    is_looked_at = is_open or any(one.ask_anyway for one in asked)
    return QuoteView(quote, ledger, any(line.is_granted for line in quote.lines), is_looked_at)
