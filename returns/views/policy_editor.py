"""The editor of a draft: its forms, and beside them the page that customers would read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from returns.domain.clause_numbers import stray_numbers
from returns.forms.policy.whole import PolicyForms, one_more
from returns.forms.publishing import read_seen, seen_of
from returns.models import PolicyVersion
from returns.services.errors import Refused
from returns.services.policies import keep_draft
from returns.views.access import person
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.policy_doors import managed_version, step_of_version
from returns.views.policy_words import plain_words
from returns.wording.policies import clauses


@managed_version
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, draft: PolicyVersion) -> HttpResponse:
    """Change the terms of a draft. Nothing is saved before all of it makes sense."""
    if not draft.is_draft:
        messages.error(request, f"Version {draft.number} is published, and never changes. Begin a new draft.")
        return redirect("reports:policy", draft.storefront.slug, draft.number)
    if request.method != "POST":
        return _page(request, draft, PolicyForms(draft.parsed()))
    if request.POST.get("more"):
        longer = one_more(request.POST, request.POST["more"])
        return _page(request, draft, PolicyForms(draft.parsed(), longer), is_unfinished=True)
    typed = PolicyForms(draft.parsed(), request.POST)
    return _page(request, draft, typed, is_unfinished=True) if "show" in request.POST else _save(request, draft, typed)


def _save(request: HttpRequest, draft: PolicyVersion, typed: PolicyForms) -> HttpResponse:
    if typed.read is None:
        return _page(request, draft, typed, status=UNPROCESSABLE)
    seen = read_seen(request.POST.get("seen", ""))
    try:
        keep_draft(version=draft, terms=typed.read, seen=seen, by=person(request), now=timezone.now())
    except Refused as error:
        return _page(request, draft, typed, alert=error.message, status=CONFLICT)
    messages.success(
        request, f"Draft {draft.number} of {draft.storefront.name} is saved. Try it on real requests here."
    )
    return redirect("reports:policy", draft.storefront.slug, draft.number)


@step_of_version
def words(request: HttpRequest, draft: PolicyVersion) -> HttpResponse:
    """The words beside the form for what is typed in it now; nothing is saved."""
    typed = PolicyForms(draft.parsed(), request.POST)
    return render(request, "reports/parts/policy_words.html", _words(draft, typed))


def _words(draft: PolicyVersion, typed: PolicyForms) -> dict[str, object]:
    """The plain words of what is typed; while that makes no sense, what is in the way."""
    terms = typed.read if typed.data is not None else typed.terms
    if terms is None:
        wrong = [str(error) for form in typed.forms for errors in form.errors.values() for error in errors]
        return {"wrong": wrong, "version": draft, "shop": draft.storefront}
    return {
        "version": draft,
        "shop": draft.storefront,
        "clauses": clauses(terms),
        "strays": stray_numbers(terms),
        **plain_words(terms, timezone.now()),
    }


def _page(
    request: HttpRequest,
    draft: PolicyVersion,
    typed: PolicyForms,
    *,
    alert: str = "",
    is_unfinished: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The editor. ``is_unfinished``: somebody asked for the words or another row, and isn't told off."""
    shown = _words(draft, typed)
    context = {
        **shown,
        "policy": typed,
        "alert": alert,
        "seen": request.POST.get("seen") or seen_of(draft),
        "forms": [] if is_unfinished else typed.forms,
        "errors_of": () if is_unfinished else typed.forms,
        "is_unfinished": is_unfinished,
    }
    return render(request, "reports/policy_edit.html", context, status=status)
