"""Mails about a request that weren't delivered: staff see them on its page, and send them again."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from returns.models import Notification, ReturnRequest
from returns.views import desk_page
from returns.views.access import staff_required
from returns.views.mail_queue import send_again


def undelivered_of(rma: ReturnRequest) -> list[Notification]:
    """Those that failed for good, the newest first."""
    if not getattr(rma, "has_failed_mails", True):  # the page asked with the request
        return []
    return list(rma.notifications.filter(state=Notification.FAILED).order_by("-created_at"))


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: HttpRequest, reference: str, mail_id: uuid.UUID) -> HttpResponse:
    """Try it again."""
    rma = desk_page.fetch(request, reference)
    row = get_object_or_404(rma.notifications, pk=mail_id)
    if request.method == "POST":
        send_again(request, row)
    return redirect("desk:request", reference)
