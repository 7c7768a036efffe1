"""What a person bought before they had an account becomes theirs once the address is proven to be theirs (B39)."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User
from returns.domain.rma_number import new_reference
from returns.models import CustomerAccount, Order, Storefront
from returns.services.account_links import give_orders, hand_over_drafts

# For people the shop knows by their orders alone; the shop's own account numbers never begin like this.
NUMBER_PREFIX = "WEB-"


def link_purchases(user: User) -> None:
    """Give the user the customer accounts and the guest orders of their proven address that belong to nobody yet.

    At each storefront one account: the oldest with this address, or for guest orders alone a new one (CON-01). Staff
    too, so that nobody decides about their own order (B34). Does nothing before the address is proven, and may run
    as often as you like.
    """
    with transaction.atomic():
        # Two sign-ins at once must not make two accounts. Its key stays free for whoever acts on an order meanwhile.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        for email in EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True):
            _take_accounts(user, email)
            _take_guest_orders(user, email)


def _take_accounts(user: User, email: str) -> None:
    served = user.customer_accounts.values("storefront")
    free = CustomerAccount.objects.filter(user__isnull=True, email__iexact=email).exclude(storefront__in=served)
    for account in free.select_for_update(no_key=True).order_by("storefront", "pk"):
        if not user.customer_accounts.filter(storefront=account.storefront_id).exists():
            account.user = user
            account.save(update_fields=["user"])
            hand_over_drafts(account.orders.values("pk"), account)


def _take_guest_orders(user: User, email: str) -> None:
    bought = Order.objects.filter(account__isnull=True, email__iexact=email)
    for storefront in Storefront.objects.filter(orders__in=bought).distinct():
        orders = bought.filter(storefront=storefront)
        account = user.customer_accounts.filter(storefront=storefront).first()
        give_orders(orders, account or _new_account(user, email, orders.latest("placed_at")))


def _new_account(user: User, email: str, newest: Order) -> CustomerAccount:
    return CustomerAccount.objects.create(
        storefront=newest.storefront,
        user=user,
        number=f"{NUMBER_PREFIX}{new_reference()}",
        email=email,
        name=newest.name or user.display_name,
        phone=newest.phone,
    )
