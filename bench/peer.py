"""Django's admin on the portal's own table, as a team would set it up in an afternoon: the peer of the queue.

    DJANGO_SETTINGS_MODULE=bench.peer_settings gunicorn --config=python:rma_portal.serving rma_portal.wsgi

The same columns, the same order, fifty rows, and the related rows joined: it doesn't lose by a query for each row.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path

from returns.domain.workflow import FINAL
from returns.models import ReturnRequest


class Site(admin.AdminSite):
    """For everybody who works here: who may do what is not what is measured."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff are let in."""
        return bool(request.user.is_authenticated and request.user.is_staff)


class ReturnRequestAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the class takes no parameter at run time
    """The open returns as a changelist."""

    list_display = (
        "reference",
        "rma_number",
        "order",
        "contact_name",
        "contact_account_number",
        "storefront",
        "status",
        "is_claim",
        "requested_at",
        "due_on",
        "last_activity_at",
        "owner",
        "units",
        "amount",
    )
    list_filter = ("status", "storefront", "is_claim")
    list_select_related = ("order", "storefront", "owner")
    search_fields = ("rma_number", "reference", "order__number", "contact_name", "contact_email")
    list_per_page = 50
    ordering = ("due_on", "requested_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnRequest]:
        """What the queue shows."""
        return super().get_queryset(request).exclude(status__in=sorted(status.value for status in FINAL))

    def has_view_permission(self, _request: HttpRequest, _obj: ReturnRequest | None = None) -> bool:
        """Everybody whom the site lets in."""
        return True


site = Site()
site.register(ReturnRequest, ReturnRequestAdmin)
urlpatterns = [path("admin/", site.urls)]
