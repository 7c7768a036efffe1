"""`manage.py import_accounts FILE --storefront SLUG`."""

from returns.management.importing import ImportCommand
from returns.models import Storefront
from returns.services.imports import ImportResult
from returns.services.imports.accounts import import_accounts
from returns.services.imports.columns import lines_of


class Command(ImportCommand):
    help = "Create or update accounts from a CSV file; see docs/imports.md for its columns."

    def take(self, text: str, storefront: Storefront) -> ImportResult:
        return import_accounts(lines=lines_of(text), storefront=storefront)
