"""The package on its way to us: said once, corrected where it was wrong."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from returns.domain.workflow import Action, Actor, Status
from returns.models import ReturnRequest
from returns.services import transition
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By

MOST_CORRECTIONS_A_DAY = 10


def mark_shipped(
    *, request_id: int, by: By, now: datetime, carrier: str = "", tracking_number: str = ""
) -> ReturnRequest:
    """The package is on its way, with carrier and tracking number where known (LPS-20). Raises where nothing is."""
    with transition.locked(request_id) as request:
        if not request.goods_come_back:
            raise Refused(_("Nothing has to come back for %(number)s.") % {"number": request.number})
        return transition.apply(
            request,
            Action.SHIP,
            by=by,
            now=now,
            carrier=carrier.strip(),
            tracking_number=tracking_number.strip(),
        )


def correct_shipment(
    *, request_id: int, by: By, now: datetime, carrier: str = "", tracking_number: str = ""
) -> ReturnRequest:
    """Correct carrier and tracking number of a package that is on its way. Said twice, it is noted once."""
    with transition.locked(request_id) as request:
        if request.status != Status.SHIPPED.value:
            raise AlreadyDecided(_("%(number)s isn't on its way any more.") % {"number": request.number})
        if not (by.is_staff or by.kind is Actor.OWNER):
            raise Refused(_("You may not do this."))
        told = (carrier.strip(), tracking_number.strip())
        if told != (request.carrier, request.tracking_number):
            if not by.is_staff:
                _refuse_corrections(request, now)
            request.carrier, request.tracking_number = told
            request.save(update_fields=["carrier", "tracking_number"])
            transition.record(request, "tracking", by=by, now=now)
        return request


def _refuse_corrections(request: ReturnRequest, now: datetime) -> None:
    """Each is an event that is kept for ever, and that staff read past."""
    lately = request.events.filter(action="tracking", actor_kind=Actor.OWNER.value, at__gt=now - timedelta(days=1))
    if lately.count() >= MOST_CORRECTIONS_A_DAY:
        raise Refused(_("The tracking number was corrected many times today. Go on tomorrow, or call us."))
