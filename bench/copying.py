"""Copies of rows in SQL: one INSERT … SELECT for a table, whatever columns it has by now.

Moments move with the slot, ids that others see are new, and what refers to a copied row refers to its copy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.management.color import no_style
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from accounts.models import User
from bench.originals import LINES
from returns.models import (
    CustomerAccount,
    LedgerAccount,
    LedgerEntry,
    Message,
    Order,
    OrderLine,
    Package,
    PackageLine,
    Photo,
    ReturnLine,
    ReturnRequest,
    Settlement,
    SettlementLine,
)

Model = type[models.Model]

ONE_EACH = (Order, ReturnRequest, Package, Settlement)
"""Of these an original has one at most, so the slot's number tells the copy's key."""

SEVERAL = (OrderLine, ReturnLine)
"""Of these an original has one for each position."""

# How the rows of an original are found, for tables that do not name the request themselves.
BELONGS = {
    Order: "t.id = r.order_id",
    OrderLine: "t.order_id = r.order_id",
    ReturnRequest: "t.id = r.id",
    SettlementLine: "t.settlement_id = (SELECT id FROM returns_settlement WHERE request_id = r.id)",
    PackageLine: "t.package_id = (SELECT id FROM returns_package WHERE request_id = r.id)",
    Photo: "t.request_id = r.id AND s.with_photos",
}

COPY = """
INSERT INTO {table} ({columns})
SELECT {values} FROM bench_slot s
JOIN bench_customer c ON c.number = s.customer
JOIN accounts_user u ON u.id = c.user_id
JOIN returns_customeraccount a ON a.id = c.account_id
JOIN returns_returnrequest r ON r.id = s.original
JOIN {table} t ON {belongs}
ORDER BY s.number, t.id
"""


OWN_LEDGER_ACCOUNT = """
coalesce((
    SELECT own.id FROM returns_ledgeraccount own
    JOIN returns_ledgeraccount their ON their.id = {column} AND their.customer_account_id IS NOT NULL
    WHERE own.customer_account_id = c.account_id AND own.kind = their.kind
), {column})
"""


@dataclass(frozen=True, slots=True)
class Keys:
    """For each copied table the key after which those of the copies begin."""

    after: Mapping[Model, int]

    @classmethod
    def after_the_last(cls, copied: Sequence[Model]) -> "Keys":
        """As the tables stand now."""
        with connection.cursor() as cursor:
            return cls({model: _last_key(cursor, model) for model in copied if model in ONE_EACH + SEVERAL})

    def of(self, model: Model, column: str) -> str:
        """The SQL of the copy's key, where `column` names the original's row."""
        if model in ONE_EACH:
            return f"CASE WHEN {column} IS NULL THEN NULL ELSE {self.after[model]} + s.number END"
        position = f"(SELECT position FROM {table_of(model)} WHERE id = {column})"  # noqa: S608  names of ours
        return f"{self.after[model]} + (s.number - 1) * {LINES} + {position}"


def _last_key(cursor: CursorWrapper, model: Model) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table_of(model)}")  # noqa: S608  a table of ours
    return int(cursor.fetchone()[0])


def copy_rows(cursor: CursorWrapper, model: Model, keys: Keys, own_words: Mapping[str, str]) -> None:
    """Copy the rows of this table that belong to the originals, for every slot."""
    values = {str(field.column): _value(model, field, keys) for field in model._meta.concrete_fields}  # noqa: SLF001  as below
    values = {column: own_words.get(column, value) for column, value in values.items() if value}
    columns, expressions = ", ".join(values), ", ".join(values.values())
    belongs = BELONGS.get(model, "t.request_id = r.id")
    cursor.execute(COPY.format(table=table_of(model), columns=columns, values=expressions, belongs=belongs))


def table_of(model: Model) -> str:
    """The name of its table."""
    return model._meta.db_table  # noqa: SLF001  Django's own documented way


def _value(model: Model, field: "models.Field[object, object]", keys: Keys) -> str:
    """The SQL of a column's value in the copy; empty where the database gives it."""
    column = f"t.{field.column}"
    if field.primary_key:
        return keys.of(model, column) if model in keys.after else ""
    if isinstance(field, models.ForeignKey):
        return _reference(field.related_model, column, keys)
    if isinstance(field, models.DateTimeField):
        return f"{column} + (s.requested_at - r.requested_at)"
    if isinstance(field, models.DateField):
        return f"({column} + (s.requested_at - r.requested_at))::date"
    if isinstance(field, models.UUIDField):
        return f"md5('{table_of(model)}' || s.number || {column})::uuid"
    return column


def _reference(model: Model, column: str, keys: Keys) -> str:
    if model in keys.after:
        return keys.of(model, column)
    if model is CustomerAccount:
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE c.account_id END"
    if model is User:
        return f"CASE WHEN {column} = r.submitted_by_id THEN c.user_id ELSE {column} END"
    if model is LedgerAccount:
        return OWN_LEDGER_ACCOUNT.format(column=column)
    if model in {Message, LedgerEntry}:
        return "NULL"  # a photo's message, a corrected entry: the originals have none
    return column


def reset_sequences(copied: Sequence[Model]) -> None:
    """Let the next row of each table get a key of its own."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(copied)):
            cursor.execute(statement)
