"""Several returns at once, the CSV of a view, the requests beside one, and who else has one open."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from returns.models import ReturnEvent, ReturnRequest, Storefront
from returns.reports.files import harmless
from returns.services import presence
from returns.services.authorization import take
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


@pytest.fixture
def three(cast: Cast, shops: dict[str, Storefront], now: datetime) -> list[ReturnRequest]:
    """Three submitted requests, the oldest first."""
    return [filed(shops[IMAGE], cast, now - timedelta(hours=hours)) for hours in (9, 6, 3)]


def filed(shop: Storefront, cast: Cast, now: datetime, **fields: object) -> ReturnRequest:
    order = factories.order(shop, now=now, customer=cast.accounts[shop.slug], **fields)  # type: ignore[arg-type]
    return factories.submitted(order, now=now)


def chosen(*made: ReturnRequest) -> list[str]:
    return [one.reference for one in made]


def owners(made: list[ReturnRequest]) -> list[tuple[str, str]]:
    found = ReturnRequest.objects.filter(pk__in=[one.pk for one in made]).order_by("pk")
    return [(one.status, one.owner.get_short_name() if one.owner else "") for one in found]


# ----------------------------------------------------------------------------------------------------------------- bulk


def test_what_was_ticked_stays_ticked_where_nothing_could_be_done(
    renee: Client, three: list[ReturnRequest], cast: Cast, now: datetime
) -> None:
    take(request_id=three[0].pk, by=By.staff(cast.sam), now=now)
    answer = renee.post("/desk/take/", {"chosen": chosen(*three[:2])})
    ticked = re.findall(r'name="chosen" value="([^"]+)" form="bulk" checked', answer.content.decode())
    assert (answer.status_code, sorted(ticked)) == (422, sorted(chosen(*three[:2])))


def test_rows_in_one_state_are_taken_together(renee: Client, three: list[ReturnRequest]) -> None:
    answer = renee.post("/desk/take/?status=to_decide", {"chosen": chosen(*three)})
    assert answer.headers["Location"] == "/desk/?status=to_decide"
    assert owners(three) == [("in_review", "Renee O.")] * 3
    assert all(one.number in renee.get("/desk/").content.decode() for one in three)


def test_rows_are_handed_over_to_a_colleague_and_keep_their_state(
    renee: Client, cast: Cast, three: list[ReturnRequest]
) -> None:
    renee.post("/desk/hand-over/", {"chosen": chosen(*three[:2]), "to": str(cast.sam.public_id)})
    assert owners(three) == [("submitted", "Sam T."), ("submitted", "Sam T."), ("submitted", "")]
    event = ReturnEvent.objects.filter(action="hand_over").first()
    assert event is not None
    assert (event.actor, event.data, event.for_customer) == (cast.renee, {"to": cast.sam.pk}, False)
    assert "Handed over" in renee.get(f"/desk/requests/{three[0].reference}/").content.decode()


def test_a_colleague_is_named_as_they_write_themselves(renee: Client, cast: Cast, three: list[ReturnRequest]) -> None:
    User.objects.filter(pk=cast.sam.pk).update(name="Sam {those.x}%s {0}")
    renee.post("/desk/hand-over/", {"chosen": chosen(*three), "to": str(cast.sam.public_id)})
    assert "Sam {. looks after" in renee.get("/desk/").content.decode()


def test_rows_in_different_states_are_left_alone_and_named(
    renee: Client, cast: Cast, three: list[ReturnRequest], now: datetime
) -> None:
    done = factories.authorized(three[1], by=cast.sam, now=now)
    answer = renee.post("/desk/take/", {"chosen": chosen(*three)})
    assert answer.status_code == 422
    assert f"{three[0].number} is Submitted, {done.number} is Authorized" in answer.content.decode()
    assert owners(three)[0] == ("submitted", "")


@pytest.mark.parametrize(
    "data", [{}, {"chosen": ["ZZZZ-ZZZZ"]}, {"chosen": ["x'; --"]}, {"chosen": list("abcdefgh") * 9}]
)
def test_nothing_to_act_on_is_said(renee: Client, three: list[ReturnRequest], data: dict[str, list[str]]) -> None:
    assert renee.post("/desk/take/", data).status_code == 422
    assert owners(three) == [("submitted", "")] * 3


def test_nobody_hands_over_to_strangers(
    renee: Client, cast: Cast, shops: dict[str, Storefront], three: list[ReturnRequest]
) -> None:
    for to in ("", "x", str(cast.maya.public_id)):
        assert renee.post("/desk/hand-over/", {"chosen": chosen(*three), "to": to}).status_code == 422
    # Lena is a colleague, at another storefront.
    answer = renee.post("/desk/hand-over/", {"chosen": chosen(*three), "to": str(cast.lena.public_id)})
    assert answer.status_code == 409
    assert "Lena L. doesn&#x27;t work for IMAGE" in answer.content.decode()
    assert owners(three) == [("submitted", "")] * 3


def test_what_is_refused_is_told_beside_what_was_done(
    renee: Client, cast: Cast, shops: dict[str, Storefront], three: list[ReturnRequest], now: datetime
) -> None:
    own = filed(shops[IMAGE], cast, now, email=cast.renee.email)
    answer = renee.post("/desk/take/", {"chosen": chosen(three[0], own)}, follow=True)
    page = re.sub(r"<[^>]+>", "", answer.content.decode())  # numbers are kept on one line by markup
    assert f"You look after {three[0].number} now." in page
    assert f"{own.number}: This is your own order." in page
    assert owners([own]) == [("submitted", "")]


def test_a_closed_request_is_not_handed_over(
    renee: Client, cast: Cast, three: list[ReturnRequest], now: datetime
) -> None:
    from returns.services import requests

    requests.withdraw(request_id=three[0].pk, by=By.staff(cast.sam), now=now)
    to = str(cast.sam.public_id)
    assert renee.post("/desk/hand-over/", {"chosen": chosen(three[0]), "to": to}).status_code == 409


# ------------------------------------------------------------------------------------------------------------------ CSV


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/desk/returns.csv{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_the_view_is_exported_in_its_order_page_by_page(
    renee: Client, three: list[ReturnRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("returns.views.desk_csv.BATCH", 2)
    assert [row["Reference"] for row in rows(renee)] == chosen(*three)
    assert [row["Reference"] for row in rows(renee, "?sort=newest")] == chosen(*reversed(three))
    assert rows(renee, "?status=completed") == []
    first = rows(renee)[0]
    assert (first["Status"], first["Amount"], first["Requested"]) == ("Submitted", "122.40", "2026-11-18 03:00")
    assert Decimal(first["Amount"]) == three[0].amount


def test_no_cell_is_a_formula(renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    filed(shops[SPA], cast, now, name='=HYPERLINK("http://evil.example","x")')
    assert rows(renee)[0]["Customer"] == '\'=HYPERLINK("http://evil.example","x")'
    for text in ("+1", "-1", "@SUM(A1)", "\tx", "\rx"):
        assert harmless(text) == f"'{text}"
    assert harmless("Maya = Brennan") == "Maya = Brennan"


def test_only_ones_own_storefronts_are_exported(signed_in: SignIn, cast: Cast, three: list[ReturnRequest]) -> None:
    assert rows(signed_in(cast.lena), "?status=all") == []


# --------------------------------------------------------------------------------------------------------- beside a row


def beside(client: Client, one: ReturnRequest) -> tuple[str, str, str]:
    """The queue's name, and where previous and next lead; empty where they lead back to the queue."""
    queue = client.get(url(one)).context["queue"]
    steps = [client.get(f"{url(one)}{step}/").headers["Location"] for step in ("previous", "next")]
    before, after = ("" if step == queue.url else step for step in steps)
    return queue.name, before, after


def url(one: ReturnRequest) -> str:
    return f"/desk/requests/{one.reference}/"


def test_next_and_previous_follow_the_queue_that_was_open_last(renee: Client, three: list[ReturnRequest]) -> None:
    first, second, third = three
    assert beside(renee, second) == ("Everything open", url(first), url(third))
    assert beside(renee, first) == ("Everything open", "", url(second))
    for sort in ("newest", "amount"):
        renee.get(f"/desk/?status=to_decide&sort={sort}")
        order = [row.url for row in renee.get(f"/desk/?status=to_decide&sort={sort}").context["rows"]]
        assert beside(renee, second) == ("To decide", *neighbors_in(order, url(second)))
    renee.get("/desk/")
    assert beside(renee, third) == ("Everything open", url(second), "")


def neighbors_in(order: list[str], one: str) -> tuple[str, str]:
    at = order.index(one)
    return order[at - 1] if at else "", order[at + 1] if at + 1 < len(order) else ""


def test_what_left_the_view_is_still_between_its_neighbors(
    renee: Client, cast: Cast, three: list[ReturnRequest], now: datetime
) -> None:
    first, second, third = three
    renee.get("/desk/?owner=nobody")
    take(request_id=second.pk, by=By.staff(cast.renee), now=now)
    assert beside(renee, second) == ("Nobody's", url(first), url(third))


def test_at_the_end_the_queue_says_so(renee: Client, three: list[ReturnRequest]) -> None:
    renee.get("/desk/?owner=nobody")
    answer = renee.get(f"{url(three[2])}next/", follow=True)
    assert answer.context["heading"] == "Nobody's"
    assert "is the last one here." in answer.content.decode()


def test_a_mangled_cookie_is_everything_open(renee: Client, three: list[ReturnRequest]) -> None:
    renee.cookies["queue"] = "status=%00&sort=x;&&=" + "x" * 3000
    renee.cookies["__Host-queue"] = renee.cookies["queue"].value
    assert beside(renee, three[0])[0] == "Everything open"


# -------------------------------------------------------------------------------------------------------- somebody else


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence._Rest, "until", 0.0)


def others(client: Client, one: ReturnRequest) -> str:
    said: str = client.get(url(one)).context["others"]
    return said


def test_who_opened_it_in_the_last_minutes_is_told(
    renee: Client, cast: Cast, three: list[ReturnRequest], signed_in: SignIn, now: datetime
) -> None:
    sam = signed_in(cast.sam)
    assert others(sam, three[0]) == ""
    with time_machine.travel(now + timedelta(minutes=2), tick=False):
        assert others(renee, three[0]) == "Sam T. (2 min ago)"
        assert "Somebody else has this open" in renee.get(url(three[0])).content.decode()
        assert others(renee, three[1]) == ""
    with time_machine.travel(now + timedelta(minutes=6), tick=False):
        assert others(sam, three[0]) == "Renee O. (4 min ago)"
        assert others(renee, three[0]) == "Sam T. (just now)"


@pytest.mark.parametrize("address", ["redis://127.0.0.1:9/0", "redis://no-such-host.invalid/0", "nonsense"])
def test_without_redis_nobody_is_seen_and_the_page_comes(
    renee: Client, three: list[ReturnRequest], settings: Settings, address: str
) -> None:
    settings.REDIS_URL = address
    assert others(renee, three[0]) == ""
    assert presence._Rest.until > 0
