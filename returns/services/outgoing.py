"""What is sent to the customer once a return is done: the right product, a replacement, or their own goods back."""

from datetime import date, datetime, timedelta

from returns.domain.deadlines import local_date
from returns.leaving import sends_goods, shipment_of
from returns.models import OutgoingCorrection, OutgoingShipment, ReturnRequest
from returns.services import transition
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By

LONGEST_AGO = timedelta(days=60)


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
        request.goods_owed_on = None
        request.save(update_fields=["goods_owed_on"])
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
