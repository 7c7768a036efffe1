"""What a storefront shows to everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from returns.domain.deadlines import local_date
from returns.forms.guests import GuestLookupForm
from returns.models import CustomerAccount, Order, PolicyVersion, Storefront
from returns.policy_in_force import version_now
from returns.viewer import Viewer
from returns.views.policy_words import plain_words
from returns.views.storefront_pages import public_page
from returns.views.viewer import viewer_of
from returns.wording import policies
from returns.wording.help import help_topics
from returns.wording.hours import closed_now


@login_not_required
@require_safe
def storefronts(request: HttpRequest) -> HttpResponse:
    """Choose a shop."""
    shops = list(Storefront.objects.all())
    mine = _own_storefronts(request)
    return render(
        request,
        "portal/storefronts.html",
        {"storefronts": shops, "mine": [shop for shop in shops if shop.pk in mine]},
    )


def _own_storefronts(request: HttpRequest) -> set[int]:
    """The storefronts where the signed-in person has an account of their own."""
    owned = CustomerAccount.objects.owned_by(Viewer(request.user))
    return set(owned.values_list("storefront_id", flat=True))


@public_page
@require_safe
def landing(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """Report damage, start a return, follow one, and the policy in plain words, made from the version in force."""
    context = {
        "storefront": storefront,
        "topics": help_topics(storefront),
        "closed": closed_now(storefront.service_hours, timezone.now()),
    }
    version = version_now(storefront)
    if version is None:
        return render(request, "portal/landing.html", context)
    context |= {
        "form": GuestLookupForm(),
        "has_orders": Order.objects.owned_by(viewer_of(request)).filter(storefront=storefront).exists(),
    }
    return render(request, "portal/landing.html", context | _policy(version))


def _policy(version: PolicyVersion) -> dict[str, object]:
    return {"policy_version": version, **plain_words(version.parsed(), timezone.now())}


@public_page
@require_safe
def policy(request: HttpRequest, storefront: Storefront, number: int | None = None) -> HttpResponse:
    """The whole policy: the version in force, or another one that a return was decided by."""
    published = list(
        PolicyVersion.objects.filter(storefront=storefront, published_at__isnull=False).order_by("-number")
    )
    current = version_now(storefront)
    if number is None and current is None:
        return render(request, "portal/policy.html", {"storefront": storefront})
    version = current if number is None else next((one for one in published if one.number == number), None)
    if version is None:
        raise Http404
    is_coming = version.effective_from is not None and version.effective_from > timezone.now()
    context = {
        "storefront": storefront,
        "is_older": version != current and not is_coming,
        "coming": _version_words(version, storefront)["words"] if is_coming else "",
        "clauses": policies.clauses(version.parsed()),
        "others": [_version_words(one, storefront) for one in published if one != version],
    }
    return render(request, "portal/policy.html", context | _policy(version))


def _version_words(version: PolicyVersion, storefront: Storefront) -> dict[str, object]:
    since = version.effective_from
    day = local_date(since, storefront.zone) if since else None
    return {"number": version.number, "words": policies.version_words(version.number, day)}
