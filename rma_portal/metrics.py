"""/metrics: the outbox and the heartbeats as Prometheus reads them, for who has the token; else it isn't there."""

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone

from returns.models import Heartbeat
from returns.waiting import waiting


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures; 404 without the token of METRICS_TOKEN as a bearer, and always where none is set (B48)."""
    wanted, given = settings.METRICS_TOKEN, request.headers.get("Authorization", "")
    if not wanted or not hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        return HttpResponseNotFound("Not found\n", content_type="text/plain; charset=utf-8")
    body = "".join(f"{line}\n" for line in _lines())
    return HttpResponse(
        body, content_type="text/plain; version=0.0.4; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


def _lines() -> Iterator[str]:
    now = timezone.now()
    found = waiting(now)
    yield "# TYPE rma_outbox_due gauge"
    yield f'rma_outbox_due{{urgent="yes"}} {found.urgent}'
    yield f'rma_outbox_due{{urgent="no"}} {found.others}'
    yield "# TYPE rma_outbox_failed gauge"
    yield f"rma_outbox_failed {found.failed}"
    yield "# TYPE rma_outbox_oldest_urgent_seconds gauge"
    yield f"rma_outbox_oldest_urgent_seconds {found.age(now).total_seconds():.0f}"
    yield "# TYPE rma_outbox_held gauge"
    yield f"rma_outbox_held {int(found.held_since is not None)}"
    yield "# TYPE rma_heartbeat_age_seconds gauge"
    for beat in Heartbeat.objects.order_by("name"):
        yield f'rma_heartbeat_age_seconds{{name="{beat.name}"}} {(now - beat.at).total_seconds():.0f}'
