"""What has to be true after the soak, read from the database and the mail server."""

from collections import Counter

from tests.soak.errands import Done
from tests.soak.stack import Portal

FILED = """
SELECT r.reference, o.public_id::text, r.rma_number,
    (SELECT count(*) FROM returns_returnevent e WHERE e.request_id = r.id AND e.target = 'authorized')
FROM returns_returnrequest r JOIN returns_order o ON o.id = r.order_id
"""
TOLD = """
SELECT r.reference, n.kind, n.state FROM returns_notification n JOIN returns_returnrequest r ON r.id = n.request_id
"""
MAILS = "SELECT replace(id::text, '-', ''), kind, state, last_error FROM returns_notification"
STILL_OWED = "SELECT count(*) FROM returns_notification WHERE state NOT IN ('sent', 'dropped', 'failed')"


def outbox_is_empty(portal: Portal) -> bool:
    """Whether nothing is owed any more."""
    return portal.database.rows(STILL_OWED) == [(0,)]


def broken_promises(portal: Portal, done: Done) -> list[str]:
    """Every promise to a person that wasn't kept, in words."""
    returns = {row[0]: row[1:] for row in portal.database.rows(FILED)}
    told = Counter(portal.database.rows(TOLD))
    numbers = Counter(number for _, number, _ in returns.values() if number)
    orders = Counter(order for order, _, _ in returns.values())
    found = [f"{order} was returned {times} times" for order, times in orders.items() if times > 1]
    found += [f"RMA number {number} was issued {times} times" for number, times in numbers.items() if times > 1]
    nothing = (None, None, 0)
    lost = [one for one, order in done.filed.items() if returns.get(one, nothing)[0] != order]
    found += [f"{one} was filed and isn't there" for one in lost]
    found += [f"{one} was authorized and isn't" for one in done.authorized if not returns.get(one, nothing)[1]]
    for reference, (_, number, authorizations) in returns.items():
        if authorizations != bool(number):
            found.append(f"{reference} was authorized {authorizations} times, RMA number {number}")
        for kind, times in (("received", 1), ("authorized", authorizations)):
            if told[reference, kind, "sent"] != times:
                found.append(f"{reference}: {told[reference, kind, 'sent']} mails of “{kind}”, not {times}")
    return found + _mails(portal)


def _mails(portal: Portal) -> list[str]:
    rows = portal.database.rows(MAILS)
    found = [f"mail {key} ({kind}) ended as {state}: {error}" for key, kind, state, error in rows if state != "sent"]
    owed = {f"<{key}@127.0.0.1>" for key, _, state, _ in rows if state == "sent"}
    arrived = set(portal.mailbox.copies)
    found += [f"mail {one} never arrived" for one in owed - arrived]
    return found + [f"mail {one} was never owed" for one in arrived - owed]
