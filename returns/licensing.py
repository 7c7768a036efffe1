"""What an account may rise to by showing a license (PRO-05, PRO-06). It never changes how a return is judged."""

from returns.domain.facts import AccountType
from returns.models import CustomerAccount, License

SHOWN_FOR = frozenset({AccountType.PROFESSIONAL, AccountType.BUSINESS})
"""The types that rest on a license."""


def types_above(account: CustomerAccount) -> list[str]:
    """The types of the storefront above the account's own that a license opens, lowest first."""
    types = list(account.storefront.account_types)
    first = types.index(account.type) + 1 if account.type in types else 0
    return [each for each in types[first:] if each in SHOWN_FOR]


def latest(account: CustomerAccount) -> License | None:
    """The license that was shown last."""
    return License.objects.filter(account=account).first()


def can_rise(account: CustomerAccount, shown: License | None) -> bool:
    """Whether a license may be shown now: there is a type above, and the last one (``shown``) was looked at."""
    return bool(types_above(account)) and (shown is None or shown.state != shown.WAITING)
