"""What staff read about held packages: their age, and when the next step is due."""

from datetime import datetime

from returns.components import Due, Kind
from returns.domain.holding import HoldingState
from returns.models import HeldPackage
from returns.wording.desk import short_day
from returns.wording.phrases import count

STATE_LABELS = {
    HoldingState.HELD: "Held",
    HoldingState.MATCHED: "Matched",
    HoldingState.SENT_BACK: "Sent back",
    HoldingState.SCRAPPED: "Scrapped",
}


def age_words(held: HeldPackage, now: datetime) -> str:
    """How long it lies, or lay: `today`, `12 days`."""
    zone = held.storefront.zone
    until = held.closed_at or now
    days = (until.astimezone(zone).date() - held.held_at.astimezone(zone).date()).days
    return count(days, "day") if days else "today" if held.closed_at is None else "same day"


def step_due(held: HeldPackage, now: datetime) -> Due:
    """When the next step is due, by the storefront's calendar; nothing where nothing is left to do."""
    if held.state != HoldingState.HELD:
        return Due("")
    left = (held.next_step_on - now.astimezone(held.storefront.zone).date()).days
    if left < 0:
        return Due(f"{count(-left, 'day')} over", Kind.LATE, "warning")
    if left == 0:
        return Due("today", Kind.WAIT, "clock")
    return Due(short_day(held.next_step_on), Kind.IDLE)
