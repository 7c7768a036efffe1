"""Licenses: shown by the customer, granted or refused by customer care (PRO-05, PRO-06).

Granting raises the account's type and nothing else. Lock order: the account, then its licenses.
"""

import logging
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from returns import notifications
from returns.licensing import types_above
from returns.models import CustomerAccount, License
from returns.pictures import Picture
from returns.services import customer_accounts, photos
from returns.services.errors import AlreadyDecided, Refused
from returns.services.photo_files import files_of
from returns.services.transition import By, is_own_account

logger = logging.getLogger(__name__)

GRANTED_MAIL = "license_granted"
REFUSED_MAIL = "license_refused"


def show(
    *, account_id: int, wanted_type: str, pictures: Sequence[Picture], by: By, now: datetime, language: str = "en"
) -> License:
    """Keep the license's photos for customer care to look at. Raises Refused, also while another one waits.

    Its mails will be in `language`, whoever decides in which.
    """
    with files_of(pictures) as files, _held(account_id) as account:
        if wanted_type not in types_above(account):
            raise Refused(_("Your account can’t become that. Reload the page to see what it can."))
        if account.licenses.filter(state=License.WAITING).exists():
            raise Refused(_("We are looking at a license of yours already. You hear from us by email."))
        shown = License.objects.create(
            account=account, wanted_type=wanted_type, uploaded_by=by.user, uploaded_at=now, language=language
        )
        photos.add_kept(owner=shown, files=files, by=by, now=now)
    logger.info("License %s is shown.", shown.public_id)
    return shown


def grant(*, license_id: uuid.UUID, by: By, now: datetime) -> License:
    """Raise the account to the wanted type and tell its owner.

    Raises Refused, also where nothing of the license can be seen any more, and AlreadyDecided where it is decided.
    """
    with _decidable(license_id, by) as shown:
        account = shown.account
        if not shown.photos.shown().exists():
            raise Refused("No photo of this license is left to see. Refuse it, so that the customer shows it again.")
        if shown.wanted_type in types_above(account):
            account.type = shown.wanted_type
            account.save(update_fields=["type"])
            customer_accounts.note(account, ["type"], by=by, now=now)
        _decide(shown, License.GRANTED, by, now)
        _tell(shown, GRANTED_MAIL, now)
    return shown


def refuse(*, license_id: uuid.UUID, text: str, by: By, now: datetime) -> License:
    """Leave the account as it is and tell its owner why. Raises Refused, AlreadyDecided where it is decided."""
    with _decidable(license_id, by) as shown:
        shown.refusal = text
        _decide(shown, License.REFUSED, by, now)
        _tell(shown, REFUSED_MAIL, now)
    return shown


@contextmanager
def _held(account_id: int) -> Iterator[CustomerAccount]:
    with transaction.atomic():
        rows = CustomerAccount.objects.select_for_update(no_key=True, of=("self",)).select_related("storefront")
        yield rows.get(pk=account_id)


@contextmanager
def _decidable(license_id: uuid.UUID, by: By) -> Iterator[License]:
    """The license under its account's lock, still to be decided, by staff and not about themselves (B34)."""
    account_id = License.objects.values_list("account_id", flat=True).get(public_id=license_id)
    with _held(account_id) as account:
        shown = License.objects.select_for_update(of=("self",)).select_related("decided_by").get(public_id=license_id)
        shown.account = account
        if not by.is_staff:
            raise Refused("You may not do this.")
        if is_own_account(account, by) or shown.uploaded_by_id == by.person.pk:
            raise Refused("This is your own account. Somebody else has to decide.")
        if shown.state != License.WAITING:
            raise AlreadyDecided(_decided_sentence(shown))
        yield shown


def _decided_sentence(shown: License) -> str:
    who = shown.decided_by.get_short_name() if shown.decided_by else "Somebody"
    return f"{who} was first: this license is {shown.state}. You changed nothing."


def _decide(shown: License, state: str, by: By, now: datetime) -> None:
    shown.state, shown.decided_by, shown.decided_at = state, by.person, now
    shown.save(update_fields=["state", "decided_by", "decided_at", "refusal"])
    logger.info("License %s is %s.", shown.public_id, state)


def _tell(shown: License, kind: str, now: datetime) -> None:
    notifications.enqueue(
        kind=kind,
        recipient=shown.account.email,
        dedupe_key=f"{kind}:{shown.public_id}",
        now=now,
        storefront=shown.account.storefront,
        context={"license": str(shown.public_id)},
        language=shown.language,
    )
