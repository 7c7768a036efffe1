"""Every address × every role × GET and POST (reliability D4). An address without a row here fails.

The return in question is Maya's (owner), at IMAGE. Renee (support) and Mona (manager) work there, Lena works for
another storefront; Ada administers; Otto (other customer) buys at IMAGE too; the guest opened a link to the very order.

Each test tries all addresses in one world and undoes each attempt; what differs from the table is printed by address.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from returns.models import Storefront
from tests import access_world, factories
from tests.access_world import ROLES, Route, World, copy_of
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

# How an answer is written in the table.
OPEN, SIGN_IN, FORBIDDEN, NOT_THERE, NO_SUCH_METHOD = "+", "s", "x", "-", "m"


@dataclass(frozen=True)
class Row:
    """What each role gets, in the order of ROLES: + in, s sent to sign in, x 403, - 404, m 405.

    Seven columns leave out the administrator: 403 at desk and reports, and elsewhere as for support staff.
    """

    get: str
    post: str

    def of(self, name: str, method: str) -> str:
        """All eight columns."""
        row = str(getattr(self, method))
        if len(row.split()) == len(ROLES):
            return row
        return f"{row} {FORBIDDEN if name.startswith(('desk:', 'reports:')) else row.split()[SUPPORT]}"


SUPPORT = ROLES.index("support")
NEVER = "m m m m m m m"
#          A G O X S M E
PUBLIC = "+ + + + + + +"
PEOPLE = "s s + + + + +"
GUESTS = "+ + + + x x x"
OWN = "s + + - - - -"
CUSTOMERS = "s s + + - - -"
STAFF = "s s x x + + +"
AT_THIS_SHOP = "s s x x + + -"
ADMINISTRATORS = "s s x x x x x +"

TABLE: Mapping[str, Row] = {
    # --- accounts ---------------------- A G O X S M E          A G O X S M E
    "accounts:home": Row(get=PEOPLE, post="s s m m m m m"),
    "accounts:staff": Row(get=ADMINISTRATORS, post="s s x x x x x m"),
    "accounts:staff_invite": Row(get=ADMINISTRATORS, post=ADMINISTRATORS),
    "accounts:staff_person": Row(get=ADMINISTRATORS, post=ADMINISTRATORS),
    "accounts:staff_disable": Row(get=ADMINISTRATORS, post=ADMINISTRATORS),
    "accounts:staff_enable": Row(get=ADMINISTRATORS, post=ADMINISTRATORS),
    "accounts:staff_invite_again": Row(get=ADMINISTRATORS, post=ADMINISTRATORS),
    "accounts:invited": Row(get=PUBLIC, post=PUBLIC),
    "account_login": Row(get=PUBLIC, post=PUBLIC),
    "account_logout": Row(get=PUBLIC, post=PUBLIC),
    "account_signup": Row(get=PUBLIC, post=PUBLIC),
    "account_email_verification_sent": Row(get=PUBLIC, post=NEVER),
    "account_confirm_email": Row(get=PUBLIC, post=PUBLIC),
    "account_change_password": Row(get=PEOPLE, post=PEOPLE),
    "account_change_email": Row(get="s s + + x x x", post="s s + + x x x"),
    "account_change_email_sent": Row(get="s s + + x x x", post="s s m m m m m"),
    "account_confirm_new_email": Row(get=PUBLIC, post=PUBLIC),
    "account_reset_password": Row(get=PUBLIC, post=PUBLIC),
    "account_reset_password_done": Row(get=PUBLIC, post=NEVER),
    "account_reset_password_from_key": Row(get=PUBLIC, post=PUBLIC),
    "account_reset_password_from_key_done": Row(get=PUBLIC, post=NEVER),
    "language": Row(get=NEVER, post=PUBLIC),
    # --- portal ------------------------ A G O X S M E          A G O X S M E
    "portal:storefronts": Row(get=PUBLIC, post=NEVER),
    "portal:landing": Row(get=PUBLIC, post=NEVER),
    "portal:look": Row(get=PUBLIC, post=NEVER),
    "portal:policy": Row(get=PUBLIC, post=NEVER),
    "portal:policy_version": Row(get=PUBLIC, post=NEVER),
    "portal:start": Row(get=GUESTS, post=GUESTS),
    "portal:start_sent": Row(get=GUESTS, post="m m m m x x x"),
    "portal:link": Row(get="- + - - x x x", post="- + - - x x x"),
    "portal:link_again": Row(get=GUESTS, post=GUESTS),
    "portal:link_token": Row(get=GUESTS, post="m m m m x x x"),
    "portal:mail_choice": Row(get=PUBLIC, post=PUBLIC),
    "portal:account": Row(get=PEOPLE, post="s s m m m m m"),
    "portal:account_edit": Row(get=CUSTOMERS, post=CUSTOMERS),
    "portal:credit": Row(get=CUSTOMERS, post="s s m m m m m"),
    "portal:account_mail": Row(get=PEOPLE, post=PEOPLE),
    "portal:license": Row(get=CUSTOMERS, post=CUSTOMERS),
    "portal:orders": Row(get="s + + + + + +", post="s m m m m m m"),
    "portal:order": Row(get=OWN, post="s m m m m m m"),
    "portal:receipt": Row(get=OWN, post="s m m m m m m"),
    "portal:damage": Row(get=OWN, post=OWN),
    "portal:missing": Row(get=OWN, post=OWN),
    "portal:choose": Row(get=OWN, post=OWN),
    "portal:check": Row(get=OWN, post=OWN),
    "portal:draft_photos": Row(get=OWN, post=OWN),
    "portal:photo": Row(get=OWN, post="s m m m m m m"),
    "portal:photo_small": Row(get=OWN, post="s m m m m m m"),
    "portal:photo_remove": Row(get=OWN, post=OWN),
    "portal:returns": Row(get="s + + + + + +", post="s m m m m m m"),
    "portal:return": Row(get=OWN, post="s m m m m m m"),
    "portal:slip": Row(get=OWN, post="s m m m m m m"),
    "portal:slip_pdf": Row(get=OWN, post="s m m m m m m"),
    "portal:answer": Row(get=OWN, post=OWN),
    "portal:shipped": Row(get=OWN, post=OWN),
    "portal:tracking": Row(get=OWN, post=OWN),
    "portal:message": Row(get=OWN, post=OWN),
    "portal:difference": Row(get=OWN, post=OWN),
    "portal:settlement": Row(get=OWN, post="s m m m m m m"),
    "portal:withdraw": Row(get=OWN, post=OWN),
    "portal:return_photos": Row(get=OWN, post=OWN),
    # --- desk -------------------------- A G O X S M E          A G O X S M E
    "desk:queue": Row(get=STAFF, post="s s x x m m m"),
    "desk:previous": Row(get=AT_THIS_SHOP, post="s s x x m m m"),
    "desk:next": Row(get=AT_THIS_SHOP, post="s s x x m m m"),
    "desk:take_chosen": Row(get=STAFF, post=STAFF),
    "desk:hand_over_chosen": Row(get=STAFF, post=STAFF),
    "desk:csv": Row(get=STAFF, post="s s x x m m m"),
    "desk:view_new": Row(get=STAFF, post=STAFF),
    "desk:view": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:view_remove": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:find": Row(get=STAFF, post="s s x x m m m"),
    "desk:phone": Row(get=STAFF, post="s s x x m m m"),
    "desk:phone_order": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:receive": Row(get=STAFF, post="s s x x m m m"),
    "desk:holding": Row(get=STAFF, post="s s x x m m m"),
    "desk:hold": Row(get=STAFF, post=STAFF),
    "desk:held": Row(get=AT_THIS_SHOP, post="s s x x m m m"),
    "desk:held_try": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:held_end": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:held_photos": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:photo": Row(get=AT_THIS_SHOP, post="s s x x m m m"),
    "desk:photo_small": Row(get=AT_THIS_SHOP, post="s s x x m m m"),
    "desk:photos_add": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:photo_hide": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:customers": Row(get=STAFF, post="s s x x m m m"),
    "desk:account": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:licenses": Row(get=STAFF, post="s s x x m m m"),
    "desk:license": Row(get=AT_THIS_SHOP, post="s s x x m m m"),
    "desk:license_grant": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:license_refuse": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:register": Row(get=STAFF, post="s s x x m m m"),
    "desk:proposals": Row(get=STAFF, post="s s x x m m m"),
    "desk:payouts": Row(get=STAFF, post="s s x x m m m"),
    "desk:to_send": Row(get=STAFF, post="s s x x m m m"),
    "desk:payout": Row(get=AT_THIS_SHOP, post="s s x x m m m"),
    "desk:payout_sent": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:payout_confirmed": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:payout_failed": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:request": Row(get=AT_THIS_SHOP, post="s s x x m m m"),
    "desk:take": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:authorize": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:authorize_check": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:reject": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:redirect": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:ask": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:answer": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:message": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:withdraw": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:shipped": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:close_lost": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:difference": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:difference_answer": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:receive_package": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:receive_another": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:inspect": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:inspect_check": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:settle": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:settle_without_goods": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:extras": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:settle_propose": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:settle_refuse": Row(get="s s x x x + x", post="s s x x x + x"),
    "desk:send_goods": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:send_correct": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:mail_resend": Row(get=AT_THIS_SHOP, post=AT_THIS_SHOP),
    "desk:reopen": Row(get="s s x x x + -", post="s s x x x + -"),
    # --- reports ----------------------- A G O X S M E          A G O X S M E
    "reports:returns": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:credit": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:weekly": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:lines": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:exports": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:export_file": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:overview": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:reply_templates": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:reply_template_new": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:reply_template": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:reply_template_put_away": Row(get="s s x x x m x", post="s s x x x + x"),
    "reports:storefront": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:storefront_limit": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:storefront_limit_agree": Row(get="s s x x x m x", post="s s x x x + x"),
    "reports:storefront_limit_refuse": Row(get="s s x x x m x", post="s s x x x + x"),
    "reports:storefronts": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:storefront_new": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:storefront_settings": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:storefront_history": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:catalogue": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:products": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:product_new": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:products_file": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:product": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:policies": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:policy_new": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:policy": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:policy_edit": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:policy_words": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:policy_publish": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:policy_replay": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:policy_changed_csv": Row(get="s s x x x - x", post="s s x x x m x"),
    "reports:policy_drop": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:storefront_deadlines": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:mails": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:mail_lift": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:mail_resend": Row(get="s s x x x + x", post="s s x x x + x"),
    "reports:mail_catalogue": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:mail_sample": Row(get="s s x x x + x", post="s s x x x m x"),
    "reports:mail_sample_html": Row(get="s s x x x + x", post="s s x x x m x"),
}

ALL = {route.name: route for route in access_world.routes()}
IN_THE_TABLE = [route for name, route in sorted(ALL.items()) if name in TABLE]

# A session is written by a GET that remembers something for the next page; nothing else is.
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|TRUNCATE)(?!.{0,20}\"django_session\")", re.IGNORECASE)


@pytest.fixture
def world(cast: Cast, shops: dict[str, Storefront], now: datetime) -> Iterator[World]:
    with time_machine.travel(now, tick=False):
        yield access_world.build(cast, shops, now)


def address(route: Route, world: World, **instead: Any) -> str:
    return reverse(route.name, kwargs=world.arguments(route.takes) | instead)


def answer(response: Any) -> str:
    """The answer as the table writes it."""
    match response.status_code:
        case 403:
            return FORBIDDEN
        case 404:
            return NOT_THERE
        case 405:
            return NO_SUCH_METHOD
        case 302 if response.headers["Location"].startswith(f"{reverse(settings.LOGIN_URL)}?"):
            return SIGN_IN
        case status:
            assert status < 500, response.content
            return OPEN


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves the world as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answers(world: World, method: str) -> dict[str, str]:
    """What each role gets at each address, as the table writes it."""
    found: dict[str, list[str]] = {route.name: [] for route in IN_THE_TABLE}
    for route, role in product(IN_THE_TABLE, ROLES):
        with undone():
            url = address(route, world)
            found[route.name].append(answer(getattr(copy_of(world.browsers[role]), method)(url)))
    return {name: " ".join(each) for name, each in found.items()}


# --- the table -------------------------------------------------------------------------------------------------------


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(ALL) == set(TABLE)


def test_each_role_reads_what_the_table_says(world: World) -> None:
    assert answers(world, "get") == {name: row.of(name, "get") for name, row in TABLE.items() if name in ALL}


def test_each_role_writes_what_the_table_says(world: World) -> None:
    assert answers(world, "post") == {name: row.of(name, "post") for name, row in TABLE.items() if name in ALL}


def test_reading_changes_nothing(world: World) -> None:
    written = {}
    for route, (role, browser) in product(IN_THE_TABLE, world.browsers.items()):
        with undone():
            url = address(route, world)
            with CaptureQueriesContext(connection) as captured:
                browser.get(url)
                browser.head(url)
        if found := kept(query["sql"] for query in captured):
            written[f"{role} at {url}"] = found
    assert written == {}


@pytest.mark.django_db(transaction=True)
def test_pages_are_the_same_from_prepared_statements(world: World, settings: Settings) -> None:
    """Everywhere else tests read inside a transaction, where nothing is prepared."""
    routes = [route for route in IN_THE_TABLE if "mail_sample" not in route.name]  # made up anew each time
    asked = [(role, address(route, world)) for route in routes for role in READERS[route.name.split(":")[0]]]
    pages: list[dict[str, tuple[int, str]]] = []
    for is_on in (False, False, True):  # first what a session remembers for later pages
        settings.PREPARED_STATEMENTS = is_on
        pages.append({f"{role} at {url}": seen(world.browsers[role], url) for role, url in asked})
    _first, plain, prepared = pages
    assert {where: page for where, page in prepared.items() if page != plain[where]} == {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        [number] = cursor.fetchone() or [0]
    assert number > 20


READERS = defaultdict(lambda: ("owner", "support"), portal=("guest", "owner"), desk=("support",), reports=("manager",))
"""Who has something to see on the pages of each part of the site."""


def seen(browser: Client, url: str) -> tuple[int, str]:
    """The page, but for what is made by chance."""
    response = copy_of(browser).get(url)
    return response.status_code, CHANCE.sub("", response.getvalue().decode(errors="replace"))


CHANCE = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')


def kept(statements: Iterable[str]) -> list[str]:
    """The writes that stay: a sample of a mail is written about a return that is undone at once."""
    written: list[str] = []
    begun: list[tuple[str, int]] = []  # savepoints, and how much was written before each
    for sql in statements:
        verb, *_rest, name = sql.split() or ["", ""]
        if verb == "SAVEPOINT":
            begun.append((name, len(written)))
        elif sql.startswith("ROLLBACK TO"):
            del written[dict(begun)[name] :]
        elif WRITES.match(sql):
            written.append(sql)
    return written


def test_only_what_is_undone_counts_as_not_written() -> None:
    made, undone_again = "INSERT INTO a", "INSERT INTO b"
    assert kept([made, "SAVEPOINT x", undone_again, "ROLLBACK TO SAVEPOINT x", "RELEASE SAVEPOINT x"]) == [made]
    assert kept(["SAVEPOINT x", made, "RELEASE SAVEPOINT x"]) == [made]


# --- CSRF (B12) ------------------------------------------------------------------------------------------------------


def token_of(browser: Client) -> str:
    """The token of a form that this browser was shown."""
    page = browser.get(reverse("account_reset_password")).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1]


# Mail programs post there by themselves (RFC 8058); the token in the address is what a form's token is elsewhere.
FROM_NO_PAGE_OF_OURS = {"portal:mail_choice"}


def test_no_form_is_taken_without_the_token_of_its_own_browser(world: World) -> None:
    strangers = token_of(Client())
    taken = {}
    for role, browser in world.browsers.items():
        checked = copy_of(browser, checks_forms=True)
        own = {"csrfmiddlewaretoken": token_of(checked)}
        for route in IN_THE_TABLE:
            if route.name in FROM_NO_PAGE_OF_OURS:
                continue
            url = address(route, world)
            attempts = [
                checked.post(url),
                checked.post(url, {"csrfmiddlewaretoken": strangers}),
                checked.post(url, own, headers={"origin": "null"}),
                checked.post(url, own, headers={"origin": "https://evil.example"}),
            ]
            if (statuses := [response.status_code for response in attempts]) != [403] * 4:
                taken[f"{role} at {url}"] = statuses
    assert taken == {}


# --- what is not there, or not here (B1) -----------------------------------------------------------------------------

UNKNOWN = {
    "slug": "nowhere",
    "reference": "ZZZZ-ZZZZ",
    "public_id": "00000000-0000-4000-8000-000000000000",
    "number": 99,
    "mark": "000000000000",
    "sku": "NOWHERE",
    "token": "A" * 64,
    "mail_token": "A" * 64,
    "address_token": "A" * 64,
    "invitation_token": "A" * 64,
    "person_id": "00000000-0000-4000-8000-000000000000",
    "account_id": "00000000-0000-4000-8000-000000000000",
    "held_id": "00000000-0000-4000-8000-000000000000",
    "template_id": "00000000-0000-4000-8000-000000000000",
    "license_id": "00000000-0000-4000-8000-000000000000",
    "settlement_id": "00000000-0000-4000-8000-000000000000",
    "view_id": "00000000-0000-4000-8000-000000000000",
    "mail_id": "00000000-0000-4000-8000-000000000000",
    "export_id": "00000000-0000-4000-8000-000000000000",
    "kind": "nothing",
    "uidb36": "zzzz",
    "key": "x-y",
    "photo": "00000000-0000-4000-8000-000000000000",
}


def test_what_is_not_there_is_a_404_for_whoever_could_see_it(world: World) -> None:
    seen = {}
    for route, method in product(IN_THE_TABLE, ("get", "post")):
        row = TABLE[route.name].of(route.name, method).split()
        for part, (role, expected) in product(route.takes, zip(ROLES, row, strict=True)):
            with undone():
                url = address(route, world, **{part: UNKNOWN[part]})
                got = answer(getattr(copy_of(world.browsers[role]), method)(url))
            if got not in {NOT_THERE, expected} - {OPEN}:
                seen[f"{role}: {method} {url}"] = got
    assert seen == {}


OF_ONE_STOREFRONT = {"public_id", "reference", "photo", "token", "mail_token"}


def test_an_order_is_not_there_under_another_storefronts_address(world: World) -> None:
    seen = {}
    for route in IN_THE_TABLE:
        if "slug" in route.takes and OF_ONE_STOREFRONT & set(route.takes):
            url = address(route, world, slug=factories.SPA)
            for role, browser in world.browsers.items():
                if answer(browser.get(url)) == OPEN:
                    seen[f"{role} at {url}"] = OPEN
    assert seen == {}


# --- rights that end in mid-session (B35) ----------------------------------------------------------------------------


def reaches(browser: Client, name: str, world: World) -> str:
    return answer(browser.get(address(ALL[name], world)))


def test_who_leaves_a_storefront_sees_nothing_of_it_at_the_next_request(world: World) -> None:
    support = world.browsers["support"]
    assert reaches(support, "desk:request", world) == OPEN
    world.people.renee.memberships.filter(storefront=world.shop).delete()
    assert reaches(support, "desk:request", world) == NOT_THERE


def test_who_is_staff_no_longer_is_kept_out_at_the_next_request(world: World) -> None:
    support = world.browsers["support"]
    User.objects.filter(pk=world.people.renee.pk).update(role="customer")
    assert reaches(support, "desk:queue", world) == FORBIDDEN


def test_who_manages_no_longer_sees_no_report_at_the_next_request(world: World) -> None:
    manager = world.browsers["manager"]
    assert reaches(manager, "reports:overview", world) == OPEN
    User.objects.filter(pk=world.people.mona.pk).update(role="support")
    assert reaches(manager, "reports:overview", world) == FORBIDDEN
    assert reaches(manager, "desk:queue", world) == OPEN


def test_who_is_disabled_is_a_stranger_at_the_next_request(world: World) -> None:
    for role, person in (("support", world.people.renee), ("owner", world.people.maya)):
        User.objects.filter(pk=person.pk).update(is_active=False)
        assert reaches(world.browsers[role], "account_change_password", world) == SIGN_IN
