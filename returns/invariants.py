"""What must always be true of the data, as SQL that finds what isn't. The constraints come first; this is the proof."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from returns import picture_files
from returns.domain.workflow import pairs
from returns.models import Photo
from returns.reports.proof import differences


@dataclass(frozen=True, slots=True)
class Violation:
    """One row that breaks a promise: which promise, and where."""

    promise: str
    where: str


PROMISES: tuple[tuple[str, str], ...] = (
    (
        "a request's status is where its last event led",
        """
        SELECT r.reference FROM returns_returnrequest r
        LEFT JOIN LATERAL (
            SELECT target FROM returns_returnevent e
            WHERE e.request_id = r.id AND e.target <> '' ORDER BY seq DESC LIMIT 1
        ) last ON true
        WHERE r.status <> coalesce(last.target, 'submitted')
        """,
    ),
    (
        "each event starts where the one before it led",
        """
        SELECT reference || ' event ' || seq FROM (
            SELECT r.reference, e.seq, e.source,
                   coalesce(lag(e.target) OVER (PARTITION BY e.request_id ORDER BY e.seq), 'submitted') AS before
            FROM returns_returnevent e JOIN returns_returnrequest r ON r.id = e.request_id WHERE e.target <> ''
        ) moves WHERE source <> before
        """,
    ),
    (
        "event numbers have no gap and end at the request's counter",
        """
        SELECT r.reference FROM returns_returnrequest r
        LEFT JOIN returns_returnevent e ON e.request_id = r.id
        GROUP BY r.id, r.reference, r.event_seq
        HAVING count(e.id) <> r.event_seq OR coalesce(max(e.seq), 0) <> r.event_seq
        """,
    ),
    (
        "an RMA number comes with an authorization and never without",
        """
        SELECT r.reference FROM returns_returnrequest r
        WHERE (r.rma_number IS NOT NULL) <> EXISTS (
            SELECT 1 FROM returns_returnevent e WHERE e.request_id = r.id AND e.target = 'authorized'
        )
        """,
    ),
    (
        "every return is authorized once at most",
        """
        SELECT r.reference FROM returns_returnrequest r
        JOIN returns_returnevent e ON e.request_id = r.id AND e.target = 'authorized'
        GROUP BY r.id, r.reference HAVING count(*) > 1
        """,
    ),
    (
        "completed and settled go together",
        """
        SELECT r.reference FROM returns_returnrequest r
        LEFT JOIN returns_settlement s ON s.request_id = r.id
        WHERE (r.status = 'completed') <> (s.id IS NOT NULL)
        """,
    ),
    (
        "a settlement's lines add up to its total",
        """
        SELECT r.reference FROM returns_settlement s JOIN returns_returnrequest r ON r.id = s.request_id
        LEFT JOIN returns_settlementline l ON l.settlement_id = s.id
        GROUP BY s.id, s.total, r.reference HAVING coalesce(sum(l.amount), 0) <> s.total
        """,
    ),
    (
        "the ledger paid out what the settlement says",
        """
        SELECT r.reference FROM returns_settlement s JOIN returns_returnrequest r ON r.id = s.request_id
        LEFT JOIN returns_ledgerentry e ON e.request_id = r.id AND e.idem_key LIKE 'refund:%'
        GROUP BY s.id, s.total, r.reference HAVING coalesce(sum(e.amount), 0) <> s.total
        """,
    ),
    (
        "a settlement pays out what the ledger booked for the payment method",
        """
        SELECT r.reference FROM returns_settlement s JOIN returns_returnrequest r ON r.id = s.request_id
        LEFT JOIN returns_ledgerentry e ON e.request_id = r.id AND e.idem_key LIKE 'refund:%'
            AND e.credit_id IN (SELECT id FROM returns_ledgeraccount WHERE kind = 'refunds_payable')
        GROUP BY s.id, s.payout, r.reference HAVING coalesce(sum(e.amount), 0) <> s.payout
        """,
    ),
    (
        "what is confirmed as paid out is paid out in the ledger, and nothing else is",
        """
        SELECT r.reference FROM returns_settlement s JOIN returns_returnrequest r ON r.id = s.request_id
        LEFT JOIN returns_ledgerentry e ON e.request_id = r.id AND e.idem_key LIKE 'paid:%'
        GROUP BY s.id, s.payout, s.state, r.reference
        HAVING coalesce(sum(e.amount), 0) <> CASE WHEN s.state = 'confirmed' THEN s.payout ELSE 0 END
        """,
    ),
    (
        "who agreed to a proposed settlement settled it, and didn't propose it",
        """
        SELECT r.reference FROM returns_settlementplan p JOIN returns_returnrequest r ON r.id = p.request_id
        LEFT JOIN returns_settlement s ON s.request_id = r.id
        WHERE p.agreed_by_id IS NOT NULL
            AND (s.decided_by_id IS DISTINCT FROM p.agreed_by_id OR p.agreed_by_id = p.proposed_by_id)
        """,
    ),
    (
        "a ledger account's balance is the sum of its entries",
        """
        SELECT 'ledger account ' || a.id FROM returns_ledgeraccount a
        WHERE a.balance <> coalesce((SELECT sum(amount) FROM returns_ledgerentry WHERE credit_id = a.id), 0)
                         - coalesce((SELECT sum(amount) FROM returns_ledgerentry WHERE debit_id = a.id), 0)
        """,
    ),
    (
        "the ledger sums to zero in each currency",
        "SELECT currency FROM returns_ledgeraccount GROUP BY currency HAVING sum(balance) <> 0",
    ),
    (
        "an order line's refunds are those of its settled lines",
        """
        SELECT 'order line ' || l.id FROM returns_orderline l
        LEFT JOIN returns_returnline rl ON rl.order_line_id = l.id AND rl.settled_quantity > 0
        GROUP BY l.id, l.refunded, l.returned_quantity
        HAVING l.returned_quantity <> coalesce(sum(rl.settled_quantity), 0)
            OR l.refunded <> coalesce(sum(CASE WHEN rl.resolution IN ('refund', 'store_credit')
                                               THEN rl.settled_amount ELSE rl.settled_gross END), 0)
        """,
    ),
    (
        "an order line holds the units its requests hold",
        """
        SELECT 'order line ' || l.id FROM returns_orderline l
        LEFT JOIN returns_returnline rl ON rl.order_line_id = l.id
        LEFT JOIN returns_returnrequest r ON r.id = rl.request_id
        GROUP BY l.id, l.returning_quantity
        HAVING l.returning_quantity <> coalesce(sum(CASE
            WHEN r.status IN ('rejected', 'redirected', 'withdrawn', 'expired') THEN 0
            WHEN r.status = 'completed' THEN rl.settled_quantity
            ELSE coalesce(rl.authorized_quantity, rl.requested_quantity) END), 0)
        """,
    ),
    (
        "an order's shipping was given back as its settlements say",
        """
        SELECT o.number FROM returns_order o
        LEFT JOIN returns_returnrequest r ON r.order_id = o.id
        LEFT JOIN returns_settlement s ON s.request_id = r.id
        LEFT JOIN returns_settlementline l ON l.settlement_id = s.id AND l.kind = 'shipping_refund'
        GROUP BY o.id, o.number, o.shipping_refunded HAVING o.shipping_refunded <> coalesce(sum(l.amount), 0)
        """,
    ),
    (
        "the ledger netted the balances the settlements say",
        """
        SELECT r.reference FROM returns_settlement s JOIN returns_returnrequest r ON r.id = s.request_id
        WHERE coalesce((SELECT -sum(amount) FROM returns_settlementline
                        WHERE settlement_id = s.id AND kind = 'balance_applied'), 0)
           <> coalesce((SELECT sum(amount) FROM returns_ledgerentry
                        WHERE request_id = r.id AND idem_key LIKE 'balance:%'), 0)
        """,
    ),
    (
        "a request belongs to the account of its order",
        """
        SELECT r.reference FROM returns_returnrequest r JOIN returns_order o ON o.id = r.order_id
        WHERE r.account_id IS DISTINCT FROM o.account_id
        """,
    ),
    (
        "a refund is within what was paid",
        "SELECT 'order line ' || id FROM returns_orderline WHERE refunded > paid_total OR refunded < 0",
    ),
    (
        "every event that owes a message has it in the outbox",
        """
        SELECT r.reference || ' ' || e.action FROM returns_returnevent e
        JOIN returns_returnrequest r ON r.id = e.request_id
        WHERE e.action IN ('file', 'authorize', 'reject', 'redirect', 'request_information', 'receive', 'receive_late',
                           'settle', 'settle_without_goods', 'withdraw', 'send_difference', 'close_lost', 'goods_sent',
                           'goods_corrected')
        AND NOT (e.action = 'file' AND e.data ? 'decided_at_once')
        AND NOT EXISTS (
            SELECT 1 FROM returns_notification n WHERE n.request_id = e.request_id
            AND n.dedupe_key LIKE '%:' || e.request_id || ':' || e.seq
        )
        """,
    ),
    (
        "the queue's counters count the returns that are there",
        """
        SELECT 'storefront ' || storefront_id || ', ' || status || ': ' || sum(delta) || ' too many' FROM (
            SELECT storefront_id, status, owner_id, is_claim, due_on, delta FROM returns_queuecount
            UNION ALL
            SELECT storefront_id, status, owner_id, is_claim, queue_day(status, answer_due_on, due_on), -1
            FROM returns_returnrequest
        ) counted
        GROUP BY storefront_id, status, owner_id, is_claim,
            CASE WHEN due_on <= (now() AT TIME ZONE 'UTC')::date - 2 THEN NULL ELSE due_on END, due_on IS NULL
        HAVING sum(delta) <> 0
        """,
    ),
    (
        "what was withdrawn or expired says no sum",
        "SELECT reference FROM returns_returnrequest WHERE status IN ('withdrawn', 'expired') AND amount <> 0",
    ),
    (
        "a due day is fixed for what was received",
        """
        SELECT reference FROM returns_returnrequest
        WHERE status IN ('received', 'inspected', 'difference_sent') AND (due_on IS NULL OR received_at IS NULL)
        """,
    ),
)


PHOTOS_PROMISE = "every photo's files are there as they were written"
REPORTS_PROMISE = "the managers' figures are what the returns add up to"
PROMISED = len(PROMISES) + 3
"""How many promises there are, with the three that SQL alone can't check."""


def violations() -> Iterator[Violation]:
    """Every broken promise in the database."""
    with connection.cursor() as cursor:
        for promise, sql in PROMISES:
            cursor.execute(sql)
            for (where,) in cursor.fetchall():
                yield Violation(promise, str(where))
        cursor.execute("SELECT source, target FROM returns_workflowtransition")
        stored = set(cursor.fetchall())
    table = {(source.value, target.value) for source, target in pairs()}
    for source, target in stored ^ table:
        yield Violation("the database knows the same moves as the workflow table", f"{source} to {target}")
    yield from (Violation(REPORTS_PROMISE, where) for where in differences())
    yield from _altered_photos()


def _altered_photos() -> Iterator[Violation]:
    """Photos whose file is gone or isn't the one that was written (C25)."""
    for photo in Photo.objects.only("public_id", "file", "thumbnail", "sha256").iterator():
        if picture_files.checksum(photo.file) != photo.sha256 or not picture_files.exists(photo.thumbnail):
            yield Violation(PHOTOS_PROMISE, f"photo {photo.public_id}")
