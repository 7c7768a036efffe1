"""The catalogue of a storefront: search, edit, take a file, and what orders name that isn't there yet."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.forms.catalogue import ProductFileForm, ProductForm
from returns.models import OrderLine, Product, Storefront
from returns.policy_in_force import NoPolicyInForce, current_terms
from returns.services.catalogue import add_product, change_product, take_file
from returns.services.errors import CatalogueBusy, Refused
from returns.services.imports import RowError
from returns.services.imports.columns import lines_of
from returns.services.imports.products import try_products
from returns.viewer import Viewer
from returns.views.access import manager_required, person
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.policy_doors import managed_shop

PAGE_SIZE = 50
MOST_WAITING = 100
MOST_PROBLEMS = 200


@manager_required
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """The catalogue of the manager's first storefront; the others are one click away."""
    shop = Storefront.objects.staffed_by(Viewer(request.user)).first()
    return redirect("reports:products", shop.slug) if shop else redirect("reports:storefronts")


@managed_shop
@require_safe
def products(request: HttpRequest, shop: Storefront) -> HttpResponse:
    """The products of a storefront by SKU, and the SKUs on its orders that nobody has classified."""
    text, after = request.GET.get("q", "").strip()[:100], request.GET.get("after", "")
    rows = Product.objects.filter(storefront=shop, sku__gt=after).order_by("sku")
    for word in text.split()[:8]:
        rows = rows.filter(Q(sku__icontains=word) | Q(name__icontains=word))
    found = list(rows[: PAGE_SIZE + 1])
    terms = current_terms(shop)
    context = {
        "shop": shop,
        "shops": Storefront.objects.staffed_by(Viewer(request.user)),
        "q": text,
        "rows": [(each, terms.kinds.get(each.kind, "") if terms else "") for each in found[:PAGE_SIZE]],
        "next": found[PAGE_SIZE - 1].sku if len(found) > PAGE_SIZE else "",
        "is_first": not after,
        "waiting": unclassified(shop),
    }
    return render(request, "reports/products.html", context)


def unclassified(shop: Storefront) -> Sequence[Mapping[str, object]]:
    """SKUs on orders that are in no catalogue and have no kind: returns of them go to a person (RES-53)."""
    lines = OrderLine.objects.filter(order__storefront=shop, product__isnull=True, kind__isnull=True).exclude(sku="")
    found = lines.values("sku").annotate(title=Max("title"), lines=Count("id")).order_by("-lines", "sku")
    return [dict(each) for each in found[:MOST_WAITING]]


@managed_shop
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, shop: Storefront) -> HttpResponse:
    """Add a product; whatever waited for it is classified."""
    terms = current_terms(shop)
    if terms is None:
        messages.error(request, "Publish a policy first: it names the kinds of product.")
        return redirect("reports:policies")
    initial = {"sku": request.GET.get("sku", ""), "name": request.GET.get("name", ""), "in_stock": True}
    form = ProductForm(request.POST if request.method == "POST" else None, initial=initial, terms=terms, is_new=True)
    if form.is_valid():
        values = dict(form.cleaned_data)
        sku = values.pop("sku")
        try:
            add_product(storefront=shop, sku=sku, values=values, by=person(request), now=timezone.now())
        except CatalogueBusy as busy:
            return _busy(request, "reports/product.html", {"form": form, "shop": shop}, busy)
        except Refused as error:
            form.add_error(error.field or None, error.message)
        else:
            messages.success(request, f"{sku} is in the catalogue.")
            return redirect("reports:products", shop.slug)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "reports/product.html", {"form": form, "shop": shop}, status=status)


@managed_shop
@require_http_methods(["GET", "HEAD", "POST"])
def product(request: HttpRequest, shop: Storefront, sku: str) -> HttpResponse:
    """Change a product; orders placed before keep what they were judged by."""
    found, terms = get_object_or_404(Product, storefront=shop, sku=sku), current_terms(shop)
    if terms is None:
        messages.error(request, "Publish a policy first: it names the kinds of product.")
        return redirect("reports:policies")
    initial = {name: getattr(found, name) for name in ProductForm.base_fields}
    form = ProductForm(request.POST if request.method == "POST" else None, initial=initial, terms=terms, is_new=False)
    context = {"form": form, "shop": shop, "product": found}
    if form.is_valid():
        try:
            done = change_product(product=found, values=form.cleaned_data, by=person(request), now=timezone.now())
        except CatalogueBusy as busy:
            return _busy(request, "reports/product.html", context, busy)
        messages.success(request, f"{sku} is saved." if done else "Nothing was changed.")
        return redirect("reports:products", shop.slug)
    return render(request, "reports/product.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _busy(request: HttpRequest, template: str, context: Mapping[str, Any], busy: CatalogueBusy) -> HttpResponse:
    """409: what was typed or sent stays, to be sent again."""
    context["form"].add_error(None, f"{busy.message} Nothing was changed.")
    return render(request, template, dict(context), status=CONFLICT)


@managed_shop
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, shop: Storefront) -> HttpResponse:
    """A file of products: first what it would do, row by row, then, if wanted, the same for good."""
    if request.method != "POST":
        return render(request, "reports/products_file.html", {"form": ProductFileForm(), "shop": shop})
    form = ProductFileForm(request.POST, request.FILES)
    context: dict[str, object] = {"form": form, "shop": shop}
    if not form.is_valid():
        return render(request, "reports/products_file.html", context, status=UNPROCESSABLE)
    text = form.cleaned_data["text"]
    lines = lines_of(text)
    try:
        if "take" in request.POST:
            done = take_file(storefront=shop, lines=lines, by=person(request), now=timezone.now())
            messages.success(request, f"Taken: {done}.")
            return redirect("reports:products", shop.slug)
        tried = try_products(lines=lines, storefront=shop)
    except CatalogueBusy as busy:
        return _busy(request, "reports/products_file.html", {**context, "text": text}, busy)
    except (RowError, NoPolicyInForce) as error:
        words = str(error) if isinstance(error, RowError) else "the storefront has no policy in force yet"
        form.add_error("file", f"The file can’t be taken: {words}.")
        return render(request, "reports/products_file.html", context, status=UNPROCESSABLE)
    problems = tried.problems
    context |= {
        "tried": tried,
        "text": text,
        "problems": problems[:MOST_PROBLEMS],
        "more": len(problems[MOST_PROBLEMS:]),
    }
    return render(request, "reports/products_file.html", context)
