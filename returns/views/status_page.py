"""The status page of a return: whose turn, what was told, decided and found, the sum, the promise, the path."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from returns import leaving
from returns.coming_back import expects_goods, surely_expects_goods
from returns.components import Ledger, MessageView, PhotoView, Promise, Stage, Voice
from returns.differences import Answer, differing
from returns.domain.deadlines import local_date, processing_due_on
from returns.domain.facts import Disposition, Outcome, Resolution
from returns.domain.settlement import Quote
from returns.domain.verdict import Code
from returns.domain.workflow import AWAITING_DECISION, FINAL, Action, Actor, Status, available
from returns.models import Photo, ReturnRequest
from returns.services.conversation import is_open_to_messages
from returns.services.photos import DECLARABLE
from returns.views.photo_box import photo_views
from returns.views.sellers import seller_of
from returns.views.status_case import Case, ending_of
from returns.views.status_lines import lines_of
from returns.wording import ledgers
from returns.wording.carriers import tracking_url
from returns.wording.endings import Ending, expected_end
from returns.wording.help import care_of
from returns.wording.instructions import Instructions, instructions
from returns.wording.ledgers import earlier_quote, quote_ledger, without_way_back
from returns.wording.missing import looked_words
from returns.wording.paths import path_stages, reached_statuses
from returns.wording.phrases import brief_moment, listing, long_date, moment
from returns.wording.promises import Expected, leaving_words, promise_words
from returns.wording.states import exchanges_of, free_units
from returns.wording.turns import Findings, status_words

SENDING = (Status.AUTHORIZED, Status.SHIPPED)
"""Statuses in which the goods are still with the customer or on their way, so that the instructions are shown."""
INSPECTED = frozenset({Status.INSPECTED, Status.DIFFERENCE_SENT, Status.COMPLETED})
"""Statuses in which the photos of the inspection are shown: what was found is noted by then."""


def status_context(case: Case, now: datetime) -> dict[str, Any]:
    """What the page shows about a return as it stands now."""
    rma, status = case.rma, case.status
    today = local_date(now, rma.storefront.zone)
    shown, ending = lines_of(case), _ending(case, today)
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
            goods_come_back=expects_goods(rma, case.lines),
            gives_goods=rma.current_quote.gives_goods,
            is_missing=case.is_missing,
            answers_by=Expected.of(rma.decides_by, today),
            leaves_by=Expected.of(leaving.leaves_by(rma, case.lines), today) if status is Status.AUTHORIZED else None,
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
        "outgoing": _outgoing(rma),
        "leaving": _leaving(case, ending, today),
        "how": _how(case),
        "sooner": _sooner(case),
        "seller": seller_of(rma.order),
        "written": _messages(case),
        "own_photos": case.photos_of(Photo.DECLARED),
        "found_photos": case.photos_of(Photo.FOUND) if status in INSPECTED else [],
        "takes_photos": status in DECLARABLE,
        "can_write": is_open_to_messages(rma, now) and status is not Status.INFORMATION_REQUESTED,
        "can_withdraw": Action.WITHDRAW in actions,
        "is_undecided": status in AWAITING_DECISION,
        "expects_goods": expects_goods(rma, case.lines),
        "is_submitted": status is Status.SUBMITTED,
        "is_redirected": status is Status.REDIRECTED,
        "is_completed": status is Status.COMPLETED,
        "is_shipped": status is Status.SHIPPED,
        "is_lost": case.is_lost,
        "is_missing": case.is_missing,
        "is_report": case.is_report,
        "looked": looked_words(rma.checks),
        "is_done": status.is_final,
    }


def _ending(case: Case, today: date) -> Ending | None:
    """How it ended, with what is still to leave for the customer."""
    ending = ending_of(case.rma)
    if ending is None or ending.resolution.is_money:
        return ending
    back = any(line.goes_back or line.disposition == Disposition.SEND_BACK.value for line in case.lines)
    shipment = leaving.shipment_of(case.rma)
    return replace(
        ending,
        is_sent=shipment is not None,
        left_on=long_date(shipment.shipped_on) if shipment else "",
        leaves_by=Expected.of(leaving.leaves_by(case.rma, case.lines), today),
        stays_here=ending.resolution is Resolution.NONE and not back,
    )


def _findings(case: Case) -> Findings:
    return Findings(
        bool(differing(case.rma, case.lines)),
        case.rma.difference_answer,
        case.rma.answer_due_on,
        is_second=case.was_looked_at_again,
    )


def _waits_since(case: Case) -> str:
    """Since when the customer has been asked something, while we wait for the answer."""
    asked = {
        Status.INFORMATION_REQUESTED: Action.REQUEST_INFORMATION,
        Status.DIFFERENCE_SENT: Action.SEND_DIFFERENCE,
    }.get(case.status)
    event = case.last(asked) if asked else None
    return case.day(event.at) if event else ""


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
    now = now if expects_goods(rma, case.lines) else without_way_back(now)
    words = quote_ledger(
        now,
        case.titles,
        case.terms,
        stage=_stage(rma),
        kept=kept,
        exchanges=exchanges_of(rma, case.lines),
        free=free_units(case.bought),
    )
    return words if words.rows or rma.decision_quote else None  # before a decision, no `$0.00` out of nothing


def _stage(rma: ReturnRequest) -> ledgers.Stage:
    if rma.status == Status.COMPLETED:
        return ledgers.Stage.SETTLED
    if rma.found_quote:
        return ledgers.Stage.FOUND
    return ledgers.Stage.DECISION if rma.decision_quote else ledgers.Stage.QUOTE


def _promise(case: Case) -> Promise | None:
    rma, sent = case.rma, case.last(Action.SEND_DIFFERENCE)
    if rma.received_at is None and not surely_expects_goods(rma, case.lines):
        return None
    is_paused = rma.is_paused and sent is not None
    return promise_words(
        case.terms,
        case.status,
        rma.received_at,
        rma.due_on,
        waits_since=local_date(sent.at, rma.storefront.zone) if is_paused and sent else None,
        has_waited=sent is not None and not is_paused and _has_moved(case),
    )


def _has_moved(case: Case) -> bool:
    """Whether the promised day is later than the receipt fixed it: an answer of the same day moves nothing."""
    rma = case.rma
    if rma.received_at is None or rma.due_on is None:
        return False
    return rma.due_on > processing_due_on(case.terms, rma.received_at, frozenset(rma.storefront.closing_days))


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
        goods_come_back=expects_goods(rma, case.lines),
        is_missing=case.is_missing,
        looks_again=case.status is Status.INSPECTED and rma.difference_answer == Answer.DISAGREE.value,
    )


@dataclass(frozen=True, slots=True)
class Tracking:
    """A package on its way: with whom, its number, and the carrier's page about it."""

    carrier: str
    number: str
    url: str
    left_on: str = ""


def _tracking(rma: ReturnRequest) -> Tracking | None:
    if not rma.carrier and not rma.tracking_number:
        return None
    return Tracking(rma.carrier, rma.tracking_number, tracking_url(rma.carrier, rma.tracking_number))


def _outgoing(rma: ReturnRequest) -> Tracking | None:
    """The package to the customer, once it has left."""
    shipment = leaving.shipment_of(rma) if rma.status == Status.COMPLETED else None
    if shipment is None:
        return None
    url, left_on = tracking_url(shipment.carrier, shipment.tracking_number), long_date(shipment.shipped_on)
    return Tracking(shipment.carrier, shipment.tracking_number, url, left_on)


def _leaving(case: Case, ending: Ending | None, today: date) -> str:
    """By when goods leave that come beside money; where there are only goods, the turn box says it."""
    day = leaving.leaves_by(case.rma, case.lines) if ending is not None and ending.resolution.is_money else None
    return leaving_words(Expected.of(day, today)) if day is not None else ""


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
