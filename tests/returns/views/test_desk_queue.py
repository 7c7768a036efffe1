"""The queue and the search: what staff see, in which order, at what cost."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from returns.components import STATUS_LOOKS
from returns.domain.facts import Reason
from returns.domain.rma_number import ALPHABET, Reading, format_rma_number, read_rma_number
from returns.domain.workflow import Status
from returns.forms.queue import STATUS_CHOICES
from returns.models import ReturnRequest, Storefront
from returns.services import authorization
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    """Pages look at the clock themselves; here it stands at the moment of the tests."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


def numbers(client: Client, url: str = "/desk/") -> list[str]:
    """The numbers in the rows of the grid, from top to bottom."""
    return [row.number for row in client.get(url).context["rows"]]


def filed(shop: Storefront, cast: Cast, now: datetime, **asked: object) -> ReturnRequest:
    """A request of Maya's at this storefront."""
    order = factories.order(shop, now=now, customer=cast.accounts[shop.slug], delivered_hours_ago=19)
    return factories.submitted(order, now=now, lines=[factories.asked(order.lines.get(), **asked)])


def test_claims_come_first_then_the_overdue_then_the_next_due_then_the_oldest(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    image = shops[IMAGE]
    older = filed(image, cast, now - timedelta(days=3))
    newer = filed(image, cast, now - timedelta(days=1))
    late, soon = (
        factories.received(factories.authorized(filed(image, cast, at), by=cast.sam, now=at), by=cast.sam, now=at)
        for at in (now - timedelta(days=11), now - timedelta(days=8))
    )
    claim = filed(image, cast, now, reason=Reason.DAMAGED)
    assert numbers(renee) == [row.number for row in (claim, late, soon, older, newer)]


def test_a_row_says_everything_in_finished_words(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    at = now - timedelta(days=11)
    request = factories.received(
        factories.authorized(filed(shops[IMAGE], cast, at), by=cast.sam, now=at), by=cast.sam, now=at
    )
    page = renee.get("/desk/")
    row = page.context["rows"][0]
    assert (row.number, row.order, row.customer) == (request.rma_number, request.order.number, "Maya Brennan")
    assert (row.age, row.owner, row.units, row.amount) == ("11 d", "Sam T.", 2, "$122.40")
    assert (row.activity, row.activity_age, row.hint) == ("Received", "11 d ago", "account A1")
    html = page.content.decode()
    assert "1 day over" in html
    assert "IMAGE" in html
    assert 'aria-sort="ascending"' in html


def test_what_a_customer_typed_is_no_markup_in_a_row(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, name='<i class="x">Eve</i>', number="<u>1</u>")
    factories.submitted(order, now=now)
    html = renee.get("/desk/").content.decode()
    assert "&lt;i class=&quot;x&quot;&gt;Eve" in html
    assert "&lt;u&gt;1" in html
    assert '<i class="x">' not in html
    assert "<u>" not in html


def test_support_sees_only_the_storefronts_they_work_for(
    signed_in: SignIn, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    ours = filed(shops[SPA], cast, now)
    filed(shops[PRO], cast, now)
    assert numbers(signed_in(cast.lena)) == [ours.number]
    assert numbers(signed_in(cast.lena), "/desk/?storefront=image-professional&status=all") == [ours.number]


def test_closed_returns_are_shown_only_when_asked_for(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    from returns.services import requests
    from returns.services.transition import By

    request = filed(shops[SPA], cast, now)
    requests.withdraw(request_id=request.pk, by=By.staff(cast.sam), now=now)
    assert numbers(renee) == []
    assert numbers(renee, "/desk/?status=withdrawn") == [request.number]
    assert numbers(renee, "/desk/?status=all") == [request.number]


def test_the_queue_narrows_to_storefront_owner_and_overdue(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    at = now - timedelta(days=20)
    mine = factories.authorized(filed(shops[SPA], cast, now), by=cast.renee, now=now)
    sams = factories.authorized(filed(shops[IMAGE], cast, at), by=cast.sam, now=at)
    factories.received(sams, by=cast.sam, now=at)
    free = filed(shops[IMAGE], cast, now)
    assert numbers(renee, "/desk/?owner=me") == [mine.number]
    assert numbers(renee, "/desk/?owner=nobody") == [free.number]
    assert numbers(renee, "/desk/?overdue=on") == [sams.number]
    assert numbers(renee, "/desk/?storefront=le-petit-spa") == [mine.number]


def test_an_undecided_request_says_by_when_it_is_decided(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    filed(shops[SPA], cast, now - timedelta(hours=9))
    assert "decide Fri, 2 d left" in renee.get("/desk/").content.decode()
    decided = factories.authorized(filed(shops[IMAGE], cast, now), by=cast.sam, now=now)
    assert "not received yet" in renee.get(f"/desk/?owner=&storefront={decided.storefront.slug}").content.decode()


def test_a_new_request_with_a_note_was_filed_last(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    from returns.services import conversation
    from returns.services.transition import By

    request = filed(shops[SPA], cast, now)
    by = By.owner(cast.maya)
    conversation.write_message(request_id=request.pk, nonce=uuid4(), body="Two cartons.", by=by, now=now)
    assert [row.activity for row in renee.get("/desk/").context["rows"]] == ["Filed"]
    conversation.write_message(
        request_id=request.pk, nonce=uuid4(), body="Three.", by=by, now=now + timedelta(minutes=1)
    )
    assert [row.activity for row in renee.get("/desk/").context["rows"]] == ["New message"]


def test_the_filter_calls_a_status_what_its_pill_calls_it() -> None:
    assert dict(STATUS_CHOICES)["information_requested"] == "Information requested"
    assert [word for value, word in STATUS_CHOICES if value != "all"] == [
        STATUS_LOOKS[status].word(staff=True) for status in Status
    ]


@pytest.mark.parametrize(
    "query",
    [
        "status=nonsense",
        "owner=%27%3B--",
        "storefront=x&sort=password",
        "page=-1",
        "after=1,2",
        "after=a,b,c,d",
        "after=1,9999-12-31,2026-11-18T17:00:00,X",
        "after=1,2026-13-01,2026-11-18T17:00:00%2B00:00,X",
        "after=99999999999999999999,2026-01-01,2026-01-01T00:00:00%2B00:00,X",
    ],
)
def test_a_mangled_address_shows_the_queue(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, query: str
) -> None:
    request = filed(shops[SPA], cast, now)
    assert numbers(renee, f"/desk/?{query}") == [request.number]


def test_pages_follow_each_other_without_gap_or_repetition(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("returns.views.desk_queue.PAGE_SIZE", 2)
    made = [filed(shops[SPA], cast, now - timedelta(hours=hours)) for hours in (1, 1, 3, 4)]
    made.append(filed(shops[IMAGE], cast, now, reason=Reason.DAMAGED))

    def pages() -> Iterator[list[str]]:
        url = "/desk/?owner=nobody"
        while url:
            page = renee.get(url)
            yield [row.number for row in page.context["rows"]]
            url = page.context["next_url"]

    seen = list(pages())
    assert [len(page) for page in seen] == [2, 2, 1]
    assert seen[0][0] == made[-1].number
    assert sorted(number for page in seen for number in page) == sorted(request.number for request in made)


def test_a_page_behind_the_last_one_leads_back(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    filed(shops[SPA], cast, now)
    page = renee.get("/desk/?after=1,9999-12-31,9999-12-31T00:00:00%2B00:00,X")
    assert page.context["rows"] == []
    assert "Back to the first page" in page.content.decode()


def test_the_queue_asks_the_database_the_same_few_questions_for_any_number_of_rows(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            renee.get("/desk/")
        assert not [query["sql"] for query in asked if "COUNT(" in query["sql"].upper()]
        return len(asked)

    filed(shops[SPA], cast, now)
    first = questions()
    for _ in range(5):
        factories.authorized(filed(shops[SPA], cast, now), by=cast.renee, now=now)
    assert questions() == first
    assert first <= 6


def test_an_empty_queue_says_why_and_shows_the_way_out(renee: Client, cast: Cast) -> None:
    assert "Nothing is open" in renee.get("/desk/").content.decode()
    narrowed = renee.get("/desk/?owner=me").content.decode()
    assert "Nothing matches" in narrowed
    assert 'href="/desk/"' in narrowed


# --------------------------------------------------------------------------------------------------------------- find


@pytest.fixture
def request_with_number(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    order = factories.order(
        shops[IMAGE], now=now, customer=cast.accounts[IMAGE], number="#IC-20418", tracking_number="1Z 999 AA1"
    )
    return factories.authorized(factories.submitted(order, now=now), by=cast.sam, now=now)


def test_one_hit_opens_the_return(renee: Client, request_with_number: ReturnRequest) -> None:
    found = request_with_number
    number = found.rma_number or ""
    account = found.account.number if found.account else ""
    texts = [number, number.lower(), number.replace("-", " "), number.replace("-", "")[3:], found.reference]
    texts += ["IC-20418", "#ic20418", "1Z999AA1".replace("999", " 999 "), account, "MAYA@example.com", "brennan may"]
    for text in texts:
        answer = renee.get("/desk/find/", {"q": text})
        assert (text, answer.status_code) == (text, 302)
        assert answer.headers["Location"] == f"/desk/requests/{found.reference}/"


def test_several_hits_are_listed(renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    made = [filed(shops[SPA], cast, now), filed(shops[IMAGE], cast, now)]
    assert sorted(numbers(renee, "/desk/find/?q=brennan")) == sorted(request.number for request in made)


def test_a_mistyped_number_is_told_apart_from_an_unknown_one(renee: Client, request_with_number: ReturnRequest) -> None:
    number = request_with_number.rma_number or ""
    wrong = number[:4] + ALPHABET[(ALPHABET.index(number[4]) + 1) % len(ALPHABET)] + number[5:]
    mistyped = renee.get("/desk/find/", {"q": wrong}).content.decode()
    assert "Not a number of ours" in mistyped
    assert number in mistyped  # did you mean …?
    unknown = renee.get("/desk/find/", {"q": "RMA-2222-2222-2"}).content.decode()
    assert "no return at your storefronts has it" in unknown


def test_an_order_without_a_return_is_named_as_such(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], number="#LPS-1")
    said = renee.get("/desk/find/?q=lps-1").content.decode()
    assert "Order #LPS-1 of Maya Brennan, placed November 13, 2026, with 1 line, has no return." in said


def test_the_beginning_of_a_number_finds_the_return(renee: Client, request_with_number: ReturnRequest) -> None:
    found = request_with_number
    number, reference = found.rma_number or "", found.reference
    for typed in (number[:8], number[:11].lower(), number[4:8], reference[:4], reference[:7].replace("-", "")):
        answer = renee.get("/desk/find/", {"q": typed})
        assert (typed, answer.headers.get("Location")) == (typed, f"/desk/requests/{reference}/")
    assert numbers(renee, f"/desk/find/?q={reference[:3]}") == []


def test_a_beginning_that_happens_to_check_as_a_number_is_looked_for_as_a_beginning(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One in 31 does: with its prefix it has as many symbols as a number has without."""
    [last] = [end for end in ALPHABET if read_rma_number(f"RMA-2222-4{end}").reading is Reading.VALID]
    monkeypatch.setattr(authorization, "new_rma_number", lambda: format_rma_number(f"22224{last}22"))
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    found = factories.authorized(factories.submitted(order, now=now), by=cast.sam, now=now)
    answer = renee.get("/desk/find/", {"q": f"RMA-2222-4{last}"})
    assert answer.headers.get("Location") == f"/desk/requests/{found.reference}/"


def test_nothing_of_another_storefront_is_found(
    signed_in: SignIn, cast: Cast, request_with_number: ReturnRequest
) -> None:
    lena = signed_in(cast.lena)
    for text in (request_with_number.rma_number or "", "IC-20418", "maya@example.com", "Brennan"):
        assert lena.get("/desk/find/", {"q": text}).status_code == 200
        assert numbers(lena, f"/desk/find/?q={text}") == []


@pytest.mark.parametrize("text", ["", " ", "%", "'; DROP TABLE", "{{ 7*7 }}", "<b>x</b>", "é" * 300, "#", "@"])
def test_any_text_may_be_looked_for(renee: Client, text: str) -> None:
    answer = renee.get("/desk/find/", {"q": text})
    assert answer.status_code == 200
    assert "<b>x</b>" not in answer.content.decode()
