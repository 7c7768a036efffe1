"""Products and accounts from CSV."""

from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.purchases import link_purchases
from returns.domain.rma_number import new_rma_number
from returns.models import CustomerAccount, OrderLine, Product, Storefront
from returns.services.errors import CatalogueBusy
from returns.services.imports import ImportResult, RowError
from returns.services.imports.accounts import import_accounts
from returns.services.imports.columns import lines_of
from returns.services.imports.products import import_products, try_products
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO, SPA
from tests.outbox import database_url

pytestmark = pytest.mark.django_db

PRODUCTS = """SKU,Name,Kind,Flags,Expiration,Full weight,Empty weight
VC-1,Vital C serum,retail,,2028-03-31,140.5,60
KIT,"The MAX, trial kit",Trial Kit,final_sale|opening_order,,,
"""


def products(shop: Storefront, text: str) -> ImportResult:
    return import_products(lines=lines_of(text), storefront=shop)


def accounts(shop: Storefront, text: str) -> ImportResult:
    return import_accounts(lines=lines_of(text), storefront=shop)


def test_products_are_created_once(shops: dict[str, Storefront]) -> None:
    assert products(shops[IMAGE], PRODUCTS).created == 2
    assert products(shops[IMAGE], PRODUCTS).unchanged == 2
    assert products(shops[IMAGE], PRODUCTS.replace("140.5", "141")).updated == 1
    kit = Product.objects.get(sku="KIT")
    assert (kit.name, kit.kind, kit.flags) == ("The MAX, trial kit", "trial_kit", ["final_sale", "opening_order"])
    assert Product.objects.get(sku="VC-1").full_weight == Decimal("141.00")


def test_a_product_is_in_stock_unless_the_file_says_otherwise(shops: dict[str, Storefront]) -> None:
    shop, plain = shops[IMAGE], "sku,name,kind\nVC-1,Serum,retail\n"
    products(shop, plain)
    assert Product.objects.get().in_stock
    stocked = "sku,name,kind,In stock\nVC-1,Serum,retail,{}\n"
    assert products(shop, stocked.format("No")).updated == 1
    assert not Product.objects.get().in_stock
    assert products(shop, plain).unchanged == 1, "a file without the column leaves it as it is"
    assert products(shop, stocked.format("")).unchanged == 1
    assert not Product.objects.get().in_stock
    assert products(shop, stocked.format("yes")).updated == 1
    assert Product.objects.get().in_stock
    refused = products(shop, stocked.format("soon"))
    assert "in_stock is “soon”; allowed are yes, true, 1, no, false, 0" in refused.problems[0]


@pytest.mark.parametrize(
    ("apart", "read"), [("\u2028", "\u2028"), ("\x85", " "), ("\v", " "), ("\f", " "), ("\x1c", " ")]
)
def test_only_a_line_break_ends_a_line(shops: dict[str, Storefront], apart: str, read: str) -> None:
    assert products(shops[IMAGE], PRODUCTS.replace("Vital C", f"Vital{apart}C")).problems == []
    assert Product.objects.get(sku="VC-1").name == f"Vital{read}C serum"


def test_a_quotation_mark_left_open_is_found_where_it_stands(shops: dict[str, Storefront]) -> None:
    text = 'sku,name,kind\nVC-1,"Serum,retail\nVC-2,Balm,retail\nVC-3,Toner,retail\n'
    tried = products(shops[IMAGE], text)
    told = "line 2: can't be read, nor what follows up to line 4: unexpected end of data"
    assert (tried.created, tried.problems) == (0, [told])


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_lines_end_as_any_system_ends_them(shops: dict[str, Storefront], end: str) -> None:
    assert products(shops[IMAGE], PRODUCTS.replace("\n", end)).created == 2


def test_a_product_belongs_to_its_storefront(shops: dict[str, Storefront]) -> None:
    products(shops[IMAGE], PRODUCTS)
    assert products(shops[SPA], PRODUCTS.replace("final_sale|opening_order", "")).created == 2


def test_a_new_product_classifies_lines_nobody_has_asked_back(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(
        shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=[{"sku": "VC-1", "kind": None}] * 2
    )
    first, second = made.lines.order_by("position")
    factories.submitted(made, now=now, lines=[factories.asked(first)])
    products(shops[IMAGE], PRODUCTS)
    assert [OrderLine.objects.get(pk=line.pk).kind for line in (first, second)] == [None, "retail"]


def test_a_new_product_gives_what_the_line_does_not_say_itself(shops: dict[str, Storefront], now: datetime) -> None:
    factories.order(
        shops[IMAGE],
        now=now,
        lines=[
            {"sku": "VC-1", "kind": None, "expires_on": None},
            {"sku": "VC-1", "kind": "trial_kit", "flags": ["opening_order"], "expires_on": date(2027, 1, 31)},
        ],
    )
    products(shops[IMAGE], PRODUCTS.replace("retail,,2028", "retail,final_sale,2028"))
    bare, own = OrderLine.objects.filter(sku="VC-1").order_by("position")
    assert (bare.kind, bare.flags, bare.expires_on) == ("retail", ["final_sale"], date(2028, 3, 31))
    assert (own.kind, own.flags, own.expires_on) == ("trial_kit", ["opening_order"], date(2027, 1, 31))
    assert bare.product == own.product == Product.objects.get(sku="VC-1")


def test_a_line_asked_back_keeps_what_it_was_judged_by(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    made = factories.order(
        shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=[{"sku": "VC-1", "kind": "retail"}]
    )
    OrderLine.objects.update(expires_on=None)
    factories.submitted(made, now=now)
    products(shops[IMAGE], PRODUCTS)
    assert OrderLine.objects.get().expires_on is None


def test_a_product_that_changes_leaves_the_lines_sold_before_as_they_are(
    shops: dict[str, Storefront], now: datetime
) -> None:
    factories.order(shops[IMAGE], now=now, lines=[{"sku": "VC-1", "kind": None, "expires_on": None}])
    products(shops[IMAGE], PRODUCTS)
    products(shops[IMAGE], PRODUCTS.replace("serum,retail,,2028", "serum,trial_kit,,2029"))
    line = OrderLine.objects.get()
    assert (line.kind, line.expires_on) == ("retail", date(2028, 3, 31))


BAD_PRODUCTS = {
    "no sku": (",Serum,retail,,,,", "sku is empty"),
    "unknown kind": ("A,Serum,toy,,,,", "kind is “toy”"),
    "unknown flag": ("A,Serum,retail,shiny,,,", "flags name “shiny”"),
    "bad date": ("A,Serum,retail,,31/03/2028,,", "expiration “31/03/2028” isn't a date"),
    "bad weight": ("A,Serum,retail,,,heavy,", "full_weight “heavy” isn't an amount"),
    "a date at the end of time": ("A,Serum,retail,,9999-12-31,,", "isn't between 1900 and 2899"),
    "more than a column of weights holds": ("A,Serum,retail,,,12345678.00,", "is more than 9999999.99"),
    "an empty jar beyond the column": ("A,Serum,retail,,,,10000000", "empty_weight “10000000” is more than"),
    "infinite weight": ("A,Serum,retail,,,Infinity,", "isn't an amount"),
    "empty heavier than full": ("A,Serum,retail,,,60,60", "isn't more than"),
    "too few cells": ("A,Serum", "has 2 cells, the heading has 7"),
    "twice": ("VC-1,Serum,retail,,,,", "stands in line 2 already"),
    "too long": (f"{'A' * 65},Serum,retail,,,,", "longer than 64"),
}


@pytest.mark.parametrize("bad", BAD_PRODUCTS)
def test_a_row_that_can_not_be_taken_is_one_clear_line(shops: dict[str, Storefront], bad: str) -> None:
    row, word = BAD_PRODUCTS[bad]
    result = products(shops[IMAGE], PRODUCTS + row + "\nLAST,Balm,retail,,,,\n")
    assert result.created == 3
    assert len(result.problems) == 1
    assert result.problems[0].startswith("line 4")
    assert word in result.problems[0]


def test_every_fault_of_a_row_is_named_at_once(shops: dict[str, Storefront]) -> None:
    text = (
        "sku,name,kind,flags,expiration,full_weight,empty_weight,in_stock\n"
        "A-1,Serum,retail,,,,,\n"
        "A-1,,nonsense,red,2028-13-01,10,20,perhaps\n"
    )
    tried = try_products(lines=lines_of(text), storefront=shops[IMAGE])
    [problem] = tried.problems
    for words in (
        "line 3: ",
        "name is empty",
        "kind is “nonsense”",
        "flags name “red”",
        "2028-13-01",
        "full_weight 10.00 isn't more than empty_weight 20.00",
        "in_stock is “perhaps”",
        "sku A-1 stands in line 2 already",
    ):
        assert words in problem
    assert tried.created == 1


def test_what_only_the_database_refuses_costs_its_row_and_no_other(shops: dict[str, Storefront]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE returns_product ADD CONSTRAINT no_plants CHECK (name <> 'Plant')")
    kinds = {3: "nonsense"}
    named = {7: "Plant", 40: "Plant", 41: "Plant"}
    rows = "".join(f"A-{line},{named.get(line, 'Serum')},{kinds.get(line, 'retail')}\n" for line in range(2, 52))
    result = products(shops[IMAGE], "sku,name,kind\n" + rows)
    assert str(result) == "46 created, 0 updated, 0 unchanged, 4 not taken"
    assert [problem.partition(":")[0] for problem in result.problems] == ["line 3", "line 7", "line 40", "line 41"]
    assert 'line 7: can\'t be stored: new row for relation "returns_product" violates' in result.problems[1]
    assert set(Product.objects.values_list("name", flat=True)) == {"Serum"}
    assert Product.objects.count() == 46


def test_a_file_takes_as_many_queries_as_a_row(
    shops: dict[str, Storefront], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    heading, row = "sku,name,kind\n", "A-{},{},retail\n"
    products(shops[IMAGE], heading)  # the policy's terms are read once for all files
    with CaptureQueriesContext(connection) as one:
        products(shops[IMAGE], heading + row.format("ONE", "Serum"))
    mixed = heading + "".join(row.format(number, "Serum") for number in range(500))
    with django_assert_num_queries(len(one)):
        products(shops[IMAGE], mixed)
    with django_assert_num_queries(len(one)):
        changed = products(shops[IMAGE], mixed.replace("A-1", "B-1").replace("A-2,Serum", "A-2,Cream"))
    assert (changed.created, changed.updated, changed.unchanged) == (111, 1, 388)


def test_a_file_without_its_columns_is_refused(shops: dict[str, Storefront]) -> None:
    for text in ("", "sku,name\nA,B\n", "nothing"):
        with pytest.raises(RowError, match="no column"):
            products(shops[IMAGE], text)


def test_a_column_that_stands_twice_is_refused_and_an_empty_heading_is_none(shops: dict[str, Storefront]) -> None:
    with pytest.raises(RowError, match=r"names a column twice: in_stock, name$"):
        products(shops[IMAGE], "sku,name,kind,Name,In stock,in-stock\nA,B,retail,C,yes,no\n")
    assert not Product.objects.exists()
    assert products(shops[IMAGE], "sku,name,kind,,\nA,B,retail,,\n").created == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("limit", "error"), [("lock_timeout", CatalogueBusy), ("statement_timeout", OperationalError)])
def test_whoever_waits_too_long_for_a_catalogue_hears_that_it_is_the_catalogue(
    shops: dict[str, Storefront], limit: str, error: type[Exception]
) -> None:
    with closing(psycopg2.connect(database_url())) as other, other.cursor() as theirs, connection.cursor() as ours:
        products(shops[IMAGE], "sku,name,kind\n")  # the policy's terms are read
        theirs.execute("SELECT 1 FROM returns_storefront WHERE slug = %s FOR NO KEY UPDATE", [IMAGE])
        ours.execute(f"SET {limit} = 200")
        with pytest.raises(error):
            products(shops[IMAGE], PRODUCTS)
    connection.close()
    assert not Product.objects.exists()
    assert products(shops[IMAGE], PRODUCTS).created == 2


@pytest.mark.django_db(transaction=True)
def test_the_command_says_that_the_catalogue_is_busy(shops: dict[str, Storefront], tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text(PRODUCTS)
    with closing(psycopg2.connect(database_url())) as other, other.cursor() as theirs, connection.cursor() as ours:
        theirs.execute("SELECT 1 FROM returns_storefront WHERE slug = %s FOR NO KEY UPDATE", [IMAGE])
        ours.execute("SET lock_timeout = 200")
        with pytest.raises(CommandError, match=r"changing this catalogue.* What was taken before stays"):
            call_command("import_products", str(path), storefront=IMAGE)
    connection.close()
    assert not Product.objects.exists()


ACCOUNTS = """number,email,name,phone,main contact,type,outstanding balance
77120,Hana@Lumen.example,Lumen Esthetics LLC,(407) 555-0172,Hana Lumen <hana@lumen.example>,business,140.00
77121,solo@example.com,Solo Studio,,,,
"""


def test_accounts_are_created_once(shops: dict[str, Storefront]) -> None:
    assert accounts(shops[PRO], ACCOUNTS).created == 2
    assert accounts(shops[PRO], ACCOUNTS).unchanged == 2
    lumen = CustomerAccount.objects.get(number="77120")
    assert (lumen.email, lumen.type, lumen.outstanding_balance) == ("hana@lumen.example", "business", Decimal(140))
    assert (lumen.main_contact_name, lumen.completion_email) == ("Hana Lumen", "hana@lumen.example")
    assert CustomerAccount.objects.get(number="77121").completion_email == "solo@example.com"


def test_an_account_gets_the_orders_of_its_address(shops: dict[str, Storefront], now: datetime) -> None:
    made = factories.order(shops[PRO], now=now, email="SOLO@example.com")
    accounts(shops[PRO], ACCOUNTS)
    made.refresh_from_db()
    assert made.account is not None
    assert made.account.number == "77121"


def test_requests_filed_before_the_account_belong_to_it_too(shops: dict[str, Storefront], now: datetime) -> None:
    made = factories.order(shops[PRO], now=now, email="SOLO@example.com")
    request = factories.submitted(made, now=now)
    accounts(shops[PRO], ACCOUNTS)
    request.refresh_from_db()
    assert request.account is not None
    assert request.account.number == "77121"


def test_an_account_opened_here_for_a_guest_who_signed_up_becomes_the_shops(
    shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(shops[PRO], now=now, email="Solo@Example.com")
    solo = factories.person("solo@example.com")
    EmailAddress.objects.create(user=solo, email=solo.email, verified=True, primary=True)
    link_purchases(solo)
    assert solo.customer_accounts.get().number.startswith("WEB-")
    result = accounts(shops[PRO], "number,email,name,type,outstanding_balance\nP9,solo@example.com,Solo,business,40\n")
    assert str(result) == "0 created, 1 updated, 0 unchanged, 0 not taken"
    account = CustomerAccount.objects.get(storefront=shops[PRO])
    assert (account.number, account.user, account.type) == ("P9", solo, "business")
    assert account.outstanding_balance == Decimal(40)
    made.refresh_from_db()
    assert made.account == account


def test_an_account_opened_here_under_an_rma_number_becomes_the_shops(shops: dict[str, Storefront]) -> None:
    opened = factories.account(shops[PRO], number=new_rma_number(), email="Solo@example.com")
    elsewhere = factories.account(shops[SPA], number=new_rma_number(), email="solo@example.com")
    assert accounts(shops[PRO], ACCOUNTS).updated == 1
    opened.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (opened.number, opened.name) == ("77121", "Solo Studio")
    assert elsewhere.number.startswith("RMA-")


def test_another_account_of_the_shop_with_the_same_address_stays_its_own(shops: dict[str, Storefront]) -> None:
    factories.account(shops[PRO], number="A1", email="solo@example.com")
    assert accounts(shops[PRO], ACCOUNTS).created == 2


def test_an_account_that_moves_to_an_address_gets_the_orders_of_it(shops: dict[str, Storefront], now: datetime) -> None:
    accounts(shops[PRO], ACCOUNTS)
    made = factories.order(shops[PRO], now=now, email="new@example.com")
    accounts(shops[PRO], ACCOUNTS.replace("solo@", "new@"))
    made.refresh_from_db()
    assert made.account is not None
    assert made.account.number == "77121"


def test_characters_that_can_not_be_stored_become_spaces(shops: dict[str, Storefront]) -> None:
    assert accounts(shops[PRO], ACCOUNTS.replace("Solo Studio", "Solo\x00Studio\ud800")).problems == []
    assert CustomerAccount.objects.get(number="77121").name == "Solo Studio"


def test_an_account_whose_address_changes_loses_its_person(cast: Cast, shops: dict[str, Storefront]) -> None:
    account = cast.accounts[PRO]
    accounts(shops[PRO], f"number,email,name\n{account.number},new@example.com,Maya\n")
    account.refresh_from_db()
    assert (account.email, account.user) == ("new@example.com", None)


BAD_ACCOUNTS = {
    "no number": (",a@example.com,A,,,,", "number is empty"),
    "no address": ("1,,A,,,,", "email is empty"),
    "two addresses": ("1,a@example.com;b@example.com,A,,,,", "isn't an email address"),
    "header injection": ('1,"a@example.com\nBcc: b@example.com",A,,,,', "isn't an email address"),
    "unknown type": ("1,a@example.com,A,,,vip,", "type is “vip”"),
    "negative balance": ("1,a@example.com,A,,,,-1", "isn't an amount"),
    "a main contact without address": ("1,a@example.com,A,,Hana,,", "main_contact"),
    "a main contact too long": (f"1,a@example.com,A,,{'H' * 151} <h@example.com>,,", "longer than 150"),
    "an address too long": (f"1,a@{'e.' * 126}com,A,,,,", "email is longer than 254"),
    "a main contact's address too long": (f"1,a@example.com,A,,a@{'e.' * 126}com,,", "longer than 254"),
    "a balance beyond its column": ("1,a@example.com,A,,,,10000000000.00", "is more than 9999999999.99"),
    "a number of the portal's own": ("WEB-1,a@example.com,A,,,,", "the portal gives"),
}


@pytest.mark.parametrize("bad", BAD_ACCOUNTS)
def test_an_account_that_can_not_be_taken_is_one_clear_line(shops: dict[str, Storefront], bad: str) -> None:
    row, word = BAD_ACCOUNTS[bad]
    result = accounts(shops[PRO], ACCOUNTS + row + "\n")
    assert (result.created, len(result.problems)) == (2, 1)
    assert word in result.problems[0]


def test_the_commands_take_files(shops: dict[str, Storefront], tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    for name, text, slug in (("products", PRODUCTS, IMAGE), ("accounts", ACCOUNTS, PRO)):
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
        out = StringIO()
        call_command(f"import_{name}", str(path), storefront=slug, stdout=out)
        assert out.getvalue() == "2 created, 0 updated, 0 unchanged, 0 not taken\n"
        path.write_bytes(b"\xff\xfe")
        with pytest.raises(CommandError, match="UTF-8"):
            call_command(f"import_{name}", str(path), storefront=slug)
