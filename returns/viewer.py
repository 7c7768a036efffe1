"""Who asks to see something."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.roles import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: a signed-in person, or a guest whose session was granted some orders, or nobody.

    `guest_orders` holds the ids of orders opened by a guest link in this session.
    """

    user: "User | AnonymousUser | None" = None
    guest_orders: frozenset[int] = frozenset()

    @property
    def user_id(self) -> int | None:
        """The signed-in person's key, or None."""
        return self.user.pk if self.user is not None and self.user.is_authenticated else None

    @property
    def is_staff(self) -> bool:
        """True for support staff and managers who are still active."""
        return bool(self.user_id and self.user is not None and self.user.is_staff and self.user.is_active)

    @property
    def is_employed(self) -> bool:
        """True for everybody who signed in and is no customer: staff, and administrators, who see no return."""
        return bool(self.user_id) and getattr(self.user, "role", Role.CUSTOMER) != Role.CUSTOMER

    @property
    def is_administrator(self) -> bool:
        """True for administrators who are still active."""
        return bool(self.user_id) and getattr(self.user, "role", None) == Role.ADMINISTRATOR

    @property
    def is_manager(self) -> bool:
        """True for managers who are still active."""
        return self.is_staff and getattr(self.user, "role", None) == Role.MANAGER
