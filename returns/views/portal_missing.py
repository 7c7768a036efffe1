"""A package that shows as delivered and isn't there: look first, then a person looks for it (CON-12, RES-29)."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from returns.enquiries import Enquiry
from returns.forms.missing import MissingForm
from returns.forms.portal import ContactForm
from returns.models import Order, Storefront
from returns.services.errors import Refused
from returns.services.requests import refuse_missing_before_delivery
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.filing import (
    contact_form,
    enquiry_of,
    file,
    filed_before,
    known_rows,
    nonce_of,
)
from returns.views.lines import sign_of
from returns.views.sellers import seller_of
from returns.views.storefront_pages import own_order, own_page
from returns.wording.orders import delivered_on, order_topics, tracking_words


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: HttpRequest, storefront: Storefront, public_id: object) -> HttpResponse:
    """Report a package that never came. Nothing goes back, no number is given and no day is promised (RES-29)."""
    order = own_order(request, storefront, public_id)
    if (filed := filed_before(request, order)) is not None:
        return redirect("portal:return", storefront.slug, filed.reference)
    enquiry = enquiry_of(order)
    if request.method == "POST":
        refuse_missing_before_delivery(order)
    if not order.is_delivered or not enquiry.has_units_left:
        # A report that comes too late wasn't filed: others asked for the last units meanwhile.
        return _page(request, enquiry, status=CONFLICT if "send" in request.POST else HTTPStatus.OK)
    contact = contact_form(request, order)
    if request.method != "POST":
        return _page(request, enquiry, MissingForm(None, enquiry=enquiry, named=request.GET), contact)
    form = MissingForm(_answers(request), enquiry=enquiry, anyway=request.POST.get("send") == "anyway")
    if request.POST.get("change") or not (form.is_valid() & contact.is_valid()):
        status = 200 if request.POST.get("change") else UNPROCESSABLE
        return _page(request, enquiry, form, contact, status=status)
    return _send(request, enquiry, form, contact)


def _answers(request: HttpRequest) -> dict[str, Any]:
    return {name: str(value) for name, value in request.POST.items()} | {"checks": request.POST.getlist("checks")}


def _send(request: HttpRequest, enquiry: Enquiry, form: MissingForm, contact: ContactForm) -> HttpResponse:
    try:
        return file(request, enquiry, form.asked, contact, checks=form.cleaned_data["checks"])
    except Refused as refused:
        form.add_error(None, refused.message)
        return _page(request, enquiry, form, contact, status=CONFLICT)


def _page(
    request: HttpRequest,
    enquiry: Enquiry,
    form: MissingForm | None = None,
    contact: ContactForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Without a form: what helps while the order isn't shown as delivered, or where nothing is left to report."""
    order: Order = enquiry.order
    context: dict[str, Any] = {
        "storefront": order.storefront,
        "policy_version": enquiry.version,
        "order": order,
        "is_delivered": order.is_delivered,
        "delivered": delivered_on(order),
        "tracking_words": tracking_words(order),
        "seller": seller_of(order),
        "topics": order_topics(order),
    }
    if form is not None and contact is not None:
        context |= {
            "form": form,
            "contact": contact,
            "forms": [form, contact],
            "known": known_rows(contact),
            "rows": [(row, sign_of(row.line)) for row in form.rows],
            "nonce": nonce_of(request),
        }
    return render(request, "portal/missing.html", context, status=status)
