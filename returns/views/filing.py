"""What the short forms for an order share: the person, the form that is sent once, and the page it ends on."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from returns.components import CheckRow
from returns.enquiries import Enquiry
from returns.forms.portal import ContactForm, known_contact
from returns.models import Draft, Order, ReturnRequest
from returns.policy_in_force import NoPolicyInForce
from returns.quoting import Asked
from returns.services import requests
from returns.services.errors import Refused
from returns.views.storefront_pages import by_owner


def enquiry_of(order: Order) -> Enquiry:
    """What may be asked about this order now. Raises Refused where the shop has published no policy."""
    try:
        return Enquiry.about(order, at=timezone.now())
    except NoPolicyInForce as error:
        raise Refused(_("Returns can't be started here yet: the shop hasn't published its return policy.")) from error


def nonce_of(request: HttpRequest) -> uuid.UUID:
    """What makes the form on the page one: sent along, or new on a page that nobody has sent yet."""
    try:
        return uuid.UUID(request.POST.get("nonce", ""))
    except ValueError:
        return uuid.uuid4()


def _key(nonce: uuid.UUID, order: Order) -> uuid.UUID:
    """The nonce of the request: bound to its order, so that no page can stand in the way of another order's."""
    return uuid.uuid5(order.public_id, nonce.hex)


def filed_before(request: HttpRequest, order: Order) -> ReturnRequest | None:
    """The request that this very form filed before: pressed twice, sent again, or come back to (B30)."""
    if request.method != "POST" or "nonce" not in request.POST:
        return None
    return ReturnRequest.objects.filter(order=order, nonce=_key(nonce_of(request), order)).first()


def contact_form(request: HttpRequest, order: Order) -> ContactForm:
    """Who asks, as far as nobody knows it. What the person wants to change is asked, and stays asked."""
    changed = request.POST.get("change", "")
    shown = [name for name in ContactForm.base_fields if name == changed or name in request.POST]
    if request.method != "POST":
        return ContactForm(order=order, shown=shown)
    sent = request.POST.copy()
    if changed:
        # The field that was just asked for begins with what is known.
        sent.setdefault(changed, known_contact(order).get(changed, ""))
    return ContactForm(sent, order=order, shown=shown)


def known_rows(form: ContactForm, *, with_number: bool = False) -> list[CheckRow]:
    """What is known about the person and isn't asked, as lines with a name for the button that changes them.

    ``with_number``: with the account number, which belongs to the account.
    """
    names = {"name": _("Name"), "email": _("Email"), "phone": _("Phone")}
    rows = [
        CheckRow(
            question=label,
            answer=form.known[name],
            change_url=name,
            change_what=label.lower(),
        )
        for name, label in names.items()
        if form.known[name] and name not in form.fields
    ]
    number = form.known["account_number"] if with_number and "account_number" not in form.fields else ""
    if number:
        row = CheckRow(question=_("Account number"), answer=number, change_url="", change_what="")
        rows.insert(int(bool(rows) and rows[0].question == names["name"]), row)
    return rows


def file(
    request: HttpRequest,
    enquiry: Enquiry,
    asked: Sequence[Asked],
    form: ContactForm,
    *,
    draft: Draft | None = None,
    **said: Any,
) -> HttpResponse:
    """File it, and go to its page. Raises Refused, and QuoteChanged where the answer is another one by now."""
    order = enquiry.order
    filed = requests.submit(
        order=order,
        asked=asked,
        contact=form.contact,
        by=by_owner(request),
        now=enquiry.at,
        nonce=_key(nonce_of(request), order),
        seen=enquiry.quote(asked),
        note=form.cleaned_data.get("note", ""),
        draft=draft,
        language=get_language() or "en",
        **said,
    )
    messages.success(request, _("We have your report %(reference)s.") % {"reference": filed.reference})
    return redirect("portal:return", order.storefront.slug, filed.reference)
