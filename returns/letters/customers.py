"""Mails to customers and guests about their return (requirements, section 8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from returns import leaving, tokens
from returns.coming_back import expects_goods
from returns.components import Ledger
from returns.domain.deadlines import local_date
from returns.domain.facts import Disposition, Outcome, Resolution
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import LineQuote, Quote
from returns.domain.verdict import Code
from returns.domain.workflow import Status
from returns.letters.differences import differences
from returns.letters.frame import framed, policy_page, request_of, return_page
from returns.letters.matters import matter_of
from returns.letters.timing import NoLongerTrue
from returns.models import Message, Notification, OrderLine, ReturnLine, ReturnRequest, Storefront
from returns.quoting import order_lines
from returns.wording.endings import Ending
from returns.wording.instructions import instructions
from returns.wording.ledgers import GOODS, Stage, quote_ledger, without_way_back
from returns.wording.missing import is_missing, is_report, looked_words
from returns.wording.open_questions import asks_for_photo
from returns.wording.phrases import count, day_of_month, listing, long_date, money
from returns.wording.policies import duration, ship_later
from returns.wording.promises import Expected, answer_words, leaving_words, promise_words
from returns.wording.rejections import rejection_sentence
from returns.wording.states import exchange_words, exchanges_of, free_units, named
from returns.wording.verdicts import Seller, Words, asked_anyway, words_for


@dataclass(frozen=True, slots=True)
class Case:
    """A return with what its mails name, read once."""

    row: Notification
    request: ReturnRequest
    terms: PolicyTerms
    bought: Sequence[OrderLine]
    lines: Sequence[ReturnLine]

    @classmethod
    def of(cls, row: Notification) -> "Case":
        """The return this row is about."""
        request = request_of(row)
        terms = request.policy_version.parsed()
        return cls(row, request, terms, order_lines(request.order), list(request.lines.all()))

    @property
    def storefront(self) -> Storefront:
        """The shop that writes."""
        return self.request.storefront

    @property
    def titles(self) -> list[str]:
        """The names of the order's lines by their index."""
        return [line.title for line in self.bought]

    @property
    def seller(self) -> Seller:
        """Where the order was placed, if not here."""
        return Seller(self.request.order.seller_name, self.request.order.seller_contact)

    def money(self, amount: Decimal) -> str:
        """An amount in the order's currency."""
        return money(amount, self.request.order.currency)

    def day(self, at: datetime) -> date:
        """The day of an instant at the storefront."""
        return local_date(at, self.storefront.zone)

    def leaves_by(self, now: datetime) -> Expected | None:
        """The day by which goods leave for the customer, as of now; None where none are to leave."""
        return Expected.of(leaving.leaves_by(self.request, self.lines), self.day(now))

    def ledger(self, quote: Quote, stage: Stage) -> Ledger | None:
        """The sum with its rows; None where there is nothing to add up."""
        words = quote_ledger(
            quote,
            self.titles,
            self.terms,
            stage=stage,
            exchanges=exchanges_of(self.request, self.lines),
            free=free_units(self.bought),
        )
        return words if words.rows else None

    def letter(self, **content: Any) -> dict[str, Any]:
        """The content with what every mail about a return says."""
        return framed(
            self.storefront,
            **{
                "hello": hello(self.request.contact_name),
                "number": self.request.number,
                "reference": self.request.reference,
                "rma_number": self.request.rma_number,
                "order_number": self.request.order.number,
                "url": self.url,
                "ready": self._ready,
                "version": self.request.policy_version.number,
                "policy_url": policy_page(self.request),
                "because": _asked_for(self),
                **content,
            },
        )

    @property
    def url(self) -> str:
        """Where the return is: behind a fresh link for a guest (D7), behind the sign-in for everybody else."""
        link = matter_of(self.row).link
        if link is not None:
            return tokens.url_for(link, reference=self.request.reference)
        return return_page(self.request)

    @property
    def _ready(self) -> str:
        """What to have at hand when calling (CON-34)."""
        account = self.request.account.number if self.request.account else self.request.contact_account_number
        if account and self.request.rma_number:
            words = _("Have your account number %(account)s and your RMA number ready.")
        elif account:
            words = _("Have your account number %(account)s and your reference ready.")
        else:
            words = _("Have your RMA number ready.") if self.request.rma_number else _("Have your reference ready.")
        return words % {"account": account}


# ---------------------------------------------------------------------------------------------------- before deciding


def _as_sent(request: ReturnRequest, lines: Sequence[ReturnLine]) -> Quote:
    """What was quoted, without the way back where nothing is to be sent."""
    quote = request.submitted_quote
    return quote if expects_goods(request, lines) else without_way_back(quote)


def received(row: Notification, now: datetime) -> dict[str, Any]:
    """We have your request; don't ship yet (LPS-12)."""
    case = Case.of(row)
    quote = case.request.submitted_quote
    return case.letter(
        lines=[_asked(case, line, judged) for line, judged in zip(case.lines, quote.lines, strict=True)],
        ledger=None if is_missing(case.lines) else case.ledger(_as_sent(case.request, case.lines), Stage.QUOTE),
        expects_goods=expects_goods(case.request, case.lines),
        is_missing=is_missing(case.lines),
        is_report=is_report(case.lines),
        looked=looked_words(case.request.checks),
        ask_first=ship_later(case.terms),
        duration=duration(case.terms),
        answer=answer_words(Expected.of(case.request.decides_by, case.day(now))),
    )


def _asked(case: Case, line: ReturnLine, judged: LineQuote) -> tuple[str, Words]:
    words = words_for(judged, case.terms, seller=case.seller)
    is_no = judged.verdict.outcome in {Outcome.NOT_ELIGIBLE, Outcome.REDIRECT}
    name = ": ".join(filter(None, (named(line, line.requested_quantity, case.lines), exchange_words(line))))
    return name, asked_anyway(words) if is_no and line.ask_anyway else words


def information_requested(row: Notification, _now: datetime) -> dict[str, Any]:
    """One question, in the words of the person who asks (PRO-29)."""
    case = Case.of(row)
    question = question_before(case, row.context["event_seq"])
    return case.letter(question=question, asks_photo=asks_for_photo(question))


def question_before(case: Case, seq: int) -> str:
    """What staff wrote just before this event, which asks it."""
    asked = case.request.events.filter(action="message", seq__lt=seq).order_by("-seq").first()
    if asked is None:
        return ""
    message = Message.objects.filter(request=case.request, public_id=asked.data["message"], internal=False).first()
    return message.body if message else ""


def withdrawn(row: Notification, _now: datetime) -> dict[str, Any]:
    """The return is withdrawn; a package that isn't on its way shouldn't be."""
    return Case.of(row).letter()


# ---------------------------------------------------------------------------------------------------------- decisions


def authorized(row: Notification, now: datetime) -> dict[str, Any]:
    """What to pack, what to write on the box, where to send it, who pays, and what comes of it (LPS-13…22, CON-30)."""
    case = Case.of(row)
    request = case.request
    quote = Quote.from_data(request.decision_quote) if request.decision_quote else request.submitted_quote
    how = instructions(request, case.terms, case.bought, case.lines, quote)
    return case.letter(
        how=how,
        carriers=listing(how.carriers, "or"),
        gain=gain(quote),
        duration=duration(case.terms),
        left_out=[_left_out(case, line) for line in case.lines if _missing(line)],
        goods_come_back=request.goods_come_back,
        gives_goods=quote.gives_goods,
        leaving=leaving_words(case.leaves_by(now)),
        exchanges=[words for line in case.lines if line.authorized_quantity and (words := exchange_words(line))],
        is_missing=is_missing(case.lines),
        ledger=case.ledger(_without_what_is_said(request, quote), Stage.DECISION),
    )


def _without_what_is_said(request: ReturnRequest, quote: Quote) -> Quote:
    """What came free is named in the instructions; where nothing comes back, there is no way to pay for either."""
    return replace(quote, also_return=()) if request.goods_come_back else without_way_back(quote)


def gain(quote: Quote) -> str:
    """`You get $125.28 back`: what the customer gets, in half a sentence."""
    given = {line.resolution for line in quote.lines if line.is_granted}
    parts = []
    if quote.total:
        credit = Resolution.REFUND not in given
        words = _("%(amount)s as store credit") if credit else _("%(amount)s back")
        parts.append(words % {"amount": money(quote.total, quote.currency)})
    parts = [_(words) for form, words in GOODS.items() if form in given] + parts
    is_weighed = any(line.verdict.code is Code.PARTIAL_USED_CREDIT for line in quote.lines)
    # The open end of the sum, the last of the parts, closes the sentence.
    sentence = (
        _("You get %(given)s, as quoted; it is computed again from what we find")
        if quote.total and is_weighed
        else _("You get %(given)s")
    )
    return sentence % {"given": listing(parts)} if parts else ""


def _missing(line: ReturnLine) -> int:
    return line.requested_quantity - (line.authorized_quantity or 0)


def _left_out(case: Case, line: ReturnLine) -> tuple[str, str]:
    """What isn't taken back, and why."""
    return named(line, _missing(line), case.lines), _why_not(case, line)


def _why_not(case: Case, line: ReturnLine) -> str:
    judged = case.request.submitted_quote.lines[line.position - 1]
    is_no = judged.verdict.outcome in {Outcome.NOT_ELIGIBLE, Outcome.REDIRECT}
    verdict = words_for(judged, case.terms, seller=case.seller).sentence if is_no else ""
    return rejection_sentence(line.rejection_reason, line.rejection_text, verdict)


def rejected(row: Notification, _now: datetime) -> dict[str, Any]:
    """What we can't take back, and why (LPS-24, PRO-28, PRO-29)."""
    case = Case.of(row)
    return case.letter(
        what=case.lines[0].order_line.title if len(case.lines) == 1 else count(len(case.lines), "product"),
        reasons=list(_reasons(case)),
    )


def _reasons(case: Case) -> Iterator[tuple[str, str]]:
    """Each sentence once, with the products it is about."""
    by_sentence: dict[str, list[str]] = {}
    for line in case.lines:
        by_sentence.setdefault(_why_not(case, line), []).append(line.order_line.title)
    for sentence, titles in by_sentence.items():
        yield listing(list(dict.fromkeys(titles))), sentence


def redirected(row: Notification, _now: datetime) -> dict[str, Any]:
    """Return it to the seller, and how to reach them (CON-19, CON-36)."""
    case = Case.of(row)
    written = next((line.rejection_text for line in case.lines if line.rejection_text), "")
    return case.letter(seller=case.seller.name, seller_contact=case.seller.contact, written=written)


# ------------------------------------------------------------------------------------------------------- after receipt


def package_received(row: Notification, _now: datetime) -> dict[str, Any]:
    """It's here: what we counted, and the promised day (LPS-32, CON-32, GEN-10)."""
    case = Case.of(row)
    request = case.request
    promise = promise_words(case.terms, Status.RECEIVED, request.received_at, request.due_on)
    return case.letter(
        due=day_of_month(request.due_on) if request.due_on else "",
        due_day=long_date(request.due_on) if request.due_on else "",
        promise=promise.sentence if promise else "",
        counted=[
            (line.order_line.title, line.authorized_quantity or 0, line.received_quantity)
            for line in case.lines
            if line.received_quantity is not None
        ],
    )


def completed(row: Notification, now: datetime) -> dict[str, Any]:
    """Done: what the main contact gets, and how the sum came about (CON-33)."""
    case = Case.of(row)
    request, settlement = case.request, case.request.settlement
    account = request.account
    resolution = settlement.given_as
    # What the settlement's lines say; both were written from one answer, in one transaction.
    settled = request.current_quote
    before = Quote.from_data(request.decision_quote or request.quote)
    is_main = account is not None and row.recipient == account.main_contact_email
    return case.letter(
        hello=hello(account.main_contact_name if account and is_main else request.contact_name),
        headline=headline(resolution, settlement.amount, settled.currency, stays_here=_stays_here(case, resolution)),
        leaving=_leaving(case, resolution, now),
        is_credit=bool(settlement.credit),
        is_refund=bool(settlement.payout),
        account_number=account.number if account else "",
        payment_method=settlement.payment_method,
        ledger=case.ledger(without_way_back(settled), Stage.SETTLED),
        before=case.money(before.total) if before.total != settled.total else "",
        differences=differences(case.lines, before, settled, case.terms),
        days=_days(case, settlement.decided_at),
        because=_to_main_contact(account.number) if account and is_main else _asked_for(case),
    )


def headline(resolution: Resolution, total: Decimal, currency: str, *, stays_here: bool = False) -> str:
    """The subject and the title: how it ended."""
    is_nothing = resolution.is_money and not total
    return Ending(resolution, amount=money(total, currency), is_nothing=is_nothing, stays_here=stays_here).headline


def _stays_here(case: Case, resolution: Resolution) -> bool:
    back = any(line.goes_back or line.disposition == Disposition.SEND_BACK.value for line in case.lines)
    return resolution is Resolution.NONE and not back


def _leaving(case: Case, resolution: Resolution, now: datetime) -> str:
    """By when goods leave for the customer, beside money too, or what becomes of them where nothing is given."""
    if resolution.is_money:
        by = case.leaves_by(now)
        return leaving_words(by) if by else ""
    return Ending(
        resolution,
        is_sent=leaving.shipment_of(case.request) is not None,
        leaves_by=case.leaves_by(now),
        stays_here=_stays_here(case, resolution),
    ).text


def _to_main_contact(account: str) -> str:
    return _("Sent to the main contact of account %(account)s.") % {"account": account}


def _asked_for(case: Case) -> str:
    asked = {"date": long_date(case.day(case.request.requested_at))}
    return _("You get this message because you asked for a return on %(date)s.") % asked


def _days(case: Case, done_at: datetime) -> str:
    """`Received Monday, …, promised by …, done …`, as far as there was a package."""
    request = case.request
    done = long_date(case.day(done_at))
    if request.received_at is None or request.due_on is None:
        return _("Done %(date)s.") % {"date": done}
    days = {"date": long_date(case.day(request.received_at)), "due": long_date(request.due_on), "done": done}
    return _("Received %(date)s, promised by %(due)s, done %(done)s.") % days


# ---------------------------------------------------------------------------------------------------------- guest link


def guest_link(row: Notification, _now: datetime) -> dict[str, Any]:
    """The link that somebody with the order's number and address asked for (D7)."""
    link = matter_of(row).link
    if link is None:
        raise NoLongerTrue("The link isn't there any more.")
    storefront = link.order.storefront
    return framed(
        storefront,
        order_number=link.order.number,
        url=tokens.url_for(link, lane=row.context.get("lane", "")),
        until=long_date(local_date(link.expires_at, storefront.zone)),
    )


def hello(name: str) -> str:
    """`Hello Maya Brennan`: the whole name, which may be a studio's; `Hello` where nobody told us one."""
    return _("Hello %(name)s") % {"name": name.strip()} if name.strip() else _("Hello")
