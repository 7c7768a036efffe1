"""Fixtures that every test may use: the moment, the storefronts, and a cast of people."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from returns.models import CustomerAccount, Storefront
from tests import factories


@pytest.fixture
def now() -> datetime:
    """Noon in New York on Wednesday, November 18, 2026: a working day, days before Thanksgiving."""
    return datetime(2026, 11, 18, 17, 0, tzinfo=UTC)


@pytest.fixture
def shops(db: None, now: datetime) -> dict[str, Storefront]:
    """The three shipped storefronts by slug, each with its policy as version 1 and an address to ship to."""
    return factories.storefronts(now)


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
def cast(shops: dict[str, Storefront]) -> Cast:
    """Customers with an account at every storefront, and staff."""
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
