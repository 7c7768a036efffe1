"""Named reads of customer accounts and orders."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from returns.querysets.sort_keys import ORDER_KEYS
from returns.viewer import Viewer

if TYPE_CHECKING:
    from returns.models import CustomerAccount, Order, Storefront  # noqa: F401  in quotes


class CustomerAccountQuerySet(models.QuerySet["CustomerAccount"]):
    """Customer accounts."""

    def owned_by(self, viewer: Viewer) -> Self:
        """The viewer's own accounts."""
        if viewer.user_id is None:
            return self.none()
        return self.filter(user_id=viewer.user_id)

    def visible_to(self, viewer: Viewer) -> Self:
        """Own accounts for customers; those of their storefronts for staff."""
        if viewer.is_staff:
            return self.filter(storefront__memberships__user_id=viewer.user_id)
        return self.owned_by(viewer)

    def numbered(self, text: str) -> Self:
        """The accounts with this number, one at each storefront."""
        return self.filter(number__iexact=text)

    def at_address(self, text: str) -> Self:
        """Accounts with this email address."""
        return self.filter(email__iexact=text)

    def named_like(self, text: str) -> Self:
        """Accounts with all these words in the name."""
        return self.filter(*(Q(name__icontains=word) for word in text.split()))


def own_account_or(guests: Q, viewer: Viewer, storefront: "Storefront") -> Q:
    """The one account the viewer has at a storefront, or what a guest link opened.

    The account's key is read first: of a value PostgreSQL knows how many rows it has, and it takes the newest ones from
    the index. Joined to the account it would read and sort all of them for every page.
    """
    from returns.models import CustomerAccount

    own = CustomerAccount.objects.owned_by(viewer).filter(storefront=storefront)
    key = own.values_list("pk", flat=True).first()
    return guests if key is None else guests | Q(account_id=key)


class OrderQuerySet(models.QuerySet["Order"]):
    """Orders."""

    def owned_by(self, viewer: Viewer) -> Self:
        """Orders of the viewer's own accounts, and those a guest link opened in this session."""
        mine = Q(pk__in=viewer.guest_orders)
        if viewer.user_id is not None:
            mine |= Q(account__user_id=viewer.user_id)
        return self.filter(mine)

    def visible_to(self, viewer: Viewer) -> Self:
        """Own orders for customers and guests; those of their storefronts for staff."""
        if viewer.is_staff:
            return self.filter(storefront__memberships__user_id=viewer.user_id)
        return self.owned_by(viewer)

    def owned_at(self, viewer: Viewer, storefront: "Storefront") -> Self:
        """The viewer's orders at one storefront, in a form that is as fast for thousands of them as for one."""
        return self.filter(own_account_or(Q(pk__in=viewer.guest_orders), viewer, storefront), storefront=storefront)

    def newest_first(self) -> Self:
        """The latest order first. ORDER_KEYS are the parts of the order, to page by."""
        return self.order_by(*(f"-{key.name}" for key in ORDER_KEYS))

    def about(self, text: str) -> Self:
        """Orders whose number begins with this, however it was typed, or that have a product of this name."""
        from returns.models.orders import OrderLine, order_number_key

        key = order_number_key(text)
        named = Exists(OrderLine.objects.filter(order=OuterRef("pk"), title__icontains=text.strip()))
        return self.filter(Q(number_key__startswith=key) | named) if key else self.filter(named)
