"""What messages are about: that of a batch is read together, in a few queries, and its letters share the rows.

A message that is looked at alone is read alone, at that moment, in the same way.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef, Prefetch, Q

from accounts.models import StaffMembership
from returns.models import (
    GuestLink,
    MailPreference,
    Matter,
    Notification,
    Order,
    PolicyVersion,
    ReturnLine,
    ReturnRequest,
    Storefront,
    Suppression,
)
from returns.notices import BY_KIND, STAFFED
from returns.preferences import addresses_of, is_optional

Key = uuid.UUID

# Quotes are large, and staff's mails show none.
_FOR_STAFF = ReturnRequest.objects.select_related("order", "owner").defer("quote", "decision_quote", "found_quote")
_FOR_CUSTOMERS = ReturnRequest.objects.select_related(
    "order", "account__user", "settlement", "outgoing_shipment"
).prefetch_related(
    # The terms of a published version were parsed once, for the life of the process.
    Prefetch("policy_version", PolicyVersion.objects.defer("terms")),
    "order__lines",
    Prefetch("lines", ReturnLine.objects.order_by("position")),
    "lines__exchange_product",
    "lines__earlier_findings",
)


def matter_of(row: Notification) -> Matter:
    """What was read for it with its batch; or now, where it is looked at alone."""
    return row.matter or _read([row])[0]


def read_together(rows: Sequence[Notification]) -> None:
    """Read what these messages are about, as it is at this moment."""
    for row, matter in zip(rows, _read(rows), strict=True):
        row.matter = matter
        row.storefront, row.request = matter.storefront, matter.request


def _read(rows: Sequence[Notification]) -> list[Matter]:
    requests = _requests(rows)
    links = _links(rows)
    shops = _storefronts(rows, requests.values(), links.values())
    suppressed, unwanted = _suppressed(rows), _unwanted(rows, requests)
    overtaken, staff = _overtaken(rows), _staff(rows)
    return [
        Matter(
            storefront=shops.get(row.storefront_id),
            request=requests.get(row.pk),
            link=links.get(row.pk),
            is_suppressed=row.recipient.lower() in suppressed,
            is_unwanted=row.pk in unwanted,
            is_overtaken=row.pk in overtaken,
            works_there=(row.storefront_id, str(row.context.get("person"))) in staff,
        )
        for row in rows
    ]


def _requests(rows: Iterable[Notification]) -> dict[Key, ReturnRequest]:
    """The returns by the key of the message; of a batch each is read once, and once more where staff hear of it too."""
    found: dict[Key, ReturnRequest] = {}
    about = [row for row in rows if row.request_id is not None]
    for of_staff, query in ((True, _FOR_STAFF), (False, _FOR_CUSTOMERS)):
        asked = {row.pk: row.request_id for row in about if _is_for_staff(row) is of_staff}
        read = query.in_bulk(set(asked.values())) if asked else {}
        found |= {key: read[request_id] for key, request_id in asked.items()}
        if not of_staff:
            _share_order_lines(read.values())
    return found


def _is_for_staff(row: Notification) -> bool:
    notice = BY_KIND.get(row.kind)
    return notice is not None and notice.audience in STAFFED


def _share_order_lines(requests: Iterable[ReturnRequest]) -> None:
    for request in requests:
        bought = {line.pk: line for line in request.order.lines.all()}
        for line in request.lines.all():
            line.order_line = bought[line.order_line_id]


def _links(rows: Iterable[Notification]) -> dict[Key, GuestLink]:
    """The guest links that the messages carry, by the key of the message."""
    asked = {row.pk: uuid.UUID(link) for row in rows if (link := row.context.get("link"))}
    found = GuestLink.objects.select_related("order").in_bulk(set(asked.values())) if asked else {}
    return {key: found[link] for key, link in asked.items() if link in found}


def _storefronts(
    rows: Iterable[Notification], requests: Iterable[ReturnRequest], links: Iterable[GuestLink]
) -> dict[int | None, Storefront]:
    """All storefronts that are named, by their key; they are put where they are named."""
    named: list[ReturnRequest | Order] = [
        *requests,
        *(request.order for request in requests),
        *(link.order for link in links),
    ]
    keys = {row.storefront_id for row in rows} | {one.storefront_id for one in named}
    found: dict[int | None, Storefront] = {**Storefront.objects.in_bulk(keys - {None})}
    for one in named:
        one.storefront = found[one.storefront_id]
    return found


def _suppressed(rows: Iterable[Notification]) -> Collection[str]:
    """The addresses that nobody has."""
    addresses = {row.recipient.lower() for row in rows}
    return set(Suppression.objects.filter(email__in=addresses).values_list("email", flat=True))


def _unwanted(rows: Iterable[Notification], requests: Mapping[Key, ReturnRequest]) -> Collection[Key]:
    """The messages whose recipients switched optional mail off, under whichever of their addresses (CON-06)."""
    known = {row: _addresses(row, requests.get(row.pk)) for row in rows if is_optional(row)}
    if not known:
        return ()
    refused = MailPreference.objects.filter(wants_optional=False, email__in=set().union(*known.values()))
    pairs = set(refused.values_list("storefront_id", "email"))
    return {row.pk for row, emails in known.items() if any((row.storefront_id, email) in pairs for email in emails)}


def _addresses(row: Notification, request: ReturnRequest | None) -> set[str]:
    of_the_person = addresses_of(request) if request is not None else ()
    return {email.lower() for email in (row.recipient, *of_the_person)}


def _overtaken(rows: Iterable[Notification]) -> Collection[Key]:
    """The reminders after which a later one was owed to the same person: of the same return or package, or another day.

    Of returns there may be thousands, each found by its key.
    """
    reminders = [row.pk for row in rows if "person" in row.context]
    if not reminders:
        return ()
    later = Notification.objects.filter(
        **{name: OuterRef(name) for name in ("kind", "storefront", "recipient")}, created_at__gt=OuterRef("created_at")
    )
    of_no_return, is_held = later.filter(request=None), Q(context__has_key="held")
    of_the_package = is_held & Exists(of_no_return.filter(context__held=OuterRef("context__held")))
    of_another_day = ~is_held & Exists(of_no_return)
    of_the_return = Exists(later.filter(request=OuterRef("request")))
    found = Notification.objects.filter(of_the_return | Q(request=None) & (of_the_package | of_another_day))
    return set(found.filter(pk__in=reminders).values_list("pk", flat=True))


def _staff(rows: Iterable[Notification]) -> Collection[tuple[int | None, str]]:
    """Who works where, of the people that the messages name: storefront and person."""
    people = {str(row.context["person"]) for row in rows if "person" in row.context}
    if not people:
        return ()
    members = StaffMembership.objects.filter(user__public_id__in=people, user__is_active=True)
    return {(shop, str(person)) for shop, person in members.values_list("storefront_id", "user__public_id")}
