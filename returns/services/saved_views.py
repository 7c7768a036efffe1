"""Saved views of the queue: save, rename, remove. Everybody their own; managers also those shared at a storefront."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from returns.domain.queue import Criteria
from returns.models import SavedView, Storefront
from returns.services.errors import Refused
from returns.viewer import Viewer

MOST = 30
"""Views a person may have, and as many may be shared at a storefront: all of them are counted on every page."""


class NameTaken(Refused):
    """There is a view of this name already."""


class ViewChanged(Refused):
    """Somebody else renamed or removed it since it was shown."""


def save(
    *, person: User, name: str, criteria: Criteria, now: datetime, shared_at: Storefront | None = None
) -> SavedView:
    """Save criteria under a name, for oneself or for all who work for a storefront. Raises NameTaken or Refused."""
    staffed = Storefront.objects.staffed_by(Viewer(person))
    if shared_at is not None and not staffed.filter(pk=shared_at.pk).exists():
        raise Refused("You don't work for this storefront.")
    with transaction.atomic():
        alike = SavedView.objects.filter(shared_at=shared_at)
        alike = alike.filter(person=person) if shared_at is None else alike
        if alike.count() >= MOST:
            raise Refused(f"There are {MOST} of them already. Remove one first.", field="name")
        view = SavedView(person=person, shared_at=shared_at, name=name, filter=criteria.as_data(), created_at=now)
        return _stored(view)


def rename(*, view: SavedView, name: str, by: User) -> SavedView:
    """Give it another name. Raises NameTaken, or ViewChanged where it isn't as `view` was read any more."""
    with transaction.atomic():
        held = _held(view, by)
        held.name = name
        return _stored(held)


def remove(*, view: SavedView, by: User) -> None:
    """Take it away. Raises ViewChanged where it isn't as `view` was read any more."""
    with transaction.atomic():
        _held(view, by).delete()


def _held(view: SavedView, by: User) -> SavedView:
    """The view under its lock, if it still is what the person was shown, and theirs to change."""
    held = SavedView.objects.select_for_update(of=("self",)).filter(pk=view.pk).first()
    if held is None:
        raise ViewChanged(f"Somebody removed “{view.name}” meanwhile.")
    if held.name != view.name:
        raise ViewChanged(f"Somebody renamed “{view.name}” to “{held.name}” meanwhile. You changed nothing.")
    if not SavedView.objects.changeable_by(Viewer(by)).filter(pk=view.pk).exists():
        raise Refused("Only who saved it, or a manager of the storefront, may change it.")
    return held


def _stored(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise NameTaken(f"There is a view called “{view.name}” already. Choose another name.", field="name") from error
    return view
