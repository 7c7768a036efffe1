"""Starting a return: the items are chosen. What is entered waits in a draft until it is sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from returns import drafts
from returns.domain.facts import Reason
from returns.enquiries import Enquiry
from returns.forms.damage import with_claims
from returns.forms.item_answers import data_of, entered, with_money, with_split, without_parts, without_split
from returns.forms.item_list import ReturnFormSet
from returns.forms.items import ItemForm
from returns.forms.order_lines import ticked
from returns.models import Draft, Order
from returns.quoting import Asked
from returns.services.drafts import drop, keep, open_draft
from returns.views.codes import UNPROCESSABLE
from returns.views.filing import enquiry_of
from returns.views.lines import quote_view, sorted_views, usual_answers
from returns.views.storefront_pages import own_order_page
from returns.views.viewer import viewer_of
from returns.wording.checks import begun_words
from returns.wording.orders import placed_on
from returns.wording.policies import duration
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
        return redirect(f"{_damage_url(enquiry.order)}?{urlencode({'line': line, 'reason': reason})}")
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
    if claims := _one_reason_each([form for form in chosen if enquiry.lacks_arrival(form.asked)]):
        return _ask_arrival(request, enquiry, claims, others=len(chosen) - len(claims))
    _keep(request, enquiry, tuple(form.asked for form in chosen))
    return redirect("portal:check", enquiry.order.storefront.slug, enquiry.order.public_id)


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
    return redirect(_damage_url(enquiry.order))


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


def _damage_url(order: Order) -> str:
    """The lane for damage and wrong items of this order."""
    return reverse("portal:damage", args=[order.storefront.slug, order.public_id])
