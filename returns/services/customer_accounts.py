"""A customer account's data: changed by its owner where the storefront lets them, else by customer care (RES-38)."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import limits
from accounts.limits import Count, Limit
from returns import licensing, notifications
from returns.models import AccountChange, CustomerAccount
from returns.services import known_addresses, preferences
from returns.services.errors import Refused
from returns.services.transition import By, is_own_account

logger = logging.getLogger(__name__)

CONTACT_CHANGED = "account_contact_changed"
CHANGES = Limit("account changes", 10, timedelta(hours=1))
MAILS = (
    Limit("account contact mail, hour", 3, timedelta(hours=1)),
    Limit("account contact mail, day", 10, timedelta(days=1)),
)
EDITABLE = ("name", "phone", "address", "main_contact_name", "main_contact_email")
FOR_CARE = (*EDITABLE, "email", "type")
"""The address of an account is changed by care alone; its owner signs in with another one (accounts/addresses.py).

So is its type, which only rises: for a license that came by mail (PRO-05).
"""


def change(*, account_id: int, data: Mapping[str, str], by: By, now: datetime) -> CustomerAccount:
    """Set what differs of EDITABLE, and note which fields that were; `data` may have some of them or all.

    Staff may set the email too (PRO-04): orders, returns and reminders follow it, guest links to the old address die.
    Where mails go elsewhere from now on, both addresses are told (CON-33). Raises Refused.
    """
    with transaction.atomic():
        if by.is_staff and "email" in data:
            known_addresses.hold_orders([account_id])  # before the account, as every service locks them
        held = CustomerAccount.objects.select_for_update(no_key=True, of=("self",)).select_related("storefront")
        account = held.get(pk=account_id)
        refuse_unless_allowed(account, by)
        fields = FOR_CARE if by.is_staff else EDITABLE
        changed = [name for name in fields if name in data and getattr(account, name) != data[name]]
        if not changed:
            return account
        _refuse_lower_type(account, data.get("type", account.type))
        if not by.is_staff:
            _refuse_floods(account, now)
        email, completion = account.email, account.completion_email
        for name in changed:
            setattr(account, name, data[name])
        refuse_unless_allowed(account, by)  # nor may it become theirs
        account.save(update_fields=changed)
        note(account, changed, by=by, now=now)
        language = _language_of(account, by)
        if account.email.lower() != email.lower():
            _follow(account, email, now)
            _tell_both(account, "email", (email, account.email), language, now)
        if "main_contact_email" in changed and account.completion_email.lower() != completion.lower():
            if not by.is_staff:
                _refuse_more_mail((completion, account.completion_email), now)
            _tell_both(account, "main_contact", (completion, account.completion_email), language, now)
    return account


def _refuse_lower_type(account: CustomerAccount, wanted: str) -> None:
    if wanted != account.type and wanted not in licensing.types_above(account):
        raise Refused("An account rises to one of the types above its own, and never falls.", field="type")


def _refuse_floods(account: CustomerAccount, now: datetime) -> None:
    """Each change is a note that is kept for ever."""
    if not limits.take([Count(CHANGES, f"account {account.pk}")], now=now):
        raise Refused(_("Too many changes were made to this account. Try again later, or call us."))


def _refuse_more_mail(addresses: Sequence[str], now: datetime) -> None:
    """A main contact's mailbox is somebody else's: whoever names it in circles fills none (B51)."""
    mailboxes = dict.fromkeys(limits.same_mailbox(address) for address in addresses)
    if not limits.take([Count(limit, mailbox) for mailbox in mailboxes for limit in MAILS], now=now):
        why = _("The main contact was changed many times. Try again later, or call us.")
        raise Refused(why, field="main_contact_email")


def _follow(account: CustomerAccount, old: str, now: datetime) -> None:
    known_addresses.replace([account.pk], old=old, new=account.email)
    known_addresses.revoke_links([account.pk], to=old, now=now)
    preferences.carry_over(old=old, new=account.email, now=now, storefront=account.storefront)


def _language_of(account: CustomerAccount, by: By) -> str:
    """The owner's page is in their language; for staff it is what the customer last read, as far as we know."""
    if not by.is_staff:
        return get_language() or settings.LANGUAGE_CODE
    newest = account.requests.order_by("-requested_at", "-pk").first() or account.licenses.first()
    return newest.language if newest is not None else settings.LANGUAGE_CODE


def note(account: CustomerAccount, fields: Sequence[str], *, by: By, now: datetime) -> None:
    """Write down who changed which fields, never to what; in the caller's transaction."""
    AccountChange.objects.create(account=account, fields=list(fields), actor=by.user, actor_kind=by.kind.value, at=now)
    logger.info("Account %s: %s changed by %s.", account.public_id, ", ".join(fields), by.kind.value)


def refuse_unless_allowed(account: CustomerAccount, by: By) -> None:
    """Raise where customer care keeps the data and a customer would change it, and where staff would change theirs."""
    if by.is_staff:
        if is_own_account(account, by):
            raise Refused("This is your own account. Somebody else has to change it.")
    elif not account.storefront.account_self_service:
        raise Refused(
            _("%(shop)s keeps your account data for you. Call or write, and it is changed.")
            % {"shop": account.storefront.name}
        )


def _tell_both(account: CustomerAccount, what: str, addresses: tuple[str, str], language: str, now: datetime) -> None:
    """Owe a mail to the old address and one to the new; `what` is `email` or `main_contact`."""
    change_id = uuid.uuid4()
    for part, recipient in zip(("old", "new"), addresses, strict=True):
        notifications.enqueue(
            kind=CONTACT_CHANGED,
            recipient=recipient,
            dedupe_key=f"{CONTACT_CHANGED}:{change_id}:{part}",
            now=now,
            storefront=account.storefront,
            context={"account": account.pk, "to": part, "what": what},
            language=language,
        )
