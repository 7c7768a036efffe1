"""A customer's store credit as a statement: signed lines, newest first, each with the balance after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, F, Q, QuerySet, Sum, When

from returns import paging
from returns.models import CustomerAccount, LedgerAccount, LedgerEntry
from returns.querysets.sort_keys import CREDIT_KEYS

PAGE_SIZE = 20
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as its owner sees it: what came in is positive. `balance` is what there was after it."""

    entry: LedgerEntry
    amount: Decimal
    balance: Decimal

    @property
    def is_goodwill(self) -> bool:
        """Whether it was given freely."""
        return self.entry.debit.kind == LedgerAccount.GOODWILL

    @property
    def is_postage(self) -> bool:
        """Whether it repays what the customer paid to send something back."""
        return self.entry.debit.kind == LedgerAccount.POSTAGE


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of lines. `before` and the lines together are the balance of the newest of them."""

    balance: Decimal
    currency: str
    lines: Sequence[Line] = ()
    before: Decimal = NOTHING
    next: str = ""
    is_first: bool = True


def store_credit(account: CustomerAccount) -> Decimal:
    """What the customer can spend at the storefront."""
    book = _book(account)
    return book.balance if book else NOTHING


def statement(account: CustomerAccount, *, after: str, size: int = PAGE_SIZE) -> Statement:
    """The page of the store credit that begins after this key; the newest lines first, nothing is counted."""
    book = _book(account)
    if book is None:
        return Statement(NOTHING, account.storefront.currency)
    entries = _entries(book).select_related("request__storefront", "order_line", "debit")
    page = paging.page(
        entries.order_by(*(f"-{key.name}" for key in CREDIT_KEYS)),
        CREDIT_KEYS,
        after=after,
        size=size,
        is_descending=True,
    )
    balance = book.balance if page.is_first else _balance_at(book, page.rows)
    lines = []
    for entry in page.rows:
        amount = entry.amount if entry.credit_id == book.pk else -entry.amount
        lines.append(Line(entry, amount, balance))
        balance -= amount
    return Statement(book.balance, book.currency, lines, balance, page.next, page.is_first)


def _book(account: CustomerAccount) -> LedgerAccount | None:
    books = LedgerAccount.objects.filter(customer_account=account, kind=LedgerAccount.STORE_CREDIT)
    return books.filter(currency=account.storefront.currency).first()


def _entries(book: LedgerAccount) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(Q(credit=book) | Q(debit=book))


def _balance_at(book: LedgerAccount, rows: Sequence[LedgerEntry]) -> Decimal:
    """The balance after the newest of these rows: the sum of it and of everything before it."""
    if not rows:
        return NOTHING
    newest = rows[0]
    until = _entries(book).filter(Q(at__lt=newest.at) | Q(at=newest.at, public_id__lte=newest.public_id))
    signed = Case(When(credit=book, then=F("amount")), default=-F("amount"))
    return until.aggregate(sum=Sum(signed))["sum"] or NOTHING
