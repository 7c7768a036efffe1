"""The files of photos: written before the row that names them, removed where it does not come."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from returns import picture_files
from returns.models import Photo
from returns.picture_files import CannotKeep, Kept
from returns.pictures import Picture
from returns.services.errors import Refused

logger = logging.getLogger(__name__)

_SWEPT_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Files:
    """Pictures with their files on the disk. `taken` are those that a row names by now."""

    kept: list[tuple[Picture, Kept]] = field(default_factory=list)
    taken: list[Kept] = field(default_factory=list)


def _forget(files: Sequence[Kept]) -> None:
    for kept in files:
        kept.remove()


@contextmanager
def files_of(uploads: Sequence[Picture]) -> Iterator[Files]:
    """Their files, written before anything is locked; what gets no row is removed again, all of it after an error.

    Raises Refused where the disk can't take them.
    """
    files = Files()
    try:
        for picture in uploads:
            files.kept.append((picture, picture_files.keep(picture)))
        yield files
    except BaseException as error:
        _forget([kept for _picture, kept in files.kept])
        if isinstance(error, CannotKeep):
            logger.exception("Photos can't be stored.")
            raise Refused(_("We couldn't store the photos. What you typed is kept."), field="photos") from error
        raise
    _forget([kept for _picture, kept in files.kept if kept not in files.taken])


def sweep(now: datetime) -> int:
    """Remove the files of a day ago that no row names, and log rows whose files are gone. Returns how many went."""
    removed = 0
    names = list(picture_files.names(older_than=now - picture_files.ORPHAN_AFTER))
    for start in range(0, len(names), _SWEPT_AT_ONCE):
        part = names[start : start + _SWEPT_AT_ONCE]
        rows = Photo.objects.filter(Q(file__in=part) | Q(thumbnail__in=part)).values_list("file", "thumbnail")
        named = {name for row in rows for name in row}
        for name in set(part) - named:
            picture_files.remove(name)
            removed += 1
    for photo in Photo.objects.only("public_id", "file", "thumbnail").iterator():
        if not all(picture_files.exists(name) for name in (photo.file, photo.thumbnail)):
            logger.error("The files of photo %s are missing.", photo.public_id)
    return removed
