"""Fixtures that every test may use: the moment, the storefronts, and a cast of people."""

import gc
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from accounts.models import User
from accounts.roles import Role
from returns.models import CustomerAccount, Storefront
from returns.models.storefronts import _terms_of
from tests import factories
from tests.kept import Kept

# How long an example takes says how busy the machine is; the benchmarks measure.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")

# Noon in New York on a Wednesday, a working day, days before Thanksgiving.
NOON = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)


def pytest_collection_finish() -> None:
    """What was collected lives to the end, so the garbage collector needn't look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def now() -> datetime:
    """The moment at which everything happens; a folder may have another one."""
    return NOON


@pytest.fixture(scope="session")
def kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Kept:
    """The storefronts and the cast as they are at `NOON`; making them anew costs more than many a test does."""
    with django_db_blocker.unblock():
        return Kept(shops=partial(factories.storefronts, NOON), cast=people)


@pytest.fixture
def copies(kept: Kept, db: None, now: datetime) -> dict[str, Any]:
    """Of the storefronts and the cast, without their rows; none for those who live at another moment."""
    _terms_of.cache_clear()  # one process, many databases with the same ids
    return kept.copies() if now == NOON else {}


@pytest.fixture
def shops(copies: dict[str, Any], kept: Kept, now: datetime) -> dict[str, Storefront]:
    """The three shipped storefronts by slug, each with its policy as version 1 and an address to ship to."""
    if not copies:
        return factories.storefronts(now)
    kept.put_back("shops")
    found: dict[str, Storefront] = copies["shops"]
    return found


@dataclass(frozen=True)
class Cast:
    """The people of the tests. Maya buys at every storefront, Otto too; Renee and Sam work for all of them.

    Mona manages all three; Lena is support at le petit spa only; Ada administers, and works for none.
    """

    maya: User
    otto: User
    renee: User
    sam: User
    mona: User
    lena: User
    ada: User
    accounts: dict[str, CustomerAccount]
    ottos: dict[str, CustomerAccount]


@pytest.fixture
def cast(copies: dict[str, Any], kept: Kept, shops: dict[str, Storefront]) -> Cast:
    """Customers with an account at every storefront, and staff."""
    if not copies:
        return people(shops)
    kept.put_back("cast")
    found: Cast = copies["cast"]
    return found


def people(shops: dict[str, Storefront]) -> Cast:
    """Everybody, made anew."""
    everywhere = list(shops.values())
    maya = factories.person("maya@example.com", name="Maya Brennan")
    otto = factories.person("otto@example.com", name="Otto Other")
    return Cast(
        maya=maya,
        otto=otto,
        renee=factories.person("renee@example.com", name="Renee Okafor", role=Role.SUPPORT, at=everywhere),
        sam=factories.person("sam@example.com", name="Sam Tran", role=Role.SUPPORT, at=everywhere),
        mona=factories.person("mona@example.com", name="Mona Meyer", role=Role.MANAGER, at=everywhere),
        lena=factories.person("lena@example.com", name="Lena Lind", role=Role.SUPPORT, at=[shops[factories.SPA]]),
        ada=factories.person("ada@example.com", name="Ada Adler", role=Role.ADMINISTRATOR),
        accounts={slug: factories.account(shop, user=maya) for slug, shop in shops.items()},
        ottos={slug: factories.account(shop, user=otto, name="Otto Other") for slug, shop in shops.items()},
    )


@pytest.fixture
def signed_in() -> "SignIn":
    """`signed_in(person)` gives a client with that person's session."""
    return SignIn()


class SignIn:
    """Makes clients for people."""

    def __call__(self, user: User) -> Client:
        """A client of its own, signed in as `user`."""
        client = Client()
        client.force_login(user)
        return client
