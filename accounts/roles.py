"""The only list of roles. Pure: no Django, so that the workflow table and the models can both read it."""

from enum import StrEnum


class Role(StrEnum):
    """What a signed-in person may do; a guest or a worker is an actor, not a role.

    customer       files returns for the orders of their own accounts.
    support        works the queue of the storefronts they belong to.
    manager        does what support does, reads reports and keeps storefront settings.
    administrator  invites, moves and disables the people of the other roles; sees no return and moves no money (D4).
    """

    CUSTOMER = "customer"
    SUPPORT = "support"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"

    @property
    def is_staff(self) -> bool:
        """True for the people who work for a storefront: they see its queue. An administrator doesn't."""
        return self in {Role.SUPPORT, Role.MANAGER}

    @property
    def is_customer(self) -> bool:
        """True for whoever buys; everybody else is employed here."""
        return self is Role.CUSTOMER
