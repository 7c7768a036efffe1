"""The status page of a return: whose turn, what was told, decided and found, the sum, the promise, the path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from returns.components import (
    Clause,
    Difference,
    Found,
    Ledger,
    MessageView,
    PhotoView,
    Promise,
    Stage,
    VerdictStrip,
    Voice,
)
from returns.differences import ACCEPTED, AUTHORIZED, Answer, by_line, differing, giving_less, outcomes, returnable
from returns.domain.deadlines import local_date
from returns.domain.facts import Outcome, Resolution
from returns.domain.policy import PolicyTerms
from returns.domain.settlement import LineQuote, Quote
from returns.domain.verdict import Code
from returns.domain.workflow import AWAITING_DECISION, FINAL, Action, Actor, Status, available
from returns.models import Message, OrderLine, Photo, ReturnLine, ReturnRequest, Settlement
from returns.quoting import order_lines
from returns.services.photos import DECLARABLE, MOST_PHOTOS
from returns.services.requests import is_open_to_messages
from returns.views.lines import policy_url
from returns.views.photo_box import photo_views
from returns.wording import ledgers
from returns.wording.carriers import tracking_url
from returns.wording.differences import (
    MeasuredWords,
    Offer,
    Sums,
    accept_offer,
    disagree_offer,
    given_words,
    measured_words,
    send_back_offer,
)
from returns.wording.help import care_of
from returns.wording.instructions import Instructions, instructions
from returns.wording.ledgers import earlier_quote, quote_ledger, without_way_back
from returns.wording.missing import is_missing, looked_words
from returns.wording.phrases import brief_moment, listing, long_date, moment, money
from returns.wording.progress import (
    Ending,
    Findings,
    expected_end,
    path_stages,
    promise_words,
    reached_statuses,
    status_words,
)
from returns.wording.rejections import rejection_sentence
from returns.wording.states import asked_words, found_words, named, told_words
from returns.wording.strips import clause_of, verdict_strip
from returns.wording.verdicts import Seller, looked_at, words_for

SENDING = (Status.AUTHORIZED, Status.SHIPPED)
"""Statuses in which the goods are still with the customer or on their way, so that the instructions are shown."""
INSPECTED = frozenset({Status.INSPECTED, Status.DIFFERENCE_SENT, Status.COMPLETED})
"""Statuses in which the photos of the inspection are shown: what was found is noted by then."""


class Event(NamedTuple):
    """What the page needs to know about an event of the history."""

    action: str
    target: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A return with everything its page shows, each kind of rows read once."""

    rma: ReturnRequest
    status: Status
    terms: PolicyTerms
    lines: Sequence[ReturnLine]
    bought: Sequence[OrderLine]
    events: Sequence[Event]
    messages: Sequence[Message]
    photos: Sequence[Photo]

    @classmethod
    def of(cls, rma: ReturnRequest) -> "Case":
        """Read what belongs to this return; what only staff may see is never read."""
        events = rma.events.filter(for_customer=True).order_by("seq").values_list("action", "target", "at", "data")
        return cls(
            rma,
            Status(rma.status),
            rma.policy_version.parsed(),
            list(rma.lines.select_related("order_line", "exchange_product").order_by("position")),
            order_lines(rma.order),
            [Event(*event) for event in events],
            list(rma.messages.filter(internal=False).order_by("at", "id")),
            list(rma.photos.exclude(message__internal=True).select_related("order_line").order_by("at", "id")),
        )

    @property
    def titles(self) -> list[str]:
        """The names of the order's lines by their index."""
        return [line.title for line in self.bought]

    @property
    def seller(self) -> Seller:
        """Where the order was placed, if not here."""
        return Seller(self.rma.order.seller_name, self.rma.order.seller_contact)

    @property
    def is_lost(self) -> bool:
        """Whether it was closed because its package never came (LPS-22)."""
        moves = [event.action for event in self.events if event.target]
        return self.status is Status.EXPIRED and moves[-1:] == [Action.CLOSE_LOST.value]

    @property
    def is_missing(self) -> bool:
        """Whether it reports a package that never came, with nothing to send back."""
        return is_missing(self.lines)

    @property
    def photos_left(self) -> int:
        """How many photos the customer may still add."""
        if self.status not in DECLARABLE:
            return 0
        return max(0, MOST_PHOTOS - sum(not photo.from_staff and photo.hidden_at is None for photo in self.photos))

    def last(self, action: Action) -> Event | None:
        """The latest event of an action."""
        return next((event for event in reversed(self.events) if event.action == action.value), None)

    def day(self, at: datetime) -> str:
        """The day of an instant at the storefront."""
        return long_date(local_date(at, self.rma.storefront.zone))

    def photos_of(self, stage: str) -> list[PhotoView]:
        """The photos of a stage that came with no message."""
        these = [photo for photo in self.photos if photo.stage == stage and photo.message_id is None]
        return photo_views(these, self.rma.storefront)


def status_context(case: Case, now: datetime) -> dict[str, Any]:
    """What the page shows about a return as it stands now."""
    rma, status = case.rma, case.status
    shown, ending = _lines(case), ending_of(rma)
    actions = available(status, Actor.OWNER)
    return {
        "storefront": rma.storefront,
        "policy_version": rma.policy_version,
        "rma": rma,
        "words": status_words(
            status,
            ending,
            findings=_findings(case),
            is_lost=case.is_lost,
            goods_come_back=rma.goods_come_back,
            gives_goods=rma.current_quote.gives_goods,
            is_missing=case.is_missing,
        ),
        "asked": long_date(local_date(rma.requested_at, rma.storefront.zone)),
        "sent_at": moment(rma.requested_at, rma.storefront.zone) if status is Status.SUBMITTED else "",
        "waits_since": _waits_since(case),
        "lines": [line for line in shown if not line.is_left_out],
        "left_out": [line for line in shown if line.is_left_out],
        "ledger": _ledger(case),
        "promise": _promise(case),
        "stages": _stages(case, ending),
        "tracking": _tracking(rma),
        "how": _how(case),
        "sooner": _sooner(case),
        "seller": case.seller,
        "written": _messages(case),
        "own_photos": case.photos_of(Photo.DECLARED),
        "found_photos": case.photos_of(Photo.FOUND) if status in INSPECTED else [],
        "takes_photos": status in DECLARABLE,
        "can_write": is_open_to_messages(rma, now) and status is not Status.INFORMATION_REQUESTED,
        "can_withdraw": Action.WITHDRAW in actions,
        "is_undecided": status in AWAITING_DECISION,
        "is_submitted": status is Status.SUBMITTED,
        "is_redirected": status is Status.REDIRECTED,
        "is_completed": status is Status.COMPLETED,
        "is_shipped": status is Status.SHIPPED,
        "is_lost": case.is_lost,
        "is_missing": case.is_missing,
        "looked": looked_words(rma.checks),
        "is_done": status.is_final,
    }


def _findings(case: Case) -> Findings:
    return Findings(bool(differing(case.rma, case.lines)), case.rma.difference_answer, case.rma.answer_due_on)


def _waits_since(case: Case) -> str:
    """Since when the customer has been asked something, while we wait for the answer."""
    asked = {
        Status.INFORMATION_REQUESTED: Action.REQUEST_INFORMATION,
        Status.DIFFERENCE_SENT: Action.SEND_DIFFERENCE,
    }.get(case.status)
    event = case.last(asked) if asked else None
    return case.day(event.at) if event else ""


def question_of(case: Case) -> str:
    """What staff asked when they asked for information last, whatever they wrote since."""
    asked = case.last(Action.REQUEST_INFORMATION)
    return next((one.body for one in case.messages if asked and one.from_staff and one.at == asked.at), "")


# ----------------------------------------------------------------------------------- the sum, the promise, the path


def _ledger(case: Case) -> Ledger | None:
    """The latest sum; an earlier one stays beside it where it was another (ux, 04). None where nothing is given."""
    rma = case.rma
    if case.status in FINAL and case.status is not Status.COMPLETED:
        return None
    if case.is_missing and rma.decision_quote is None:
        return None  # nobody has said yet what it gives
    now, before = rma.current_quote, rma.submitted_quote
    kept = [earlier_quote(before, _("Your quote"))] if now.total != before.total else []
    now = now if rma.goods_come_back else without_way_back(now)
    return quote_ledger(now, case.titles, case.terms, stage=_stage(rma), kept=kept)


def _stage(rma: ReturnRequest) -> ledgers.Stage:
    if rma.status == Status.COMPLETED:
        return ledgers.Stage.SETTLED
    return ledgers.Stage.DECISION if rma.decision_quote else ledgers.Stage.QUOTE


def _promise(case: Case) -> Promise | None:
    rma, sent = case.rma, case.last(Action.SEND_DIFFERENCE)
    if (not rma.goods_come_back or case.is_missing) and rma.received_at is None:
        return None
    is_paused = case.status is Status.DIFFERENCE_SENT and sent is not None and rma.answer_due_on is not None
    return promise_words(
        case.terms,
        case.status,
        rma.received_at,
        rma.due_on,
        waits_since=local_date(sent.at, rma.storefront.zone) if is_paused and sent else None,
        has_waited=sent is not None and not is_paused,
    )


def _stages(case: Case, ending: Ending | None) -> tuple[Stage, ...]:
    rma = case.rma
    moves = [(event.target, event.at) for event in case.events if event.target]
    given = {line.resolution for line in rma.current_quote.lines if line.resolution is not None}
    reached = reached_statuses(moves, rma.requested_at)
    tracking = " ".join(part for part in (rma.carrier, rma.tracking_number) if part)
    return path_stages(
        case.status,
        reached,
        rma.storefront.zone,
        last=ending.word if ending else expected_end(given),
        ended_as=_("Never arrived") if case.is_lost else "",
        notes={Status.SHIPPED: tracking} if Status.SHIPPED in reached else {},
        goods_come_back=rma.goods_come_back,
        is_missing=case.is_missing,
        looks_again=case.status is Status.INSPECTED and rma.difference_answer == Answer.DISAGREE.value,
    )


@dataclass(frozen=True, slots=True)
class Tracking:
    """A package on its way: with whom, its number, and the carrier's page about it."""

    carrier: str
    number: str
    url: str


def _tracking(rma: ReturnRequest) -> Tracking | None:
    if not rma.carrier and not rma.tracking_number:
        return None
    return Tracking(rma.carrier, rma.tracking_number, tracking_url(rma.carrier, rma.tracking_number))


def _how(case: Case) -> Instructions | None:
    rma = case.rma
    if case.status not in SENDING or rma.decision_quote is None or not rma.goods_come_back:
        return None
    return instructions(rma, case.terms, case.bought, case.lines, Quote.from_data(rma.decision_quote))


def _sooner(case: Case) -> str:
    """What the customer could add so that nobody has to ask: the products with an open question about the goods."""
    if case.status not in (Status.SUBMITTED, Status.IN_REVIEW):
        return ""
    asked = {
        Code.EXPIRY_UNKNOWN: _("the expiration date of %(products)s"),
        Code.USAGE_UNKNOWN: _("how much of %(products)s is used"),
        Code.DELIVERY_UNKNOWN: _("when %(products)s arrived"),
    }
    wanted: dict[Code, list[str]] = {}
    for judged in case.rma.submitted_quote.lines:
        if judged.verdict.outcome is Outcome.NEEDS_REVIEW and judged.verdict.code in asked:
            wanted.setdefault(judged.verdict.code, []).append(case.titles[judged.line])
    return listing([asked[code] % {"products": listing(list(dict.fromkeys(of)))} for code, of in wanted.items()])


# ---------------------------------------------------------------------------------------------------------------- lines


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One line of a return: what was asked, the verdict before the decision, or what was decided and found."""

    title: str
    told: str
    strip: VerdictStrip | None = None
    refused: str = ""
    difference: Difference | None = None
    rule: str = ""
    clause: Clause | None = None
    is_left_out: bool = False
    measured: Sequence[MeasuredWords] = field(default_factory=tuple)


def _lines(case: Case) -> list[StatusLine]:
    rma, terms, lines = case.rma, case.terms, case.lines
    url = policy_url(rma.storefront, rma.policy_version)
    differences, rules = _differences(case), _rules(case)
    has_some = any(line.authorized_quantity for line in lines)
    shown = []
    for line, verdict in zip(lines, rma.submitted_quote.lines, strict=True):
        strip = verdict_strip(verdict, terms, policy_url=url, seller=case.seller, anyway=line.ask_anyway)
        is_no = verdict.verdict.outcome in (Outcome.NOT_ELIGIBLE, Outcome.REDIRECT)
        sentence = words_for(verdict, terms, seller=case.seller).sentence if is_no else ""
        refused = "" if case.status is Status.REDIRECTED else _refused(line, sentence)
        rule = rules.get(line.pk)
        shown.append(
            StatusLine(
                title=named(line, line.requested_quantity, lines),
                told=asked_words(line),
                strip=strip if case.status in AWAITING_DECISION else None,
                refused=refused,
                difference=differences.get(line.pk),
                rule=looked_at(rule, terms) if rule else "",
                clause=clause_of(terms, rule.verdict.clause_id, url) if rule else None,
                is_left_out=has_some and line.authorized_quantity == 0,
                measured=measured_words(line) if line.pk in differences else (),
            )
        )
    return shown


def _refused(line: ReturnLine, verdict_sentence: str) -> str:
    """Why units of this line weren't authorized, and how many where it isn't all of them."""
    if line.authorized_quantity is None or line.authorized_quantity == line.requested_quantity:
        return ""
    sentence = rejection_sentence(line.rejection_reason, line.rejection_text, verdict_sentence)
    if not line.authorized_quantity:
        return sentence
    missing = line.requested_quantity - line.authorized_quantity
    words = _("%(missing)s of %(count)s: %(reason)s")
    return words % {"missing": missing, "count": line.requested_quantity, "reason": sentence}


def _differences(case: Case) -> dict[int, Difference]:
    """Told beside found, each with what it gives, for the lines (by key) that weren't as told."""
    rma = case.rma
    if rma.decision_quote is None or rma.found_quote is None:
        return {}
    before = by_line(Quote.from_data(rma.decision_quote), case.lines, AUTHORIZED)
    after = by_line(Quote.from_data(rma.found_quote), case.lines, ACCEPTED)
    currency, otherwise = rma.order.currency, differing(rma, case.lines)
    return {
        line.pk: Difference(
            Found(told_words(line, units=line.authorized_quantity), _given(before.get(line.pk), currency)),
            Found(
                found_words(line),
                _("goes back to you")
                if line.goes_back
                else _given(after.get(line.pk), currency, was=before.get(line.pk)),
            ),
        )
        for line in case.lines
        if line.pk in otherwise
    }


def _rules(case: Case) -> dict[int, LineQuote]:
    """The verdicts on what was found, by the line's key, where they give less than was decided before."""
    rma = case.rma
    if rma.found_quote is None:
        return {}
    after = by_line(Quote.from_data(rma.found_quote), case.lines, ACCEPTED)
    less = giving_less(rma, case.lines)
    return {line.pk: after[line.pk] for line in case.lines if line.pk in less & after.keys() and not line.goes_back}


def _given(judged: LineQuote | None, currency: str, *, was: LineQuote | None = None) -> str:
    """`$46.00 credit`, `$92.00`, `exchanged`: what a line gives."""
    words = given_words(judged, currency, was=was)
    is_credit = judged is not None and judged.resolution is Resolution.STORE_CREDIT
    return _("%(amount)s credit") % {"amount": words} if is_credit else words


def sums_told(case: Case) -> Sums:
    """What the answers to the difference come to, as they were mailed."""
    sent = case.last(Action.SEND_DIFFERENCE)
    return Sums.of(sent.data if sent else {}, case.rma.current_quote)


def sums_now(case: Case) -> Sums:
    """What they come to now: a balance may have arisen since the mail."""
    now = outcomes(case.rma, case.lines)
    return Sums(now.found.total, now.sent_back.total if now.sent_back else None, now.found.currency)


def offers_of(case: Case, sums: Sums) -> list[tuple[Answer, Offer]]:
    """The answers to the difference, each with what it comes to."""
    titles = [line.order_line.title for line in returnable(case.rma, case.lines)]
    offers = (
        (Answer.ACCEPT, accept_offer(sums, case.terms)),
        (Answer.SEND_BACK, send_back_offer(sums, case.terms, titles)),
        (Answer.DISAGREE, disagree_offer()),
    )
    return [(answer, offer) for answer, offer in offers if offer is not None]


# ------------------------------------------------------------------------------------------------------------- messages


@dataclass(frozen=True, slots=True)
class Written:
    """A message with its photos."""

    message: MessageView
    photos: Sequence[PhotoView]


def _messages(case: Case) -> list[Written]:
    """What customer and staff wrote to each other; the names of staff are never shown."""
    rma = case.rma
    zone, care = rma.storefront.zone, care_of(rma.storefront)
    sent: dict[int, list[Photo]] = {}
    for photo in case.photos:
        if photo.message_id is not None:
            sent.setdefault(photo.message_id, []).append(photo)
    return [
        Written(
            MessageView(
                who=care if message.from_staff else _("You"),
                when=brief_moment(message.at, zone),
                text=message.body,
                voice=Voice.OURS if message.from_staff else Voice.THEIRS,
            ),
            photo_views(sent.get(message.pk, ()), rma.storefront),
        )
        for message in case.messages
    ]


def ending_of(one: ReturnRequest) -> Ending | None:
    """How a completed return ended; None before that."""
    settlement: Settlement | None = getattr(one, "settlement", None)
    if settlement is None:
        return None
    resolution = Resolution(settlement.resolution)
    return Ending(
        resolution,
        is_paid=settlement.state == "confirmed",
        amount=money(settlement.total, settlement.currency),
        is_nothing=resolution.is_money and not settlement.total,
    )
