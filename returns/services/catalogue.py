"""Products that a manager enters or changes by hand, with a row of history for each value."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from returns.models import Product, Storefront, StorefrontChange
from returns.services.errors import Refused
from returns.services.imports import ImportResult
from returns.services.imports.products import classify, hold_catalogue, import_products
from returns.services.storefront_history import note
from returns.services.storefront_settings import shown

if TYPE_CHECKING:
    from accounts.models import User

LABELS: Mapping[str, str] = {
    "name": "name",
    "size": "size",
    "kind": "kind",
    "flags": "flags",
    "expires_on": "expiration date",
    "in_stock": "in stock",
    "full_weight": "full weight",
    "empty_weight": "empty weight",
}


@transaction.atomic
def add_product(*, storefront: Storefront, sku: str, values: Mapping[str, Any], by: "User", now: datetime) -> Product:
    """A product of the catalogue; order lines that waited for it take its kind (RES-53). Raises Refused."""
    hold_catalogue(storefront)
    try:
        with transaction.atomic():
            made = Product.objects.create(storefront=storefront, sku=sku, **values)
    except IntegrityError:
        raise Refused(f"{sku} is in the catalogue already.", field="sku") from None
    classify(storefront=storefront, skus=[sku])
    changes = [(f"Product {sku}", "", f"{made.name}, {made.kind}")]
    note(storefront=storefront, area=StorefrontChange.CATALOGUE, changes=changes, by=by, now=now)
    return made


@transaction.atomic
def change_product(*, product: Product, values: Mapping[str, Any], by: "User", now: datetime) -> list[StorefrontChange]:
    """Set these values; orders placed before keep what they were judged by."""
    hold_catalogue(product.storefront)
    held = Product.objects.select_related("storefront").get(pk=product.pk)
    changes = [
        (f"Product {held.sku}: {LABELS[name]}", shown(getattr(held, name)), shown(value))
        for name, value in values.items()
    ]
    Product.objects.filter(pk=held.pk).update(**values)
    return note(storefront=held.storefront, area=StorefrontChange.CATALOGUE, changes=changes, by=by, now=now)


@transaction.atomic
def take_file(*, storefront: Storefront, lines: Iterable[str], by: "User", now: datetime) -> ImportResult:
    """Take the rows of a product file that can be taken. Raises RowError where it has no such columns."""
    result = import_products(lines=lines, storefront=storefront)
    if result.created or result.updated:
        changes = [("Products from a file", "", str(result))]
        note(storefront=storefront, area=StorefrontChange.CATALOGUE, changes=changes, by=by, now=now)
    return result
