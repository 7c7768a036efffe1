"""Starting a return: choose the items, check, send. What is entered waits in a draft until it is sent."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

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
from returns.domain.verdict import Code
from returns.enquiries import Enquiry
from returns.forms.damage import with_claims
from returns.forms.item_answers import data_of, entered, with_money, with_split, without_parts, without_split
from returns.forms.item_list import ReturnFormSet
from returns.forms.items import ItemForm
from returns.forms.order_lines import ticked
from returns.forms.portal import LONGEST_MESSAGE, ContactForm, known_contact
from returns.models import Draft, Order, ReturnRequest
from returns.quoting import Asked
from returns.services import requests
from returns.services.clock import decision_day
from returns.services.drafts import drop, keep, open_draft
from returns.services.errors import Refused
from returns.services.requests import QuoteChanged, answer_key, same_answer
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.filing import enquiry_of, known_rows
from returns.views.lines import QuoteView, quote_view, sorted_views, usual_answers
from returns.views.storefront_pages import by_owner, own_order_page
from returns.views.viewer import viewer_of
from returns.wording.checks import asked_rows, begun_words, photo_words, why_changed
from returns.wording.orders import placed_on
from returns.wording.policies import duration, next_steps
from rma_portal import languages


@own_order_page
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, order: Order) -> HttpResponse:
    """Every line of the order with its verdict, and the quote for what is chosen; it works without script."""
    enquiry = enquiry_of(order)
    draft = drafts.find(order, viewer_of(request))
    if request.method != "POST":
        return _items(request, ReturnFormSet(_kept(request, enquiry, draft), enquiry=enquiry), draft=draft)
    if "start_over" in request.POST:
        return _start_over(order, draft)
    answers = _changed(request, enquiry)
    if draft is not None or _may_begin(request, enquiry, answers):
        _remember(request, enquiry, draft, answers)
    if "language" in request.POST:
        return languages.choose(request)
    return _answered(request, enquiry, answers)


def _answered(request: HttpRequest, enquiry: Enquiry, answers: Mapping[str, Any]) -> HttpResponse:
    """What comes of the button that was pressed, or with script of an answer that changed."""
    if request.htmx:  # type: ignore[attr-defined]
        return _live(request, ReturnFormSet(answers, enquiry=enquiry))
    if "continue" in request.POST:
        return _go_on(request, enquiry)
    if (line := request.POST.get("report")) in {str(one.public_id) for one in enquiry.lines}:
        reason = answers.get(f"{line}-0-reason") or answers.get(f"{line}-1-reason") or ""
        if reason == Reason.NOT_RECEIVED.value:
            return redirect("portal:missing", enquiry.order.storefront.slug, enquiry.order.public_id)
        return redirect(f"{damage_url(enquiry.order)}?{urlencode({'line': line, 'reason': reason})}")
    return _items(request, ReturnFormSet(answers, enquiry=enquiry))


def _go_on(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """To the check page, unless something is missing or another question has come up."""
    formset = ReturnFormSet(_answers(request), enquiry=enquiry, is_final=True)
    if not formset.is_valid():
        return _items(request, formset, status=UNPROCESSABLE)
    if formset.has_new_questions:
        return _items(request, formset, asks_more=True)
    chosen = formset.answered
    if lost := [form for form in chosen if form.is_missing]:
        return _look_for_it(request, enquiry, lost, others=len(chosen) - len(lost))
    if claims := _one_reason_each([form for form in chosen if _lacks_arrival(enquiry, form.asked)]):
        return _ask_arrival(request, enquiry, claims, others=len(chosen) - len(claims))
    _keep(request, enquiry, tuple(form.asked for form in chosen))
    return redirect("portal:check", enquiry.order.storefront.slug, enquiry.order.public_id)


def _lacks_arrival(enquiry: Enquiry, asked: Asked) -> bool:
    """Whether a claim hangs on when the package came, which nobody knows: the damage lane asks it (RES-24)."""
    return asked.reason.is_merchant_fault and enquiry.judge(asked).verdict.code is Code.DELIVERY_UNKNOWN


def _has_other_page(enquiry: Enquiry, asked: Asked) -> bool:
    """Whether a page of its own asks first: where it was looked for, or when it came."""
    return asked.reason is Reason.NOT_RECEIVED or _lacks_arrival(enquiry, asked)


def _one_reason_each(claims: Sequence[ItemForm]) -> list[ItemForm]:
    """Without the second part of a line that has another reason than the first: a report has one for each line."""
    first: dict[int, Reason] = {}
    return [form for form in claims if first.setdefault(form.line.pk, form.asked.reason) is form.asked.reason]


def _look_for_it(request: HttpRequest, enquiry: Enquiry, lost: Sequence[ItemForm], *, others: int) -> HttpResponse:
    """To the page that asks where it was looked for, with what is missing ticked (CON-12, RES-29)."""
    _set_aside(request, enquiry, lost, others=others)
    missing = reverse("portal:missing", args=[enquiry.order.storefront.slug, enquiry.order.public_id])
    return redirect(f"{missing}?{urlencode(ticked((form.line, form.asked.quantity) for form in lost))}")


def _ask_arrival(request: HttpRequest, enquiry: Enquiry, claims: Sequence[ItemForm], *, others: int) -> HttpResponse:
    """To the damage lane with what was entered, each product with its own reason."""
    _set_aside(request, enquiry, claims, others=others)
    person = drafts.person_of(enquiry.order, viewer_of(request))
    lane = open_draft(order=enquiry.order, user=person, lane=Draft.DAMAGE, now=enquiry.at)
    claimed = with_claims(drafts.entered_in(lane) or {}, [(form.line, form.asked) for form in claims])
    keep(lane, data={"entered": claimed}, now=enquiry.at)
    return redirect(damage_url(enquiry.order))


def _set_aside(request: HttpRequest, enquiry: Enquiry, taken: Sequence[ItemForm], *, others: int) -> None:
    """What goes on at another page leaves this one; what else was chosen waits here."""
    draft = _open(request, enquiry)
    left = without_parts(drafts.entered_in(draft) or {}, {str(form.prefix) for form in taken})
    keep(draft, data={"entered": left}, now=enquiry.at)
    if others:
        messages.info(request, _("Your other products are kept. Go on with them once this is sent."))


def _start_over(order: Order, draft: Draft | None) -> HttpResponse:
    if draft is not None:
        drop(draft)
    return redirect("portal:choose", order.storefront.slug, order.public_id)


def _may_begin(request: HttpRequest, enquiry: Enquiry, answers: Mapping[str, Any]) -> bool:
    """Whether a draft begins: something is chosen, and no late word of a page that was sent meanwhile chose it."""
    if not any(name.endswith("-chosen") for name in entered(answers, enquiry)):
        return False
    try:
        shown_at = datetime.fromisoformat(request.POST.get("page_at", ""))
        is_late = enquiry.order.requests.filter(requested_at__gt=shown_at).exists()
    except ValueError:
        is_late = False
    return not (is_late and request.htmx)  # type: ignore[attr-defined]


def _remember(request: HttpRequest, enquiry: Enquiry, draft: Draft | None, answers: Mapping[str, Any]) -> None:
    """Keep what is entered by now, finished or not, and nothing else: another page may have gone on meanwhile."""
    keep(draft or _open(request, enquiry), data={"entered": entered(answers, enquiry)}, now=enquiry.at)


def _keep(request: HttpRequest, enquiry: Enquiry, asked: tuple[Asked, ...]) -> None:
    """Keep what is asked, and the quote it was shown with: another request than before can't be sent by an old page."""
    keep(_open(request, enquiry), data=drafts.as_data(asked, enquiry.quote(asked)), now=enquiry.at)


def _open(request: HttpRequest, enquiry: Enquiry) -> Draft:
    person = drafts.person_of(enquiry.order, viewer_of(request))
    return open_draft(order=enquiry.order, user=person, now=enquiry.at)


def _answers(request: HttpRequest) -> dict[str, str]:
    """What was sent, one answer to a question: the last one."""
    return {name: str(value) for name, value in request.POST.items()}


def _kept(request: HttpRequest, enquiry: Enquiry, draft: Draft | None) -> Mapping[str, Any] | None:
    """What was filled in before, and the line and reason that a link names."""
    kept = drafts.entered_in(draft)
    if kept is None and (asked := drafts.asked_in(draft)):
        kept = data_of(asked, enquiry)
    line, reason = request.GET.get("line", ""), request.GET.get("reason", "")
    if line not in {str(one.public_id) for one in enquiry.lines}:
        return kept if kept is not None else _only_line(enquiry)
    named = {f"{line}-0-chosen": "on"}
    if reason in {one.value for one in Reason}:
        named[f"{line}-0-reason"] = reason
    return {**(kept or {}), **named}


def _only_line(enquiry: Enquiry) -> dict[str, str] | None:
    """The only product that can go back is chosen from the start: one way is no choice (ux, principle 5)."""
    usual = usual_answers(enquiry)
    possible = [line for line in enquiry.lines if usual[line.pk]]
    return {f"{possible[0].public_id}-0-chosen": "on"} if len(possible) == 1 else None


def _changed(request: HttpRequest, enquiry: Enquiry) -> dict[str, Any]:
    """The answers with a line split, put together again, or turned to money, where one of those buttons was pressed."""
    answers, by_id = _answers(request), {str(line.public_id): line for line in enquiry.lines}
    if (split := request.POST.get("split")) in by_id:
        return with_split(answers, by_id[str(split)])
    if (join := request.POST.get("join")) in by_id:
        return without_split(answers, by_id[str(join)])
    return with_money(answers, request.POST.get("instead", ""), enquiry)


def _items(
    request: HttpRequest,
    formset: ReturnFormSet,
    *,
    draft: Draft | None = None,
    asks_more: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The whole page. A ``draft`` that somebody comes back to is said."""
    more = {"asks_more": asks_more, "begun": begun_words(draft, formset.enquiry) if draft is not None else ""}
    return render(request, "portal/choose.html", _context(request, formset) | more, status=status)


def _live(request: HttpRequest, formset: ReturnFormSet) -> HttpResponse:
    """Only what changed, to be put in place: verdicts, questions that came or went, and the quote."""
    return render(request, "portal/choose_live.html", _context(request, formset))


def _context(request: HttpRequest, formset: ReturnFormSet) -> dict[str, Any]:
    enquiry = formset.enquiry
    formset.full_clean()
    listed = sorted_views(formset, only_possible=request.GET.get("show") == "can")
    quote = quote_view(enquiry, [form.asked for form in formset.answered])
    return {
        "storefront": enquiry.order.storefront,
        "policy_version": enquiry.version,
        "order": enquiry.order,
        "placed": placed_on(enquiry.order),
        "formset": formset,
        "page_at": enquiry.at.isoformat(),
        "listed": listed,
        "items": [*listed.shown, *listed.folded],
        "quote": quote,
        "nothing_possible": listed.nothing_possible and (quote is None or not quote.is_counted),
        "is_over": not any(item.answers for item in (*listed.shown, *listed.folded)),
        "missing": [sentence for form in formset.forms if (sentence := form.missing)],
        "duration": duration(enquiry.terms),
        "comes_back": not formset.answered or any(form.asked.comes_back for form in formset.answered),
    }


def damage_url(order: Order) -> str:
    """The lane for damage and wrong items of this order."""
    return reverse("portal:damage", args=[order.storefront.slug, order.public_id])


def choose_url(order: Order) -> str:
    """The page on which the products are chosen."""
    return reverse("portal:choose", args=[order.storefront.slug, order.public_id])


def photos_url(order: Order) -> str:
    """The page on which photos are added to the draft."""
    return reverse("portal:draft_photos", args=[order.storefront.slug, order.public_id])


# ----------------------------------------------------------------------------------------------------- check and send


@own_order_page
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, order: Order) -> HttpResponse:
    """Everything once more with ways to change it; sending it files the request, once however often it is sent."""
    if request.method == "POST" and (filed := _filed(request, order)) is not None:
        return redirect("portal:return", order.storefront.slug, filed.reference)
    draft, enquiry = drafts.find(order, viewer_of(request)), enquiry_of(order)
    asked = drafts.asked_in(draft) if draft is not None else ()
    if draft is None or not asked or any(_has_other_page(enquiry, one) for one in asked):
        return redirect(choose_url(order))
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
    places = {"photos": photos_url(order), "products": choose_url(order)}
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
