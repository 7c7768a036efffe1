"""Storefronts from their files: once, apart from help that an older database lacks."""

from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command

from returns.models import Storefront
from tests.factories import IMAGE, PRO

pytestmark = pytest.mark.django_db


def said() -> str:
    out = StringIO()
    call_command("setup_storefronts", stdout=out)
    return out.getvalue()


def test_a_storefront_without_help_topics_gets_those_of_its_file(shops: dict[str, Storefront], now: datetime) -> None:
    del now
    Storefront.objects.filter(pk=shops[IMAGE].pk).update(help_topics=[], phone="1-800-555-0199")
    assert f"{IMAGE}: is there already, its help topics were added" in said()
    again = Storefront.objects.get(pk=shops[IMAGE].pk)
    assert again.help_topics == shops[IMAGE].help_topics != []
    assert again.phone == "1-800-555-0199"
    assert f"{IMAGE}: is there already, left as it is" in said()


def test_topics_of_its_own_are_left_alone(shops: dict[str, Storefront]) -> None:
    own = [{"title": "Gifts", "text": "We wrap them.", "places": ["landing"]}]
    Storefront.objects.filter(pk=shops[IMAGE].pk).update(help_topics=own)
    said()
    assert Storefront.objects.get(pk=shops[IMAGE].pk).help_topics == own


def test_a_storefront_without_account_types_gets_those_it_ships_with(shops: dict[str, Storefront]) -> None:
    shipped = {slug: shop.account_types for slug, shop in shops.items()}
    assert any(shipped.values())
    assert not all(shipped.values())
    Storefront.objects.update(account_types=[])
    words = said()
    assert f"{PRO}: is there already, its account types were added" in words
    assert {shop.slug: shop.account_types for shop in Storefront.objects.all()} == shipped
    Storefront.objects.filter(slug=PRO).update(account_types=["business"])
    said()
    assert Storefront.objects.get(slug=PRO).account_types == ["business"]
