"""The path of a return: its stages, those behind and those ahead (ux, section 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns.components import STATUS_LOOKS, Progress, Stage
from returns.domain.workflow import AWAITING_DECISION, Status
from returns.wording.phrases import brief_moment, stopped

_WAY: tuple[Status, ...] = (
    Status.SUBMITTED,
    Status.AUTHORIZED,
    Status.SHIPPED,
    Status.RECEIVED,
    Status.INSPECTED,
    Status.COMPLETED,
)
_WAITS = {
    Status.RECEIVED: N_("Fixes your date"),
    Status.INSPECTED: N_("We compare it with what you told us"),
    Status.COMPLETED: N_("You get an email"),
}
_ENDS_EARLY = (Status.REJECTED, Status.REDIRECTED, Status.WITHDRAWN, Status.EXPIRED)
_NEXT: Mapping[Status, Status] = {
    Status.AUTHORIZED: Status.SHIPPED,
    Status.SHIPPED: Status.RECEIVED,
    Status.RECEIVED: Status.INSPECTED,
    Status.INSPECTED: Status.COMPLETED,
    Status.DIFFERENCE_SENT: Status.COMPLETED,
}


def path_stages(
    status: Status,
    reached: Mapping[Status, datetime],
    zone: ZoneInfo,
    *,
    last: str = "",
    ended_as: str = "",
    notes: Mapping[Status, str] = MappingProxyType({}),
    goods_come_back: bool = True,
    is_missing: bool = False,
    looks_again: bool = False,
) -> tuple[Stage, ...]:
    """Six stages at most. `reached` says when a status was entered; `last` names the end, such as `Credited`.

    Where nothing comes back, a return has only the decision and its end ahead, and one that `is_missing` never more.
    `looks_again`: the customer doesn't agree, so a second person looks at it. `ended_as` names an early end that has
    another word than its status; `notes` are further facts about a stage, such as the tracking number.
    """
    if status in _ENDS_EARLY:
        steps = [step for step in _WAY[:-1] if step in reached]
        done = [_reported(_done(step, reached, zone), step, is_missing=is_missing) for step in steps]
        look = STATUS_LOOKS[status]
        return (*done, Stage(ended_as or _(look.customer), Progress.ENDED, _when(reached.get(status), zone), look.icon))
    following, way = _NEXT.get(status), _WAY
    if status is Status.AUTHORIZED and not goods_come_back:
        following = Status.COMPLETED
    if is_missing or (status in (*AWAITING_DECISION, Status.AUTHORIZED) and not goods_come_back):
        way = (Status.SUBMITTED, Status.AUTHORIZED, Status.COMPLETED)
    stages = {step: _stage(step, following, reached, zone, last) for step in way if _belongs(step, status, reached)}
    stages = {step: _reported(stage, step, is_missing=is_missing) for step, stage in stages.items()}
    if status in AWAITING_DECISION:
        stages[Status.SUBMITTED] = _being_read(stages[Status.SUBMITTED], status, is_missing=is_missing)
    if (status is Status.DIFFERENCE_SENT or looks_again) and Status.INSPECTED in stages:
        why = _("A second person looks at it") if looks_again else _("Waiting for your answer")
        checked, last_one = stages[Status.INSPECTED], stages[Status.COMPLETED]
        stages[Status.INSPECTED] = _noted(replace(checked, progress=Progress.NOW), why)
        stages[Status.COMPLETED] = replace(last_one, progress=Progress.NEXT)
    return tuple(_noted(stage, notes.get(step, "")) for step, stage in stages.items())


def _being_read(requested: Stage, status: Status, *, is_missing: bool) -> Stage:
    """The first stage until we have decided: somebody reads it, looks for it, or waits for an answer."""
    name = requested.name if status is Status.SUBMITTED else _("Being read")
    why = _("A person looks for it") if is_missing else _("A person reads your request")
    if status is Status.INFORMATION_REQUESTED:
        why = _("Waiting for your answer")
    return _noted(replace(requested, name=name, progress=Progress.NOW), why)


def _reported(stage: Stage, step: Status, *, is_missing: bool) -> Stage:
    """A missing package is reported and decided about; nothing of it is requested or authorized."""
    return replace(stage, name=_(_MISSING_NAMES[step])) if is_missing and step in _MISSING_NAMES else stage


def _noted(stage: Stage, note: str) -> Stage:
    """The stage with one more fact in its line."""
    return replace(stage, note=f"{stopped(stage.note)} {note}" if stage.note else note) if note else stage


def _belongs(step: Status, status: Status, reached: Mapping[Status, datetime]) -> bool:
    """A finished return shows only the stages it went through: a replacement without goods was never received."""
    if status is Status.COMPLETED:
        return step in reached
    return step is not Status.SHIPPED or step in reached or Status.RECEIVED not in reached


def _stage(
    step: Status, following: Status | None, reached: Mapping[Status, datetime], zone: ZoneInfo, last: str
) -> Stage:
    name = (last or _("Done")) if step is Status.COMPLETED else _(_STAGE_NAMES[step])
    if step in reached and step is not following:
        return Stage(name, Progress.DONE, _when(reached[step], zone))
    if step is Status.SHIPPED and step is following:
        return Stage(name, Progress.NOW, _("Waiting for you to send it"))
    return Stage(name, Progress.NOW if step is following else Progress.NEXT, _waits(step))


def _waits(step: Status) -> str:
    return _(_WAITS[step]) if step in _WAITS else ""


_MISSING_NAMES = {Status.SUBMITTED: N_("Reported"), Status.AUTHORIZED: N_("Decided")}
_STAGE_NAMES = {
    Status.SUBMITTED: N_("Requested"),
    Status.AUTHORIZED: N_("Authorized"),
    Status.SHIPPED: N_("Package on its way"),
    Status.RECEIVED: N_("Received"),
    Status.INSPECTED: N_("Checked"),
}


def _done(step: Status, reached: Mapping[Status, datetime], zone: ZoneInfo) -> Stage:
    return Stage(_(_STAGE_NAMES[step]), Progress.DONE, _when(reached[step], zone))


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return brief_moment(at, zone) if at is not None else ""


def reached_statuses(moves: Sequence[tuple[str, datetime]], requested_at: datetime) -> dict[Status, datetime]:
    """When each status was entered last, from the events' targets; the request itself is the first."""
    reached = {Status.SUBMITTED: requested_at}
    for target, at in moves:
        if target:
            reached[Status(target)] = at
    return reached
