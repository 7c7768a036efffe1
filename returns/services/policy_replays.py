"""Replays of a draft over real requests: asked for, run at once or by a worker, and kept with their result.

A worker takes a replay by a conditional update; one whose worker died is taken anew, and fails after MOST_ATTEMPTS.
Nothing is judged twice into the same result: a run begins from the start and writes its result once.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F, Q

from returns.domain.cases import CaseError, evaluate
from returns.domain.past import Past
from returns.domain.policy import PolicyTerms
from returns.domain.replay import Change, Comparison, Group, Kind, Side, Tally
from returns.domain.settlement import quote
from returns.domain.storefront import SHIPPED, load_storefronts
from returns.models import PolicyReplay, PolicyVersion
from returns.replay_rows import past_requests
from returns.services.errors import Refused

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)

AT_ONCE = 2_000
"""Up to so many requests are run while the page waits; more are a worker's."""

MOST = 200_000
SHOWN = 200
"""Changed requests kept with the result; the file has all of them."""

TOLD_EVERY = 1_000
GIVEN_UP = timedelta(minutes=11)
"""After so long a worker has died: its task would have been ended before."""

MOST_ATTEMPTS = 3
OPEN = Q(ended_at__isnull=True, failed_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Replayed:
    """One request under both terms."""

    past: Past
    comparison: Comparison


def ask(*, draft: PolicyVersion, compared: PolicyVersion, wanted: int, by: "User", now: datetime) -> PolicyReplay:
    """Ask for a replay over the newest requests; a short one is run at once.

    A long one of the same terms that isn't over yet is the answer to another long one. Raises Refused.
    """
    if not draft.is_draft:
        raise Refused("Only drafts are tried. This version is published already.")
    with transaction.atomic():
        # Whoever asks at the same moment waits here, and finds the replay.
        if not PolicyVersion.objects.select_for_update(no_key=True).filter(pk=draft.pk):
            raise Refused("This draft was dropped.")
        going_on = draft.replays.filter(
            OPEN, terms_edited_at=draft.edited_at, compared_with=compared, wanted__gt=AT_ONCE
        ).first()
        if going_on is not None and wanted > AT_ONCE:
            return going_on
        asked = PolicyReplay.objects.create(
            draft=draft,
            compared_with=compared,
            terms_edited_at=draft.edited_at,
            wanted=wanted,
            asked_by=by,
            asked_at=now,
            total=wanted,
        )
    if wanted <= AT_ONCE:
        run(asked.pk, now=now)
        asked.refresh_from_db()
    return asked


def run_waiting(now: datetime) -> int:
    """Run the replays that nobody runs. Returns how many were begun; one that failed doesn't hold up the others."""
    nobodys = PolicyReplay.objects.filter(OPEN, _nobodys(now))
    nobodys.filter(attempts__gte=MOST_ATTEMPTS).update(failed_at=now)
    waiting = nobodys.order_by("asked_at")
    return sum(run(each, now=now) for each in waiting.values_list("pk", flat=True)[:10])


def _nobodys(now: datetime) -> Q:
    return Q(begun_at__isnull=True) | Q(begun_at__lt=now - GIVEN_UP)


def run(replay_id: UUID, *, now: datetime) -> bool:
    """Run one replay to its end, unless another worker has it. Whether it was begun.

    Whatever goes wrong ends in the row; a task whose time is over ends, too.
    """
    mine = PolicyReplay.objects.filter(OPEN, pk=replay_id)
    if not mine.filter(_nobodys(now)).update(begun_at=now, done=0, attempts=F("attempts") + 1):
        return False
    asked = PolicyReplay.objects.select_related("draft__storefront", "compared_with").get(pk=replay_id)
    try:
        result = _result(asked)
    except Exception as error:
        logger.exception("Replay %s can't be run.", asked.pk)
        failed = {"failed_at": now} if asked.attempts >= MOST_ATTEMPTS else {}
        mine.filter(begun_at=now).update(begun_at=None, **failed)
        if isinstance(error, SoftTimeLimitExceeded):
            raise
        return True
    # A draft that was dropped or a run that was given up meanwhile: nobody waits for this result.
    mine.filter(begun_at=now).update(result=result, done=result["requests"], ended_at=now)
    return True


def replayed(draft: PolicyVersion, compared: PolicyVersion, newest: int, tally: Tally) -> Iterator[Replayed]:
    """Each of the newest requests under both terms, counted in ``tally``. Nothing is kept in memory."""
    before, after = compared.parsed(), draft.parsed()
    for past in past_requests(draft.storefront, newest, before, after):
        facts = (past.account, past.order, past.request)
        yield Replayed(past, tally.add(quote(before, *facts), quote(after, *facts)))


def _result(asked: PolicyReplay) -> dict[str, Any]:
    tally = Tally()
    changed: list[dict[str, Any]] = []
    first = last = None
    for number, each in enumerate(replayed(asked.draft, asked.compared_with, asked.wanted, tally), start=1):
        at = each.past.request.requested_at
        first, last = at, last or at
        if each.comparison.kind is not Kind.SAME and len(changed) < SHOWN:
            changed.append(_changed(each))
        if number % TOLD_EVERY == 0:
            PolicyReplay.objects.filter(pk=asked.pk).update(done=number)
    return {
        **_sums(tally),
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
        "changed": changed,
        "cases": case_results(asked.draft),
    }


def _sums(tally: Tally) -> dict[str, Any]:
    return {
        "requests": tally.requests,
        "before": str(tally.before),
        "after": str(tally.after),
        "kinds": {kind.value: _group(group) for kind, group in tally.kinds.items()},
        "worse": _group(tally.worse),
        "matrix": [[before.value, after.value, lines] for (before, after), lines in tally.matrix.items()],
        "groups": [
            {"before": _side(before), "after": _side(after), **_group(group)}
            for (before, after), group in sorted(tally.groups.items(), key=lambda one: -one[1].changes)
        ],
    }


def _group(group: Group) -> dict[str, Any]:
    return {"changes": group.changes, "amount": str(group.amount)}


def _side(side: Side) -> list[str]:
    return [side.code, side.clause, "" if side.rate is None else format(side.rate, "f")]


def _changed(each: Replayed) -> dict[str, Any]:
    deciding: Change = max(each.comparison.changes, key=lambda change: abs(change.amount))
    return {
        "reference": each.past.reference,
        "number": each.past.rma_number or each.past.reference,
        "order": each.past.order.number,
        "kind": each.comparison.kind.value,
        "before": _side(deciding.before),
        "after": _side(deciding.after),
        "was": str(each.comparison.before),
        "becomes": str(each.comparison.after),
        "amount": str(each.comparison.amount),
        "is_worse": each.comparison.is_worse,
    }


# ------------------------------------------------------------------------------------------------------- example cases


def case_results(draft: PolicyVersion) -> dict[str, Any]:
    """How the example cases that come with the portal fare under a draft: how many pass, and which expect otherwise.

    A storefront that a manager made has the cases of the one that its policy was copied from.
    """
    slug = _origin(draft)
    path = SHIPPED / "cases" / f"{slug}.json"
    if not path.is_file():
        return {"all": 0, "failing": []}
    settings, _ = load_storefronts(SHIPPED)[slug]
    closing = replace(settings, closing_days=tuple(draft.storefront.closing_days))
    cases = json.loads(path.read_text(encoding="utf-8"))
    told = [(case, _difference(case, {slug: (closing, draft.parsed())})) for case in cases]
    failing = [{"id": case["id"], "title": case["title"], "why": why} for case, why in told if why]
    return {"all": len(cases), "failing": failing}


def _origin(draft: PolicyVersion) -> str:
    seen: PolicyVersion | None = draft
    while seen is not None and not (SHIPPED / "cases" / f"{seen.storefront.slug}.json").is_file():
        seen = seen.copied_from
    return seen.storefront.slug if seen is not None else ""


def _difference(case: dict[str, Any], policies: dict[str, tuple[Any, PolicyTerms]]) -> str:
    """What the draft answers otherwise than the case expects; empty where it answers the same."""
    try:
        answer: Any = evaluate(json.dumps([case]).encode(), policies)[0]
    except CaseError as error:
        return f"doesn’t fit this policy: {error}"
    got, expected = answer["result"], case["expect"]
    for number, (mine, wished) in enumerate(zip(got["lines"], expected["lines"], strict=True), start=1):
        for key in ("code", "amount", "resolution"):
            if mine[key] != wished[key]:
                return f"line {number}: {key} {mine[key]} instead of {wished[key]}"
    others = [key for key in expected if key != "lines" and got.get(key) != expected[key]]
    return ", ".join(f"{key} {got.get(key)} instead of {expected[key]}" for key in others)
