"""What leaves for the customer: whether anything does, by when, and whether it has."""

from collections.abc import Iterable
from datetime import date

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
    of = request.lines.all() if lines is None else lines
    return any(line.resolution in GOODS or line.disposition == Disposition.SEND_BACK.value for line in of)


def shipment_of(request: ReturnRequest) -> OutgoingShipment | None:
    """What was sent, once it was; asks nothing where the row was read with it."""
    return getattr(request, "outgoing_shipment", None)


def leaves_by(request: ReturnRequest, lines: Iterable[ReturnLine] | None = None) -> date | None:
    """The day by which goods for the customer leave: so many service days after nothing is waited for any more.

    For a replacement without a return that is the decision, else the settlement. None where nothing is to leave, or
    it has left.
    """
    since = request.closed_at if request.status == Status.COMPLETED.value else request.authorized_at
    is_settled = sends_goods(request, lines) and shipment_of(request) is None
    is_decided = request.status == Status.AUTHORIZED.value and not request.goods_come_back
    if since is None or not (is_settled or (is_decided and request.current_quote.gives_goods)):
        return None
    shop = request.storefront
    return add_service_days(shop.service_hours, local_date(since, shop.zone), shop.goods_leave_within_days)
