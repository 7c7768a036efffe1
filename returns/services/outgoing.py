"""What is sent to the customer once a return is done: the right product, a replacement, or their own goods back."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from returns.domain.deadlines import add_service_days, local_date
from returns.domain.facts import Disposition, Resolution
from returns.domain.workflow import Status
from returns.models import OutgoingCorrection, OutgoingShipment, ReturnLine, ReturnRequest
from returns.services import transition
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By

GOODS = (Resolution.EXCHANGE.value, Resolution.REPLACEMENT.value)
LONGEST_AGO = timedelta(days=60)


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


def record_shipment(
    *, request_id: int, carrier: str, tracking_number: str, shipped_on: date, by: By, now: datetime
) -> ReturnRequest:
    """Note the package that left for the customer, and tell them. Raises where none is due, or one left already."""
    with transition.locked(request_id) as request:
        transition.refuse_own_order(request, by)
        if not sends_goods(request):
            raise Refused(f"{request.number} sends nothing to the customer.")
        if shipment_of(request) is not None:
            raise AlreadyDecided(f"The package for {request.number} was noted before.", action="goods_sent")
        _refuse_day(request, shipped_on, now)
        OutgoingShipment.objects.create(
            request=request,
            carrier=carrier,
            tracking_number=tracking_number,
            shipped_on=shipped_on,
            noted_by=by.person,
            noted_at=now,
        )
        transition.record(request, "goods_sent", by=by, now=now)
        return request


def correct_shipment(
    *, request_id: int, carrier: str, tracking_number: str, shipped_on: date, by: By, now: datetime
) -> ReturnRequest:
    """Correct what was noted about the package to the customer, and mail them anew; what was noted before is kept.

    The same values once more change nothing and tell nobody. Raises Refused where no package was noted.
    """
    with transition.locked(request_id) as request:
        transition.refuse_own_order(request, by)
        shipment = shipment_of(request)
        if shipment is None:
            raise Refused(f"No package to the customer was noted for {request.number}.")
        _refuse_day(request, shipped_on, now)
        before = (shipment.carrier, shipment.tracking_number, shipment.shipped_on)
        if before == (carrier, tracking_number, shipped_on):
            return request
        OutgoingCorrection.objects.create(
            shipment=shipment,
            carrier=shipment.carrier,
            tracking_number=shipment.tracking_number,
            shipped_on=shipment.shipped_on,
            corrected_by=by.person,
            corrected_at=now,
        )
        shipment.carrier, shipment.tracking_number, shipment.shipped_on = carrier, tracking_number, shipped_on
        shipment.save(update_fields=["carrier", "tracking_number", "shipped_on"])
        transition.record(request, "goods_corrected", by=by, now=now)
        return request


def _refuse_day(request: ReturnRequest, shipped_on: date, now: datetime) -> None:
    today = local_date(now, request.storefront.zone)
    # A correction may leave the day as it is, however long ago that was.
    as_noted = (known := shipment_of(request)) is not None and known.shipped_on == shipped_on
    if not as_noted and not today - LONGEST_AGO <= shipped_on <= today:
        raise Refused("Choose the day it left: today, or one of the last sixty days.", field="shipped_on")
