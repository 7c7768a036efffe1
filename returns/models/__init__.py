"""What the portal keeps: storefronts, orders, requests, the ledger and the outbox."""

from returns.models.account_changes import AccountChange
from returns.models.drafts import Draft
from returns.models.ledger import LedgerAccount, LedgerEntry, Settlement, SettlementLine
from returns.models.licenses import License
from returns.models.orders import CustomerAccount, Order, OrderLine
from returns.models.outbox import Heartbeat, MailPreference, Notification
from returns.models.photos import Photo
from returns.models.requests import (
    GuestLink,
    Message,
    Override,
    Package,
    PackageLine,
    ReturnEvent,
    ReturnLine,
    ReturnRequest,
    WorkflowTransition,
)
from returns.models.storefronts import PolicyVersion, Product, Storefront

__all__ = [
    "AccountChange",
    "CustomerAccount",
    "Draft",
    "GuestLink",
    "Heartbeat",
    "LedgerAccount",
    "LedgerEntry",
    "License",
    "MailPreference",
    "Message",
    "Notification",
    "Order",
    "OrderLine",
    "Override",
    "Package",
    "PackageLine",
    "Photo",
    "PolicyVersion",
    "Product",
    "ReturnEvent",
    "ReturnLine",
    "ReturnRequest",
    "Settlement",
    "SettlementLine",
    "Storefront",
    "WorkflowTransition",
]
