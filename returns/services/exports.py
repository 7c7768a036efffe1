"""Files of a report's lines: asked for, written by a worker with its progress noted, fetched by who asked, removed.

The row is the truth and the file follows: a worker that dies leaves a row that the next one takes over, and what no row
names is swept.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from returns.models import Export, Storefront
from returns.reports import files
from returns.reports.lines import Line, lines
from returns.reports.periods import By, Period
from returns.services.errors import Refused

logger = logging.getLogger(__name__)

FOLDER = "exports"
MOST_WAITING = 3
KEPT_FOR = timedelta(days=7)
ORPHAN_AFTER = timedelta(days=1)
SILENT_AFTER = timedelta(minutes=2)
"""A row that nobody touched for so long belongs to a worker that is gone; it touches it with every piece."""

MOST_ATTEMPTS = 3

Writer = Callable[[Iterable[Line], Path, files.Progress], None]
WRITERS: Mapping[str, Writer] = {Export.CSV: files.write_csv, Export.XLSX: files.write_xlsx}


def ask(
    *, person: User, storefronts: Sequence[Storefront], by: By, period: Period, form: str, expected: int, now: datetime
) -> Export:
    """Ask for a file. Raises Refused where the person waits for some already."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        waiting = person.exports.filter(state__in=[Export.QUEUED, Export.WRITING]).count()
        if waiting >= MOST_WAITING:
            raise Refused(f"You are waiting for {waiting} files already. Ask again once one of them is there.")
        made = Export.objects.create(
            person=person,
            by=by.value,
            first=period.first,
            last=period.last,
            format=form,
            expected=expected,
            asked_at=now,
            touched_at=now,
        )
        made.storefronts.set(storefronts)
        return made


def write_next(*, now: datetime) -> Export | None:
    """Write the file that waits the longest, one at a time in the whole house; None where none waits."""
    export = _take(now)
    if export is None:
        return None
    try:
        _write(export)
    except Exception:
        # Whatever it is, the row says so, and the next file isn't held up by it.
        logger.exception("Export %s can't be written.", export.public_id)
        _remove(_path(export, part=True))
        state = Export.FAILED if export.attempts >= MOST_ATTEMPTS else Export.QUEUED
        Export.objects.filter(pk=export.pk).update(state=state, touched_at=timezone.now())
    export.refresh_from_db()
    return export


def _take(now: datetime) -> Export | None:
    with transaction.atomic():
        open_rows = Export.objects.select_for_update().filter(state__in=[Export.QUEUED, Export.WRITING])
        waiting = list(open_rows.order_by("asked_at", "pk"))
        if any(one.state == Export.WRITING and one.touched_at > now - SILENT_AFTER for one in waiting):
            return None
        for export in waiting:
            export.attempts += 1
            export.touched_at = now
            export.state = Export.WRITING if export.attempts <= MOST_ATTEMPTS else Export.FAILED
            export.save(update_fields=["attempts", "touched_at", "state"])
            if export.state == Export.WRITING:
                return export
    return None


def _write(export: Export) -> None:
    # Those they still work for: whoever left a storefront meanwhile doesn't get its lines.
    allowed = export.person.memberships.values("storefront")
    shops = list(export.storefronts.filter(pk__in=allowed))
    part, path = _path(export, part=True), _path(export)
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = lines(shops, By(export.by), Period(export.first, export.last))
    counted = Counted(found)
    os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    WRITERS[export.format](counted, part, partial(_note, export))
    size = part.stat().st_size
    part.replace(path)
    Export.objects.filter(pk=export.pk).update(
        state=Export.DONE, written=counted.number, file=f"{FOLDER}/{path.name}", size=size, touched_at=timezone.now()
    )


class Counted:
    """Lines that are counted while they pass."""

    def __init__(self, found: Iterable[Line]) -> None:
        self.found, self.number = found, 0

    def __iter__(self) -> Iterator[Line]:
        for line in self.found:
            self.number += 1
            yield line


def _note(export: Export, written: int) -> None:
    Export.objects.filter(pk=export.pk).update(written=written, touched_at=timezone.now())


def _path(export: Export, *, part: bool = False) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / f"{export.public_id.hex}.{export.format}{'.part' if part else ''}"


def open_path(export: Export) -> Path:
    """Where the finished file lies."""
    return _path(export)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def sweep(*, now: datetime) -> int:
    """Remove exports of a week ago with their files, and files that no row names. Returns how many rows went."""
    gone = list(Export.objects.filter(asked_at__lt=now - KEPT_FOR))
    for export in gone:
        _remove(_path(export))
        export.delete()
    named = {key.hex for key in Export.objects.values_list("public_id", flat=True)}
    for path in (Path(settings.MEDIA_ROOT) / FOLDER).glob("*"):
        is_old = path.stat().st_mtime < (now - ORPHAN_AFTER).timestamp()
        if is_old and path.name.partition(".")[0] not in named:
            _remove(path)
    return len(gone)
