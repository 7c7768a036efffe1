"""What the queue can be narrowed to. Unknown values are ignored, so an old or mangled URL still shows a queue."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, cast

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from accounts.models import User
from returns.components import STATUS_LOOKS
from returns.domain.workflow import Status
from returns.models import ReturnRequest, Storefront
from returns.querysets import ReturnRequestQuerySet

OPEN, ALL = "", "all"
STATUS_CHOICES = [
    *((status.value, STATUS_LOOKS[status].word(staff=True)) for status in Status),
    (ALL, "Open and closed"),
]
OWNER_CHOICES = [("me", "Me"), ("nobody", "Nobody")]


class QueueFilter(django_filters.FilterSet):
    """Storefront, status, owner, overdue; nothing chosen shows everything open at the person's storefronts."""

    storefront = django_filters.ChoiceFilter(
        empty_label="All storefronts", field_name="storefront__slug", label="Storefront"
    )
    status = django_filters.ChoiceFilter(choices=STATUS_CHOICES, empty_label="Everything open", method="by_status")
    owner = django_filters.ChoiceFilter(choices=OWNER_CHOICES, empty_label="Anybody", method="by_owner")
    overdue = django_filters.BooleanFilter(widget=forms.CheckboxInput, method="by_due_day", label="Over the date only")

    class Meta:
        model = ReturnRequest
        fields: ClassVar[list[str]] = []

    def __init__(
        self, data: QueryDict, *, storefronts: Sequence[Storefront], user: User, now: datetime, request: HttpRequest
    ) -> None:
        self.storefronts, self.user, self.now = storefronts, user, now
        super().__init__(data, queryset=ReturnRequest.objects.in_storefronts(storefronts), request=request)
        self.filters["storefront"].extra["choices"] = [(shop.slug, shop.short_name) for shop in storefronts]

    def filter_queryset(self, queryset: QuerySet[ReturnRequest]) -> ReturnRequestQuerySet:
        """The chosen rows; without a status those still open."""
        chosen = cast("ReturnRequestQuerySet", super().filter_queryset(queryset))
        return chosen if self.form.cleaned_data.get("status") else chosen.open()

    def by_status(self, rows: ReturnRequestQuerySet, _name: str, value: str) -> ReturnRequestQuerySet:
        """One status, or all of them."""
        return rows if value == ALL else rows.filter(status=value)

    def by_owner(self, rows: ReturnRequestQuerySet, _name: str, value: str) -> ReturnRequestQuerySet:
        """Those I look after, or those nobody does."""
        return rows.taken_by(self.user) if value == "me" else rows.taken_by_nobody()

    def by_due_day(self, rows: ReturnRequestQuerySet, _name: str, value: bool) -> ReturnRequestQuerySet:  # noqa: FBT001  django-filter calls it
        """Those over their date."""
        return rows.late(self.now, self.storefronts) if value else rows

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is chosen."""
        return any(self.form.cleaned_data.values()) if self.form.is_valid() else False
