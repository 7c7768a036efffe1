"""The world in which the table of tests/test_access.py is tried: one return, and everybody who might want to see it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django.utils.http import int_to_base36

from accounts.models import AddressChange, Invitation, User
from returns.domain.accents import mark_of
from returns.looks import sheet
from returns.models import (
    Export,
    HeldPackage,
    License,
    Notification,
    Order,
    Photo,
    ReplyTemplate,
    ReturnRequest,
    SavedView,
    Settlement,
    Storefront,
)
from returns.services import guest_links
from returns.services.transition import By
from returns.tokens import address_change_token, invitation_token, mail_choice_url
from tests import factories
from tests.conftest import Cast

# In the order of the table's columns.
ROLES = ("anonymous", "guest", "owner", "other customer", "support", "manager", "staff elsewhere", "administrator")


@dataclass(frozen=True)
class World:
    """An order of Maya's at IMAGE with a return she asked for, and a browser for each role."""

    browsers: Mapping[str, Client]
    people: Cast
    shop: Storefront
    order: Order
    request: ReturnRequest
    photo: Photo
    license: License
    held: HeldPackage
    view: SavedView
    reminder: Notification
    settlement: Settlement
    template: ReplyTemplate
    export: Export
    sku: str

    def arguments(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The parts of an address that name these objects."""
        key = {"key": self.parts["reset_key"]} if {"uidb36", "key"} <= set(names) else {}
        return {name: (self.parts | key)[name] for name in names}

    @cached_property
    def parts(self) -> dict[str, Any]:
        """Every part that an address may have, made once: what an attempt does to them is undone."""
        token = guest_links.token_for(
            guest_links.fresh_link_for(self.order, self.order.email, now=self.order.placed_at)
        )
        new = factories.person()
        address = EmailAddress.objects.create(user=new, email=new.email)
        change = AddressChange.objects.create(user=new, email="new@example.com", asked_at=timezone.now())
        new.set_unusable_password()
        new.save(update_fields=["password"])
        invitation = Invitation.objects.create(user=new, invited_at=timezone.now())
        known: dict[str, Any] = {
            "slug": self.shop.slug,
            "reference": self.request.reference,
            "public_id": self.order.public_id,
            "number": self.request.policy_version.number,
            "sku": self.sku,
            "mark": mark_of(sheet(self.shop.look, self.shop.accent)),
            "token": token,
            "photo": self.photo.public_id,
            "address_token": address_change_token(change.pk),
            "invitation_token": invitation_token(invitation.pk),
            "person_id": self.people.renee.public_id,
            "account_id": self.license.account.public_id,
            "export_id": self.export.public_id,
            "settlement_id": self.settlement.public_id,
            "license_id": self.license.public_id,
            "held_id": self.held.public_id,
            "template_id": self.template.public_id,
            "view_id": self.view.public_id,
            "mail_id": self.reminder.pk,
            "kind": "authorized",
            "mail_token": mail_choice_url(self.reminder).split("/")[-2],
            "uidb36": int_to_base36(new.pk),
            "key": EmailConfirmationHMAC(address).key,
            "reset_key": default_token_generator.make_token(new),
        }
        return known


def build(people: Cast, shops: Mapping[str, Storefront], now: datetime) -> World:
    """The return, and a signed-in browser for each role; the guest's holds a grant to the very order."""
    shop = shops[factories.IMAGE]
    order = factories.order(shop, now=now, customer=people.accounts[shop.slug])
    request = factories.submitted(order, now=now)
    Storefront.objects.filter(pk=shop.pk).update(account_types=["professional"])
    license_shown = License.objects.create(
        account=people.accounts[shop.slug], wanted_type="professional", uploaded_at=now
    )
    world = World(
        browsers={
            "anonymous": Client(),
            "guest": guest(order, now),
            "owner": browser_of(people.maya),
            "other customer": browser_of(people.otto),
            "support": browser_of(people.renee),
            "manager": browser_of(people.mona),
            "staff elsewhere": browser_of(people.lena),
            "administrator": browser_of(people.ada),
        },
        people=people,
        shop=shop,
        order=order,
        request=request,
        photo=factories.photo(request, now=now, by=By.owner(people.maya)),
        license=license_shown,
        held=factories.held(shop, by=people.renee, now=now),
        view=SavedView.objects.create(person=people.renee, shared_at=shop, name="Ours", created_at=now),
        reminder=optional_mail(request),
        settlement=factories.settled(people.accounts[shop.slug], by=people.sam, now=now).settlement,
        template=factories.reply_template(shop, by=people.mona, now=now),
        export=factories.exported(people.mona, [shop], now=now),
        sku=factories.product(shop).sku,
    )
    assert world.parts  # made now, and not in an attempt that is undone
    return world


def optional_mail(request: ReturnRequest) -> Notification:
    """A message that its reader may switch off."""
    row = request.notifications.earliest("created_at")
    row.kind = "ship_reminder"
    row.save(update_fields=["kind"])
    return row


def browser_of(user: User) -> Client:
    """A browser in which this person is signed in."""
    browser = Client()
    browser.force_login(user)
    return browser


def copy_of(browser: Client, *, checks_forms: bool = False) -> Client:
    """A browser with the same cookies, so that what one attempt does to them is not the next one's business."""
    copy = Client(enforce_csrf_checks=checks_forms)
    copy.cookies.load(browser.cookies.output(header="", sep=";"))
    return copy


def guest(order: Order, now: datetime) -> Client:
    """A browser that opened a link to this order."""
    session = SessionStore()
    guest_links.open_link(guest_links.fresh_link_for(order, order.email, now=now), session, now=now)
    session.save()
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return browser


@dataclass(frozen=True)
class Route:
    """One address of the site map: its full name (or, without one, its pattern) and the parts it takes."""

    name: str
    pattern: str
    takes: tuple[str, ...]


def routes() -> Iterator[Route]:
    """Every address there is, by walking the site map."""
    yield from _walk(get_resolver(), "", "")


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            taken = (*entry.pattern.converters, *getattr(entry.pattern, "regex").groupindex)  # noqa: B009  of either kind
            yield Route(
                f"{namespace}{entry.name}" if entry.name else pattern or "/", pattern, tuple(dict.fromkeys(taken))
            )
