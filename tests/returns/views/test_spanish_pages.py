"""Every page a customer or guest can open, in Spanish: it answers, says that it is Spanish, and no English is left."""

from collections.abc import Iterator
from datetime import datetime
from pprint import pformat
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from returns.models import ReturnRequest, Storefront
from tests import access_world
from tests.access_world import Route, World, copy_of
from tests.conftest import Cast
from tests.mails import one_of_each
from tests.spanish import english, said

pytestmark = pytest.mark.django_db

FOR_STAFF = ("desk:", "reports:", "accounts:staff", "accounts:invited")
PAGES_OF_A_RETURN = [
    f"portal:{page}"
    for page in ("return", "slip", "slip_pdf", "settlement", "withdraw", "shipped", "return_photos", "difference")
]
SPANISH = {"Accept-Language": "es-US,es;q=0.9"}
# Names of shops, products and carriers, and what stands as it was written.
NAMES = (
    "IMAGE Skincare",
    "Vital C hydrating serum",
    "image-consumer",
    "English",
    "Facial cleanser",
    "Gift pouch",
    "le petit spa",
    "Is the seal unbroken?",
    "Is it sealed?",
    "The seals were broken.",
    "We looked again.",
    "We need the back of it, too.",
)


@pytest.fixture
def world(cast: Cast, shops: dict[str, Storefront], now: datetime) -> Iterator[World]:
    with time_machine.travel(now, tick=False):
        yield access_world.build(cast, shops, now)


def customers_routes() -> list[Route]:
    return [route for route in access_world.routes() if not route.name.startswith(FOR_STAFF)]


def open_page(browser: Client, route: Route, world: World) -> Any:
    return copy_of(browser).get(reverse(route.name, kwargs=world.arguments(route.takes)), headers=SPANISH, follow=True)


def left_in(response: Any, world: World) -> list[str]:
    """The English of an answer; nothing where it is no page."""
    assert response.status_code < 500
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    html = response.content.decode()
    assert not html or '<html lang="es"' in html
    return english(said(html), *NAMES, *world.shop.return_address.splitlines())


@pytest.mark.parametrize("role", ["anonymous", "guest", "owner"])
def test_every_page_is_spanish(world: World, role: str) -> None:
    left = {}
    for route in customers_routes():
        response = open_page(world.browsers[role], route, world)
        if found := left_in(response, world):
            left[route.name] = found
    assert not left, pformat(left, width=160)


@pytest.mark.parametrize("role", ["anonymous", "owner"])
def test_every_form_that_comes_back_is_spanish(world: World, role: str) -> None:
    left = {}
    for route in customers_routes():
        url = reverse(route.name, kwargs=world.arguments(route.takes))
        with transaction.atomic():
            response = copy_of(world.browsers[role]).post(url, {"body": "", "email": "?"}, headers=SPANISH)
            transaction.set_rollback(True)
        if found := left_in(response, world):
            left[route.name] = found
    assert not left, pformat(left, width=160)


def test_a_return_is_spanish_at_every_stage(
    cast: Cast, shops: dict[str, Storefront], now: datetime, world: World
) -> None:
    one_of_each(shops, cast, now)
    browser, left = world.browsers["owner"], {}
    for request in ReturnRequest.objects.filter(account__user=cast.maya).select_related("storefront"):
        for page in PAGES_OF_A_RETURN:
            url = reverse(page, args=[request.storefront.slug, request.reference])
            response = copy_of(browser).get(url, headers=SPANISH, follow=True)
            if found := left_in(response, world):
                left[f"{page} {request.status}"] = found
    assert not left, pformat(left, width=160)
