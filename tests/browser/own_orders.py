"""Orders, returns and people of the browser tests' own, beside the demo's: `python -m tests.browser.own_orders FILE`.

Each journey has an order of its own, so that none uses up what another needs. FILE gets the address at the foot of an
optional mail, which otherwise leaves only after days.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import django

NOOR, NOOR_NUMBER = "noor@shop.example", "IC-5190"
KIM, KIM_NUMBER = "kim@shop.example", "IC-5191"
LEE, LEE_NUMBER = "lee@shop.example", "IC-5192"
IVY, IVY_NUMBER = "ivy@school.example", "77146"
GUS = "gus@guest.example"

# One number for each journey.
WRONG_DATE, NOTHING_CHOSEN, NO_REASON = "IC-21001", "IC-21002", "IC-21003"
LIVE_UPDATE, CLAUSE, KEYS_ONLY, SPLIT = "IC-21004", "IC-21005", "IC-21006", "IC-21007"
PHOTOS, PHOTOS_PLAIN, SPANISH = "IC-21010", "IC-21011", "IC-21012"
BROKEN, LATE, UNREPORTED, MISSING = "IC-21020", "IC-21021", "IC-21022", "IC-21023"
EXCHANGE, BEGUN, BY_PHONE = "IC-21024", "IC-21025", "IC-21026"
GUEST_FOUND, FOUND, FOUND_TOO, TO_SEND, SENT = "IC-19801", "IC-19802", "IC-19803", "IC-19804", "IC-19805"
TO_SETTLE, EXPECTED = "IC-19806", "IC-19807"


def main(file: Path) -> None:
    """Put them into the database of `DATABASE_URL`, where the demo is already."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rma_portal.settings")
    django.setup()
    from django.db import transaction
    from django.utils import timezone

    now = timezone.now()
    with transaction.atomic():
        make_people()
        make_orders(now)
        begin_one(now - timedelta(days=2))
        make_returns(now)
        remind_one(now)
    file.write_text(mail_choice())


def make_people() -> None:
    """Noor shops at two storefronts, Ivy studies; Kim changes her data, and Lee the address to sign in with."""
    from accounts.models import User
    from accounts.roles import Role
    from returns.demo.people import IMAGE, DemoAccount, DemoPerson
    from returns.demo.seed import add_account, add_person
    from returns.models import CustomerAccount, Storefront

    image = Storefront.objects.get(slug=IMAGE)
    people = ((NOOR, "Noor Haddad", NOOR_NUMBER), (KIM, "Kim Doe", KIM_NUMBER), (LEE, "Lee Roy", LEE_NUMBER))
    for email, name, number in people:
        person = add_person(DemoPerson(email, name, Role.CUSTOMER, ""), {})
        add_account(DemoAccount(IMAGE, number, name, email), image, person)
    for email, name in ((NOOR, ""), (IVY, "Ivy Chen")):
        person = User.objects.filter(email=email).first() or add_person(DemoPerson(email, name, Role.CUSTOMER, ""), {})
        CustomerAccount.objects.filter(email=email, user=None).update(user=person)


def make_orders(now: datetime) -> None:
    """As the demo's, under numbers of their own."""
    from returns.demo.goods import DemoLine, DemoOrder, serum
    from returns.demo.people import IMAGE
    from returns.demo.seed import add_order
    from returns.models import Storefront

    cleanser, shirt, mask = (
        DemoLine("AG-CLEANSE", 1, "34.20"),
        DemoLine("TEE-M", 1, "24.00"),
        DemoLine("OM-MASK", 2, "76.00"),
    )
    delivered: dict[str, tuple[float | None, tuple[DemoLine, ...]]] = {
        WRONG_DATE: (41 * 24, (serum(), cleanser)),
        CLAUSE: (41 * 24, (cleanser,)),
        **dict.fromkeys((NO_REASON, LIVE_UPDATE), (9 * 24, (serum(), shirt))),
        # With a single product that can go back, that one is chosen from the start.
        **dict.fromkeys(
            (NOTHING_CHOSEN, KEYS_ONLY, SPLIT, PHOTOS, PHOTOS_PLAIN, SPANISH, BEGUN, BY_PHONE),
            (9 * 24, (serum(), cleanser)),
        ),
        BROKEN: (19, (serum(), DemoLine("MAX-CREME", 1, "84.00"))),
        LATE: (51, (mask,)),
        UNREPORTED: (None, (serum(1),)),
        MISSING: (30, (serum(1),)),
        EXCHANGE: (5 * 24, (serum(1), mask)),
    }
    image = Storefront.objects.get(slug=IMAGE)
    for number, (hours, lines) in delivered.items():
        days = 3 if hours is None else int(hours // 24) + 6
        add_order(DemoOrder(IMAGE, number, NOOR_NUMBER, days, hours, lines, ""), image, now)


def begin_one(at: datetime) -> None:
    """A product was chosen then, and the page left."""
    from returns.models import Order
    from returns.services import drafts

    order = Order.objects.select_related("account__user").get(number=BEGUN)
    assert order.account is not None
    draft = drafts.open_draft(order=order, user=order.account.user, now=at)
    chosen = order.lines.earliest("position")
    drafts.keep(draft, data={"entered": {f"{chosen.public_id}-0-chosen": "on"}}, now=at)


def make_returns(now: datetime) -> None:
    """Three differences to answer, a package to send, two on their way, and one return to settle."""
    from accounts.models import User
    from returns.demo import pictures
    from returns.demo.people import IMAGE
    from returns.demo.returns import Story
    from returns.models import Order, Storefront
    from returns.services import authorization, difference, shipments

    image, staff = Storefront.objects.get(slug=IMAGE), User.objects.get(email="renee@desk.example")
    hour, day = timedelta(hours=1), timedelta(days=1)

    def authorized(number: str, *, guest: str = "") -> Story:
        story = Story(image, staff, now, days_ago=9, number=int(number[-3:]), account_number=NOOR_NUMBER)
        if guest:
            Order.objects.filter(pk=story.order.pk).update(account=None, email=guest, name="Gus Guest")
            story.order.refresh_from_db()
        story.ask(note="Here is how it looks.").show(pictures.in_its_box(), "In its box")
        return story.after(5 * hour).do(authorization.take).after(hour).authorize()

    for number, guest in ((GUEST_FOUND, GUS), (FOUND, ""), (FOUND_TOO, "")):
        found = authorized(number, guest=guest).after(4 * day).receive().after(day).inspect(opened=True)
        found.after(hour).do(difference.send_difference, note="The seal of both was broken when they came.")
    authorized(TO_SEND)
    authorized(EXPECTED).after(day).do(shipments.mark_shipped, carrier="UPS", tracking_number="1Z999AA10123456777")
    authorized(TO_SETTLE).after(4 * day).receive().after(day).inspect()
    authorized(SENT).after(day).do(shipments.mark_shipped, carrier="UPS", tracking_number="1Z999AA10123456784")


def remind_one(now: datetime) -> None:
    """Whose package isn't on its way a week later is reminded of it."""
    from returns.models import Storefront
    from returns.services import ship_reminders

    image = Storefront.objects.get(slug="image-consumer")
    assert ship_reminders.owe_ship_reminders(image, now=now)


def mail_choice() -> str:
    """The address at the foot of one of Noor's reminders."""
    from returns.models import Notification
    from returns.tokens import mail_choice_url

    mailed = Notification.objects.filter(recipient=NOOR, kind="ship_reminder").select_related("storefront")
    return mail_choice_url(mailed.earliest("created_at"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
