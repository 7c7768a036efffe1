"""Who may change the limit above which a settlement takes two, and who hears of it."""

from datetime import datetime
from decimal import Decimal

import pytest

from accounts.models import User
from accounts.roles import Role
from returns.letters import NoLongerTrue, letter_of
from returns.models import LimitRaise, Notification, Storefront, StorefrontChange
from returns.services import limits
from returns.services.errors import AlreadyDecided, Refused
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(shops: dict[str, Storefront]) -> Storefront:
    return shops[IMAGE]


@pytest.fixture
def nora(shop: Storefront) -> User:
    """A second manager of IMAGE."""
    return factories.person("nora@example.com", name="Nora Nash", role=Role.MANAGER, at=[shop])


def limit(shop: Storefront) -> Decimal:
    return Storefront.objects.get(pk=shop.pk).second_person_above


def owed() -> list[Notification]:
    """In the order of what they tell: their own keys are random."""
    return list(Notification.objects.filter(kind="limit_changed").order_by("created_at", "context__change"))


def mails() -> list[tuple[str, str]]:
    return [(row.recipient, row.context["step"]) for row in owed()]


def test_a_lower_limit_holds_at_once_and_the_other_managers_hear_of_it(
    shop: Storefront, cast: Cast, nora: User, now: datetime
) -> None:
    assert limits.ask_for_limit(storefront=shop, amount=Decimal(50), by=cast.mona, now=now)
    assert limit(shop) == Decimal(50)
    assert mails() == [(nora.email, "changed")]


def test_a_manager_who_raises_it_settles_and_sets_it_back_gains_nothing(
    shop: Storefront, cast: Cast, nora: User, now: datetime
) -> None:
    before = limit(shop)
    assert not limits.ask_for_limit(storefront=shop, amount=Decimal(9000), by=cast.mona, now=now)
    with pytest.raises(Refused, match="You asked for it"):
        limits.agree_to_limit(storefront=shop, amount=Decimal(9000), by=cast.mona, now=now)
    assert limit(shop) == before
    # Lowered first, it can't be set back alone either.
    limits.ask_for_limit(storefront=shop, amount=Decimal(10), by=cast.mona, now=now)
    assert not limits.ask_for_limit(storefront=shop, amount=before, by=cast.mona, now=now)
    assert limit(shop) == Decimal(10)


def test_a_higher_limit_holds_once_another_manager_agrees_to_the_very_amount(
    shop: Storefront, cast: Cast, nora: User, now: datetime
) -> None:
    limits.ask_for_limit(storefront=shop, amount=Decimal(500), by=cast.mona, now=now)
    with pytest.raises(Refused, match="Another limit"):
        limits.agree_to_limit(storefront=shop, amount=Decimal(400), by=nora, now=now)
    limits.agree_to_limit(storefront=shop, amount=Decimal(500), by=nora, now=now)
    assert limit(shop) == Decimal(500)
    assert not LimitRaise.objects.exists()
    assert mails() == [(nora.email, "asked"), (cast.mona.email, "changed")]
    kept = StorefrontChange.objects.filter(storefront=shop).order_by("id").values_list("about", "after", "actor")
    assert list(kept) == [(limits.ABOUT_ASKED, "500.00", cast.mona.pk), (limits.ABOUT, "500.00", nora.pk)]
    with pytest.raises(AlreadyDecided):
        limits.agree_to_limit(storefront=shop, amount=Decimal(500), by=nora, now=now)


def test_it_is_not_agreed_to_or_taken_back(shop: Storefront, cast: Cast, nora: User, now: datetime) -> None:
    before = limit(shop)
    for who, answer in ((nora, "not agreed to"), (cast.mona, "taken back")):
        limits.ask_for_limit(storefront=shop, amount=Decimal(500), by=cast.mona, now=now)
        limits.refuse_limit(storefront=shop, by=who, now=now)
        assert limit(shop) == before
        assert StorefrontChange.objects.latest("id").after == answer
    with pytest.raises(AlreadyDecided):
        limits.refuse_limit(storefront=shop, by=nora, now=now)


def test_a_limit_that_is_not_raised_ends_what_was_asked_for_and_says_so(
    shop: Storefront, cast: Cast, nora: User, now: datetime
) -> None:
    in_force = limit(shop)
    limits.ask_for_limit(storefront=shop, amount=Decimal(500), by=cast.mona, now=now)
    assert limits.ask_for_limit(storefront=shop, amount=in_force, by=nora, now=now)
    last = StorefrontChange.objects.latest("id")
    assert (last.about, last.before, last.after) == (limits.ABOUT_ASKED, "500.00", "not agreed to")
    assert mails() == [(nora.email, "asked"), (cast.mona.email, "refused")]
    limits.ask_for_limit(storefront=shop, amount=Decimal(500), by=cast.mona, now=now)
    assert limits.ask_for_limit(storefront=shop, amount=Decimal(10), by=cast.mona, now=now)
    kept = StorefrontChange.objects.filter(storefront=shop).order_by("id").values_list("about", "after")
    assert list(kept)[-2:] == [(limits.ABOUT_ASKED, "taken back"), (limits.ABOUT, "10.00")]
    assert mails()[2:] == [(nora.email, "asked"), (nora.email, "changed")]
    assert not LimitRaise.objects.exists()


def test_only_its_managers_set_the_limit_of_a_storefront(
    shop: Storefront, cast: Cast, nora: User, now: datetime
) -> None:
    elsewhere = factories.person("else@example.com", name="Elsa Else", role=Role.MANAGER, at=[])
    limits.ask_for_limit(storefront=shop, amount=Decimal(500), by=cast.mona, now=now)
    for person in (cast.renee, cast.ada, elsewhere):
        with pytest.raises(Refused, match="manager"):
            limits.ask_for_limit(storefront=shop, amount=Decimal(1), by=person, now=now)
        with pytest.raises(Refused, match="manager"):
            limits.agree_to_limit(storefront=shop, amount=Decimal(500), by=person, now=now)


def test_the_mail_says_what_it_was_what_is_asked_for_and_by_whom(
    shop: Storefront, cast: Cast, nora: User, now: datetime
) -> None:
    limits.ask_for_limit(storefront=shop, amount=Decimal(500), by=cast.mona, now=now)
    asked = Notification.objects.get(kind="limit_changed")
    facts = dict(letter_of(asked, now=now)["facts"])
    assert (facts["In force"], facts["Asked for"], facts["By"]) == ("$200.00", "$500.00", "Mona Meyer")
    limits.refuse_limit(storefront=shop, by=nora, now=now)
    refused = owed()[-1]
    assert dict(letter_of(refused, now=now)["facts"])["Answer"] == "not agreed to"
    with pytest.raises(NoLongerTrue):
        letter_of(asked, now=now)
    User.objects.filter(pk=cast.mona.pk).update(is_active=False)
    with pytest.raises(NoLongerTrue):
        letter_of(refused, now=now)
