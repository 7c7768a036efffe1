"""What each return brings to each figure, as SQL: the one definition that roll-ups, rows and proofs are made from.

A fact is (return, storefront, day, figure, detail, number, amount). Figures:

requests         the return itself; detail empty.
status           where it stands now; amount is what its latest quote gives, none where it ended without.
decision         authorized or refused, once decided.
decided_after    detail is the calendar days from request to decision, at the storefront.
settled_in_time, settled_late   the same from receipt to settlement, by the promised day.
repeat           its customer had at least two other returns in the year before.
reason, product, condition, resolution   of its lines; condition is `declared>found`.
line             the signed lines of its settlement, by kind.
ledger           its ledger entries, `debited>credited` by kind of account.
override, override_by   what staff decided otherwise, by clause and by person; amount is the change for the customer.
work             who decided, received, inspected (the second look, too), settled: `person:what`.
bounced          its mails that didn't arrive, by kind.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from returns.reports.periods import By, Stretch

MOMENTS: Mapping[By, str] = {
    By.REQUESTED: "r.requested_at",
    By.RECEIVED: "r.received_at",
    By.SETTLED: "s.decided_at",
    By.BOOKED: "e.at",
}
"""The moment that puts a return, or an entry of the ledger, into a day of its storefront."""

_COHORT = """
    SELECT r.id, r.storefront_id, {days}, r.account_id, r.status, r.amount, r.requested_at, r.received_at, r.decided_at,
        r.authorized_at, r.due_on, s.id AS settlement_id, s.decided_at AS settled_at, f.timezone
    FROM returns_returnrequest r JOIN returns_storefront f ON f.id = r.storefront_id
    LEFT JOIN returns_settlement s ON s.request_id = r.id
    WHERE {where}
"""

_DAYS = "({until} AT TIME ZONE c.timezone)::date - ({since} AT TIME ZONE c.timezone)::date"
_PROCESSED = f"({_DAYS.format(until='c.settled_at', since='c.received_at')})::text, 1, 0 FROM cohort c"
_ON = "(c.settled_at AT TIME ZONE c.timezone)::date"
_GIVEN = "CASE WHEN l.resolution IN ('refund', 'store_credit') THEN coalesce(l.settled_amount, 0) ELSE 0 END"
_LINES = "cohort c JOIN returns_returnline l ON l.request_id = c.id"
_OVERRIDES = """
    (SELECT o.*, coalesce(o.request_id, l.request_id) AS of_request
     FROM cohort c2
     JOIN returns_returnline l ON l.request_id = c2.id JOIN returns_override o ON o.line_id = l.id
     UNION ALL SELECT o.*, o.request_id FROM cohort c2 JOIN returns_override o ON o.request_id = c2.id) o
    JOIN cohort c ON c.id = o.of_request
"""
_WORK = """
    cohort c JOIN returns_returnevent e ON e.request_id = c.id JOIN accounts_user u ON u.id = e.actor_id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN e.action IN ('authorize', 'reject', 'redirect') THEN 'decided'
        WHEN e.action IN ('receive', 'receive_late') THEN 'received'
        WHEN e.action IN ('inspect', 'inspect_again') THEN 'inspected'
        WHEN e.action IN ('settle', 'settle_without_goods') THEN 'settled'
    END AS what) done WHERE done.what IS NOT NULL
"""

PARTS: Mapping[str, str] = {
    "requests": "'', 1, 0 FROM cohort c",
    "status": "c.status, 1, c.amount FROM cohort c",
    "decision": "CASE WHEN c.authorized_at IS NULL THEN 'refused' ELSE 'authorized' END, 1, 0 FROM cohort c"
    " WHERE c.decided_at IS NOT NULL",
    "decided_after": f"({_DAYS.format(until='c.decided_at', since='c.requested_at')})::text, 1, 0 FROM cohort c"
    " WHERE c.decided_at IS NOT NULL",
    "settled_in_time": f"{_PROCESSED} WHERE c.settled_at IS NOT NULL AND {_ON} <= c.due_on",
    "settled_late": f"{_PROCESSED} WHERE c.settled_at IS NOT NULL AND {_ON} > c.due_on",
    "repeat": "'', 1, 0 FROM cohort c WHERE c.account_id IS NOT NULL AND (SELECT count(*) FROM ("
    " SELECT 1 FROM returns_returnrequest p WHERE p.account_id = c.account_id AND p.requested_at < c.requested_at"
    " AND p.requested_at >= c.requested_at - interval '1 year' LIMIT 2) earlier) = 2",
    "reason": f"l.reason, 1, {_GIVEN} FROM {_LINES}",
    "product": f"coalesce(nullif(ol.sku, ''), ol.title), 1, {_GIVEN} FROM {_LINES}"
    " JOIN returns_orderline ol ON ol.id = l.order_line_id",
    "condition": f"l.condition || '>' || l.found_condition, 1, {_GIVEN} FROM {_LINES} WHERE l.found_condition <> ''",
    "resolution": "l.resolution, 1, CASE WHEN l.resolution IN ('refund', 'store_credit') THEN l.settled_amount"
    f" WHEN l.settled_quantity > 0 THEN l.settled_gross ELSE 0 END FROM {_LINES}"
    " WHERE c.settlement_id IS NOT NULL AND l.resolution <> ''",
    "line": "l.kind, 1, l.amount FROM cohort c JOIN returns_settlementline l ON l.settlement_id = c.settlement_id",
    "ledger": "d.kind || '>' || k.kind, 1, e.amount FROM cohort c JOIN returns_ledgerentry e ON e.request_id = c.id"
    " JOIN returns_ledgeraccount d ON d.id = e.debit_id JOIN returns_ledgeraccount k ON k.id = e.credit_id",
    "override": f"coalesce(nullif(o.clause_id, ''), o.code), 1, o.amount_after - o.amount_before FROM {_OVERRIDES}",
    "override_by": f"u.public_id::text, 1, o.amount_after - o.amount_before FROM {_OVERRIDES}"
    " JOIN accounts_user u ON u.id = o.actor_id",
    "work": f"u.public_id::text || ':' || done.what, 1, 0 FROM {_WORK}",
    "bounced": "n.kind, 1, 0 FROM cohort c JOIN returns_notification n ON n.request_id = c.id WHERE n.state = 'failed'",
}
"""Of each figure everything after the day: detail, number, amount, and where they come from."""

_BOOKED = """
    SELECT e.request_id, d.storefront_id, {day} AS day, 'ledger'::text AS figure,
        (d.kind || '>' || k.kind)::text AS detail, 1::bigint AS number, e.amount::numeric AS amount
    FROM returns_ledgerentry e JOIN returns_ledgeraccount d ON d.id = e.debit_id
    JOIN returns_ledgeraccount k ON k.id = e.credit_id JOIN returns_storefront f ON f.id = d.storefront_id
    WHERE {where}
"""

_PART = """
    SELECT request_id, storefront_id, day, '{name}'::text AS figure, detail::text, number::bigint, amount::numeric
    FROM (SELECT c.id, c.storefront_id, c.day, {rest}) AS one (request_id, storefront_id, day, detail, number, amount)
"""


class Statement(NamedTuple):
    """A statement without its semicolon, and the values that it names."""

    sql: str
    values: dict[str, Any]


def facts(by: By, stretches: Sequence[Stretch], figures: Collection[str] = tuple(PARTS)) -> Statement:
    """The facts of these days. The days stand in it as they are, so that the database knows how many rows they have."""
    where, values = _within(by, stretches)
    if by is By.BOOKED:
        return Statement(_BOOKED.format(day=_day(by), where=where), values)
    cohort = _COHORT.format(days=f"{_day(by)} AS day", where=where)
    parts = [_PART.format(name=name, rest=PARTS[name]) for name in figures]
    return Statement(f"WITH cohort AS MATERIALIZED ({cohort}) {' UNION ALL '.join(parts)}", values)


def _day(by: By) -> str:
    return f"({MOMENTS[by]} AT TIME ZONE f.timezone)::date"


def _within(by: By, stretches: Sequence[Stretch]) -> tuple[str, dict[str, Any]]:
    storefront = "d.storefront_id" if by is By.BOOKED else "r.storefront_id"
    values: dict[str, Any] = {}
    arms = []
    for number, stretch in enumerate(stretches):
        shop, starts, ends = names = [f"{by.value}_{what}_{number}" for what in ("shop", "starts", "ends")]
        values |= zip(names, stretch, strict=True)
        arms.append(f"{storefront} = %({shop})s AND {MOMENTS[by]} >= %({starts})s AND {MOMENTS[by]} < %({ends})s")
    return " OR ".join(f"({arm})" for arm in arms) or "FALSE", values


# ----------------------------------------------------------------------------------------------------- all there is

_DATED = {by: f"{by.value}_on" for by in (By.REQUESTED, By.RECEIVED, By.SETTLED)}
_ALL_OF_RETURNS = """
    WITH cohort AS ({cohort})
    SELECT storefront_id, CASE {by} END, coalesce({day}), '{name}', detail, sum(number), sum(amount) FROM (
        SELECT c.storefront_id, {dates}, {rest}
    ) AS one (storefront_id, {names}, detail, number, amount)
    GROUP BY GROUPING SETS ({sets})
    HAVING coalesce({day}) IS NOT NULL
"""


def sums_of_all_days(figure: str) -> str:
    """The figure's sums over all days there are, by each of the three dates of a return, in one pass over the returns.

    Columns: storefront, by, day, figure, detail, number, amount.
    """
    names = list(_DATED.values())
    return _ALL_OF_RETURNS.format(
        cohort=_COHORT.format(days=", ".join(f"{_day(by)} AS {name}" for by, name in _DATED.items()), where="TRUE"),
        by=" ".join(f"WHEN grouping({name}) = 0 THEN '{by.value}'" for by, name in _DATED.items()),
        day=", ".join(names),
        name=figure,
        dates=", ".join(f"c.{name}" for name in names),
        rest=PARTS[figure],
        names=", ".join(names),
        sets=", ".join(f"(storefront_id, {name}, detail)" for name in names),
    )


_ALL_BOOKED = """
    SELECT storefront_id, 'booked', day, figure, detail, sum(number), sum(amount) FROM ({booked}) brought
    GROUP BY storefront_id, day, figure, detail
"""
ALL_BOOKED = _ALL_BOOKED.format(booked=_BOOKED.format(day=_day(By.BOOKED), where="TRUE"))
"""The same of the ledger, by the day of each entry."""
