"""What the page of a settlement sends along: the sum it showed, and what that is made of."""

from returns.models import ReturnRequest
from returns.services.breakdowns import breakdown_of
from returns.services.shares import shares_to_settle


def seen(request: ReturnRequest, total: str) -> dict[str, str]:
    """As the page of now would send it, with this total."""
    rma = ReturnRequest.objects.get(pk=request.pk)
    lines = list(rma.lines.select_related("order_line").order_by("position"))
    return {"expected_total": total, "seen": breakdown_of(rma, *shares_to_settle(rma, lines)).as_text()}
