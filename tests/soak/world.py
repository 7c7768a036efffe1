"""Run by the soak as a process: tables, storefronts, people and orders in the empty database of DATABASE_URL.

Prints as JSON who can sign in, whose orders are where, and the mailed links of guests.
"""

import json
import os
import sys
from datetime import datetime

import django

CUSTOMERS, STAFF = 2, 2


def main(orders: int) -> None:
    """So many orders for each customer, and as many for guests."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rma_portal.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        json.dump(made(orders, timezone.now()), sys.stdout)


def made(orders: int, now: datetime) -> dict[str, object]:
    """IMAGE Skincare, which is open day and night; nobody's mail waits for the morning."""
    from allauth.account.models import EmailAddress

    from accounts.roles import Role
    from returns.domain.policy import Weekday
    from returns.services import guest_links
    from tests import factories

    shop = factories.storefronts(now)[factories.IMAGE]
    shop.opening_hours = {day.value: ["00:00", "23:59"] for day in Weekday}
    shop.closed_on_federal_holidays = False
    shop.save()
    staff = [factories.person(f"staff{n}@example.com", role=Role.SUPPORT, at=[shop]) for n in range(STAFF)]
    customers = [factories.person(f"customer{n}@example.com", name="Maya Brennan") for n in range(CUSTOMERS)]
    for person in (*staff, *customers):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    own = {}
    for person in customers:
        account = factories.account(shop, user=person)
        bought = [factories.order(shop, now=now, customer=account, phone="704-555-0100") for _ in range(orders)]
        own[person.email] = [f"/{shop.slug}/orders/{order.public_id}/" for order in bought]
    guests = [factories.order(shop, now=now, phone="704-555-0100") for _ in range(orders * CUSTOMERS)]
    links = [guest_links.url_for(guest_links.fresh_link_for(order, order.email, now=now)) for order in guests]
    return {"staff": [person.email for person in staff], "customers": own, "links": links}


if __name__ == "__main__":
    main(int(sys.argv[1]))
