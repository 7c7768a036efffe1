"""Guest links: one order, by mail, for a week, and nothing that gives an order away (D7, B3-B9, E22)."""

import secrets
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from accounts.models import Attempt
from returns.models import GuestLink, Notification, Order, Storefront
from returns.services import guest_links
from returns.services.guest_links import TooManyLookups
from tests import factories

pytestmark = pytest.mark.django_db

EMAIL = "gia@example.com"
CLIENT = "203.0.113.7"


@pytest.fixture
def shop(shops: dict[str, Storefront]) -> Storefront:
    return shops[factories.IMAGE]


@pytest.fixture
def order(shop: Storefront, now: datetime) -> Order:
    return factories.order(shop, now=now, number="#1042", email=EMAIL)


@pytest.fixture
def link(order: Order, now: datetime) -> GuestLink:
    return guest_links.fresh_link_for(order, EMAIL, now=now)


def queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def ask(shop: Storefront, now: datetime, number: str = "#1042", email: str = EMAIL, client: str = CLIENT) -> None:
    guest_links.request_link(storefront=shop, order_number=number, email=email, client=client, now=now)


# ------------------------------------------------------------------------------------------------------ asking for one


@pytest.mark.parametrize("number", ["#1042", "1042", " # 10 42 ", "10-42"])
@pytest.mark.parametrize("email", [EMAIL, "GIA@Example.com", "  gia@example.com "])
def test_a_right_pair_gets_a_mail_however_it_is_written(
    shop: Storefront, order: Order, now: datetime, number: str, email: str
) -> None:
    ask(shop, now, number, email)
    row = Notification.objects.get()
    link = GuestLink.objects.get()
    assert (row.kind, row.recipient, row.context) == ("guest_link", EMAIL, {"link": str(link.pk)})
    assert (link.order, link.email, link.expires_at) == (order, EMAIL, now + timedelta(days=7))


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize(
    ("number", "email"),
    [
        ("#1043", EMAIL),
        ("#1042", "mia@example.com"),
        ("", EMAIL),
        ("#", EMAIL),
        ("#1042", "gia+x@example.com"),
        ("#1042", "gia@example.com,eve@example.com"),
    ],
)
def test_a_wrong_pair_gets_nothing(shop: Storefront, now: datetime, number: str, email: str) -> None:
    ask(shop, now, number, email)
    assert not Notification.objects.exists()
    assert not GuestLink.objects.exists()


@pytest.mark.usefixtures("order")
def test_the_number_counts_at_its_own_storefront_only(shops: dict[str, Storefront], now: datetime) -> None:
    ask(shops[factories.SPA], now)
    assert not Notification.objects.exists()


def test_the_address_of_the_customer_account_is_on_file_too(shop: Storefront, now: datetime) -> None:
    customer = factories.account(shop, email="studio@example.com")
    factories.order(shop, now=now, customer=customer, number="#77", email="")
    ask(shop, now, "77", "studio@example.com")
    assert Notification.objects.get().recipient == "studio@example.com"


def test_the_mail_goes_to_the_address_on_file_never_to_a_look_alike(shop: Storefront, now: datetime) -> None:
    factories.order(shop, now=now, number="#8", email="mike@example.org")
    ask(shop, now, "8", "miKe@example.org".replace("K", "\N{KELVIN SIGN}"))
    assert {row.recipient for row in Notification.objects.all()} <= {"mike@example.org"}


@pytest.mark.usefixtures("order")
def test_three_mails_an_hour_and_ten_a_day_reach_one_mailbox(shop: Storefront, now: datetime) -> None:
    for minute in range(0, 24 * 60, 10):
        # Another place each time: the mailbox is what is protected (B51).
        ask(shop, now + timedelta(minutes=minute), client=f"198.51.100.{minute // 10}")
    sent = sorted(Notification.objects.values_list("created_at", flat=True))
    assert len(sent) == 10
    assert all(later - first >= timedelta(hours=1) for first, later in zip(sent, sent[3:], strict=False))


@pytest.mark.usefixtures("order")
def test_spellings_of_one_mailbox_share_its_limit(shop: Storefront, now: datetime) -> None:
    for number, email in enumerate(["gia@example.com", "g.ia@example.com", "GIA+returns@example.com"] * 2):
        factories.order(shop, now=now, number=f"#9{number}", email=email)
        ask(shop, now, f"9{number}", email, client=f"198.51.100.{number}")
    assert Notification.objects.count() == 3


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_ten_look_ups_in_a_quarter_of_an_hour_are_enough_right_or_wrong(
    shop: Storefront, order: Order, now: datetime, email: str
) -> None:
    del order
    spelling = (text for _ in range(9) for text in (email, email.upper(), email.replace("@", "+x@")))
    for _ in range(10):
        ask(shop, now, email=next(spelling))
    with pytest.raises(TooManyLookups):
        ask(shop, now, email=next(spelling))
    ask(shop, now, email=email, client="198.51.100.1")  # somebody else's guessing keeps nobody out
    ask(shop, now + timedelta(minutes=16), email=email)


def test_fifty_look_ups_an_hour_from_one_place_are_enough(shop: Storefront, now: datetime) -> None:
    for number in range(50):
        ask(shop, now, str(number), f"person{number}@example.com")
    with pytest.raises(TooManyLookups):
        ask(shop, now, "50", "person50@example.com")
    ask(shop, now + timedelta(hours=1, seconds=1), "50", "person50@example.com")


def test_no_address_is_kept_by_the_limits_and_nothing_for_longer_than_needed(shop: Storefront, now: datetime) -> None:
    ask(shop, now)
    kept = " ".join(f"{attempt.limit} {attempt.bucket}" for attempt in Attempt.objects.all())
    assert EMAIL not in kept
    assert CLIENT not in kept
    ask(shop, now + timedelta(days=2))
    assert not Attempt.objects.filter(at__lt=now + timedelta(days=1)).exists()


@pytest.mark.usefixtures("order")
def test_right_and_wrong_pairs_cost_the_same_work(shop: Storefront, now: datetime) -> None:
    ask(shop, now, "1", "warm-up@example.com")
    wrong = queries(lambda: ask(shop, now, "2", "wrong@example.com"))
    right = queries(lambda: ask(shop, now))
    assert abs(right - wrong) <= 4
    for _ in range(3):
        ask(shop, now, client="198.51.100.1")
    more_than_the_mailbox_takes = queries(lambda: ask(shop, now, client="198.51.100.2"))
    assert abs(right - more_than_the_mailbox_takes) <= 4
    assert Notification.objects.count() == GuestLink.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_many_at_once_send_no_more_than_three_mails(shop: Storefront, order: Order, now: datetime) -> None:
    def attempt(turn: int) -> None:
        try:
            ask(shop, now, client=f"198.51.100.{turn}")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(attempt, range(12)))
    assert GuestLink.objects.filter(order=order).count() == 3


# ----------------------------------------------------------------------------------------------------------- its token


def test_the_token_names_its_link_and_has_256_bits_of_seal(link: GuestLink, shop: Storefront, now: datetime) -> None:
    token = guest_links.token_for(link)
    assert guest_links.read_token(token, storefront=shop, now=now) == link
    assert len(token) == 64
    assert token.isascii()


def test_the_mailed_address_begins_with_the_portals_own(link: GuestLink) -> None:
    url = guest_links.url_for(link)
    assert url == f"{settings.SITE_URL}/image-consumer/link/{guest_links.token_for(link)}/"


def test_another_key_makes_every_link_worthless(link: GuestLink, shop: Storefront, now: datetime) -> None:
    token = guest_links.token_for(link)
    with override_settings(LINK_KEY="another key, just as long as the first one was, or longer"):
        assert guest_links.read_token(token, storefront=shop, now=now) is None


def test_no_table_holds_a_token(order: Order, now: datetime, shop: Storefront) -> None:
    ask(shop, now)
    link = GuestLink.objects.get()
    token = guest_links.token_for(link)
    session = SessionStore()
    guest_links.open_link(link, session, now=now)
    session.save()
    seal = token[22:]
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            rows = f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s'  # noqa: S608  the database names it
            cursor.execute(rows, [f"%{seal}%"])
            assert cursor.fetchone() == (0,), table
    assert order.pk in guest_links.granted_orders(session, now=now)
    assert seal not in str(session.load())


def mangled(token: str) -> Iterator[str]:
    yield from ("", "x", token[:-1], token + "A", token[:-1] + "=", f"[{token}]", f" {token}", token + "\n")
    yield token.swapcase()
    yield token.replace("-", "+").replace("_", "/") + "=="
    yield token[32:] + token[:32]
    for place in range(64):
        yield token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]


def test_a_mangled_token_opens_nothing(link: GuestLink, shop: Storefront, now: datetime) -> None:
    for wrong in mangled(guest_links.token_for(link)):
        assert guest_links.read_token(wrong, storefront=shop, now=now) is None, wrong


def test_ten_thousand_guesses_open_nothing(link: GuestLink, shop: Storefront, now: datetime) -> None:
    right = guest_links.token_for(link)
    for _ in range(5_000):
        assert guest_links.read_token(secrets.token_urlsafe(48), storefront=shop, now=now) is None
        # Even who knows the link's id, and has only the seal to guess.
        assert guest_links.read_token(right[:20] + secrets.token_urlsafe(33), storefront=shop, now=now) is None


def test_tokens_of_different_links_have_nothing_in_common(order: Order, now: datetime) -> None:
    tokens = [guest_links.token_for(guest_links.fresh_link_for(order, EMAIL, now=now)) for _ in range(200)]
    assert len({token[22:] for token in tokens}) == 200


# --------------------------------------------------------------------------------------------------- how long it lives


def is_alive(link: GuestLink, shop: Storefront, now: datetime) -> bool:
    return guest_links.read_token(guest_links.token_for(link), storefront=shop, now=now) is not None


def test_it_lives_for_seven_days(link: GuestLink, shop: Storefront, now: datetime) -> None:
    assert is_alive(link, shop, now + timedelta(days=7, seconds=-1))
    assert not is_alive(link, shop, now + timedelta(days=7))


def test_it_opens_thirty_times(link: GuestLink, shop: Storefront, now: datetime) -> None:
    for _ in range(30):
        assert guest_links.open_link(link, SessionStore(), now=now) is not None
    assert guest_links.open_link(link, SessionStore(), now=now) is None
    assert not is_alive(link, shop, now)


def test_it_opens_at_its_own_storefront_only(link: GuestLink, shops: dict[str, Storefront], now: datetime) -> None:
    assert not is_alive(link, shops[factories.PRO], now)


def test_it_dies_when_revoked_with_the_sessions_it_opened(link: GuestLink, order: Order, now: datetime) -> None:
    session = SessionStore()
    guest_links.open_link(link, session, now=now)
    assert guest_links.granted_orders(session, now=now) == {order.pk}
    assert guest_links.revoke_links(order, now=now) == 1
    assert guest_links.granted_orders(session, now=now) == frozenset()
    assert not is_alive(link, order.storefront, now)


def test_it_dies_when_its_address_is_no_longer_the_orders(link: GuestLink, order: Order, now: datetime) -> None:
    session = SessionStore()
    guest_links.open_link(link, session, now=now)
    order.email = "somebody-else@example.com"
    order.save()
    assert not is_alive(link, order.storefront, now)
    assert guest_links.granted_orders(session, now=now) == frozenset()


def test_an_address_given_with_a_return_keeps_its_own_links(order: Order, now: datetime) -> None:
    filed = factories.submitted(order, now=now)
    filed.contact_email = "Gias-Work@example.com"
    filed.save()
    assert is_alive(guest_links.fresh_link_for(order, "gias-work@example.com", now=now), order.storefront, now)


# ---------------------------------------------------------------------------------------------------- what it lets see


def test_a_session_sees_the_one_order_of_the_link_it_opened_last(shop: Storefront, now: datetime) -> None:
    session = SessionStore()
    for number in ("#1", "#2"):
        order = factories.order(shop, now=now, number=number, email=EMAIL)
        guest_links.open_link(guest_links.fresh_link_for(order, EMAIL, now=now), session, now=now)
        assert guest_links.granted_orders(session, now=now) == {order.pk}


def test_the_grant_ends_with_the_link(link: GuestLink, order: Order, now: datetime) -> None:
    session = SessionStore()
    guest_links.open_link(link, session, now=now)
    assert guest_links.granted_orders(session, now=now + timedelta(days=6)) == {order.pk}
    assert guest_links.granted_orders(session, now=now + timedelta(days=7)) == frozenset()


def test_opening_gives_the_session_a_new_key(link: GuestLink, now: datetime) -> None:
    session = SessionStore()
    session["planted"] = "by somebody else"
    session.save()
    old = session.session_key
    guest_links.open_link(link, session, now=now)
    assert session.session_key != old
    assert not SessionStore().exists(old or "")


def test_a_session_without_a_grant_asks_the_database_nothing(now: datetime) -> None:
    session = SessionStore()
    assert queries(lambda: guest_links.granted_orders(session, now=now)) == 0


def test_an_unknown_link_in_a_session_grants_nothing(now: datetime) -> None:
    session = SessionStore()
    session[guest_links.SESSION_KEY] = str(uuid.uuid4())
    assert guest_links.granted_orders(session, now=now) == frozenset()
