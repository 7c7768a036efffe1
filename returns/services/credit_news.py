"""Store credit is told to whom it belongs, where the completion mail goes to somebody else (CON-33)."""

from datetime import datetime

from returns import notifications
from returns.models import LedgerAccount, LedgerEntry, ReturnRequest

KIND = "store_credit"


def tell_of_credit(request: ReturnRequest, *, now: datetime) -> None:
    """Owe it to the account's own address, in the transaction that books the credit of this return."""
    account = request.account
    if account is None or account.email.lower() == account.completion_email.lower():
        return
    if LedgerEntry.objects.filter(request=request, credit__kind=LedgerAccount.STORE_CREDIT).exists():
        notifications.enqueue_to(account.email, request, kind=KIND, dedupe_key=f"{KIND}:{request.pk}", now=now)
