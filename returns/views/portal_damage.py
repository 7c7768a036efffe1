"""The damage lane: one page on which damage or a wrong item is reported, with the answer on it before it is sent.

With script the answer follows what is chosen. Without it, or where the answer is another one than on the page that is
sent, the page comes once more with the answer, and sending that files it.
"""

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from returns import drafts
from returns.components import VerdictStrip
from returns.domain.facts import Reason
from returns.domain.workflow import Status
from returns.enquiries import Enquiry
from returns.forms.damage import REASON, DamageForm
from returns.forms.order_lines import CHOSEN, QUANTITY, forgive
from returns.forms.photos import PhotosForm, help_text
from returns.forms.portal import LONGEST_MESSAGE, ContactForm
from returns.models import Draft, Order, ReturnRequest, Storefront
from returns.services.clock import decision_day
from returns.services.drafts import drop, keep, open_draft
from returns.services.errors import Refused
from returns.services.photos import DECLARABLE, add_all
from returns.services.requests import answer_key
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.filing import (
    contact_form,
    enquiry_of,
    file,
    filed_before,
    known_rows,
    nonce_of,
)
from returns.views.lines import answer_of, quote_view, sign_of
from returns.views.photo_box import PhotoBox, as_it_stands, photo_box, photos_form, save_photos
from returns.views.sellers import seller_of
from returns.views.storefront_pages import by_owner, own_order, own_page
from returns.views.viewer import viewer_of
from returns.wording.claims import photos_help
from returns.wording.phrases import listing
from returns.wording.promises import Expected, answer_words

ENTERED = frozenset({"reason", "wants", "arrived_on", "arrived_at", "note"})


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def damage(request: HttpRequest, storefront: Storefront, public_id: object) -> HttpResponse:
    """Report damage or a wrong item (CON-20, PRO-24, LPS-26); it ends on the status page of the return."""
    order = own_order(request, storefront, public_id)
    if (filed := filed_before(request, order)) is not None:
        return _at_filed(request, filed)
    enquiry = enquiry_of(order)
    if not enquiry.has_units_left:
        return _nothing_left(request, enquiry)
    if request.method != "POST":
        kept = _kept(order, request)
        contact = contact_form(request, order)
        contact.initial["note"] = (kept or {}).get("note", "")
        return _page(request, enquiry, _form(request, enquiry, kept), contact, draft=_find(order, request))
    return _sent(request, enquiry)


def _sent(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    answers = {name: str(value) for name, value in request.POST.items()}
    draft = _remember(request, enquiry, answers)
    form = _form(request, enquiry, answers)
    if request.htmx:  # type: ignore[attr-defined]
        return _live(request, enquiry, form)
    sent = photos_form(request, draft, by_owner(request))
    photos = _photos(request, sent, draft, enquiry)
    if "send" not in request.POST:
        return _again(request, enquiry, form, photos)
    answer, filed = _send(request, enquiry, form, photos, draft), filed_before(request, enquiry.order)
    is_second = answer.status_code >= HTTPStatus.BAD_REQUEST or Draft.objects.filter(pk=draft.pk).exists()
    if filed is None or not is_second:
        return answer
    drop(draft)  # the same form was filed while this one was looked at
    return _at_filed(request, filed, sent)


def _at_filed(request: HttpRequest, filed: ReturnRequest, sent: PhotosForm | None = None) -> HttpResponse:
    """The page of what this very form filed before; photos that came along are added while it takes any."""
    if request.FILES and Status(filed.status) in DECLARABLE:
        by = by_owner(request)
        sent = sent or photos_form(request, filed, by)
        sent.is_valid()
        try:
            add_all(owner=filed, uploads=sent.pictures, by=by, now=timezone.now())
        except Refused as refused:
            messages.error(request, refused.message)
    return redirect("portal:return", filed.storefront.slug, filed.reference)


def _form(request: HttpRequest, enquiry: Enquiry, answers: dict[str, str] | None) -> DamageForm:
    line, reason = request.GET.get("line", ""), request.GET.get("reason", "")
    known = reason if reason in {one.value for one in Reason if one.is_merchant_fault} else ""
    anyway = request.POST.get("send") == "anyway"
    return DamageForm(answers, enquiry=enquiry, anyway=anyway, ticked=line, reason=known)


# -------------------------------------------------------------------------------------------------------------- drafts


def _remember(request: HttpRequest, enquiry: Enquiry, answers: dict[str, str]) -> Draft:
    """Keep what is entered by now, so that a closed browser loses nothing. Who asks isn't kept."""
    person = drafts.person_of(enquiry.order, viewer_of(request))
    draft = open_draft(order=enquiry.order, user=person, lane=Draft.DAMAGE, now=enquiry.at)
    names = ENTERED | {f"{part}{line.public_id}" for line in enquiry.lines for part in (CHOSEN, QUANTITY, REASON)}
    entered = {name: value[:LONGEST_MESSAGE] for name, value in answers.items() if name in names}
    keep(draft, data={"entered": entered}, now=enquiry.at)
    return draft


def _find(order: Order, request: HttpRequest) -> Draft | None:
    return drafts.find(order, viewer_of(request), Draft.DAMAGE)


def _kept(order: Order, request: HttpRequest) -> dict[str, str] | None:
    """What was entered before, unless a link names a product to begin with."""
    if request.GET.get("line"):
        return None
    return drafts.entered_in(_find(order, request))


# -------------------------------------------------------------------------------------------------------------- sending


def _send(request: HttpRequest, enquiry: Enquiry, form: DamageForm, photos: PhotosForm, draft: Draft) -> HttpResponse:
    contact = contact_form(request, enquiry.order)
    page = partial(_page, request, enquiry, form, contact, photos=photos, draft=draft)
    if photos.errors or not (form.is_valid() & contact.is_valid()):
        return page(status=UNPROCESSABLE)
    if form.clock.needs_asking_anyway and not form.anyway:
        return page(has_changed=True, status=CONFLICT)
    assert form.quote is not None, "a valid form asks for something"  # noqa: S101
    if request.POST.get("shown") != answer_key(form.quote):
        return page(has_changed=bool(request.POST.get("shown")), is_last_look=True)
    try:
        return file(request, enquiry, form.asked, contact, draft=draft, stated_received_at=form.stated_arrival)
    except Refused as refused:
        form.add_error(None, refused.message)
        return page(status=CONFLICT)


def _again(request: HttpRequest, enquiry: Enquiry, form: DamageForm, photos: PhotosForm) -> HttpResponse:
    """The page with the answer to what is chosen so far: nothing is missing yet, so nothing is said to be."""
    contact = contact_form(request, enquiry.order)
    forgive(form)
    forgive(contact)
    status = UNPROCESSABLE if photos.errors else 200
    draft = _find(enquiry.order, request)
    return _page(request, enquiry, form, contact, photos=photos, draft=draft, status=status)


# ----------------------------------------------------------------------------------------------------------------- page


def _page(
    request: HttpRequest,
    enquiry: Enquiry,
    form: DamageForm,
    contact: ContactForm,
    *,
    photos: PhotosForm | None = None,
    draft: Draft | None = None,
    is_last_look: bool = False,
    has_changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """``is_last_look``: all is there, and this is the answer to it. ``has_changed``: not the one shown before."""
    photos = photos or photos_form(request, draft, by_owner(request))
    photos["photos"].help_text = photos_help(help_text())
    context = _context(enquiry, form) | {
        "order": enquiry.order,
        "contact": contact,
        "known": known_rows(contact),
        "photos_form": photos,
        "photo_box": _photo_box(request, enquiry.order, photos, draft),
        "forms": [form, photos, contact],
        "wrong": _wrong(form, contact),
        "nonce": nonce_of(request),
        "is_last_look": is_last_look,
        "has_changed": has_changed,
    }
    return render(request, "portal/damage.html", context, status=status)


def _photos(request: HttpRequest, sent: PhotosForm, draft: Draft, enquiry: Enquiry) -> PhotosForm:
    """Keep the photos that came along, whatever else is wrong: without script the page that comes back loses them."""
    by = by_owner(request)
    save_photos(sent, draft, by=by, now=enquiry.at, remove=request.POST.get("remove", ""))
    return as_it_stands(sent, draft, by)


def _photo_box(request: HttpRequest, order: Order, photos: PhotosForm, draft: Draft | None) -> PhotoBox:
    where = reverse("portal:draft_photos", args=[order.storefront.slug, order.public_id])
    upload_url = f"{where}?lane={Draft.DAMAGE}"
    return photo_box(photos, draft, order.storefront, by_owner(request), upload_url=upload_url)


def _live(request: HttpRequest, enquiry: Enquiry, form: DamageForm) -> HttpResponse:
    """Only what follows from the answers: the remedies and what comes of it."""
    contact = contact_form(request, enquiry.order)
    said = request.POST.get("wrong", "").split()
    forgive(form, said=said)
    forgive(contact, said=said)
    wrong = _wrong(form, contact)
    mended = {name.partition("-")[0] for name in {*said, *wrong.split()}}
    context = _context(enquiry, form) | {"contact": contact, "forms": [form, contact], "wrong": wrong, "mended": mended}
    return render(request, "portal/damage_live.html", context)


def _wrong(form: DamageForm, contact: ContactForm) -> str:
    """The fields that the page says something is wrong with; it sends them along."""
    found = [*form.errors, *contact.errors] if form.is_bound else []
    return " ".join(name for name in found if name != NON_FIELD_ERRORS)


def _context(enquiry: Enquiry, form: DamageForm) -> dict[str, Any]:
    return {
        "storefront": enquiry.order.storefront,
        "policy_version": enquiry.version,
        "terms": enquiry.terms,
        "form": form,
        "rows": [(row, sign_of(row.line)) for row in form.rows],
        "clock": form.clock,
        "seller": seller_of(enquiry.order),
        "answers": _answers(enquiry, form),
        "quote": quote_view(enquiry, form.asked),
        "shown": answer_key(form.quote) if form.quote else "",
        "answer": answer_words(Expected(decision_day(enquiry.order.storefront, enquiry.at, is_claim=True))),
        "can_return": form.can_return_instead,
    }


def _answers(enquiry: Enquiry, form: DamageForm) -> list[tuple[str, VerdictStrip]]:
    """The verdicts on what is chosen, each once, with the products it is about where there are several verdicts."""
    if form.quote is None:
        return []
    found: dict[VerdictStrip, list[str]] = {}
    for asked, judged in zip(form.asked, form.quote.lines, strict=True):
        strip = replace(answer_of(enquiry, asked, judged).strip, more=())
        found.setdefault(strip, []).append(enquiry.titles[judged.line])
    return [(listing(titles) if len(found) > 1 else "", strip) for strip, titles in found.items()]


def _nothing_left(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    context = {"storefront": enquiry.order.storefront, "policy_version": enquiry.version, "order": enquiry.order}
    status = CONFLICT if "send" in request.POST else HTTPStatus.OK
    return render(request, "portal/damage.html", context | {"is_gone": True}, status=status)
