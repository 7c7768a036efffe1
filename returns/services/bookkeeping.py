"""The ledger entries of one settlement, and the account a guest gets the moment one is needed."""

from datetime import datetime
from decimal import Decimal

from returns.domain.facts import Resolution
from returns.domain.settlement import LineQuote
from returns.models import CustomerAccount, LedgerAccount, LedgerEntry, Order, OrderLine, ReturnLine, ReturnRequest
from returns.services.account_links import give_orders
from returns.services.transition import By


class Book:
    """Writes the ledger entries of one settlement. Every entry has its own key, so nothing is ever booked twice."""

    def __init__(self, request: ReturnRequest, account: CustomerAccount | None, by: By, now: datetime) -> None:
        self.request, self.account, self.by, self.now = request, account, by, now
        self.payable = Decimal("0.00")
        """What was booked to be paid out to the payment method."""

    def give_line(self, line: ReturnLine, judged: LineQuote, balance_left: Decimal) -> Decimal:
        """Book a line's amount, the balance owed first; return what is left of the balance to be applied."""
        if judged.resolution is None or not judged.resolution.is_money:
            return balance_left
        is_refund = judged.resolution is Resolution.REFUND
        kind = LedgerAccount.REFUNDS_PAYABLE if is_refund else LedgerAccount.STORE_CREDIT
        return self.give(str(line.position), judged.amount, kind, balance_left, line.order_line)

    def give(
        self, what: str, amount: Decimal, kind: str, balance_left: Decimal, order_line: OrderLine | None = None
    ) -> Decimal:
        """Debit returns and credit the balance owed first, then `kind`; return what is left of the balance."""
        netted = min(amount, balance_left)
        if kind == LedgerAccount.REFUNDS_PAYABLE:
            self.payable += amount - netted
        returns = self._account(LedgerAccount.RETURNS)
        if netted:
            owed = self._account(LedgerAccount.RECEIVABLE, self.customer)
            self._entry(f"balance:{self.request.rma_number}:{what}", returns, owed, netted, order_line)
        if amount > netted:
            owner = self.customer if kind == LedgerAccount.STORE_CREDIT else None
            self._entry(
                f"refund:{self.request.rma_number}:{what}",
                returns,
                self._account(kind, owner),
                amount - netted,
                order_line,
            )
        return balance_left - netted

    def give_extra(self, source: str, amount: Decimal, kind: str) -> None:
        """Credit `kind` with goodwill or postage, each debited to an account of its own, nothing netted (RES-18)."""
        if not amount:
            return
        owner = self.customer if kind == LedgerAccount.STORE_CREDIT else None
        if kind == LedgerAccount.REFUNDS_PAYABLE:
            self.payable += amount
        debit, credit = self._account(source), self._account(kind, owner)
        self._entry(f"refund:{self.request.rma_number}:{source}", debit, credit, amount)

    def charge(self, amount: Decimal) -> None:
        """Bill the service charge apart from the settlement (LPS-25, RES-11)."""
        owed = self._account(LedgerAccount.RECEIVABLE, self.customer)
        charges = self._account(LedgerAccount.SERVICE_CHARGES)
        self._entry(f"charge:{self.request.rma_number}", owed, charges, amount)

    def pay_out(self, amount: Decimal) -> None:
        """The refund has arrived: it isn't payable any more."""
        payable, paid = self._account(LedgerAccount.REFUNDS_PAYABLE), self._account(LedgerAccount.PAID_OUT)
        self._entry(f"paid:{self.request.rma_number}", payable, paid, amount)

    @property
    def customer(self) -> CustomerAccount:
        """Whose credit and debts these are; opened for a guest the moment one is needed."""
        if self.account is None:
            self.account = open_account(self.request)
        return self.account

    def _account(self, kind: str, owner: CustomerAccount | None = None) -> LedgerAccount:
        account, _ = LedgerAccount.objects.get_or_create(
            storefront=self.request.storefront,
            customer_account=owner,
            kind=kind,
            currency=self.request.order.currency,
        )
        return account

    def _entry(
        self,
        key: str,
        debit: LedgerAccount,
        credit: LedgerAccount,
        amount: Decimal,
        order_line: OrderLine | None = None,
    ) -> None:
        LedgerEntry.objects.create(
            debit=debit,
            credit=credit,
            amount=amount,
            currency=debit.currency,
            idem_key=key,
            request=self.request,
            order_line=order_line,
            actor=self.by.user,
            at=self.now,
        )


def open_account(request: ReturnRequest) -> CustomerAccount:
    """An account for a guest who is owed credit: found by the order's address, else opened under the RMA number."""
    order = request.order
    email = order.email or request.contact_email
    account = CustomerAccount.objects.filter(storefront=request.storefront, email__iexact=email).first()
    if account is None:
        account = CustomerAccount.objects.create(
            storefront=request.storefront,
            number=str(request.rma_number),
            email=email,
            name=order.name or request.contact_name,
            phone=order.phone or request.contact_phone,
        )
    give_orders(Order.objects.filter(pk=order.pk), account)
    request.account = order.account = account
    return account
