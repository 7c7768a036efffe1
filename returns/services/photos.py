"""Photos of drafts, requests, licenses and held packages: add, describe, remove, hide, hand over.

What arrives here is a Picture already: drawn anew, without metadata (returns/pictures.py). Its files are written first
and removed where the row doesn't come; a process that dies between the two leaves files that the sweep removes (C24).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from returns.domain.workflow import Status
from returns.models import Draft, HeldPackage, License, Message, OrderLine, Photo, ReturnRequest
from returns.picture_files import Kept
from returns.pictures import CONTENT_TYPE, Picture
from returns.services import transition
from returns.services.errors import Refused
from returns.services.photo_files import Files, files_of
from returns.services.photo_limits import refuse_flood
from returns.services.transition import By

Owner = Draft | ReturnRequest | License | HeldPackage

MOST_PHOTOS = 8
"""Photos of customers for a request, its draft included; staff may add as many of their own."""

DECLARABLE = frozenset({Status.SUBMITTED, Status.IN_REVIEW, Status.INFORMATION_REQUESTED})
"""While customers may add and remove photos of a request, and staff may on their behalf (D4)."""
FINDABLE = frozenset({Status.RECEIVED, Status.INSPECTED, Status.DIFFERENCE_SENT})
"""While staff add photos of what they found."""


# ----------------------------------------------------------------------------------------------------------------- add


class About(TypedDict, total=False):
    """What photos are about: the product they show, when they were taken, a caption, the message they came with."""

    order_line: OrderLine | None
    stage: str
    caption: str
    message: Message | None


def add(*, owner: Owner, upload: Picture, by: By, now: datetime, **about: Unpack[About]) -> Photo:
    """Add one photo. Raises Refused as `add_all` does."""
    (photo,) = add_all(owner=owner, uploads=[upload], by=by, now=now, **about)
    return photo


def add_all(
    *,
    owner: Owner,
    uploads: Sequence[Picture],
    by: By,
    now: datetime,
    **about: Unpack[About],
) -> list[Photo]:
    """Add photos, all or none. One that is there already isn't added twice.

    Raises Refused where the request doesn't take photos any more, where there would be more than MOST_PHOTOS or more
    than a person may add in a day, and where the disk can't take them.
    """
    with files_of(uploads) as files:
        return add_kept(owner=owner, files=files, by=by, now=now, **about)


def add_kept(
    *,
    owner: Owner,
    files: Files,
    by: By,
    now: datetime,
    order_line: OrderLine | None = None,
    stage: str = Photo.DECLARED,
    caption: str = "",
    message: Message | None = None,
) -> list[Photo]:
    """As `add_all`, for a step that locks more than the photos' owner: its files are written before, by `files_of`."""
    if not files.kept:
        return []
    with _held(owner) as held:
        _refuse_at_this_stage(held, stage, by)
        _refuse_foreign_line(held, order_line)
        _refuse_hidden(held, files, by)
        there = {photo.sha256: photo for photo in _counted(held, by)}
        new = {picture.sha256: (picture, kept) for picture, kept in files.kept if picture.sha256 not in there}
        if len(there) + len(new) > MOST_PHOTOS:
            raise Refused(too_many_sentence(), field="photos")
        refuse_flood(len(new), order_id=_order_id(held), by=by, now=now)
        for picture, kept in new.values():
            there[picture.sha256] = Photo.objects.create(
                **_owned_by(held),
                **_facts(picture, kept),
                order_line=order_line,
                message=message,
                stage=stage,
                from_staff=by.is_staff,
                uploaded_by=by.user,
                caption=_caption(caption),
                at=now,
            )
        _record(held, "photos_added", [there[sha256] for sha256 in new], by, now)
        files.taken.extend(kept for _picture, kept in new.values())
    return [there[picture.sha256] for picture, _kept in files.kept]


def _facts(picture: Picture, kept: Kept) -> dict[str, Any]:
    return {
        "file": kept.large,
        "thumbnail": kept.small,
        "content_type": CONTENT_TYPE,
        "width": picture.width,
        "height": picture.height,
        "size": len(picture.large),
        "sha256": picture.sha256,
    }


@contextmanager
def _held(owner: Owner) -> Iterator[Owner]:
    """The owner under its row lock: whoever adds photos to the same one waits, so that nobody miscounts (B21)."""
    if isinstance(owner, ReturnRequest):
        with transition.locked(owner.pk) as request:
            yield request
        return
    with transaction.atomic():
        held = _rows_of(owner).select_for_update(of=("self",), no_key=True).filter(pk=owner.pk).first()
        if held is None:
            raise Refused(_("This was sent meanwhile. Add photos to the return itself."), field="photos")
        yield held


def _rows_of(owner: Draft | License | HeldPackage) -> QuerySet[Any]:
    match owner:
        case Draft():
            return Draft.objects.all()
        case License():
            return License.objects.select_related("account")
        case _:
            return HeldPackage.objects.all()


def _refuse_at_this_stage(owner: Owner, stage: str, by: By) -> None:
    if isinstance(owner, ReturnRequest):
        takes = DECLARABLE | FINDABLE if by.is_staff and stage == Photo.FOUND else DECLARABLE
        if Status(owner.status) not in takes:
            raise Refused(
                _("%(number)s has moved on and takes no photos any more.") % {"number": owner.number}, field="photos"
            )
    if isinstance(owner, License) and owner.state != License.WAITING:
        raise Refused(_("This license was decided already."), field="photos")
    if (stage == Photo.FOUND or isinstance(owner, HeldPackage)) and not by.is_staff:
        raise Refused(_("You may not do this."))


def _refuse_foreign_line(owner: Owner, line: OrderLine | None) -> None:
    if line is not None and line.order_id != _order_id(owner):
        raise Refused(_("One of the products isn't part of this order."))


def _refuse_hidden(owner: Owner, files: Files, by: By) -> None:
    """What staff hid doesn't come back by being sent again."""
    sent = [picture.sha256 for picture, _kept in files.kept]
    hidden = Photo.objects.filter(**_owned_by(owner), hidden_at__isnull=False, sha256__in=sent)
    if not by.is_staff and hidden.exists():
        raise Refused(_("We hid this photo, so it can't be sent again. Choose another one."), field="photos")


def left(owner: Owner, by: By) -> int:
    """How many photos customers, or staff, may still add. Hidden ones don't count: they can be replaced."""
    return max(0, MOST_PHOTOS - _counted(owner, by).count())


def _counted(owner: Owner, by: By) -> QuerySet[Photo]:
    return Photo.objects.filter(**_owned_by(owner), from_staff=by.is_staff).shown()


def too_many_sentence() -> str:
    """Why there can't be more."""
    return _("At most %(most)s photos. Remove one to add another.") % {"most": MOST_PHOTOS}


def _order_id(owner: Owner) -> int | None:
    return None if isinstance(owner, License | HeldPackage) else owner.order_id


def _owned_by(owner: Owner) -> dict[str, Owner]:
    match owner:
        case Draft():
            return {"draft": owner}
        case License():
            return {"license": owner}
        case HeldPackage():
            return {"held": owner}
        case _:
            return {"request": owner}


def _owner_of(photo: Photo) -> Owner:
    owner = photo.draft or photo.request or photo.license or photo.held
    assert owner is not None, "the database keeps it so"  # noqa: S101
    return owner


def _caption(text: str) -> str:
    return " ".join(text.split())[:120]


def _record(owner: Owner, action: str, photos: Sequence[Photo], by: By, now: datetime) -> None:
    """An event of the request's history: ids only, no text."""
    if isinstance(owner, ReturnRequest) and photos:
        data = {"photos": [str(photo.public_id) for photo in photos]}
        transition.record(owner, action, by=by, now=now, data=data)


# ----------------------------------------------------------------------------------------------- describe, remove, hide


def describe(*, photo: Photo, caption: str, order_line: OrderLine | None, by: By) -> Photo:
    """Say what a photo shows, while it may still be removed."""
    with _held(_owner_of(photo)) as owner:
        held = _still_there(photo)
        _refuse_unless_removable(held, owner, by)
        _refuse_foreign_line(owner, order_line)
        held.caption, held.order_line = _caption(caption), order_line
        held.save(update_fields=["caption", "order_line"])
        return held


def remove(*, photo: Photo, by: By, now: datetime) -> None:
    """Remove a customer's own photo, before the request is decided; staff hide photos instead. Its files go too."""
    with _held(_owner_of(photo)) as owner:
        held = _still_there(photo)
        _refuse_unless_removable(held, owner, by)
        _record(owner, "photo_removed", [held], by, now)
        held.delete()
        transaction.on_commit(Kept(held.file, held.thumbnail).remove)


def _still_there(photo: Photo) -> Photo:
    found = Photo.objects.filter(pk=photo.pk).first()
    if found is None:
        raise Refused(_("This photo was removed already."))
    return found


def _refuse_unless_removable(photo: Photo, owner: Owner, by: By) -> None:
    if not may_change(photo, owner, by):
        raise Refused(_("This photo can't be changed any more: it belongs to what was decided."))


def may_change(photo: Photo, owner: Owner, by: By) -> bool:
    """Whether `by`, who may see the photo, may remove or describe it: what customers added, until it is decided."""
    if by.is_staff or photo.from_staff or photo.hidden_at is not None:
        return False
    match owner:
        case Draft():
            return True
        case License() | HeldPackage():  # what it is decided on is what was shown
            return False
        case _:
            return Status(owner.status) in DECLARABLE


def hide(*, photo: Photo, reason: str, by: By, now: datetime) -> Photo:
    """Hide a photo from customers, with the reason they read in its place. Its files stay until they are old."""
    if not by.is_staff:
        raise Refused(_("You may not do this."))
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    with _held(_owner_of(photo)) as owner:
        held = _still_there(photo)
        if held.hidden_at is not None:
            raise Refused(_("This photo is hidden already."))
        held.hidden_at, held.hidden_by, held.hidden_reason = now, by.person, " ".join(reason.split())[:200]
        held.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        _record(owner, "photo_hidden", [held], by, now)
        return held


# ----------------------------------------------------------------------------------------------------- hand over


def adopt(*, draft: Draft, request: ReturnRequest) -> int:
    """A draft's photos become those of the request it was sent as; how many. Call it before the draft is dropped.

    The draft is locked, so that a photo which is just arriving comes along or is refused, and never gets lost.
    """
    with transaction.atomic():
        Draft.objects.select_for_update().filter(pk=draft.pk).first()
        return Photo.objects.filter(draft=draft).update(draft=None, request=request)
