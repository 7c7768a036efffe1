"""Customer accounts from CSV: number, e-mail, name, phone, main contact, type, outstanding balance."""

from collections.abc import Iterable
from email.utils import parseaddr
from functools import partial
from typing import Any

from django.db.models import QuerySet

from accounts.purchases import NUMBER_PREFIX
from returns.domain.facts import AccountType
from returns.domain.rma_number import read_rma_number
from returns.models import CustomerAccount, Order, Storefront
from returns.services.account_links import give_orders
from returns.services.imports import ImportResult, RowError
from returns.services.imports.columns import Row, fitting, read_email, rows

COLUMNS = ("number", "email", "name")
TYPES = [kind.value for kind in AccountType]


def import_accounts(*, lines: Iterable[str], storefront: Storefront) -> ImportResult:
    """Create or update the customer accounts of a CSV file, by number.

    Columns: number, email, name, and where there are any phone, main_contact (an address, or `Name <address>`), type
    and outstanding_balance. Orders of the same address that had no account get it, with the requests filed for them,
    and an account the portal had opened for that address becomes this one. Raises RowError where the file has no such
    columns. A person signs in to an account only after verifying its address; importing links nobody else.
    """
    result = ImportResult()
    seen: dict[str, int] = {}
    for row in rows(lines, COLUMNS):
        if isinstance(row, tuple):
            result.refuse(f"line {row[0]}", row[1])
            continue
        result.take(f"line {row.line}", partial(_take, row, storefront, seen))
    return result


def _take(row: Row, storefront: Storefront, seen: dict[str, int]) -> str:
    number = row.text("number", longest=40, required=True)
    values = _values(row)
    if number in seen:
        raise RowError(f"number {number} stands in line {seen[number]} already")
    seen[number] = row.line
    known = CustomerAccount.objects.filter(storefront=storefront, number=number).first()
    if known is None:
        return _take_new(number, values, storefront)
    if all(getattr(known, name) == value for name, value in values.items()):
        return "unchanged"
    if known.email.lower() == values["email"]:
        CustomerAccount.objects.filter(pk=known.pk).update(**values)
    else:
        orders = _locked_orders(values["email"], storefront)
        # Who signed in with the old address doesn't own the new one before it is verified.
        CustomerAccount.objects.filter(pk=known.pk).update(**values, user=None)
        give_orders(orders, known)
    return "updated"


def _take_new(number: str, values: dict[str, Any], storefront: Storefront) -> str:
    if _is_the_portals_own(number):
        raise RowError(f"number {number} is of the form the portal gives to accounts it opens itself")
    orders = _locked_orders(values["email"], storefront)
    opened = _opened_here(values["email"], storefront)
    if opened is None:
        give_orders(orders, CustomerAccount.objects.create(storefront=storefront, number=number, **values))
        return "created"
    # The person, their orders, requests and credit stay where they are; what the shop knows comes to them.
    CustomerAccount.objects.filter(pk=opened.pk).update(number=number, **values)
    give_orders(orders, opened)
    return "updated"


def _locked_orders(email: str, storefront: Storefront) -> QuerySet[Order]:
    """The orders of this address that belong to no account, locked before the account, as every service locks them."""
    orders = Order.objects.filter(storefront=storefront, email__iexact=email, account__isnull=True)
    list(orders.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return orders


def _opened_here(email: str, storefront: Storefront) -> CustomerAccount | None:
    """The account the portal opened for this address before the shop reported one; a person's rather than nobody's."""
    found = CustomerAccount.objects.select_for_update().filter(storefront=storefront, email__iexact=email)
    opened = [account for account in found.order_by("pk") if _is_the_portals_own(account.number)]
    return min(opened, key=lambda account: account.user_id is None, default=None)


def _is_the_portals_own(number: str) -> bool:
    # For people known by their orders alone, and for guests who were owed credit (under their RMA number).
    return number.startswith(NUMBER_PREFIX) or read_rma_number(number).number == number


def _values(row: Row) -> dict[str, Any]:
    contact_name, contact_email = _main_contact(row)
    values: dict[str, Any] = {
        "email": row.email("email", required=True),
        "name": row.text("name", longest=150, required=True),
        "phone": row.text("phone", longest=40),
        "main_contact_name": contact_name,
        "main_contact_email": contact_email,
        "type": row.choice("type", TYPES, default="consumer"),
    }
    balance = row.amount("outstanding_balance")
    if balance is not None:
        values["outstanding_balance"] = balance
    return values


def _main_contact(row: Row) -> tuple[str, str]:
    text = row.text("main_contact", longest=500)
    name, address = parseaddr(text) if text else ("", "")
    name = row.text("main_contact_name", longest=150) or fitting(name, "main_contact", 150)
    address = row.email("main_contact_email") or (read_email(address, "main_contact") if address else "")
    if text and not address:
        raise RowError(f"main_contact “{text}” names no email address")
    return name, address
