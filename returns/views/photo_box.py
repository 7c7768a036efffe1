"""Photos on pages: thumbnails to look at, and the box in which customers add, describe and remove theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.forms import BoundField
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clients import client_address
from returns.components import PhotoView
from returns.forms.photos import Gate, PhotosForm
from returns.kept_queries import KeptQuery
from returns.models import Draft, HeldPackage, License, OrderLine, Photo, ReturnRequest, Storefront
from returns.services import photos
from returns.services.errors import Refused
from returns.services.photo_limits import why_unread
from returns.services.transition import By

OF_REQUEST = KeptQuery(lambda request_id: Photo.objects.filter(request_id=request_id).select_related("order_line"))

Owner = Draft | ReturnRequest | License | HeldPackage


@dataclass(frozen=True, slots=True)
class PhotoCard:
    """One photo in the box, with the fields that say what it shows."""

    photo: PhotoView
    caption: BoundField | None = None
    line: BoundField | None = None


@dataclass(frozen=True, slots=True)
class PhotoBox:
    """What portal/parts/photo_box.html shows: the photos that are there, and the field for new ones.

    `upload_url` takes each photo as it is chosen, where script runs; empty where there is no such place.
    """

    field: BoundField
    cards: Sequence[PhotoCard]
    upload_url: str = ""
    largest: int = settings.LARGEST_PHOTO


def photo_views(these: Iterable[Photo], storefront: Storefront) -> list[PhotoView]:
    """Thumbnails for customers; a hidden photo keeps its place, with the reason. Fetch with `order_line`."""
    return [_view(photo, storefront, number) for number, photo in enumerate(these, start=1)]


def _view(photo: Photo, storefront: Storefront, number: int, *, may_remove: bool = False) -> PhotoView:
    key = str(photo.public_id)
    if photo.hidden_at is not None:
        return PhotoView(key, "", "", alt_of(photo, number), hidden=photo.hidden_reason)
    where = [storefront.slug, photo.public_id]
    return PhotoView(
        key=key,
        url=reverse("portal:photo", args=where),
        small_url=reverse("portal:photo_small", args=where),
        alt=alt_of(photo, number),
        caption=photo.caption,
        remove_url=reverse("portal:photo_remove", args=where) if may_remove else "",
    )


def desk_photo_views(these: Iterable[Photo], *, may_hide: bool) -> list[PhotoView]:
    """Thumbnails for staff, who see hidden ones too. Fetch with `order_line`."""
    return [
        PhotoView(
            key=str(photo.public_id),
            url=reverse("desk:photo", args=[photo.public_id]),
            small_url=reverse("desk:photo_small", args=[photo.public_id]),
            alt=alt_of(photo, number),
            caption=photo.caption or (photo.order_line.title if photo.order_line else ""),
            hidden=photo.hidden_reason,
            hide_url=reverse("desk:photo_hide", args=[photo.public_id]) if may_hide and photo.hidden_at is None else "",
        )
        for number, photo in enumerate(these, start=1)
    ]


def desk_photos_of(rma: ReturnRequest) -> dict[str, list[PhotoView]]:
    """What the desk's page of a request shows: what the customer showed, and what staff found."""
    there = OF_REQUEST.rows(rma.pk)
    return {
        "photos_declared": desk_photo_views([one for one in there if one.stage == Photo.DECLARED], may_hide=True),
        "photos_found": desk_photo_views([one for one in there if one.stage == Photo.FOUND], may_hide=True),
    }


def alt_of(photo: Photo, number: int) -> str:
    """`Damage, Vital C serum`: caption and product; a number where nobody wrote a caption."""
    caption = photo.caption or _("Photo %(number)s") % {"number": number}
    return f"{caption}, {photo.order_line.title}" if photo.order_line else caption


def photos_form(request: HttpRequest, owner: Owner | None, by: By, lines: Sequence[OrderLine] = ()) -> PhotosForm:
    """The form of the box; `lines` to ask which product a photo shows. No owner: nothing is kept yet."""
    is_sent = request.method == "POST"
    return PhotosForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        there=_there(owner),
        lines=lines,
        most=_left(owner, by),
        gate=gate_of(request, owner, by),
    )


def gate_of(request: HttpRequest, owner: Owner | None, by: By) -> Gate:
    """What counts the files of this request before any of them is looked at."""
    return partial(
        why_unread,
        order_id=None if owner is None or isinstance(owner, License | HeldPackage) else owner.order_id,
        by=by,
        client=client_address(request),
        now=timezone.now(),
    )


def as_it_stands(form: PhotosForm, owner: Owner | None, by: By) -> PhotosForm:
    """The form after its photos were saved: what was added is asked about, what was entered and wrong is kept."""
    fresh = PhotosForm(
        form.data,
        there=_there(owner),
        lines=list(form.lines.values()),
        most=_left(owner, by),
    )
    fresh.is_valid()
    for sentence in form.problems:
        fresh.add_error("photos", sentence)
    return fresh


def _left(owner: Owner | None, by: By) -> int:
    return photos.MOST_PHOTOS if owner is None else photos.left(owner, by)


def _there(owner: Owner | None) -> list[Photo]:
    return [] if owner is None else list(owner.photos.select_related("order_line").exclude(message__internal=True))


def photo_box(
    form: PhotosForm, owner: Owner | None, storefront: Storefront, by: By, *, upload_url: str = ""
) -> PhotoBox:
    """The box as it stands now: what was just added is in it."""
    cards = [
        PhotoCard(
            _view(photo, storefront, number, may_remove=owner is not None and photos.may_change(photo, owner, by)),
            _field(form, f"caption-{photo.public_id}"),
            _field(form, f"line-{photo.public_id}"),
        )
        for number, photo in enumerate(_there(owner), start=1)
    ]
    return PhotoBox(form["photos"], cards, upload_url)


def _field(form: PhotosForm, name: str) -> BoundField | None:
    return form[name] if name in form.fields else None


def save_photos(form: PhotosForm, owner: Owner, *, by: By, now: datetime, remove: str = "") -> list[Photo]:
    """Do what a sent box asks: describe, remove the one named, add the new ones that could be read.

    What the service refuses becomes an error of the form: look at `form.is_valid()` afterwards, not before.
    """
    form.is_valid()
    try:
        for photo in form.there:
            if str(photo.public_id) == remove:
                photos.remove(photo=photo, by=by, now=now)
            elif (told := form.told(photo)) is not None:
                photos.describe(photo=photo, caption=told[0], order_line=told[1], by=by)
        return photos.add_all(owner=owner, uploads=form.pictures, by=by, now=now)
    except Refused as refused:
        form.add_error("photos", refused.message)
        return []
