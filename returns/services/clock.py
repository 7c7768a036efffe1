"""The clocks of a return: its decision's and, once the package is here, that of the promised day (LPS-32, CON-32).

Each stands still while the customer is asked, and moves by the days that took.
"""

from datetime import date, datetime, timedelta

from returns.domain.deadlines import decision_due, decision_moved_by_waiting, local_date, moved_by_waiting
from returns.domain.workflow import Action
from returns.models import ReturnRequest, Storefront


def decision_day(storefront: Storefront, asked_at: datetime, *, is_claim: bool) -> date:
    """The day by which staff decide about a request that comes at `asked_at`, or comes back to them then."""
    return decision_due(storefront.service_hours, storefront.deciding, asked_at, is_claim=is_claim)


def decision_day_after_waiting(request: ReturnRequest, now: datetime) -> date | None:
    """The decision's day once the customer has answered `now`: later by the service days they took."""
    asked = request.events.filter(action=Action.REQUEST_INFORMATION.value).order_by("-seq").first()
    if asked is None or request.decision_due_on is None:
        return request.decision_due_on
    return decision_moved_by_waiting(request.storefront.service_hours, request.decision_due_on, asked.at, now)


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
