"""Where pictures lie: private files below MEDIA_ROOT, under names of ours. No address leads to them but a view's.

A file is on the disk before the row that names it is committed (C24); whatever has no row after a day is swept.
"""

import hashlib
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BufferedReader
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from returns.pictures import Picture

FOLDER = "photos"
ORPHAN_AFTER = timedelta(hours=24)
"""How old a file without a row must be before it goes: longer than any request may take."""


class CannotKeep(Exception):
    """The disk is full, read-only or away (C23)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The two files of a picture, as names below MEDIA_ROOT."""

    large: str
    small: str

    def remove(self) -> None:
        """Delete both, whether they are there or not."""
        for name in (self.large, self.small):
            remove(name)


def keep(picture: Picture) -> Kept:
    """Write both files and see them through to the disk. Raises CannotKeep, and leaves nothing behind then."""
    stem = uuid.uuid4().hex
    path = f"{FOLDER}/{stem[:2]}/{stem[2:4]}/{stem}"
    kept = Kept(f"{path}.jpg", f"{path}-small.jpg")
    try:
        _write(kept.large, picture.large)
        _write(kept.small, picture.small)
    except OSError as error:
        kept.remove()
        raise CannotKeep from error
    return kept


def open_file(name: str) -> BufferedReader:
    """A file for reading. Raises OSError where it is missing, or the disk is ill."""
    return Path(storage().path(name)).open("rb")


def exists(name: str) -> bool:
    """Whether a file is there."""
    return storage().exists(name)


def remove(name: str) -> None:
    """Delete a file; a disk that won't is left to the sweep."""
    try:
        storage().delete(name)
    except OSError:
        return


def checksum(name: str) -> str:
    """The SHA-256 of a file; empty where it can't be read."""
    try:
        with open_file(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def names(*, older_than: datetime | None = None) -> Iterator[str]:
    """Every picture file, or those last changed before a moment."""
    root = Path(storage().location)
    for path in sorted((root / FOLDER).rglob("*.jpg")):
        if older_than is None or path.stat().st_mtime < older_than.timestamp():
            yield path.relative_to(root).as_posix()


def storage() -> FileSystemStorage:
    """The place. Made anew each time, which costs nothing, so that MEDIA_ROOT is asked when it counts."""
    return FileSystemStorage()


def _write(name: str, content: bytes) -> None:
    written = storage().save(name, ContentFile(content))
    path = Path(storage().path(written))
    for part in (path, path.parent):  # the file, and that it is there
        handle = os.open(part, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
