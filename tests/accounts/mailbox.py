"""What a person does with a mail: reads the outbox and follows its link, as the mail would have rendered it."""

from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from accounts import links
from accounts.models import User
from returns.models import Notification


def mails_to(address: str) -> QuerySet[Notification]:
    """What is owed to this address, oldest first."""
    return Notification.objects.filter(recipient=address).order_by("created_at")


def kinds_to(address: str) -> list[str]:
    """The kinds of mail owed to this address."""
    return list(mails_to(address).values_list("kind", flat=True))


def path_of(url: str | None) -> str:
    """What comes after the host."""
    assert url is not None
    return urlsplit(url).path


def confirmation_path(address: str) -> str:
    """Where the newest mail that confirms this address leads."""
    row = mails_to(address).filter(kind="account_verify").latest("created_at")
    return path_of(links.verification_url(row.context))


def reset_path(address: str) -> str:
    """Where the newest mail for a new password leads."""
    row = mails_to(address).filter(kind="account_reset").latest("created_at")
    return path_of(links.reset_url(row.context))


def confirmed(user: User) -> User:
    """The person, as if they had confirmed their address."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
