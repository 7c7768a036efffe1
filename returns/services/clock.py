"""The due day stands still while the customer is asked, and moves by the days that took (LPS-32, CON-32)."""

from datetime import date, timedelta

from returns.domain.deadlines import local_date, moved_by_waiting
from returns.domain.workflow import Action
from returns.models import ReturnRequest


def moved_until(request: ReturnRequest, until: date) -> date | None:
    """The due day, later by the days from the last difference sent to `until`."""
    sent = request.events.filter(action=Action.SEND_DIFFERENCE.value).order_by("-seq").first()
    if sent is None or request.due_on is None:
        return request.due_on
    since = local_date(sent.at, request.storefront.zone)
    closing_days = frozenset(request.storefront.closing_days)
    return moved_by_waiting(request.policy_version.parsed(), request.due_on, since, until, closing_days)


def after_waiting(request: ReturnRequest) -> date | None:
    """The due day once the time to answer has passed without an answer; the one it has in any other state."""
    if not request.is_paused or request.answer_due_on is None:
        return request.due_on
    return moved_until(request, request.answer_due_on + timedelta(days=1))
