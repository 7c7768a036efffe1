"""Who asks, on the desk's page of a request: the account or the contact, and what they asked for before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from returns.domain.workflow import Status
from returns.kept_queries import KeptQuery
from returns.models import ReturnLine, ReturnRequest
from returns.viewer import Viewer
from returns.wording.phrases import money, month

EARLIER_RETURNS = 5

OPENED = ReturnLine.objects.filter(authorized_quantity__gt=0).filter(
    Q(found_condition="opened", accepted_quantity__gt=0) | Q(found_condition="", condition="opened")
)
"""Lines by which opened goods were taken back, or are to be: a person looks at them before others are (LPS-30)."""


@dataclass(frozen=True, slots=True)
class CustomerPanel:
    """Who asks: the account where there is one, else the contact of the request.

    `reads` is the language of their pages and mails, where it isn't the desk's own.
    """

    name: str
    account: str
    type: str
    main_contact: str
    email: str
    phone: str
    owes: str
    url: str = ""
    reads: str = ""


def customer_panel(rma: ReturnRequest) -> CustomerPanel:
    """The customer as the desk needs them on the phone."""
    account = rma.account or rma.order.account
    if account is None:
        return CustomerPanel(
            rma.contact_name,
            rma.contact_account_number,
            "Guest",
            "",
            rma.contact_email,
            rma.contact_phone,
            "",
            reads=_other_language(rma),
        )
    main = ", ".join(part for part in (account.main_contact_name, account.main_contact_email) if part)
    owes = money(account.outstanding_balance, rma.order.currency) if account.outstanding_balance else ""
    return CustomerPanel(
        account.name,
        account.number,
        account.type.capitalize(),
        main,
        rma.contact_email,
        rma.contact_phone,
        owes,
        reverse("desk:account", args=[account.public_id]),
        _other_language(rma),
    )


def _other_language(rma: ReturnRequest) -> str:
    """The name of the customer's language; empty where staff and customer read the same."""
    return "" if rma.language == settings.LANGUAGE_CODE else dict(settings.LANGUAGES)[rma.language]


@dataclass(frozen=True, slots=True)
class EarlierReturn:
    """One line of the customer's history at this storefront; `opened`: with it, opened goods were taken back."""

    when: str
    number: str
    url: str
    status: Status
    amount: str
    opened: bool


def _earlier(viewer: Viewer, before: datetime, **whose: object) -> "QuerySet[ReturnRequest, Any]":
    others = ReturnRequest.objects.visible_to(viewer).filter(requested_at__lt=before, **whose)
    # First the few that are shown: asked about all of them, PostgreSQL reads the lines of everybody.
    shown = ReturnRequest.objects.filter(pk__in=others.order_by("-requested_at").values("pk")[:EARLIER_RETURNS])
    opened_goods = Exists(OPENED.filter(request=OuterRef("pk")))
    columns = shown.values_list("requested_at", "rma_number", "reference", "status", "amount", opened_goods)
    return columns.order_by("-requested_at")


OF_ACCOUNT: KeptQuery[Any] = KeptQuery(
    lambda viewer, before, account_id: _earlier(viewer, before, account_id=account_id)
)
OF_ADDRESS: KeptQuery[Any] = KeptQuery(
    lambda viewer, before, storefront_id, email: _earlier(
        viewer, before, storefront_id=storefront_id, contact_email__iexact=email
    )
)


def earlier_returns(request: HttpRequest, rma: ReturnRequest) -> list[EarlierReturn]:
    """The customer's returns that were asked for before this one, the newest first."""
    viewer = Viewer(request.user)
    if rma.account_id:
        columns = OF_ACCOUNT.rows(viewer, rma.requested_at, rma.account_id)
    else:
        columns = OF_ADDRESS.rows(viewer, rma.requested_at, rma.storefront_id, rma.contact_email)
    zone = rma.storefront.zone
    return [
        EarlierReturn(
            month(at.astimezone(zone).date()),
            number or reference,
            reverse("desk:request", args=[reference]),
            Status(status),
            money(amount, rma.order.currency),
            opened,
        )
        for at, number, reference, status, amount, opened in columns
    ]
