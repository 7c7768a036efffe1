"""Pictures that people send: checked by drawing them anew in a process of its own, or refused in their words (B13–B18).

`Picture` is all that is ever stored of a file. Nothing is believed about it: neither its name nor its content type.
"""

import hashlib
import json
import re
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from returns import redraw

MOST_SENDERS = 2  # whose pictures are read in one process: one at work, one in line; the other threads serve pages
LONGEST_QUEUE = 10  # seconds until one's turn
LONGEST_WAIT = 10  # seconds for one picture, whoever else computes; of the processor it may use redraw.PROCESSOR_TIME
PROCESSOR_TIME = 12  # seconds for all pictures of a request: eight of 50 megapixels
BUSY, SLOW = "busy", "slow"
LONGEST_NAME = 60  # characters of a file's name in a sentence
CONTENT_TYPE = "image/jpeg"

# One at a time in each process: memory for a few megapixels is not there for eight people at once.
_turn = threading.Lock()
_seats = threading.BoundedSemaphore(MOST_SENDERS)
# What turns text around, hides, or breaks the line has no place in a sentence.
_UNSPEAKABLE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\\ufeff]")


class NotAPicture(Exception):
    """The file isn't taken. The message names it and says why, and what would work; `code` is for programs."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Upload(Protocol):
    """A file as Django hands it over."""

    @property
    def name(self) -> str | None:
        """What the sender called it."""

    @property
    def size(self) -> int | None:
        """Bytes."""

    def read(self) -> bytes:
        """All of it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn anew: JPEG without metadata, its square thumbnail, and the large one's size in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """Of the large file."""
        return hashlib.sha256(self.large).hexdigest()


def read_pictures(uploads: Iterable[Upload]) -> tuple[list[Picture], list[NotAPicture]]:
    """What could be read of the files of one request, and why the rest couldn't.

    Where others are being read already, nobody waits: everything is to be sent again. The same is said of what is left
    when a picture kept the reader too long, or all of them together.
    """
    pictures, problems, budget = [], [], _Budget()
    has_seat = _seats.acquire(blocking=False)
    try:
        for upload in uploads:
            try:
                if not has_seat or budget.is_spent:
                    raise _busy(upload)
                pictures.append(_read(upload, budget))
            except NotAPicture as problem:
                problems.append(problem)
                budget.is_spent |= problem.code in {BUSY, SLOW}
    finally:
        if has_seat:
            _seats.release()
    return pictures, problems


def read_picture(upload: Upload) -> Picture:
    """The picture in an uploaded file. Raises NotAPicture."""
    pictures, problems = read_pictures([upload])
    for problem in problems:
        raise problem
    return pictures[0]


@dataclass(slots=True)
class _Budget:
    """What the pictures of a request may still take of the processor, in seconds."""

    left: float = PROCESSOR_TIME
    is_spent: bool = False

    def spend(self, seconds: float) -> None:
        self.left -= seconds
        self.is_spent = self.left <= 0


def _read(upload: Upload, budget: _Budget) -> Picture:
    name = spoken_name(upload.name or "")
    if not upload.size:
        raise NotAPicture(_("%(name)s is empty. Choose it again.") % {"name": name}, "empty")
    if upload.size > settings.LARGEST_PHOTO:
        most = settings.LARGEST_PHOTO // 1024**2
        sentence = _("%(name)s is larger than %(most)s MB. Choose a smaller version.")
        raise NotAPicture(sentence % {"name": name, "most": most}, "too_large")
    if not _turn.acquire(timeout=LONGEST_QUEUE):
        raise _busy(upload)
    try:
        before = _processor_time()
        answer, body = _drawn(upload.read())
        budget.spend(_processor_time() - before)
    finally:
        _turn.release()
    if code := answer.get("refused"):
        raise _busy(upload) if code == BUSY else NotAPicture(_sentence(str(code)) % {"name": name}, str(code))
    large, small = answer["large"], answer["small"]
    return Picture(body[:large], body[large : large + small], answer["width"], answer["height"])


def _busy(upload: Upload) -> NotAPicture:
    sentence = _("Many photos arrive at this moment. Send %(name)s again in a minute.")
    return NotAPicture(sentence % {"name": spoken_name(upload.name or "")}, BUSY)


def _processor_time() -> float:
    """Seconds that ended children of this process took; there is one at a time."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _sentence(code: str) -> str:
    sentences = {
        redraw.UNREADABLE: _("%(name)s isn't a photo we can read. JPEG, PNG, WebP and HEIC work."),
        redraw.TOO_MANY_PIXELS: _("%(name)s has more pixels than we can read. Choose a smaller version."),
        redraw.BROKEN: _("%(name)s is damaged or not complete. Take the photo again, or choose another one."),
        SLOW: _("%(name)s takes us too long to read. Choose a smaller version, or take the photo again."),
    }
    return sentences[code]


def spoken_name(name: str) -> str:
    """A file's name as it may stand in a sentence: its last part, without invisible signs, not too long."""
    last = _UNSPEAKABLE.sub("", re.split(r"[/\\]", name)[-1]).strip()
    if len(last) > LONGEST_NAME:
        last = f"{last[: LONGEST_NAME - 12]}…{last[-11:]}"
    return last or _("The photo")


def _drawn(data: bytes) -> tuple[Mapping[str, Any], bytes]:
    """What returns/redraw.py answers; a process that crashed means a broken file, one that was stopped a costly one."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(Path(redraw.__file__))],
            input=data,
            capture_output=True,
            timeout=LONGEST_WAIT,
            env={},  # no key and no password where a hostile file is read
            check=False,
        )
    except subprocess.TimeoutExpired:  # the machine has too much to do; the file may be fine
        return {"refused": BUSY}, b""
    if done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return {"refused": SLOW}, b""
    if done.returncode:
        return {"refused": redraw.BROKEN}, b""
    line, _newline, body = done.stdout.partition(b"\n")
    return json.loads(line), body
