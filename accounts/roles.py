"""The only list of roles. Pure: no Django, so that the workflow table and the models can both read it."""

from enum import StrEnum


class Role(StrEnum):
    """What a signed-in person may do; a guest or a worker is an actor, not a role.

    customer  files returns for the orders of their own accounts.
    support   works the queue of the storefronts they belong to.
    manager   does what support does, reads reports and keeps storefront settings.
    """

    CUSTOMER = "customer"
    SUPPORT = "support"
    MANAGER = "manager"

    @property
    def is_staff(self) -> bool:
        """True for the people who work for a storefront."""
        return self is not Role.CUSTOMER
