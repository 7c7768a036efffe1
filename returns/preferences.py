"""Which mail people may switch off, and whether they have (CON-06).

Mail about the state of a return is always sent: it says what is decided and owed. What only helps along is optional.
"""

from accounts.models import User
from returns.models import CustomerAccount, MailPreference, Notification, ReturnRequest, Storefront
from returns.notices import OPTIONAL


def is_optional(row: Notification) -> bool:
    """Whether its recipient may do without this mail."""
    return row.kind in OPTIONAL and row.storefront_id is not None


def wants_optional(storefront: Storefront, *emails: str) -> bool:
    """Whether these addresses, of one person, get optional mail of a storefront: yes, until one switches it off."""
    known = {email.lower() for email in emails}
    return not MailPreference.objects.filter(storefront=storefront, email__in=known, wants_optional=False).exists()


def mail_addresses(account: CustomerAccount | None, person: User) -> list[str]:
    """The addresses that somebody's own choice is noted for; it holds for returns that name another one too."""
    signs_in = person.email.lower()
    return list(dict.fromkeys([account.email.lower(), signs_in] if account else [signs_in]))


def addresses_of(request: ReturnRequest) -> tuple[str, ...]:
    """Where the person of a return may have switched optional mail off: as they wrote, or in their account."""
    account = request.account
    if account is None:
        return (request.contact_email,)
    signs_in = (account.user.email,) if account.user is not None else ()
    return (request.contact_email, account.email, *signs_in)
