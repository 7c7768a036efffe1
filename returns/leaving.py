"""What leaves for the customer: whether anything does, by when, and whether it has."""

from collections.abc import Iterable
from datetime import date, datetime

from returns.domain.deadlines import add_service_days, local_date
from returns.domain.facts import Disposition, Resolution
from returns.domain.workflow import Status
from returns.models import OutgoingShipment, ReturnLine, ReturnRequest

GOODS = (Resolution.EXCHANGE.value, Resolution.REPLACEMENT.value)


def sends_goods(request: ReturnRequest, lines: Iterable[ReturnLine] | None = None) -> bool:
    """Whether a completed return sends the customer anything: goods for goods, or what goes back to them.

    `lines` are all of its lines, where they were read already.
    """
    if request.status != Status.COMPLETED.value:
        return False
    return gives_goods(request.lines.all() if lines is None else lines)


def gives_goods(lines: Iterable[ReturnLine]) -> bool:
    """Whether any of the lines ends with a package to the customer."""
    return any(line.resolution in GOODS or line.disposition == Disposition.SEND_BACK.value for line in lines)


def shipment_of(request: ReturnRequest) -> OutgoingShipment | None:
    """What was sent, once it was; asks nothing where the row was read with it."""
    return getattr(request, "outgoing_shipment", None)


def leaves_by(request: ReturnRequest, lines: Iterable[ReturnLine] | None = None) -> date | None:
    """The day by which goods for the customer leave, as promised; None where nothing is to leave, or it has left.

    For a replacement without a return it was fixed with the decision, else with the settlement.
    """
    is_settled = sends_goods(request, lines) and shipment_of(request) is None
    is_decided = request.status == Status.AUTHORIZED.value and not request.goods_come_back
    if not (is_settled or (is_decided and request.current_quote.gives_goods)):
        return None
    since = request.closed_at if request.status == Status.COMPLETED.value else request.authorized_at
    # Returns decided before the day was written down have none.
    return request.goods_leave_on or (day_to_leave(request, since) if since is not None else None)


def day_to_leave(request: ReturnRequest, since: datetime) -> date:
    """So many service days of the storefront after nothing is waited for any more, as its settings are now."""
    shop = request.storefront
    return add_service_days(shop.service_hours, local_date(since, shop.zone), shop.goods_leave_within_days)
