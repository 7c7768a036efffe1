"""Guest links: who knows an order's number and address gets a link to it by mail, and nothing on the screen (D7).

A link is a row, its token is stored nowhere (returns/tokens.py). It opens one order, for seven days, at most thirty
times, and dies with the address it was sent to.
"""

import uuid
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts import decoys, limits
from accounts.limits import Count, Limit
from returns import notifications
from returns.models import GuestLink, Order, ReturnRequest, Storefront
from returns.models.orders import order_number_key
from returns.tokens import LIFETIME, fresh_link_for, link_id_of, token_for, url_for

__all__ = [
    "LIFETIME",
    "SESSION_KEY",
    "TooManyLookups",
    "end_grant",
    "find_link",
    "fresh_link_for",
    "granted_orders",
    "open_link",
    "read_token",
    "request_another",
    "request_link",
    "revoke_links",
    "token_for",
    "url_for",
]

MOST_OPENINGS = 30

# Look-ups are limited where they come from, so that nobody can lock somebody else out (B5) …
LOOKUPS_PER_PERSON = Limit("guest look-up, person", 10, timedelta(minutes=15))
LOOKUPS_PER_PLACE = Limit("guest look-up, place", 50, timedelta(hours=1))
LOOKUPS_OF_ALL = Limit("guest look-up, all", 1000, timedelta(hours=1))
# … and mails where they go to, so that nobody's mailbox can be filled (B51).
MAILS = (Limit("guest link mail, hour", 3, timedelta(hours=1)), Limit("guest link mail, day", 10, timedelta(days=1)))

SESSION_KEY = "guest_link"


class TooManyLookups(Exception):
    """Too many look-ups from one place, or from everywhere together; says nothing about any order."""


def request_link(
    *, storefront: Storefront, order_number: str, email: str, client: str, now: datetime, lane: str = ""
) -> None:
    """Owe a link to the order by mail if number and address belong together; nothing else tells whether they do.

    `client` is the network address that asks, `lane` the part of the order's pages that the link leads to. The mail
    goes to the address on file, never to the one typed in. A wrong pair does the work of a right one and undoes it, so
    that neither is quicker (B4). Raises TooManyLookups.
    """
    with transaction.atomic():
        if not limits.take(_lookup_counts(client, email), now=now):
            raise TooManyLookups
        order = _order(storefront, order_number)
        _answer(storefront, order, _address_on_file(order, email) if order else "", lane, now)


def request_another(
    *, storefront: Storefront, link_id: uuid.UUID | str, client: str, now: datetime, lane: str = ""
) -> None:
    """Owe a new link in place of one that opens nothing any more; nothing tells whether there was one (B4, B7).

    It goes to the mailbox of the old one, as long as the order is still known by it. Raises TooManyLookups.
    """
    with transaction.atomic():
        if not limits.take(_lookup_counts(client, str(link_id)), now=now):
            raise TooManyLookups
        lost = _on_file(link_id).filter(order__storefront=storefront).first()
        _answer(storefront, lost.order if lost else None, lost.email if lost else "", lane, now)


def _answer(storefront: Storefront, order: Order | None, address: str, lane: str, now: datetime) -> None:
    if not order or not address:
        decoys.count_for_nobody(MAILS, now=now)
        decoys.undo(lambda: _owe_link(Order(pk=0, storefront=storefront), decoys.NOBODY, lane, now))
    elif limits.take([Count(limit, limits.same_mailbox(address)) for limit in MAILS], now=now):
        _owe_link(order, address, lane, now)
    else:
        decoys.undo(lambda: _owe_link(order, address, lane, now))


def _lookup_counts(client: str, email: str) -> list[Count]:
    return [
        Count(LOOKUPS_PER_PERSON, f"{client} {limits.same_mailbox(email)}"),
        Count(LOOKUPS_PER_PLACE, client),
        Count(LOOKUPS_OF_ALL, "all"),
    ]


def _order(storefront: Storefront, number: str) -> Order | None:
    key = order_number_key(number)
    if not key:
        return None
    return Order.objects.select_related("account__user").filter(storefront=storefront, number_key=key).first()


def _address_on_file(order: Order, typed: str) -> str:
    """The address typed, where a link may go to it: of whoever signs in, only the one they sign in with."""
    account = order.account
    if account is not None and account.user is not None:
        on_file: tuple[str, ...] = (account.user.email,)
    else:
        on_file = (order.email, account.email if account else "")
    return next((address for address in on_file if address and _same(address, typed)), "")


def _same(address: str, typed: str) -> bool:
    return address.strip().lower() == typed.strip().lower()


def _owe_link(order: Order, address: str, lane: str, now: datetime) -> None:
    link = fresh_link_for(order, address, now=now)
    notifications.enqueue(
        kind="guest_link",
        recipient=address,
        dedupe_key=f"guest_link:{link.pk}",
        now=now,
        storefront=order.storefront,
        context={"link": str(link.pk), **({"lane": lane} if lane else {})},
        language=link.language,
    )


def read_token(token: str, *, storefront: Storefront, now: datetime) -> GuestLink | None:
    """The link that this token is of, if it still opens something at this storefront."""
    link_id = link_id_of(token)
    return None if link_id is None else find_link(link_id, storefront=storefront, now=now)


def find_link(link_id: uuid.UUID | str, *, storefront: Storefront, now: datetime) -> GuestLink | None:
    """The link with this id, if it may be opened once more."""
    return _usable(link_id, now).filter(order__storefront=storefront, openings__lt=MOST_OPENINGS).first()


def open_link(link: GuestLink, session: SessionBase, *, now: datetime) -> Order | None:
    """Let this session see the link's order, and no other by a link; None where the link died meanwhile.

    The session gets a new key, so that whoever knew the old one is left outside (B36).
    """
    with transaction.atomic():
        held = _usable(link.pk, now).select_for_update(of=("self",)).filter(openings__lt=MOST_OPENINGS).first()
        if held is None:
            return None
        held.openings += 1
        held.save(update_fields=["openings"])
    session.cycle_key()
    session[SESSION_KEY] = str(held.pk)
    session.set_expiry(0)  # it ends with the browser
    return held.order


def granted_orders(session: SessionBase, *, now: datetime) -> frozenset[int]:
    """Ids of the orders that this session opened by a link which is still good: one at most."""
    if SESSION_KEY not in session:
        return frozenset()
    return frozenset(_usable(session[SESSION_KEY], now).values_list("order_id", flat=True))


def end_grant(session: SessionBase) -> None:
    """Let this session see nothing by a link any more."""
    session.pop(SESSION_KEY, None)


def revoke_links(order: Order, *, now: datetime) -> int:
    """Kill every link to this order, with the sessions they opened; the number of links killed."""
    return GuestLink.objects.filter(order=order, revoked_at__isnull=True).update(revoked_at=now)


def _usable(link_id: uuid.UUID | str, now: datetime) -> QuerySet[GuestLink]:
    """The link while it has neither expired nor been revoked, to an address that the order is still known by."""
    return _on_file(link_id).filter(expires_at__gt=now)


def _on_file(link_id: uuid.UUID | str) -> QuerySet[GuestLink]:
    """The link unless it was revoked, while its address is still one that the order is known by.

    Of whoever signs in that is the address they sign in with, and their main contact's: what else order and account
    say may be of before they changed it. Asked anew each time rather than noted when an address changes: nobody who
    changes one can forget it.
    """
    wrote_as = ReturnRequest.objects.filter(order=OuterRef("order"), contact_email__iexact=OuterRef("email"))
    of_nobody = Q(order__account__user__isnull=True) & (
        Q(email__iexact=F("order__email")) | Q(email__iexact=F("order__account__email")) | Exists(wrote_as)
    )
    of_somebody = Q(email__iexact=F("order__account__user__email"))
    of_main_contact = Q(email__iexact=F("order__account__main_contact_email")) & (
        Q(order__account__user__isnull=True) | ~Q(email__iexact=F("order__account__email"))
    )
    return (
        GuestLink.objects.select_related("order__storefront")
        .filter(pk=link_id, revoked_at__isnull=True)
        .filter(of_nobody | of_somebody | of_main_contact)
    )
