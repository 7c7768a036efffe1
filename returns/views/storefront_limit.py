"""Above which worth a settlement takes two people at a storefront: one manager lowers it, two raise it (B34)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from returns.forms.extras import LimitForm
from returns.models import Storefront
from returns.services import limits
from returns.services.errors import Refused
from returns.views.access import person
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.policy_doors import managed_shop
from returns.wording.phrases import money


@managed_shop
@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: HttpRequest, shop: Storefront) -> HttpResponse:
    """The limit of one storefront, and the higher one that waits for a second manager."""
    form = LimitForm(request.POST if request.method == "POST" else None, initial={"amount": shop.second_person_above})
    if not form.is_valid():
        return _page(request, shop, form, status=UNPROCESSABLE if form.is_bound else 200)
    asked = form.cleaned_data["amount"]
    holds = limits.ask_for_limit(storefront=shop, amount=asked, by=person(request), now=timezone.now())
    amount = money(asked, shop.currency)
    if holds:
        messages.success(request, f"Above {amount} a settlement at {shop.name} takes two people from now on.")
        return redirect("reports:storefront", shop.slug)
    messages.info(request, f"{amount} is asked for. It holds once another manager of {shop.name} agrees.")
    return redirect("reports:storefront_limit", shop.slug)


def _page(
    request: HttpRequest, shop: Storefront, form: LimitForm, *, alert: str = "", status: int = 200
) -> HttpResponse:
    asked = limits.raise_of(shop)
    context = {
        "form": form,
        "shop": shop,
        "asked": asked,
        "is_own": asked is not None and asked.asked_by == request.user,
        "alert": alert,
    }
    return render(request, "reports/storefront_limit.html", context, status=status)


@managed_shop
@require_POST
def agree(request: HttpRequest, shop: Storefront) -> HttpResponse:
    """Another manager agrees to the higher limit they saw."""
    form = LimitForm(request.POST)
    if not form.is_valid():
        return _page(request, shop, LimitForm(initial={"amount": shop.second_person_above}), status=UNPROCESSABLE)
    amount = form.cleaned_data["amount"]
    return _answer(
        request,
        shop,
        lambda: limits.agree_to_limit(storefront=shop, amount=amount, by=person(request), now=timezone.now()),
        f"Above {money(amount, shop.currency)} a settlement at {shop.name} takes two people from now on.",
    )


@managed_shop
@require_POST
def refuse(request: HttpRequest, shop: Storefront) -> HttpResponse:
    """The higher limit is not agreed to, or taken back by who asked for it."""
    return _answer(
        request,
        shop,
        lambda: limits.refuse_limit(storefront=shop, by=person(request), now=timezone.now()),
        f"The limit stays at {money(shop.second_person_above, shop.currency)}.",
    )


def _answer(request: HttpRequest, shop: Storefront, act: Callable[[], Storefront], done: str) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        form = LimitForm(initial={"amount": shop.second_person_above})
        return _page(request, shop, form, alert=refused.message, status=CONFLICT)
    messages.success(request, done)
    return redirect("reports:storefront", shop.slug)
