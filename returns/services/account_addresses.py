"""What carries a person's address follows when they sign in with another one (D7)."""

from datetime import datetime

from accounts.models import User
from returns.models import CustomerAccount
from returns.services import known_addresses, preferences
from returns.services.customer_accounts import note
from returns.services.transition import By


def follow(*, user: User, old: str, now: datetime) -> None:
    """Put the user's new address where their accounts, orders and returns carried the old one.

    Where customer care keeps the account's data, that stays as care has it (PRO-04); orders and returns follow
    everywhere, for their mails would go to the old mailbox. Guest links to it die, and what they said about reminders
    holds for the new one. Runs in the caller's transaction.
    """
    accounts = dict(user.customer_accounts.values_list("pk", "storefront__account_self_service"))
    mine = [account_id for account_id, is_kept_by_customer in accounts.items() if is_kept_by_customer]
    # Orders, their requests, then accounts, as every service locks them.
    known_addresses.hold_orders(accounts)
    known_addresses.replace(accounts, old=old, new=user.email)
    held = CustomerAccount.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=mine)
    for account in held.order_by("pk"):
        _replace_in(account, old, user, now)
    known_addresses.revoke_links(accounts, to=old, now=now)
    preferences.carry_over(old=old, new=user.email, now=now)


def _replace_in(account: CustomerAccount, old: str, user: User, now: datetime) -> None:
    carried = [name for name in ("email", "main_contact_email") if getattr(account, name).lower() == old.lower()]
    if carried:
        for name in carried:
            setattr(account, name, user.email)
        account.save(update_fields=carried)
        note(account, carried, by=By.owner(user), now=now)
