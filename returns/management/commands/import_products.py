"""`manage.py import_products FILE --storefront SLUG`."""

from returns.management.importing import ImportCommand
from returns.models import Storefront
from returns.services.imports import ImportResult
from returns.services.imports.columns import lines_of
from returns.services.imports.products import import_products


class Command(ImportCommand):
    help = "Create or update products from a CSV file; see docs/imports.md for its columns."

    def take(self, text: str, storefront: Storefront) -> ImportResult:
        return import_products(lines=lines_of(text), storefront=storefront)
