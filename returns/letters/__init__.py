"""What each mail says: the facts and finished words its templates show, from the rows as they are at delivery.

The words about verdicts, amounts and dates are those of `returns.wording`, so that page and mail can't contradict each
other.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from returns.letters import (
    accounts,
    customer_accounts,
    customers,
    holding,
    managers,
    on_the_way,
    settling,
    staff,
    weekly,
)
from returns.letters.matters import matter_of, read_together
from returns.letters.timing import NoLongerTrue, NotYet
from returns.models import Notification

__all__ = ["LETTERS", "NoLongerTrue", "NotYet", "letter_of", "matter_of", "read_together"]

Letter = Callable[[Notification, datetime], Mapping[str, Any]]

LETTERS: Mapping[str, Letter] = {
    "received": customers.received,
    "information_requested": customers.information_requested,
    "authorized": customers.authorized,
    "rejected": customers.rejected,
    "redirected": customers.redirected,
    "withdrawn": customers.withdrawn,
    "package_received": customers.package_received,
    "completed": customers.completed,
    "message": on_the_way.message,
    "information_reminder": on_the_way.information_reminder,
    "ship_reminder": on_the_way.ship_reminder,
    "expired": on_the_way.expired,
    "promise_moved": on_the_way.promise_moved,
    "store_credit": on_the_way.store_credit,
    "difference": on_the_way.difference,
    "difference_reminder": on_the_way.difference_reminder,
    "closed_lost": on_the_way.closed_lost,
    "goods_sent": on_the_way.goods_sent,
    "refund_sent": settling.refund_sent,
    "refund_failed": settling.refund_failed,
    "refund_failed_staff": settling.refund_failed_staff,
    "proposal_refused": settling.proposal_refused,
    "package_unknown": holding.package_unknown,
    "guest_link": customers.guest_link,
    "staff_reminder": staff.reminder,
    "weekly_report": weekly.weekly_report,
    "decision_reminder": staff.decision_reminder,
    "held_reminder": staff.held_reminder,
    "digest": staff.digest,
    "mail_failed": staff.mail_failed,
    "limit_changed": managers.limit_changed,
    "account_verify": accounts.verify,
    "account_reset": accounts.reset,
    "account_exists": accounts.exists,
    "account_password_changed": accounts.password_changed,
    "account_new_address": accounts.new_address,
    "account_address_asked": accounts.address_asked,
    "account_address_changed": accounts.address_changed,
    "staff_invited": accounts.invited,
    "account_contact_changed": customer_accounts.contact_changed,
    "license_granted": customer_accounts.license_granted,
    "license_refused": customer_accounts.license_refused,
}
"""By kind of the catalogue (returns/notices.py); templates/emails/ has a text and an HTML template for each."""


def letter_of(row: Notification, *, now: datetime) -> dict[str, Any]:
    """The context for the templates of this row. Raises NoLongerTrue, NotYet, and KeyError for an unknown kind."""
    return dict(LETTERS[row.kind](row, now))
