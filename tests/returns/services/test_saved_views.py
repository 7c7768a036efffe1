"""Saved views: whose they are, who may change them, and two people at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection

from accounts.models import User
from returns.domain.queue import Criteria
from returns.models import SavedView, Storefront
from returns.services import saved_views
from returns.services.errors import Refused
from returns.services.saved_views import NameTaken, ViewChanged
from returns.viewer import Viewer
from tests.conftest import Cast
from tests.factories import IMAGE, SPA

LATE = Criteria(owner="me", due="overdue", sort="oldest")


def saved(person: User, now: datetime, name: str = "Late", shared_at: Storefront | None = None) -> SavedView:
    return saved_views.save(person=person, name=name, criteria=LATE, now=now, shared_at=shared_at)


@pytest.mark.django_db
class TestWhoSeesAndChanges:
    """Personal and shared views."""

    def test_a_personal_view_is_seen_by_nobody_else(self, cast: Cast, now: datetime) -> None:
        view = saved(cast.renee, now)
        assert Criteria.read(view.filter, []) == LATE
        for person, seen in ((cast.renee, [view]), (cast.sam, []), (cast.mona, []), (cast.maya, [])):
            assert list(SavedView.objects.visible_to(Viewer(person))) == seen

    def test_a_shared_view_is_seen_by_who_works_there(
        self, cast: Cast, shops: dict[str, Storefront], now: datetime
    ) -> None:
        view = saved(cast.renee, now, shared_at=shops[IMAGE])
        for person, seen in ((cast.sam, [view]), (cast.mona, [view]), (cast.lena, []), (cast.maya, [])):
            assert list(SavedView.objects.visible_to(Viewer(person))) == seen

    def test_everybody_changes_their_own_and_managers_the_shared_ones(
        self, cast: Cast, shops: dict[str, Storefront], now: datetime
    ) -> None:
        own, shared = saved(cast.renee, now), saved(cast.renee, now, shared_at=shops[IMAGE])
        for view, person in ((own, cast.sam), (own, cast.mona), (shared, cast.sam), (shared, cast.lena)):
            with pytest.raises(Refused):
                saved_views.rename(view=view, name="Mine", by=person)
            with pytest.raises(Refused):
                saved_views.remove(view=view, by=person)
        saved_views.rename(view=shared, name="Very late", by=cast.mona)
        saved_views.rename(view=own, name="Very late", by=cast.renee)
        assert set(SavedView.objects.values_list("name", flat=True)) == {"Very late"}

    def test_nobody_shares_where_they_do_not_work(
        self, cast: Cast, shops: dict[str, Storefront], now: datetime
    ) -> None:
        with pytest.raises(Refused, match="don't work"):
            saved(cast.lena, now, shared_at=shops[IMAGE])

    def test_a_name_is_there_once_for_a_person_and_once_at_a_storefront(
        self, cast: Cast, shops: dict[str, Storefront], now: datetime
    ) -> None:
        saved(cast.renee, now)
        saved(cast.sam, now, "LATE")
        saved(cast.renee, now, shared_at=shops[IMAGE])
        saved(cast.renee, now, shared_at=shops[SPA])
        for person, shop in ((cast.renee, None), (cast.sam, shops[IMAGE])):
            with pytest.raises(NameTaken, match="late"):
                saved(person, now, "late", shop)

    def test_there_are_only_so_many(self, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(saved_views, "MOST", 2)
        for number in range(2):
            saved(cast.renee, now, f"View {number}")
        with pytest.raises(Refused, match="Remove one first"):
            saved(cast.renee, now, "One more")

    def test_who_was_shown_another_name_changes_nothing(self, cast: Cast, now: datetime) -> None:
        shown = saved(cast.renee, now)
        saved_views.rename(view=SavedView.objects.get(), name="Later", by=cast.renee)
        for act in (
            lambda: saved_views.rename(view=shown, name="Latest", by=cast.renee),
            lambda: saved_views.remove(view=shown, by=cast.renee),
        ):
            with pytest.raises(ViewChanged, match="“Later”"):
                act()
        assert SavedView.objects.get().name == "Later"


# ------------------------------------------------------------------------------------------------------- two at a time


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Let everybody begin at the same moment; their results, or the errors they raised."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return act()
        except Exception as error:  # noqa: BLE001  whatever it is, the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_rename_and_remove_a_shared_view_one_is_first(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    for number in range(5):
        view = saved(cast.renee, now, f"Late {number}", shops[IMAGE])
        shown = [SavedView.objects.get(pk=view.pk) for _ in range(3)]
        results = at_once(
            lambda shown=shown: saved_views.rename(view=shown[0], name="Ours", by=cast.renee),  # type: ignore[misc]
            lambda shown=shown: saved_views.rename(view=shown[1], name="Theirs", by=cast.mona),  # type: ignore[misc]
            lambda shown=shown: saved_views.remove(view=shown[2], by=cast.mona),  # type: ignore[misc]
        )
        losers = [result for result in results if isinstance(result, Exception)]
        assert len(losers) == 2, results
        assert all(isinstance(loser, ViewChanged) for loser in losers), losers
        SavedView.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_one_name_one_is_first(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    people = [cast.renee, cast.sam, cast.mona]
    results = at_once(*(lambda one=one: saved(one, now, shared_at=shops[IMAGE]) for one in people))
    assert sum(isinstance(result, SavedView) for result in results) == 1, results
    assert sum(isinstance(result, NameTaken) for result in results) == 2, results


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_believe_they_were_first(
    cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: the same service, which reads without a lock, and both have read before either writes."""
    view = saved(cast.renee, now, shared_at=shops[IMAGE])
    everybody_has_read = threading.Barrier(2)

    def unlocked(view: SavedView, by: User) -> SavedView:
        held = SavedView.objects.get(pk=view.pk)
        assert held.name == view.name
        everybody_has_read.wait(timeout=30)
        return held

    monkeypatch.setattr(saved_views, "_held", unlocked)
    results = at_once(
        lambda: saved_views.rename(view=view, name="Ours", by=cast.renee),
        lambda: saved_views.rename(view=view, name="Theirs", by=cast.mona),
    )
    assert all(isinstance(result, SavedView) for result in results), results
