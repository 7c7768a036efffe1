"""What a customer may ask about an order before filing: verdicts, wishes to choose from, what an answer would give.

The order, its account and its policy are read once; every question after that is the engine's alone, so that a page
can ask as often as it likes. Nothing is written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from returns.catalogue import Catalogue
from returns.domain.facts import AccountFacts, Condition, OrderFacts, Outcome, Reason, Wish
from returns.domain.policy import ExchangeDecision, PolicyTerms, Remedy
from returns.domain.settlement import LineQuote, Quote, quote
from returns.domain.verdict import Code
from returns.models import Order, OrderLine, PolicyVersion, ReturnLine
from returns.policy_in_force import policy_version_for
from returns.quoting import Asked, account_facts, asked_facts, order_facts, order_lines
from returns.wording.verdicts import Seller


@dataclass(frozen=True, slots=True)
class Enquiry:
    """An order that somebody asks about at the moment ``at``, with the terms that govern it (RES-55)."""

    order: Order
    lines: tuple[OrderLine, ...]
    version: PolicyVersion
    terms: PolicyTerms
    account: AccountFacts
    facts: OrderFacts
    at: datetime
    catalogue: Catalogue

    @classmethod
    def about(cls, order: Order, *, at: datetime, asked_back: Sequence[ReturnLine] | None = None) -> "Enquiry":
        """Read what the engine needs to know; ``asked_back`` as for `order_facts`. Raises NoPolicyInForce."""
        lines = order_lines(order)
        if asked_back is None and not any(line.refunded or line.returned_quantity for line in lines):
            asked_back = ()  # nothing was given for any of them, so there is nothing to read
        version = policy_version_for(order)
        terms = version.parsed()
        return cls(
            order=order,
            lines=tuple(lines),
            version=version,
            terms=terms,
            account=account_facts(order, terms=terms),
            facts=order_facts(order, lines, asked_back=asked_back),
            at=at,
            catalogue=Catalogue(order.storefront, terms),
        )

    @property
    def titles(self) -> list[str]:
        """The names of the lines, as the ledger numbers them."""
        return [line.title for line in self.lines]

    @property
    def seller(self) -> Seller:
        """Where the order was placed, if not here."""
        return Seller(self.order.seller_name, self.order.seller_contact)

    @property
    def has_units_left(self) -> bool:
        """Whether anything of the order can still be asked back or reported."""
        return any(line.available > 0 for line in self.lines)

    def quote(self, asked: Sequence[Asked]) -> Quote:
        """The answer to a whole request."""
        return quote(self.terms, self.account, self.facts, asked_facts(self.lines, asked, self.at))

    def judge(self, asked: Asked) -> LineQuote:
        """The answer to one line alone."""
        return self.quote([asked]).lines[0]

    def lacks_arrival(self, asked: Asked) -> bool:
        """Whether a claim hangs on when the package came, which nobody knows: the damage lane asks it (RES-24)."""
        return asked.reason.is_merchant_fault and self.judge(asked).verdict.code is Code.DELIVERY_UNKNOWN

    def usual(self, line: OrderLine) -> Asked:
        """What most people ask: all that is left, unopened, for the shop's form of money."""
        return Asked(
            order_line_id=line.pk,
            quantity=max(line.available, 1),
            reason=Reason.CHANGED_MIND,
            condition=Condition.UNOPENED,
            wants=self.first_wish,
        )

    @property
    def first_wish(self) -> Wish:
        """The form of money the shop gives unless another is wished."""
        return Wish(self.terms.money.forms[0].value)

    def wishes(self, asked: Asked) -> tuple[Wish, ...]:
        """The wishes that would lead somewhere, and to different places: one way is no choice (ux, principle 5)."""
        found: dict[object, Wish] = {}
        for wish in self._possible(asked):
            judged = self.judge(replace(asked, wants=wish))
            if judged.is_granted:
                found.setdefault(judged.resolution, wish)
            elif judged.verdict.outcome is Outcome.NEEDS_REVIEW:
                found.setdefault(wish, wish)
        return tuple(found.values())

    def _possible(self, asked: Asked) -> list[Wish]:
        """No new one of what is out of stock, where money is a way too (CON-15)."""
        candidates = self._candidates(asked)
        line = next(line for line in self.lines if line.pk == asked.order_line_id)
        others: list[Wish] = [wish for wish in candidates if wish is not Wish.REPLACEMENT]
        return candidates if line.is_in_stock or not others else others

    def _candidates(self, asked: Asked) -> list[Wish]:
        reason, money = asked.reason, [Wish(form.value) for form in self.terms.money.forms]
        if reason is Reason.NOT_RECEIVED:
            return [self.first_wish]
        if not reason.is_merchant_fault:
            return [*money, Wish.EXCHANGE] if self.exchanges(reason) and not self._pays_share(asked) else money
        remedies = self.terms.claims.remedies
        return [
            *(money if Remedy.MONEY in remedies else []),
            *([Wish.REPLACEMENT] if Remedy.REPLACEMENT in remedies else []),
        ]

    def exchanges(self, reason: Reason) -> bool:
        """Whether the shop exchanges unopened products that come back for this reason (RES-26, RES-48)."""
        rule = self.terms.exchange
        return reason in rule.reasons and rule.decision is not ExchangeDecision.NONE

    def _pays_share(self, asked: Asked) -> bool:
        """Opened products give a share of their price, and no exchange (RES-07)."""
        return asked.condition is Condition.OPENED and self.terms.opened.share_percent is not None

    def possible(self, asked: Asked, judged: LineQuote) -> Decimal | None:
        """What the line gives once its open question is answered well; None where no answer of the customer helps."""
        numbers = judged.verdict.numbers
        if judged.verdict.code is Code.EXPIRY_UNKNOWN:
            answered = replace(asked, expires_on=numbers.must_expire_on)
        elif judged.verdict.code is Code.USAGE_UNKNOWN:
            answered = replace(asked, used_percent=Decimal(0))
        else:
            return None
        return self.judge(answered).amount or None
