"""Puts the demo together."""

from datetime import datetime, timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import StaffMembership, User
from accounts.roles import Role
from returns.demo import pictures
from returns.demo.goods import CATALOGUES, ORDERS, OUT_OF_STOCK, DemoOrder, DemoProduct
from returns.demo.people import ACCOUNTS, LE_PETIT_SPA, PASSWORD, PEOPLE, DemoAccount, DemoPerson
from returns.demo.replies import add_replies
from returns.demo.returns import tell_all
from returns.models import CustomerAccount, Order, OrderLine, Product, Storefront
from returns.services import licenses
from returns.services.storefronts import change_return_address, set_up_storefronts
from returns.services.transition import By

DEMO_ADDRESS = "le petit spa (DEMO, not a real address)\n1 Sample Street\nCharlotte, NC 00000"


@transaction.atomic
def seed(*, now: datetime) -> int:
    """Storefronts, people, catalogues, orders, and returns in every state; how many returns."""
    storefronts = {result.storefront.slug: result.storefront for result in set_up_storefronts(now=now)}
    # Plainly fictional: the shipped policy has no address, and authorizing would be blocked (RES-37).
    change_return_address(storefront=storefronts[LE_PETIT_SPA], address=DEMO_ADDRESS)
    people = {person.email: add_person(person, storefronts) for person in PEOPLE}
    for account in ACCOUNTS:
        add_account(account, storefronts[account.storefront], people.get(account.email))
    for slug, products in CATALOGUES.items():
        Product.objects.bulk_create([_product(storefronts[slug], product, now) for product in products])
    for order in ORDERS:
        add_order(order, storefronts[order.storefront], now)
    add_replies(storefronts, people["mona@desk.example"], now)
    _license(people["paul@studio.example"], now)
    return tell_all(storefronts, people["renee@desk.example"], now)


def _license(person: User, now: datetime) -> None:
    """A license that waits for customer care."""
    account = CustomerAccount.objects.get(user=person)
    pages = [pictures.license_page()]
    licenses.show(
        account_id=account.pk,
        wanted_type="business",
        pictures=pages,
        by=By.owner(person),
        now=now - timedelta(hours=3),
    )


def add_person(person: DemoPerson, storefronts: dict[str, Storefront]) -> User:
    """Somebody who can sign in at once."""
    user = User.objects.create_user(person.email, PASSWORD, name=person.name, role=person.role.value)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if person.role is not Role.CUSTOMER:
        for slug in person.storefronts:
            StaffMembership.objects.create(user=user, storefront=storefronts[slug])
    return user


def add_account(account: DemoAccount, storefront: Storefront, user: User | None) -> None:
    """A customer account, as the shop would import it."""
    CustomerAccount.objects.create(
        storefront=storefront,
        user=user,
        number=account.number,
        email=account.email,
        name=account.name,
        phone=account.phone,
        main_contact_name=account.main_contact_name,
        main_contact_email=account.main_contact_email,
        type=account.type,
        outstanding_balance=Decimal(account.owes),
    )


def _product(storefront: Storefront, product: DemoProduct, now: datetime) -> Product:
    return Product(
        storefront=storefront,
        sku=product.sku,
        name=product.name,
        kind=product.kind,
        size=product.size,
        flags=list(product.flags),
        in_stock=(storefront.slug, product.sku) not in OUT_OF_STOCK,
        full_weight=Decimal(product.full) if product.full else None,
        empty_weight=Decimal(product.empty) if product.empty else None,
        expires_on=None if product.expires_in is None else (now + timedelta(days=product.expires_in)).date(),
    )


def add_order(order: DemoOrder, storefront: Storefront, now: datetime) -> None:
    """An order with its lines, of an account or of a guest."""
    account = CustomerAccount.objects.filter(storefront=storefront, number=order.account).first()
    made = Order.objects.create(
        storefront=storefront,
        account=account,
        number=order.number,
        email=order.guest or (account.email if account else ""),
        name=account.name if account else "Gia Guest",
        phone=account.phone if account else "980-555-0188",
        placed_at=now - timedelta(days=order.days),
        delivered_at=None if order.hours is None else now - timedelta(hours=order.hours),
        channel=order.channel,
        seller_name="le petit spa" if order.channel == "partner" else "",
        seller_contact="customerservice@lepetitspacharlotte.com" if order.channel == "partner" else "",
        currency=storefront.currency,
        shipping_paid=Decimal(order.shipping),
        payment_method="Visa",
        status="shipped" if order.hours is None else "delivered",
        carrier="USPS" if order.tracking else "",
        tracking_number=order.tracking,
    )
    products = {product.sku: product for product in storefront.products.all()}
    for position, line in enumerate(order.lines, start=1):
        product = products.get(line.sku)
        OrderLine.objects.create(
            order=made,
            position=position,
            product=product,
            sku=line.sku,
            title=product.name if product else "New glow essence",
            kind=product.kind if product else None,
            flags=[*line.flags, *(product.flags if product else ())],
            expires_on=product.expires_on if product else None,
            quantity=line.quantity,
            paid_total=Decimal(line.paid),
        )
