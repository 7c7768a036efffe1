"""Reads of the queue: the returns of a view, those beside one of them, and how many there are in each view."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject

from accounts.models import StaffMembership, User
from accounts.names import short_name
from returns.domain.queue import ME, NOBODY, Criteria, DueBy, Lane, Sort
from returns.domain.workflow import AWAITING_DECISION, OPEN, Status
from returns.kept_queries import KeptQuery
from returns.models import ReturnLine, ReturnRequest, SavedView, Storefront
from returns.paging import Key, neighbors
from returns.prepared import Place, PreparedStatement
from returns.querysets.requests import ReturnRequestQuerySet
from returns.querysets.sort_keys import AMOUNT_KEYS, QUEUE_KEYS, RETURN_KEYS
from returns.querysets.storefronts import StorefrontQuerySet
from returns.viewer import Viewer

MOST_COUNTED = 99
"""Beyond, what no counter knows is `99+`."""


@dataclass(frozen=True, slots=True)
class Order:
    """The parts of a sort key, and the direction of all of them."""

    keys: tuple[Key, ...]
    is_descending: bool = False


ORDERS: Mapping[Sort, Order] = {
    Sort.URGENT: Order(QUEUE_KEYS),
    Sort.NEWEST: Order(RETURN_KEYS, is_descending=True),
    Sort.OLDEST: Order(RETURN_KEYS),
    Sort.AMOUNT: Order(AMOUNT_KEYS, is_descending=True),
}


class KnownView(NamedTuple):
    """A saved view as the queue shows it: its ids, the person's who saved it, and the stored filter."""

    pk: int
    public_id: str
    person_id: int
    name: str
    filter: dict[str, str]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks at the queue, when, and the storefronts they work for.

    `colleagues` are all who work for one of the storefronts: public id to `Sam T.`, by name. `saved` are the person's
    own views and those shared at the storefronts, by name.
    """

    user: User
    storefronts: Sequence[Storefront]
    now: datetime
    colleagues: Mapping[str, str] = field(default_factory=dict, hash=False)
    saved: Sequence[KnownView] = ()

    @property
    def me(self) -> str:
        """The person's public id, as cells and criteria name them."""
        return str(self.user.public_id)

    @property
    def slugs(self) -> list[str]:
        """The storefronts by their slugs."""
        return [shop.slug for shop in self.storefronts]

    def kind(self, view: Criteria) -> Hashable:
        """All of the desk that the SQL of a view's returns depends on: colleagues share what doesn't name one of them.

        The person where the view shows theirs, the day at each storefront where it goes by the due day.
        """
        shops = tuple((shop.pk, *self.days(shop)) if view.due else shop.pk for shop in self.storefronts)
        return self.user.pk if view.owner == ME else None, shops

    def days(self, shop: Storefront) -> tuple[date, date]:
        """Today at the storefront, and the Sunday that ends this week."""
        today = self.now.astimezone(shop.zone).date()
        return today, today + timedelta(days=6 - today.weekday())


def _with_team(viewer: Viewer) -> StorefrontQuerySet:
    team = StaffMembership.objects.filter(storefront=OuterRef("pk"), user__is_active=True).exclude(
        user__role="customer"
    )
    one = JSONObject(id="user__public_id", name="user__name", email="user__email")
    views = SavedView.objects.known_at(OuterRef("pk"), viewer)
    view = JSONObject(**{name: name for name in KnownView._fields})
    shops = Storefront.objects.staffed_by(viewer).defer(
        "help_topics", "opening_hours", "closing_days", "account_types", "return_address"
    )
    return shops.annotate(team=ArraySubquery(team.values(one=one)), views=ArraySubquery(views.values(one=view)))


STOREFRONTS = KeptQuery(_with_team)


def desk_of(user: User, now: datetime) -> Desk:
    """The storefronts the person works for, with those who work there and the views they know, in one query."""
    shops = STOREFRONTS.rows(Viewer(user))
    names = {one["id"]: short_name(one["name"], one["email"]) for shop in shops for one in getattr(shop, "team", ())}
    views = {one["pk"]: KnownView(**one) for shop in shops for one in getattr(shop, "views", ())}
    return Desk(
        user,
        shops,
        now,
        dict(sorted(names.items(), key=lambda each: each[1])),
        sorted(views.values(), key=lambda view: (view.name.lower(), view.pk)),
    )


# ------------------------------------------------------------------------------------------------------------ the rows


def requests_in(criteria: Criteria, desk: Desk) -> ReturnRequestQuerySet:
    """The returns that the criteria show, in their order; `lane` and `due_rank` are annotated."""
    shops = [shop for shop in desk.storefronts if criteria.storefront in {"", shop.slug}]
    rows = _in_statuses(ReturnRequest.objects.in_storefronts(shops), criteria)
    rows = _of_owner(rows, criteria.owner, desk.user)
    if criteria.lane:
        rows = rows.filter(is_claim=criteria.lane == Lane.CLAIMS)
    return _ordered(_narrowed(_due(rows, criteria.due, desk, shops), criteria), ORDERS[criteria.order])


def _in_statuses(rows: ReturnRequestQuerySet, criteria: Criteria) -> ReturnRequestQuerySet:
    if criteria.statuses == OPEN:
        return rows.open()
    return rows if criteria.status == "all" else rows.filter(status__in=sorted(criteria.statuses))


def _of_owner(rows: ReturnRequestQuerySet, owner: str, user: User) -> ReturnRequestQuerySet:
    if owner == ME:
        return rows.taken_by(user)
    if owner == NOBODY:
        return rows.taken_by_nobody()
    return rows.filter(owner__public_id=owner) if owner else rows


def _due(rows: ReturnRequestQuerySet, due: str, desk: Desk, shops: Sequence[Storefront]) -> ReturnRequestQuerySet:
    if due == DueBy.OVERDUE:
        return rows.late(desk.now, shops)
    if not due:
        return rows
    days = {shop: desk.days(shop) for shop in shops}
    if due == DueBy.TODAY:
        days = {shop: (today, today) for shop, (today, _sunday) in days.items()}
    return rows.due_within(days)


def _narrowed(rows: ReturnRequestQuerySet, criteria: Criteria) -> ReturnRequestQuerySet:
    """By what no counter knows."""
    if criteria.reason:
        rows = rows.filter(Exists(ReturnLine.objects.filter(request=OuterRef("pk"), reason=criteria.reason)))
    if criteria.verdict:
        rows = rows.filter(quote__contains={"lines": [{"verdict": {"outcome": criteria.verdict}}]})
    if criteria.amount_from is not None:
        rows = rows.filter(amount__gte=criteria.amount_from)
    if criteria.amount_to is not None:
        rows = rows.filter(amount__lte=criteria.amount_to)
    return rows


def _ordered(rows: ReturnRequestQuerySet, order: Order) -> ReturnRequestQuerySet:
    sign = "-" if order.is_descending else ""
    return rows.with_rank().order_by(*(f"{sign}{key.name}" for key in order.keys))


def beside(request: ReturnRequest, criteria: Criteria, desk: Desk) -> tuple[str, str]:
    """The references of the returns before and after this one in the order of the view; empty at its ends.

    One that has left the view meanwhile has its neighbors all the same: those beside the place it would have.
    """
    order = ORDERS[criteria.order]
    place = [_part(request, key.name) for key in order.keys]
    return neighbors(requests_in(criteria, desk), order.keys, place, is_descending=order.is_descending)


def _part(request: ReturnRequest, name: str) -> object:
    """What `with_rank` annotates, and the request's own fields."""
    if name == "lane":
        return int(not (request.is_claim and Status(request.status) in AWAITING_DECISION))
    return (request.due_on or date.max) if name == "due_rank" else getattr(request, name)


# ---------------------------------------------------------------------------------------------------------- the counts

COUNTED = """
SELECT {numbers} FROM unnest(%s::bigint[], %s::date[], %s::date[]) shop(id, today, sunday)
JOIN returns_queuecount c ON c.storefront_id = shop.id
JOIN unnest(%s::text[], %s::bigint[]) known(status, groups) ON known.status = c.status
"""
DUE_DAYS: Mapping[str, str] = {
    DueBy.OVERDUE: "c.due_on < shop.today",
    DueBy.TODAY: "c.due_on = shop.today",
    DueBy.WEEK: "c.due_on BETWEEN shop.today AND shop.sunday",
}


SHOPS, TODAYS, SUNDAYS, USER = (Place(number) for number in range(4))


def numbers_in(views: Sequence[Criteria], desk: Desk) -> list[str]:
    """For each of these views how many returns it shows, in one query and without counting the big table.

    Exact where the counters know; of the others no more than a hundred are looked at, and more than 99 are `99+`.
    """
    shops = tuple((shop.slug, shop.pk) for shop in desk.storefronts)
    kinds = tuple(desk.kind(view) for view in views if not view.has_counters)
    statement = _counting(_Counting(tuple(views), shops, kinds, desk))
    days = [desk.days(shop) for shop in desk.storefronts]
    values = [[shop.pk for shop in desk.storefronts], [today for today, _ in days], [sunday for _, sunday in days]]
    [found] = statement.rows([*values, desk.user.pk], connection)
    return [
        str(number or 0) if view.has_counters else _capped(number or 0)
        for view, number in zip(views, found, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Counting:
    """Views to count, and all of the desk that the SQL depends on. For counters, who asks and when are values."""

    views: tuple[Criteria, ...]
    shops: tuple[tuple[str, int], ...]
    kinds: tuple[Hashable, ...]
    desk: Desk = field(compare=False)


@lru_cache(maxsize=512)
def _counting(asked: _Counting) -> PreparedStatement:
    groups = list(dict.fromkeys(view.statuses for view in asked.views))
    numbers = [
        _counted(view, groups.index(view.statuses), asked.shops) if view.has_counters else _bounded(view, asked.desk)
        for view in asked.views
    ]
    values = [value for _sql, parameters in numbers for value in parameters]
    sql = COUNTED.format(numbers=", ".join([sql for sql, _parameters in numbers]))
    types = ["bigint[]", "date[]", "date[]", "bigint"]
    known = [[status.value for status in Status], [_bits(status, groups) for status in Status]]
    return PreparedStatement(sql, [*values, SHOPS, TODAYS, SUNDAYS, *known], types, "returns_queuecount")


def _bits(status: Status, groups: Sequence[frozenset[Status]]) -> int:
    """The groups that a status is in, a bit for each: asking for a bit is much cheaper than for a text in a list."""
    return sum(1 << at for at, group in enumerate(groups) if status in group)


def _counted(view: Criteria, group: int, shops: Sequence[tuple[str, int]]) -> tuple[str, Sequence[object]]:
    """The SQL of the number of a view that counters know; its statuses are this group of all."""
    narrowed = ["known.groups & %s <> 0"]
    values: list[object] = [1 << group]
    if view.storefront:
        narrowed.append("shop.id = ANY(%s)")
        values.append([number for slug, number in shops if slug == view.storefront])
    if view.owner == ME:
        narrowed.append("c.owner_id = %s")
        values.append(USER)
    elif view.owner == NOBODY:
        narrowed.append("c.owner_id IS NULL")
    elif view.owner:
        narrowed.append("c.owner_id IN (SELECT id FROM accounts_user WHERE public_id = ANY(%s::uuid[]))")
        values.append([view.owner])
    if view.lane:
        narrowed.append("c.is_claim" if view.lane == Lane.CLAIMS else "NOT c.is_claim")
    if view.due:
        narrowed.append(DUE_DAYS[view.due])
    return f"sum(c.delta) FILTER (WHERE {' AND '.join(narrowed)})", values


def _bounded(view: Criteria, desk: Desk) -> tuple[str, Sequence[object]]:
    """The SQL of so many of its returns as are looked at; none at nobody's storefronts."""
    rows = requests_in(view, desk).order_by().values("pk")[: MOST_COUNTED + 1]
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT count(*) FROM ({sql}) bounded)", parameters  # noqa: S608  Django's own SQL


def _capped(number: int) -> str:
    return str(number) if number <= MOST_COUNTED else f"{MOST_COUNTED}+"
