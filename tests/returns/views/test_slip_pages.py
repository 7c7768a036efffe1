"""The return slip: for the owner and the guest of a return alone, and only while there is something to send."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest
import time_machine
import zxingcpp
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw
from pytest_django import DjangoAssertNumQueries
from segno import make_qr

from returns.domain.facts import Reason
from returns.models import ReturnRequest, Storefront
from returns.services import guest_links, shipments
from returns.services.transition import By
from returns.slips.contents import slip_of
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now: datetime) -> object:
    with time_machine.travel(now, tick=False):
        yield


def filed(
    cast: Cast, shops: dict[str, Storefront], now: datetime, slug: str = IMAGE, **fields: object
) -> ReturnRequest:
    order = factories.order(shops[slug], now=now, customer=cast.accounts[slug], **fields)  # type: ignore[arg-type]
    return factories.submitted(order, now=now)


@pytest.fixture
def authorized(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    return factories.authorized(filed(cast, shops, now), by=cast.renee, now=now)


def url(rma: ReturnRequest, name: str = "slip") -> str:
    return reverse(f"portal:{name}", args=[rma.storefront.slug, rma.reference])


def test_it_says_what_goes_in_and_where_to(cast: Cast, authorized: ReturnRequest, signed_in: SignIn) -> None:
    body = signed_in(cast.maya).get(url(authorized)).content.decode()
    for said in (
        "In this package",
        "Vital C hydrating serum",
        "2 unopened",
        "7130 Seacrest Blvd",
        "Maya Brennan",
    ):
        assert said in body
    assert "The RMA number is on the outside." in body
    assert "insured for $122.40" in body
    assert "Processed within 10 days after it reaches us." in body
    assert body.count(str(authorized.rma_number)) >= 4


def test_at_le_petit_spa_the_order_number_goes_outside_and_free_items_come_back(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    lines: Sequence[dict[str, object]] = (
        {},
        {"title": "Travel mask", "kind": "promo", "quantity": 3, "paid_total": "0.00"},
    )
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], lines=lines)
    serum = factories.asked(order.lines.get(position=1), expires_on=date(2028, 11, 30))
    rma = factories.authorized(factories.submitted(order, now=now, lines=[serum]), by=cast.renee, now=now)
    body = signed_in(cast.maya).get(url(rma)).content.decode()
    assert f'<p class="slip-code">{order.number}</p>' in body
    assert "The order number is on the outside." in body
    assert "2 unopened, expires November 2028" in body
    assert "our packing slip" in body
    assert "Travel mask" in body
    assert "Free item, comes back too" in body
    assert (slip_of(rma).lines[-1].title, slip_of(rma).lines[-1].quantity) == ("Travel mask", 3)
    status_page = signed_in(cast.maya).get(url(rma, "return")).content.decode()
    assert "3 × Travel mask" in status_page, "the page says the same"
    assert "refund" not in body.lower()


def test_codes_hold_the_status_page_and_never_a_token(
    cast: Cast, authorized: ReturnRequest, signed_in: SignIn, now: datetime
) -> None:
    link = guest_links.fresh_link_for(authorized.order, authorized.order.email, now=now)
    client = signed_in(cast.maya)
    body = client.get(url(authorized)).content.decode()
    status_page = settings.SITE_URL + reverse("portal:return", args=[IMAGE, authorized.reference])
    assert (
        make_qr(status_page).svg_inline(
            omitsize=True, border=3, dark="#000", light="#fff", svgclass=None, lineclass=None
        )
        in body
    )
    assert scanned(status_page) == status_page
    assert guest_links.token_for(link) not in body
    assert "style=" not in body


def scanned(text: str) -> str:
    """What a phone makes of the code."""
    rows = [list(row) for row in make_qr(text).matrix_iter(scale=4, border=4)]
    picture = Image.new("L", (len(rows[0]), len(rows)), 255)
    pen = ImageDraw.Draw(picture)
    pen.point([(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark], fill=0)
    return zxingcpp.read_barcodes(picture)[0].text


def test_a_guest_prints_the_slip_of_the_order_the_link_opened(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, email="gia@example.com")
    rma = factories.authorized(factories.submitted(order, now=now), by=cast.renee, now=now)
    client = Client()
    client.get(
        guest_links.url_for(guest_links.fresh_link_for(order, order.email, now=now)).removeprefix(settings.SITE_URL)
    )
    client.post(reverse("portal:link", args=[IMAGE]))
    assert client.get(url(rma)).status_code == client.get(url(rma, "slip_pdf")).status_code == 200


@pytest.mark.parametrize(
    ("asked", "size"), [("", b"612 792"), ("letter", b"612 792"), ("a4", b"595.2"), ("b5", b"612 792")]
)
def test_the_file_comes_on_the_paper_asked_for(
    cast: Cast, authorized: ReturnRequest, signed_in: SignIn, asked: str, size: bytes
) -> None:
    response = signed_in(cast.maya).get(url(authorized, "slip_pdf"), {"paper": asked})
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'inline; filename="{authorized.rma_number}.pdf"'
    assert "no-store" in response.headers["Cache-Control"]
    assert size in response.content


@pytest.mark.parametrize("name", ["slip", "slip_pdf"])
class TestThereIsNoSlip:
    """409 with the reason, and for strangers nothing at all."""

    def test_before_the_return_is_authorized(
        self, cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime, name: str
    ) -> None:
        response = signed_in(cast.maya).get(url(filed(cast, shops, now), name))
        assert response.status_code == 409
        assert "as soon as the return is authorized" in response.content.decode()

    def test_once_the_package_is_here(
        self, cast: Cast, authorized: ReturnRequest, signed_in: SignIn, now: datetime, name: str
    ) -> None:
        rma = factories.received(authorized, by=cast.renee, now=now)
        response = signed_in(cast.maya).get(url(rma, name))
        assert response.status_code == 409
        assert "Nothing is to be sent" in response.content.decode()

    def test_while_the_shop_has_no_address(
        self, cast: Cast, authorized: ReturnRequest, signed_in: SignIn, name: str
    ) -> None:
        Storefront.objects.filter(slug=IMAGE).update(return_address=" \n")
        response = signed_in(cast.maya).get(url(authorized, name))
        assert response.status_code == 409
        assert "1-855-791-5800" in response.content.decode()

    def test_for_other_customers(self, cast: Cast, authorized: ReturnRequest, signed_in: SignIn, name: str) -> None:
        assert signed_in(cast.otto).get(url(authorized, name)).status_code == 404
        assert signed_in(cast.renee).get(url(authorized, name)).status_code == 404


def test_it_stays_while_the_package_is_on_its_way(
    cast: Cast, authorized: ReturnRequest, signed_in: SignIn, now: datetime
) -> None:
    shipments.mark_shipped(
        request_id=authorized.pk, by=By.owner(cast.maya), now=now, carrier="UPS", tracking_number="1Z"
    )
    assert signed_in(cast.maya).get(url(authorized)).status_code == 200


def test_the_status_page_leads_to_it(cast: Cast, authorized: ReturnRequest, signed_in: SignIn) -> None:
    body = signed_in(cast.maya).get(url(authorized, "return")).content.decode()
    assert url(authorized) in body
    assert url(authorized, "slip_pdf") in body
    assert "No printer?" in body


@pytest.mark.parametrize("lines", [1, 12])
def test_it_costs_the_same_however_much_is_on_it(
    cast: Cast,
    shops: dict[str, Storefront],
    signed_in: SignIn,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    lines: int,
) -> None:
    rma = factories.authorized(filed(cast, shops, now, lines=[{}] * lines), by=cast.renee, now=now)
    client = signed_in(cast.maya)
    # session, person, storefront, return, its lines, the order's lines
    with django_assert_max_num_queries(7):
        client.get(url(rma))


def test_damage_is_told_like_anything_else(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=5)
    claim = factories.asked(order.lines.get(), reason=Reason.DAMAGED)
    rma = factories.authorized(factories.submitted(order, now=now, lines=[claim]), by=cast.renee, now=now)
    assert "We pay the shipping, because the mistake was ours." in signed_in(cast.maya).get(url(rma)).content.decode()
