"""A manager's storefronts: what each lacks, its settings, who changed what, and a new one."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.forms.storefront_settings import NewStorefrontForm, SettingsForm
from returns.models import PolicyVersion, Storefront, StorefrontChange
from returns.paging import Key, page
from returns.querysets.sort_keys import aware
from returns.services.errors import Refused
from returns.services.storefront_settings import change_settings, create_storefront
from returns.viewer import Viewer
from returns.views.access import manager_required, person
from returns.views.codes import UNPROCESSABLE
from returns.views.policy_doors import managed_shop

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Lack:
    """A setting that is missing, what that blocks, and where it is entered."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Shop:
    """A storefront of the list."""

    storefront: Storefront
    lacks: list[Lack]


@manager_required
@require_safe
def shops(request: HttpRequest) -> HttpResponse:
    """The manager's storefronts, each with what it lacks."""
    found = list(Storefront.objects.staffed_by(Viewer(request.user)))
    now = timezone.now()
    published = PolicyVersion.objects.published().exclude(effective_from__gt=now).filter(storefront__in=found)
    with_policy = set(published.values_list("storefront_id", flat=True))
    listed = [Shop(shop, _lacks(shop, has_policy=shop.pk in with_policy)) for shop in found]
    return render(request, "reports/storefronts.html", {"shops": listed})


def _lacks(shop: Storefront, *, has_policy: bool) -> list[Lack]:
    settings = reverse("reports:storefront_settings", args=[shop.slug])
    found = []
    if not shop.can_authorize:
        address = reverse("reports:storefront", args=[shop.slug])
        found.append(Lack("No return address: nothing can be authorized", address))
    if not has_policy:
        found.append(Lack("No policy in force: no return can be asked for", reverse("reports:policies")))
    if not shop.email and not shop.phone:
        found.append(Lack("No email address and no phone: customers can’t reach anybody", settings))
    if not shop.opening_hours:
        found.append(Lack("No opening hours: it shows as closed", settings))
    return found


@managed_shop
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, shop: Storefront) -> HttpResponse:
    """Change what a storefront is called, how it looks, where it is and when somebody is there."""
    form = SettingsForm(_typed(request) if request.method == "POST" else None, initial=SettingsForm.initial_of(shop))
    if form.is_valid() and (answer := _saved(request, shop, form)):
        return answer
    context = {"form": form, "shop": shop}
    return render(request, "reports/storefront_settings.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _saved(request: HttpRequest, shop: Storefront, form: SettingsForm) -> HttpResponse | None:
    """Save what is typed; None where a value is refused, which stands beside its field then."""
    try:
        done = change_settings(storefront=shop, values=form.cleaned_data, by=person(request), now=timezone.now())
    except Refused as refused:
        form.add_error(refused.field, refused.message)
        return None
    changed = ", ".join(change.about for change in done)
    messages.success(request, f"Saved for {shop.name}: {changed}." if done else "Nothing was changed.")
    return redirect("reports:storefronts")


def _typed(request: HttpRequest) -> QueryDict:
    """What was typed, with the corrected color where its button was pressed."""
    corrected = request.POST.get("take")
    if not corrected:
        return request.POST
    data = request.POST.copy()
    data["accent"] = corrected
    return data


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a storefront: live the same minute, with a policy copied from another one."""
    copies = PolicyVersion.objects.managed_by(Viewer(request.user)).published().select_related("storefront")
    found = {str(each.pk): each for each in copies.defer("terms").order_by("storefront__position", "-number")}
    form = NewStorefrontForm(
        _typed(request) if request.method == "POST" else None,
        initial={"timezone": "America/New_York", "currency": "USD", "accent": "#26363c", "begins": "published"},
        copies=[(key, f"{each.storefront.name}, version {each.number}") for key, each in found.items()],
    )
    if form.is_valid():
        return _open(request, form, found)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "reports/storefront_new.html", {"form": form}, status=status)


def _open(request: HttpRequest, form: NewStorefrontForm, found: dict[str, PolicyVersion]) -> HttpResponse:
    answers = form.cleaned_data
    values = {name: value for name, value in answers.items() if name not in {"copied", "begins"}}
    is_published = answers["begins"] == "published"
    try:
        made = create_storefront(
            values=values,
            copied=found[answers["copied"]],
            is_published=is_published,
            by=person(request),
            now=timezone.now(),
        )
    except Refused as error:
        form.add_error(error.field or None, error.message)
        return render(request, "reports/storefront_new.html", {"form": form}, status=UNPROCESSABLE)
    messages.success(request, f"{made.name} is open.")
    if is_published:
        return redirect("reports:storefronts")
    return redirect("reports:policy_edit", made.slug, 1)


HISTORY_KEYS = (Key("at", aware), Key("id", int))


@managed_shop
@require_safe
def history(request: HttpRequest, shop: Storefront) -> HttpResponse:
    """Who changed what of a storefront and when, the newest first."""
    rows = StorefrontChange.objects.filter(storefront=shop).select_related("actor").order_by("-at", "-id")
    area = request.GET.get("area", "")
    if area in {StorefrontChange.SETTINGS, StorefrontChange.CATALOGUE, StorefrontChange.POLICY}:
        rows = rows.filter(area=area)
    else:
        area = ""
    found = page(rows, HISTORY_KEYS, after=request.GET.get("after", ""), size=PAGE_SIZE, is_descending=True)
    areas = [("", "All"), ("settings", "Settings"), ("catalogue", "Catalogue"), ("policy", "Policy")]
    context = {"shop": shop, "found": found, "area": area, "areas": areas}
    return render(request, "reports/storefront_history.html", context)
