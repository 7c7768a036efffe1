"""`manage.py import_orders FILE --storefront SLUG`."""

from returns.management.importing import ImportCommand
from returns.models import Storefront
from returns.services.imports import ImportResult
from returns.services.imports.orders import import_orders


class Command(ImportCommand):
    help = "Create or update orders from a file in Shopify's order JSON format; see docs/imports.md."

    def take(self, text: str, storefront: Storefront) -> ImportResult:
        return import_orders(text=text, storefront=storefront)
