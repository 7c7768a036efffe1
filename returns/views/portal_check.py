"""A return that was entered is checked once more and sent."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from returns import drafts
from returns.domain.facts import Reason
from returns.domain.settlement import Quote
from returns.enquiries import Enquiry
from returns.forms.portal import LONGEST_MESSAGE, ContactForm, known_contact
from returns.models import Draft, Order, ReturnRequest
from returns.quoting import Asked
from returns.services import requests
from returns.services.clock import decision_day
from returns.services.drafts import keep
from returns.services.errors import Refused
from returns.services.requests import QuoteChanged, answer_key, same_answer
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.filing import enquiry_of, known_rows
from returns.views.lines import QuoteView, quote_view
from returns.views.storefront_pages import by_owner, own_order_page
from returns.views.viewer import viewer_of
from returns.wording.checks import asked_rows, photo_words, why_changed
from returns.wording.policies import next_steps
from rma_portal import languages


@own_order_page
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, order: Order) -> HttpResponse:
    """Everything once more with ways to change it; sending it files the request, once however often it is sent."""
    if request.method == "POST" and (filed := _filed(request, order)) is not None:
        return redirect("portal:return", order.storefront.slug, filed.reference)
    draft, enquiry = drafts.find(order, viewer_of(request)), enquiry_of(order)
    asked = drafts.asked_in(draft) if draft is not None else ()
    if draft is None or not asked or any(_has_other_page(enquiry, one) for one in asked):
        return redirect(_choose_url(order))
    if request.method != "POST":
        kept = drafts.typed_in(draft)
        shown = (*kept, *request.GET.getlist("change"))
        return _check(request, enquiry, draft, ContactForm(order=order, shown=shown, kept=kept))
    typed = _typed(request, order)
    keep(draft, data={"typed": typed}, now=enquiry.at)
    if (leads_to := _aside(request, order)) is not None:
        return leads_to
    form = ContactForm(request.POST, order=order, shown=tuple(typed))
    if request.POST.get("nonce") != str(draft.nonce):
        form.full_clean()
        form.add_error(None, _("You changed this return in another window. Check what it says now, then send it."))
    if not form.is_valid():
        return _check(request, enquiry, draft, form, status=UNPROCESSABLE)
    return _send(request, enquiry, draft, form)


def _has_other_page(enquiry: Enquiry, asked: Asked) -> bool:
    """Whether a page of its own asks first: where it was looked for, or when it came."""
    return asked.reason is Reason.NOT_RECEIVED or enquiry.lacks_arrival(asked)


def _typed(request: HttpRequest, order: Order) -> dict[str, str]:
    """The note and the contact as they stand on the page; what is to be changed begins with what is known."""
    typed = {name: request.POST[name][:LONGEST_MESSAGE] for name in ContactForm.base_fields if name in request.POST}
    changed = request.POST.get("change", "")
    if changed in ContactForm.base_fields and changed not in typed:
        typed[changed] = known_contact(order).get(changed, "")
    return typed


def _aside(request: HttpRequest, order: Order) -> HttpResponse | None:
    """Where a button leads that doesn't send the request: what was typed waits in the draft."""
    if "language" in request.POST:
        return languages.choose(request)
    if (changed := request.POST.get("change", "")) in ContactForm.base_fields:
        return redirect(f"{request.path}#id_{changed}")
    places = {"photos": _photos_url(order), "products": _choose_url(order)}
    place = places.get(request.POST.get("go", ""))
    return redirect(place) if place else None


def _filed(request: HttpRequest, order: Order) -> ReturnRequest | None:
    """The request that this very form filed before: pressed twice, sent again, or come back to."""
    try:
        nonce = uuid.UUID(request.POST.get("nonce", ""))
    except ValueError:
        return None
    return ReturnRequest.objects.filter(order=order, nonce=nonce).first()


def _shown(request: HttpRequest, enquiry: Enquiry, draft: Draft) -> Quote | None:
    """The quote on the page that is sent; one without its key stands for the one kept before. Raises QuoteChanged."""
    now, shown = enquiry.quote(drafts.asked_in(draft)), request.POST.get("shown")
    if shown and shown != answer_key(now):
        raise QuoteChanged(now)
    return now if shown else drafts.seen_in(draft)


def _send(request: HttpRequest, enquiry: Enquiry, draft: Draft, form: ContactForm) -> HttpResponse:
    order, asked, before = enquiry.order, drafts.asked_in(draft), drafts.seen_in(draft)
    try:
        filed = requests.submit(
            order=order,
            asked=asked,
            contact=form.contact,
            by=by_owner(request),
            now=enquiry.at,
            nonce=draft.nonce,
            seen=_shown(request, enquiry, draft),
            note=form.cleaned_data.get("note", ""),
            draft=draft,
            language=get_language() or "en",
        )
    except QuoteChanged as changed:
        keep(draft, data={"seen": changed.quote.as_data()}, now=enquiry.at)
        if before is None or same_answer(before, changed.quote):
            form.add_error(None, changed.message)
        return _check(request, enquiry, draft, form, before=before, status=CONFLICT)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _check(request, enquiry, draft, form, status=CONFLICT)
    messages.success(request, _("We have your request %(reference)s.") % {"reference": filed.reference})
    return redirect("portal:return", order.storefront.slug, filed.reference)


def _check(
    request: HttpRequest,
    enquiry: Enquiry,
    draft: Draft,
    form: ContactForm,
    *,
    before: Quote | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page. ``before`` is what was promised when it isn't any more; without it, what the draft was kept with."""
    asked = drafts.asked_in(draft)
    quote = quote_view(enquiry, asked)
    assert quote is not None, "a draft asks for something"  # noqa: S101
    before = before or drafts.seen_in(draft)
    if before is not None and same_answer(before, quote.quote):
        before = None
    context = {
        "storefront": enquiry.order.storefront,
        "policy_version": enquiry.version,
        "order": enquiry.order,
        "rows": asked_rows(enquiry, asked, quote.quote),
        "form": form,
        "contact_rows": known_rows(form, with_number=True),
        "photos": photo_words(draft.photos_shown),
        "has_photos": draft.photos_shown > 0,
        "photos_help": any(one.photos_help for one in asked),
        "nonce": draft.nonce,
        "shown": answer_key(quote.quote),
        "quote": quote,
        "before": before,
        "why_changed": why_changed(before, quote.quote) if before else "",
        "day": _day_words(quote),
        "steps": next_steps(enquiry.terms, _answer_day(enquiry, asked)),
    }
    return render(request, "portal/check.html", context, status=status)


def _answer_day(enquiry: Enquiry, asked: Sequence[Asked]) -> date:
    """By when we answer, sent now."""
    is_claim = any(one.reason.is_merchant_fault for one in asked)
    return decision_day(enquiry.order.storefront, enquiry.at, is_claim=is_claim)


def _day_words(quote: QuoteView) -> str:
    """`Sending this today fixes the day count at 47`, where a day count decides."""
    ages = {line.verdict.numbers.age_days for line in quote.quote.lines}
    age = ages.pop() if len(ages) == 1 else None
    if age is None:
        return ""
    return _("Sending this today fixes the day count at %(day)s, whenever the package arrives.") % {"day": age}


def _choose_url(order: Order) -> str:
    """The page on which the products are chosen."""
    return reverse("portal:choose", args=[order.storefront.slug, order.public_id])


def _photos_url(order: Order) -> str:
    """The page on which photos are added to the draft."""
    return reverse("portal:draft_photos", args=[order.storefront.slug, order.public_id])
