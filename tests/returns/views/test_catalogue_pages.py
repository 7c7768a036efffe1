"""The catalogue by hand and by file: what policies decide by, and what orders name that nobody has classified."""

from contextlib import closing
from datetime import datetime
from typing import Any

import psycopg2
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from returns.forms.catalogue import MOST_ROWS
from returns.models import Product, Storefront, StorefrontChange
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA
from tests.outbox import database_url

pytestmark = pytest.mark.django_db

LIST = f"/reports/catalogue/{IMAGE}/"
SERUM = {"sku": "VC-1", "name": "Vital C serum", "size": "1.7 fl oz", "kind": "retail", "in_stock": "on"}


@pytest.fixture
def mona(cast: Cast, signed_in: SignIn, now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield signed_in(cast.mona)


def test_products_are_listed_by_sku_searched_and_paged(
    mona: Client, shops: dict[str, Storefront], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        factories.product(shops[IMAGE], f"SKU,{number:03}", name=f"Cream no. {number}")
    factories.product(shops[SPA], "ELSEWHERE")
    with django_assert_max_num_queries(9):
        page = mona.get(LIST)
    html = page.content.decode()
    assert ("SKU,049" in html, "SKU,050" in html, "ELSEWHERE" in html) == (True, False, False)
    assert "SKU,050" in mona.get(LIST, {"after": page.context["next"]}).content.decode()
    found = mona.get(LIST, {"q": "cream 059"}).content.decode()
    assert ("SKU,059" in found, "SKU,058" in found) == (True, False)
    assert "Nothing matches" in mona.get(LIST, {"q": "nowhere"}).content.decode()


def test_dates_and_weights_are_written_as_everywhere(mona: Client, shops: dict[str, Storefront]) -> None:
    day = {"expires_on": "2029-12-03", "full_weight": "142", "empty_weight": "88.5"}
    mona.post(f"{LIST}new/", {**SERUM, **day})
    html = mona.get(LIST).content.decode()
    assert "<td>December 3, 2029</td>" in html
    assert '<td class="num">142</td><td class="num">88.5</td>' in html


def test_an_empty_file_is_named_once(mona: Client, shops: dict[str, Storefront]) -> None:
    sent = {"file": SimpleUploadedFile("products.csv", b"")}
    html = mona.post(f"{LIST}file/", sent).content.decode()
    assert "The file is empty." in html
    assert "Choose a CSV file." not in html


def test_what_orders_name_and_nobody_classified_is_a_list_of_things_to_do(
    mona: Client, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, lines=[{"sku": "VC-1", "kind": None, "title": "Vital C serum"}])
    html = mona.get(LIST).content.decode()
    assert "Not classified yet" in html
    assert f"{LIST}new/?sku=VC-1&amp;name=Vital%20C%20serum" in html
    mona.post(f"{LIST}new/", SERUM)
    line = order.lines.get()
    assert (line.kind, line.product and line.product.sku) == ("retail", "VC-1")
    assert "Not classified yet" not in mona.get(LIST).content.decode()


def test_a_product_is_changed_and_the_history_says_how(mona: Client, shops: dict[str, Storefront]) -> None:
    mona.post(f"{LIST}new/", SERUM)
    values = {**SERUM, "kind": "sample", "full_weight": "120.5", "empty_weight": "20", "flags": ["final_sale"]}
    assert mona.post(f"{LIST}products/VC-1/", values).headers["Location"] == LIST
    product = Product.objects.get(storefront=shops[IMAGE], sku="VC-1")
    assert (product.kind, str(product.full_weight), product.flags) == ("sample", "120.50", ["final_sale"])
    rows = StorefrontChange.objects.filter(about="Product VC-1: kind")
    assert [(row.area, row.before, row.after) for row in rows] == [("catalogue", "retail", "sample")]


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        ({"sku": ""}, "Write the SKU."),
        ({"name": ""}, "Write the product’s name."),
        ({"kind": ""}, "Choose the kind."),
        ({"kind": "plant"}, "not one of the available choices"),
        ({"full_weight": "heavy"}, "Write grams"),
        ({"full_weight": "NaN"}, "Write grams"),
        ({"full_weight": "20", "empty_weight": "20"}, "less than the full one"),
        ({"expires_on": "soon"}, "Choose a day of the calendar."),
        ({"expires_on": "9999-01-01"}, "between 2000 and 2199"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(mona: Client, instead: dict[str, str], words: str) -> None:
    page = mona.post(f"{LIST}new/", {**SERUM, **instead})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Product.objects.exists()


def test_a_sku_and_a_name_are_of_one_line_and_the_list_can_be_read(mona: Client) -> None:
    assert mona.post(f"{LIST}new/", {**SERUM, "sku": "VC\n1", "name": "Vital C\r\nserum"}).status_code == 302
    product = Product.objects.get()
    assert (product.sku, product.name) == ("VC 1", "Vital C  serum")
    assert "VC 1" in mona.get(LIST).content.decode()
    assert mona.get(f"{LIST}products/VC 1/").status_code == 200


@pytest.mark.parametrize("sku", ["..", ".", "../../queue", "A/./B"])
def test_a_sku_that_no_address_can_have_is_refused(mona: Client, sku: str) -> None:
    pages = mona.post(f"{LIST}new/", {**SERUM, "sku": sku}), sent(mona, f"sku,name,kind\n{sku},Serum,retail\n")
    assert [page.status_code for page in pages] == [422, 200]
    assert all("one or two dots between slashes" in page.content.decode() for page in pages)
    mona.post(f"{LIST}file/", {"text": f"sku,name,kind\n{sku},Serum,retail\nA/B..C,Serum,retail\n", "take": "1"})
    assert Product.objects.get().sku == "A/B..C"
    assert mona.get(f"{LIST}products/A/B..C/").status_code == 200


def test_a_sku_is_in_the_catalogue_once(mona: Client) -> None:
    mona.post(f"{LIST}new/", SERUM)
    page = mona.post(f"{LIST}new/", SERUM)
    assert (page.status_code, "VC-1 is in the catalogue already." in page.content.decode()) == (422, True)


def sent(mona: Client, text: str | bytes) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return mona.post(f"{LIST}file/", {"file": SimpleUploadedFile("products.csv", content)})


FILE = "sku,name,kind\nA-1,Serum,retail\nA-2,Shirt,tshirt\nA-3,Plant,plant\n"


def test_a_file_is_tried_before_anything_is_changed(mona: Client) -> None:
    page = sent(mona, FILE)
    html = page.content.decode()
    assert "line 4: kind is “plant”" in html
    assert "Take the 2 rows" in html
    assert not Product.objects.exists()
    mona.post(f"{LIST}file/", {"text": FILE, "take": "1"})
    assert list(Product.objects.order_by("sku").values_list("sku", flat=True)) == ["A-1", "A-2"]
    assert StorefrontChange.objects.get(actor__isnull=False).after == "2 created, 0 updated, 0 unchanged, 1 not taken"
    assert "<dt>The same</dt><dd>2</dd>" in sent(mona, FILE).content.decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,kind\nSerum,retail\n", "the heading has no column sku"),
        (b"sku,name,kind\nA,S\xe9rum,retail\n", "isn’t UTF-8"),
        ("sku,name,kind\nA\0,Serum,retail\n", "isn’t UTF-8"),
        (b"x" * 950_000, "larger than 900 kB"),
        ("", "empty"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(mona: Client, text: str | bytes, words: str) -> None:
    page = sent(mona, text)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_file_that_takes_minutes_is_for_the_command_line(mona: Client) -> None:
    rows = "".join(f"A-{number},b,retail\n" for number in range(MOST_ROWS + 1))
    for page in (sent(mona, "sku,name,kind\n" + rows), mona.post(f"{LIST}file/", {"text": rows * 2, "take": "1"})):
        assert (page.status_code, "more than 20,000 rows" in page.content.decode()) == (422, True)
    assert not Product.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_while_somebody_else_changes_the_catalogue_what_was_sent_stays_to_be_sent_again(
    mona: Client, shops: dict[str, Storefront]
) -> None:
    factories.product(shops[IMAGE], "OLD-1")
    with closing(psycopg2.connect(database_url())) as other, other.cursor() as theirs, connection.cursor() as ours:
        theirs.execute("SELECT 1 FROM returns_storefront WHERE slug = %s FOR NO KEY UPDATE", [IMAGE])
        ours.execute("SET lock_timeout = 200")
        added, changed, tried, taken = (
            mona.post(f"{LIST}new/", SERUM),
            mona.post(f"{LIST}products/OLD-1/", {**SERUM, "name": "Renamed"}),
            sent(mona, FILE),
            mona.post(f"{LIST}file/", {"text": FILE, "take": "1"}),
        )
    connection.close()
    for page in (added, changed, tried, taken):
        html = page.content.decode()
        assert page.status_code == 409
        assert "Somebody else is changing this catalogue at this moment. Try again in a minute. Nothing was" in html
    assert "Vital C serum" in added.content.decode()
    assert "Renamed" in changed.content.decode()
    for page in (tried, taken):
        assert "A-2,Shirt,tshirt" in page.content.decode()
        assert "Try it again" in page.content.decode()
    assert list(Product.objects.values_list("sku", flat=True)) == ["OLD-1"]
    assert "Take the 2 rows" in mona.post(f"{LIST}file/", {"text": FILE, "again": "1"}).content.decode()


def test_without_a_file_nothing_is_tried(mona: Client) -> None:
    page = mona.post(f"{LIST}file/", {})
    assert (page.status_code, "Choose a CSV file." in page.content.decode()) == (422, True)


def test_the_catalogue_begins_with_the_first_storefront(mona: Client) -> None:
    assert mona.get("/reports/catalogue/").headers["Location"] == f"/reports/catalogue/{SPA}/"
