"""What the portal keeps: storefronts, orders, requests with all that belongs to them, the ledger and the outbox."""

from returns.models.account_changes import AccountChange
from returns.models.drafts import Draft
from returns.models.exports import Export, ReportSubscription
from returns.models.findings import EarlierFinding
from returns.models.guest_links import GuestLink
from returns.models.history import ReturnEvent, WorkflowTransition
from returns.models.holding import ContactTry, HeldPackage
from returns.models.ledger import LedgerAccount, LedgerEntry, Settlement, SettlementLine
from returns.models.licenses import License
from returns.models.limit_raises import LimitRaise
from returns.models.lines import Override, ReturnLine
from returns.models.messages import Message
from returns.models.orders import CustomerAccount, Order, OrderLine
from returns.models.outbox import Heartbeat, MailPreference, Matter, Notification
from returns.models.outbox_gate import OutboxGate, Suppression
from returns.models.outgoing import OutgoingCorrection, OutgoingShipment
from returns.models.packages import Package, PackageLine
from returns.models.photos import Photo
from returns.models.policy_replays import PolicyReplay
from returns.models.replies import ReplyTemplate, ReplyTemplateChange
from returns.models.report_figures import ReportFigure, ReportMark
from returns.models.requests import ReturnRequest
from returns.models.saved_views import QueueCount, SavedView
from returns.models.settlement_plans import SettlementPlan
from returns.models.storefront_changes import StorefrontChange
from returns.models.storefronts import PolicyVersion, Product, Storefront

__all__ = [
    "AccountChange",
    "ContactTry",
    "CustomerAccount",
    "Draft",
    "EarlierFinding",
    "Export",
    "GuestLink",
    "Heartbeat",
    "HeldPackage",
    "LedgerAccount",
    "LedgerEntry",
    "License",
    "LimitRaise",
    "MailPreference",
    "Matter",
    "Message",
    "Notification",
    "Order",
    "OrderLine",
    "OutboxGate",
    "OutgoingCorrection",
    "OutgoingShipment",
    "Override",
    "Package",
    "PackageLine",
    "Photo",
    "PolicyReplay",
    "PolicyVersion",
    "Product",
    "QueueCount",
    "ReplyTemplate",
    "ReplyTemplateChange",
    "ReportFigure",
    "ReportMark",
    "ReportSubscription",
    "ReturnEvent",
    "ReturnLine",
    "ReturnRequest",
    "SavedView",
    "Settlement",
    "SettlementLine",
    "SettlementPlan",
    "Storefront",
    "StorefrontChange",
    "Suppression",
    "WorkflowTransition",
]
