"""The data set: N returns with three lines each, N/4 customers, one in ten open, copied in SQL from real ones.

A slot says for each return what makes it its own: whose it is, when it was asked for, its numbers, its keys. Everything
else is the original's, moved in time. In the smallest set constraints and triggers check every row, but for the trigger
that counts each ledger entry into its accounts: those of a storefront are the same rows for all, and their sums are set
at the end. The larger sets are made by the same statements without triggers and foreign keys, which would take an hour.
"""

import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from accounts.models import User
from bench.copying import Keys, copy_rows, reset_sequences, table_of
from bench.originals import CLOSED_KINDS, KINDS, LASTS, OPEN_KINDS, Original, make_originals
from returns.domain.rma_number import ALPHABET, BODY_LENGTH, format_rma_number
from returns.domain.workflow import Status
from returns.models import (
    CustomerAccount,
    LedgerEntry,
    Message,
    Order,
    OrderLine,
    Package,
    PackageLine,
    Photo,
    ReturnEvent,
    ReturnLine,
    ReturnRequest,
    Settlement,
    SettlementLine,
)
from returns.services import queue_counts

LOYAL = "loyal@bench.example"
"""Who has 2,000 orders and returns, at whatever size, so that growth of the rest must not show on their pages."""

LOYAL_RETURNS = 2_000
RETURNS_EACH = 4
DAYS = 1095
BATCH = 20_000
CHECKED = 10_000
"""Up to so many returns every row passes all triggers."""

SEED = 42
COPIED = (
    Order,
    OrderLine,
    ReturnRequest,
    ReturnLine,
    ReturnEvent,
    Message,
    Package,
    PackageLine,
    Settlement,
    SettlementLine,
    LedgerEntry,
    Photo,
)

SLOT_TABLE = """
CREATE TEMPORARY TABLE bench_slot (
    number bigint PRIMARY KEY, original bigint, customer bigint, requested_at timestamptz, reference text, body text,
    rma_number text, with_photos boolean
);
CREATE TEMPORARY TABLE bench_customer (number bigint PRIMARY KEY, user_id bigint, account_id bigint);
"""

PEOPLE = """
INSERT INTO accounts_user (id, password, is_superuser, public_id, email, name, role, is_active, date_joined)
SELECT %(user)s + number, '!', false, md5('user' || number)::uuid,
    CASE WHEN number = 0 THEN %(loyal)s ELSE 'customer' || number || '@bench.example' END,
    (ARRAY['Ada','Ben','Cleo','Dov','Eva','Finn','Gia','Hugo','Ida','Jon'])[1 + number %% 10] || ' '
        || (ARRAY['Al','Bor','Cal','Dal','Esk','Fal','Gor','Hol','Ing','Jor','Kel','Lor'])[1 + number %% 12]
        || (ARRAY['ber','den','fin','gar','hau','kin','lan','mar'])[1 + number / 12 %% 8]
        || (ARRAY['son','man','berg','ley','ton','vik','dal','sen','stein'])[1 + number / 96 %% 9],
    'customer', true, %(now)s
FROM generate_series(0, %(customers)s - 1) number;
INSERT INTO returns_customeraccount (id, public_id, storefront_id, user_id, number, email, name, phone, address,
    main_contact_name, main_contact_email, type, outstanding_balance)
SELECT %(account)s + number, md5('account' || number)::uuid,
    (%(shops)s::bigint[])[1 + number %% cardinality(%(shops)s::bigint[])], u.id, 'B' || lpad(number::text, 7, '0'),
    u.email, u.name, '+1555' || lpad((number * 7919 %% 10000000)::text, 7, '0'), '1 Sample Street', '', '', 'consumer',
    0
FROM generate_series(0, %(customers)s - 1) number JOIN accounts_user u ON u.id = %(user)s + number;
INSERT INTO bench_customer
SELECT number, %(user)s + number, %(account)s + number FROM generate_series(0, %(customers)s - 1) number;
"""

# A customer's own ledger accounts, wherever the originals of their storefront have one of that kind.
LEDGER_ACCOUNTS = """
INSERT INTO returns_ledgeraccount (storefront_id, customer_account_id, kind, currency, balance)
SELECT a.storefront_id, a.id, l.kind, l.currency, 0
FROM bench_customer c JOIN returns_customeraccount a ON a.id = c.account_id
JOIN returns_ledgeraccount l ON l.storefront_id = a.storefront_id AND l.customer_account_id IS NOT NULL
"""

BALANCES = """
UPDATE returns_ledgeraccount SET balance = summed.balance FROM (
    SELECT account_id, sum(amount) AS balance FROM (
        SELECT credit_id AS account_id, amount FROM returns_ledgerentry
        UNION ALL SELECT debit_id, -amount FROM returns_ledgerentry
    ) sides GROUP BY account_id
) summed WHERE id = summed.account_id
"""

A_COLLEAGUE = """
(ARRAY(SELECT id FROM accounts_user WHERE role = 'support' ORDER BY id))[1 + s.number % (
    SELECT count(*) FROM accounts_user WHERE role = 'support'
)]
"""

OPENED = "t.position = 3 AND s.number % 7 = 0"

# What differs from the original beside keys and moments, by table; `s` is the slot, `t` the original's row.
OWN_WORDS: dict[type[models.Model], dict[str, str]] = {
    Order: {
        "number": "'B-' || lpad(s.number::text, 8, '0')",
        "number_key": "'B' || lpad(s.number::text, 8, '0')",
        "email": "u.email",
        "name": "u.name",
        "tracking_number": "'1Z' || upper(substr(md5('out' || s.number), 1, 16))",
    },
    ReturnRequest: {
        "reference": "s.reference",
        "rma_number": "CASE WHEN t.rma_number IS NULL THEN NULL ELSE s.rma_number END",
        "owner_id": "CASE WHEN t.owner_id IS NULL THEN NULL ELSE " + A_COLLEAGUE + " END",
        "contact_name": "u.name",
        "contact_email": "u.email",
        "contact_account_number": "a.number",
        "tracking_number": (
            "CASE WHEN t.tracking_number = '' THEN '' ELSE '1Z' || upper(substr(md5('back' || s.number), 1, 16)) END"
        ),
    },
    # One line in twenty was opened, so that what counts those has something to count.
    ReturnLine: {
        "condition": f"CASE WHEN {OPENED} THEN 'opened' ELSE t.condition END",
        "found_condition": f"CASE WHEN {OPENED} AND t.found_condition <> '' THEN 'opened' ELSE t.found_condition END",
    },
    LedgerEntry: {"idem_key": "s.number || ':' || t.idem_key"},
    Photo: {"file": "s.number || ':' || t.file", "thumbnail": "s.number || ':' || t.thumbnail"},
}


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are of what, for a number of returns."""

    returns: int

    @property
    def customers(self) -> int:
        """A quarter of the returns."""
        return max(self.returns // RETURNS_EACH, 3)

    @property
    def loyal_returns(self) -> int:
        """Those of the one customer whose pages are timed."""
        return min(LOYAL_RETURNS, self.returns // RETURNS_EACH)


def build(size: Size, now: datetime, say: Callable[[str], None]) -> None:
    """Fill an empty, migrated database; all moments lie before `now`, everything else depends on the size alone."""
    originals = make_originals(now)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(SLOT_TABLE)
        _people(cursor, size, originals, now)
        cursor.execute("ALTER TABLE returns_ledgerentry DISABLE TRIGGER ledger_entry_counted")
        keys = Keys.after_the_last(COPIED)
        slots = _slots(size, originals, now)
        for first in range(1, size.returns + 1, BATCH):
            batch = [next(slots) for _ in range(first, min(first + BATCH, size.returns + 1))]
            with transaction.atomic():
                if size.returns > CHECKED:
                    cursor.execute("SET LOCAL session_replication_role = replica")
                _copy(cursor, batch, keys)
            say(f"{first + len(batch) - 1:,} of {size.returns:,} returns")
        cursor.execute("ALTER TABLE returns_ledgeraccount DISABLE TRIGGER ledger_balance_counted")
        cursor.execute(BALANCES)
        cursor.execute("ALTER TABLE returns_ledgeraccount ENABLE TRIGGER ledger_balance_counted")
        cursor.execute("ALTER TABLE returns_ledgerentry ENABLE TRIGGER ledger_entry_counted")
        queue_counts.recount()
        reset_sequences((*COPIED, User, CustomerAccount))
        # In a transaction only our own tables: what all databases share would be locked until it ends.
        ours = ", ".join(table_of(model) for model in (*COPIED, User, CustomerAccount))
        cursor.execute(f"ANALYZE {ours}" if connection.in_atomic_block else "VACUUM ANALYZE")


def _people(cursor: CursorWrapper, size: Size, originals: Sequence[Original], now: datetime) -> None:
    # The loyal customer is the first, and buys at the consumer shop.
    shops = sorted({one.storefront for one in originals}, key=lambda shop: shop.slug)
    cursor.execute(
        PEOPLE,
        {
            "customers": size.customers,
            "user": User.objects.latest("pk").pk + 1,
            "account": CustomerAccount.objects.latest("pk").pk + 1,
            "shops": [shop.pk for shop in shops],
            "loyal": LOYAL,
            "now": now,
        },
    )
    cursor.execute(LEDGER_ACCOUNTS)


def _copy(cursor: CursorWrapper, batch: Sequence[str], keys: Keys) -> None:
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    cursor.execute("TRUNCATE bench_slot")
    cursor.copy_expert("COPY bench_slot FROM STDIN", io.StringIO("".join(batch)))
    cursor.execute("ANALYZE bench_slot")
    for model in COPIED:
        copy_rows(cursor, model, keys, OWN_WORDS.get(model, {}))
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _slots(size: Size, originals: Sequence[Original], now: datetime) -> Iterator[str]:
    """Lines for COPY, the oldest return first."""
    rng = random.Random(SEED)  # noqa: S311  the same numbers at every run are the point
    of_kind = {(one.storefront.slug, one.kind): one.request.pk for one in originals}
    slugs = sorted({one.storefront.slug for one in originals})
    turn = size.returns // size.loyal_returns
    for number in range(1, size.returns + 1):
        is_loyal = number % turn == 0 and number // turn <= size.loyal_returns
        customer = 0 if is_loyal else rng.randrange(1, size.customers)
        kind = _kind(rng, number / size.returns)
        if is_loyal and number // turn > size.loyal_returns - len(KINDS):  # their newest are one of each kind
            kind = KINDS[number // turn % len(KINDS)]
        age = timedelta(days=DAYS * (1 - number / size.returns), hours=rng.random())
        body = _symbols(number)
        row = (
            number,
            of_kind[slugs[customer % len(slugs)], kind],
            customer,
            (now - LASTS - age).isoformat(),
            f"{body[:4]}-{body[4:]}",
            body,
            format_rma_number(body),
            number % 10 == 0 or is_loyal,
        )
        yield "\t".join(map(str, row)) + "\n"


def _kind(rng: random.Random, place: float) -> Status:
    """One in ten is open: seven of ten among the newest tenth, one in thirty of the others."""
    is_open = rng.random() < (0.7 if place > 0.9 else 0.0333)
    if is_open:
        return rng.choices(OPEN_KINDS, (20, 10, 10, 20, 15, 15, 10))[0]
    return rng.choices(CLOSED_KINDS, (75, 12, 8, 5))[0]


def _symbols(number: int) -> str:
    """Eight symbols for a number, each number its own, without a visible order (the factor shares no part with 31)."""
    rest = number * 387_420_489 % len(ALPHABET) ** BODY_LENGTH
    symbols = []
    for _ in range(BODY_LENGTH):
        rest, index = divmod(rest, len(ALPHABET))
        symbols.append(ALPHABET[index])
    return "".join(symbols)
