"""For each kind of the catalogue the life it takes."""

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import AddressChange, Invitation
from returns import tokens
from returns.domain.facts import Condition, Reason, Wish
from returns.domain.holding import Way
from returns.models import License, Notification, ReportSubscription, ReturnRequest, SettlementPlan
from returns.samples.life import DAY, Life
from returns.services import (
    authorization,
    conversation,
    difference,
    holding,
    limits,
    outgoing,
    payouts,
    requests,
    settlement,
    shipments,
)
from returns.services.holding import Label
from returns.services.shares import shares_to_settle
from returns.services.storefronts import change_limit
from returns.services.transition import By


class NeverSent(Exception):
    """This storefront never sends this message; why, in words."""


Sample = Callable[[Life, str], Notification]
WEEK = timedelta(days=7)


def _received(life: Life, kind: str) -> Notification:
    return life.owed(kind, life.filed())


def _message(life: Life, kind: str) -> Notification:
    request = life.filed()
    body = "We looked again: the second bottle is fine, too."
    conversation.write_message(request_id=request.pk, nonce=uuid.uuid4(), body=body, by=life.staff, now=life.now)
    return life.owed(kind, request)


def _asked(life: Life, ago: timedelta = timedelta()) -> ReturnRequest:
    return authorization.request_information(
        request_id=life.filed(ago=ago).pk,
        question="Is the seal of the serum unbroken?",
        by=life.staff,
        now=life.now - ago,
    )


def _information_requested(life: Life, kind: str) -> Notification:
    return life.owed(kind, _asked(life))


def _information_reminder(life: Life, kind: str) -> Notification:
    request = _asked(life, 3 * DAY)
    return life.row(kind, request, asked=request.event_seq)


def _authorized(life: Life, kind: str) -> Notification:
    return life.owed(kind, life.authorized())


def _rejected(life: Life, kind: str) -> Notification:
    text = "The set has to be complete, and the masque is missing."
    request = authorization.reject(
        request_id=life.filed().pk, reason="discretion", text=text, by=life.staff, now=life.now
    )
    return life.owed(kind, request)


def _redirected(life: Life, kind: str) -> Notification:
    order = life.order(channel="partner", seller_name="Sample Skin Studio", seller_contact="704-555-0199")
    return life.owed(kind, authorization.redirect(request_id=life.filed(order).pk, by=life.staff, now=life.now))


def _withdrawn(life: Life, kind: str) -> Notification:
    request = requests.withdraw(request_id=life.authorized().pk, by=By.owner(life.customer), now=life.now)
    return life.owed(kind, request)


def _ship_reminder(life: Life, kind: str) -> Notification:
    return life.row(kind, life.authorized(ago=WEEK))


def _expired(life: Life, kind: str) -> Notification:
    return life.owed(kind, requests.expire(request_id=life.authorized(ago=2 * WEEK).pk, now=life.now))


def _closed_lost(life: Life, kind: str) -> Notification:
    request = shipments.mark_shipped(
        request_id=life.authorized(ago=WEEK).pk,
        by=By.owner(life.customer),
        now=life.now - WEEK,
        carrier="UPS",
        tracking_number="1Z999AA10123456784",
    )
    return life.owed(kind, requests.close_lost(request_id=request.pk, by=life.staff, now=life.now))


def _package_received(life: Life, kind: str) -> Notification:
    return life.owed(kind, life.received())


def _difference(life: Life, kind: str) -> Notification:
    request = life.inspected(Condition.OPENED)
    difference.send_difference(request_id=request.pk, note="The seals were broken.", by=life.staff, now=life.now)
    return life.owed(kind, request)


def _difference_reminder(life: Life, kind: str) -> Notification:
    request = life.inspected(Condition.OPENED, ago=8 * DAY)
    difference.send_difference(request_id=request.pk, note="", by=life.staff, now=life.now - 7 * DAY)
    return life.row(kind, request, event_seq=life.owed("difference", request).context["event_seq"])


def _promise_moved(life: Life, kind: str) -> Notification:
    return life.row(kind, life.received(ago=3 * DAY))


def _completed(life: Life, kind: str) -> Notification:
    return life.owed(kind, life.settled())


def _store_credit(life: Life, kind: str) -> Notification:
    return life.row(kind, life.settled())


def _goods_sent(life: Life, kind: str) -> Notification:
    request = life.authorized(life.filed(reason=Reason.DAMAGED, wants=Wish.REPLACEMENT))
    _, answer = shares_to_settle(request, list(request.lines.order_by("position")))
    settlement.settle_without_goods(request_id=request.pk, expected_total=answer.total, by=life.staff, now=life.now)
    today = life.now.astimezone(life.shop.zone).date()
    outgoing.record_shipment(
        request_id=request.pk,
        carrier="UPS",
        tracking_number="1Z999AA10123456784",
        shipped_on=today,
        by=life.staff,
        now=life.now,
    )
    return life.owed(kind, request)


def _refund(life: Life, *, fails: bool) -> Notification:
    """A refund that was paid out, and perhaps came back. Raises NeverSent where the policy gives credit alone."""
    request = life.settled()
    done = request.settlement
    if not done.payout:
        raise NeverSent(f"{life.shop.name} gives store credit and pays nothing out, so it never sends this message.")
    payouts.mark_sent(settlement_id=done.public_id, reference="ch_3SAMPLE", by=life.staff, now=life.now)
    if fails:
        payouts.mark_failed(settlement_id=done.public_id, reason="Card closed", by=life.staff, now=life.now)
    return life.owed("refund_failed" if fails else "refund_sent", request)


def _refund_sent(life: Life, _kind: str) -> Notification:
    return _refund(life, fails=False)


def _refund_failed(life: Life, _kind: str) -> Notification:
    return _refund(life, fails=True)


def _refund_failed_staff(life: Life, kind: str) -> Notification:
    told = _refund(life, fails=True)
    return life.to_staff(kind, told.request, event_seq=told.context["event_seq"])


def _proposal_refused(life: Life, kind: str) -> Notification:
    request = life.inspected()
    colleague = life.colleague()
    SettlementPlan.objects.update_or_create(
        request=request,
        defaults={
            "proposed_by": life.staff.person,
            "proposed_at": life.now,
            "proposed_total": Decimal("250.00"),
            "refused_by": colleague,
            "refused_at": life.now,
            "refusal": "Please weigh the serum again first.",
        },
    )
    return life.to_staff(kind, request, event_seq=request.event_seq)


def _label(life: Life) -> Label:
    return Label(
        sender="K. Sample, Tampa FL",
        sender_email=life.account.email,
        carrier="USPS",
        tracking_number="9400 1000 0000 0000 0000 00",
    )


def _package_unknown(life: Life, kind: str) -> Notification:
    held = holding.hold(storefront=life.shop, label=_label(life), nonce=uuid.uuid4(), by=life.staff, now=life.now)
    holding.note_try(held_id=held.public_id, seen=0, way=Way.EMAIL, note="", by=life.staff, now=life.now)
    return life.owed(kind)


def _held_reminder(life: Life, kind: str) -> Notification:
    held = holding.hold(storefront=life.shop, label=_label(life), nonce=uuid.uuid4(), by=life.staff, now=life.now)
    return life.to_staff(kind, held=str(held.public_id))


def _guest_link(life: Life, kind: str) -> Notification:
    order = life.order(account=None)
    link = tokens.fresh_link_for(order, order.email, now=life.now)
    return life.row(kind, storefront=life.shop, link=str(link.pk))


def _verify(life: Life, kind: str) -> Notification:
    address = EmailAddress.objects.create(user=life.customer, email=life.customer.email, verified=False)
    return life.row(kind, address=address.pk)


def _about_person(life: Life, kind: str) -> Notification:
    return life.row(kind, user=life.customer.pk)


def _new_address(life: Life, kind: str) -> Notification:
    change = AddressChange.objects.create(user=life.customer, email="sam.new@customer.example", asked_at=timezone.now())
    return life.row(kind, change=str(change.pk))


def _invited(life: Life, kind: str) -> Notification:
    invitation = Invitation.objects.create(user=life.staff.person, invited_at=life.now)
    return life.row(kind, invitation=str(invitation.pk))


def _contact_changed(life: Life, kind: str) -> Notification:
    return life.row(kind, storefront=life.shop, account=life.account.pk, to="old")


def _license(life: Life, kind: str) -> Notification:
    is_granted = kind == "license_granted"
    shown = License.objects.create(
        account=life.account,
        wanted_type="professional",
        state=License.GRANTED if is_granted else License.REFUSED,
        uploaded_at=life.now - DAY,
        decided_at=life.now,
        refusal="" if is_granted else "The photo ends above the expiration date. Please show all of it.",
    )
    return life.row(kind, storefront=life.shop, license=str(shown.public_id))


def _staff_reminder(life: Life, kind: str) -> Notification:
    return life.to_staff(kind, life.received(ago=8 * DAY), step="before 2")


def _decision_reminder(life: Life, kind: str) -> Notification:
    return life.to_staff(kind, life.filed(ago=3 * DAY), step="today")


def _digest(life: Life, kind: str) -> Notification:
    life.filed(ago=5 * DAY)
    life.received(ago=20 * DAY)
    return life.to_staff(kind, day=life.now.date().isoformat())


def _weekly_report(life: Life, kind: str) -> Notification:
    ReportSubscription.objects.create(person=life.staff.person, storefront=life.shop, since=life.now - 30 * DAY)
    last = life.now.astimezone(life.shop.zone).date()
    return life.to_staff(kind, first=(last - timedelta(days=6)).isoformat(), last=last.isoformat())


def _mail_failed(life: Life, kind: str) -> Notification:
    request = life.authorized()
    lost = life.owed("authorized", request)
    lost.state, lost.last_error = Notification.FAILED, "550 5.1.1 User unknown"
    lost.save(update_fields=["state", "last_error"])
    return life.to_staff(kind, request, mail=str(lost.pk))


def _limit_changed(life: Life, kind: str) -> Notification:
    change_limit(storefront=life.shop, amount=Decimal(200))
    limits.ask_for_limit(storefront=life.shop, amount=Decimal(500), by=life.colleague(), now=life.now)
    change = life.shop.changes.latest("id")
    return life.to_staff(kind, step=limits.ASKED, change=change.pk)


SAMPLES: Mapping[str, Sample] = {
    "received": _received,
    "message": _message,
    "information_requested": _information_requested,
    "information_reminder": _information_reminder,
    "authorized": _authorized,
    "rejected": _rejected,
    "redirected": _redirected,
    "withdrawn": _withdrawn,
    "ship_reminder": _ship_reminder,
    "expired": _expired,
    "closed_lost": _closed_lost,
    "package_received": _package_received,
    "difference": _difference,
    "difference_reminder": _difference_reminder,
    "promise_moved": _promise_moved,
    "completed": _completed,
    "store_credit": _store_credit,
    "refund_sent": _refund_sent,
    "refund_failed": _refund_failed,
    "goods_sent": _goods_sent,
    "package_unknown": _package_unknown,
    "guest_link": _guest_link,
    "account_verify": _verify,
    "account_exists": _about_person,
    "account_reset": _about_person,
    "account_password_changed": _about_person,
    "account_new_address": _new_address,
    "account_address_asked": _about_person,
    "account_address_changed": _about_person,
    "staff_invited": _invited,
    "account_contact_changed": _contact_changed,
    "license_granted": _license,
    "license_refused": _license,
    "refund_failed_staff": _refund_failed_staff,
    "proposal_refused": _proposal_refused,
    "limit_changed": _limit_changed,
    "mail_failed": _mail_failed,
    "decision_reminder": _decision_reminder,
    "staff_reminder": _staff_reminder,
    "held_reminder": _held_reminder,
    "weekly_report": _weekly_report,
    "digest": _digest,
}
"""By kind of the catalogue; a test asks for each."""
