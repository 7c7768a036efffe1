"""Who looks after a request: hand it over to a colleague. Taking it oneself is a step of the table (authorization)."""

from datetime import datetime

from accounts.models import User
from returns.domain.workflow import FINAL, Action, Status
from returns.models import ReturnRequest, Storefront
from returns.services import transition
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By
from returns.viewer import Viewer
from returns.wording.workflow import STATUS_WORDS


def hand_over(*, request_id: int, to: User, by: By, now: datetime) -> ReturnRequest:
    """Let a colleague look after an open request; its status stays.

    Raises AlreadyDecided where it is closed; Refused for an order of the colleague's own (B34), or where they don't
    work for its storefront.
    """
    with transition.locked(request_id) as request:
        if not by.is_staff:
            raise Refused("You may not do this.")
        if Status(request.status) in FINAL:
            words = STATUS_WORDS[Status(request.status)]
            raise AlreadyDecided(f"{request.number} is {words} by now.", action=Action.TAKE.value)
        if not Storefront.objects.staffed_by(Viewer(to)).filter(pk=request.storefront_id).exists():
            raise Refused(f"{to.get_short_name()} doesn't work for {request.storefront.short_name}.")
        if transition.is_own_order(request, By.staff(to)):
            raise Refused(f"{request.number} is {to.get_short_name()}'s own order.")
        if request.owner_id != to.pk:
            request.owner = to
            request.save(update_fields=["owner"])
            transition.record(request, "hand_over", by=by, now=now, data={"to": to.pk}, for_customer=False)
        return request
