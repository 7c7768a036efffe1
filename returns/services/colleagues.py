"""The people who work for a storefront, as the rules about reminding them see them."""

from accounts.models import User
from accounts.roles import Role
from returns.domain.reminding import Colleague, whom_to_remind
from returns.models import ReturnRequest, Storefront


def staff_of(storefront: Storefront) -> list[Colleague]:
    """Its active support staff and managers, by key."""
    people = User.objects.filter(
        is_active=True,
        memberships__storefront=storefront,
        role__in=[Role.SUPPORT.value, Role.MANAGER.value],
    )
    rows = people.order_by("pk").values_list("pk", "public_id", "email", "role")
    return [Colleague(pk, str(public_id), email, role == Role.MANAGER.value) for pk, public_id, email, role in rows]


def who_looks_after(request: ReturnRequest) -> list[Colleague]:
    """Its owner while they work for the storefront, else all who could take it."""
    return whom_to_remind(request.owner_id, staff_of(request.storefront), overdue=False)
