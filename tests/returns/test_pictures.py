"""What is taken of the files people send, and what is refused in words (B13–B18, B22, E9)."""

import io
import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from returns import pictures, redraw
from returns.pictures import NotAPicture, Picture, read_picture, spoken_name
from returns.redraw import NoPicture
from tests.returns import picture_corpus as corpus
from tests.returns.picture_corpus import MARKER, drawing, exif, saved

BAD = dict(corpus.bad_files())
GOOD = dict(corpus.good_files())
# JFIF's head, quantization, frame, Huffman tables, scan: what a picture needs. No APP1 to APP15, no comment.
NEEDED = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}


def read(name: str, content: bytes) -> Picture:
    return read_picture(SimpleUploadedFile(name, content))


def segments(jpeg: bytes) -> Iterator[int]:
    """The markers of a JPEG file up to its pixels; the last is the end, with nothing behind it."""
    at = 2
    while jpeg[at + 1] != 0xDA:
        yield jpeg[at + 1]
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    yield 0xDA
    assert jpeg.index(b"\xff\xd9", at) == len(jpeg) - 2


# --- what is refused -------------------------------------------------------------------------------------------------


def test_there_are_enough_of_both() -> None:
    assert len(BAD) >= 60
    assert len(GOOD) >= 20


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_not_drawn(name: str) -> None:
    with pytest.raises(NoPicture) as refused:
        redraw.redraw(BAD[name])
    assert refused.value.code in {redraw.UNREADABLE, redraw.TOO_MANY_PIXELS, redraw.BROKEN}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("photo.txt", "photo.txt isn't a photo we can read. JPEG, PNG, WebP and HEIC work."),
        ("moving.gif", "moving.gif isn't a photo we can read. JPEG, PNG, WebP and HEIC work."),
        ("bomb.png", "bomb.png has more pixels than we can read. Choose a smaller version."),
        (
            "40-percent-baseline.jpg",
            "40-percent-baseline.jpg is damaged or not complete. Take the photo again, or choose another one.",
        ),
    ],
)
def test_a_refusal_names_the_file_and_says_what_would_work(name: str, words: str) -> None:
    with pytest.raises(NotAPicture) as refused:
        read(name, BAD[name])
    assert refused.value.message == words


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(NotAPicture, match="photo.jpg is empty. Choose it again."):
        read("photo.jpg", b"")


def test_a_file_over_ten_megabytes_is_refused_unread() -> None:
    class Unread(SimpleUploadedFile):
        def read(self, *_args: object) -> bytes:
            raise AssertionError("it was read")

    file = Unread("photo.jpg", b"x")
    file.size = 11 * 1024**2
    with pytest.raises(NotAPicture, match="photo.jpg is larger than 10 MB. Choose a smaller version."):
        read_picture(file)


MEASURE = """
import pathlib, resource, subprocess, sys, time
for path in sys.argv[2:]:
    began = time.monotonic()
    subprocess.run([sys.executable, "-I", sys.argv[1]], stdin=open(path, "rb"), env={}, capture_output=True)
    print(time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def test_a_bomb_costs_neither_time_nor_memory(tmp_path: Path) -> None:
    """Measured from a small process, because a child counts its parent's memory until it becomes another program."""
    names = ["rgb.png", *(name for name, _ in corpus._bombs())]
    for name in names:
        (tmp_path / name).write_bytes((BAD | GOOD)[name])
    command = [sys.executable, "-I", "-c", MEASURE, redraw.__file__, *(str(tmp_path / name) for name in names)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    seconds, megabytes = zip(*((float(line.split()[0]), int(line.split()[1])) for line in lines), strict=True)
    assert len(lines) == len(names)
    assert max(megabytes) - megabytes[0] < 100, "more than a harmless picture takes"
    assert max(seconds) < 2 + seconds[0]


def test_a_file_that_makes_the_decoder_crash_is_a_broken_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redraw, "__file__", "/nowhere.py")
    with pytest.raises(NotAPicture, match="is damaged or not complete"):
        read("photo.jpg", GOOD["rgb.jpg"])


def test_a_file_that_takes_long_on_a_busy_machine_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LONGEST_WAIT", 0.001)
    with pytest.raises(NotAPicture, match="Send photo.jpg again in a minute."):
        read("photo.jpg", GOOD["rgb.jpg"])


def test_a_file_that_uses_up_the_processor_is_said_to_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Path(__file__).parent / "endless.py"
    monkeypatch.setattr(redraw, "__file__", str(endless))
    with pytest.raises(NotAPicture, match="photo.jpg takes us too long to read. Choose a smaller version") as refused:
        read("photo.jpg", GOOD["rgb.jpg"])
    assert refused.value.code == pictures.SLOW


def test_whoever_waits_too_long_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LONGEST_QUEUE", 0.01)
    with pictures._turn, pytest.raises(NotAPicture, match="Send photo.jpg again in a minute."):
        read("photo.jpg", GOOD["rgb.jpg"])


def files(*names: str) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, GOOD["rgb.jpg"]) for name in names]


def test_where_two_are_read_already_nobody_else_waits() -> None:
    with pictures._seats, pictures._seats, pictures._turn:
        began = time.monotonic()
        found, problems = pictures.read_pictures(files("a.jpg", "b.jpg"))
        assert time.monotonic() - began < 0.2
    assert found == []
    assert [(problem.code, problem.message.split()[7]) for problem in problems] == [
        ("busy", "a.jpg"),
        ("busy", "b.jpg"),
    ]
    assert len(pictures.read_pictures(files("a.jpg"))[0]) == 1, "the seat is free again"


def test_after_a_costly_picture_the_others_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def drawn(data: bytes) -> tuple[dict[str, str], bytes]:
        tried.append(len(data))
        return {"refused": pictures.SLOW}, b""

    monkeypatch.setattr(pictures, "_drawn", drawn)
    _none, problems = pictures.read_pictures(files(*"abcdefgh"))
    assert len(tried) == 1
    assert [problem.code for problem in problems] == ["slow", *7 * ["busy"]]


def test_the_pictures_of_a_request_share_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(step=5)
    monkeypatch.setattr(pictures, "_processor_time", lambda: next(clock))
    found, problems = pictures.read_pictures(files(*"abcd"))
    assert (len(found), [problem.code for problem in problems]) == (3, ["busy"])


def test_ten_senders_of_costly_pictures_keep_two_threads_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the attack was: ten requests at once, eight pictures each, every one as slow as it may be."""
    monkeypatch.setattr(redraw, "__file__", str(Path(__file__).parent / "endless.py"))
    took: list[float] = []

    def send() -> None:
        began = time.monotonic()
        pictures.read_pictures(files(*"abcdefgh"))
        took.append(time.monotonic() - began)

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(seconds < 2 for seconds in took) >= 10 - pictures.MOST_SENDERS
    assert max(took) < pictures.LONGEST_QUEUE + pictures.LONGEST_WAIT


# --- scans -----------------------------------------------------------------------------------------------------------


def with_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    jpeg = saved(drawing(), "JPEG", progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * (count - redraw.scans_of(jpeg)) + jpeg[-2:]


def test_scans_are_counted_up_to_the_end() -> None:
    assert redraw.scans_of(saved(drawing(), "JPEG")) == 1
    assert redraw.scans_of(with_scans(40)) == 40
    assert redraw.scans_of(saved(drawing(), "JPEG") + 500 * b"\xff\xda") == 1, "a film behind the picture is no scan"
    assert redraw.scans_of(saved(drawing(), "JPEG", comment=500 * b"\xff\xda")) == 1


@pytest.mark.parametrize("torn", [b"\xff\xd8\xff", b"\xff\xd8\xff\xda", b"\xff\xd8\xff\xda\xff\xff", 99 * b"\xff\xd8"])
def test_a_torn_file_is_counted_too(torn: bytes) -> None:
    assert redraw.scans_of(torn) <= 1


def test_more_scans_than_anybody_makes_are_not_decoded() -> None:
    with pytest.raises(NotAPicture, match="is damaged or not complete"):
        read("photo.jpg", with_scans(redraw.MOST_SCANS + 1))


# --- what is taken ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_comes_out_as_a_bare_jpeg(name: str) -> None:
    drawn = redraw.redraw(GOOD[name])
    for content in (drawn.large, drawn.small):
        assert MARKER not in content
        assert set(segments(content)) <= NEEDED
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
            picture.load()
            assert picture.mode == "RGB"
            assert not picture.getexif()
            assert not set(picture.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    with Image.open(io.BytesIO(drawn.large)) as large, Image.open(io.BytesIO(drawn.small)) as small:
        assert large.size == (drawn.width, drawn.height)
        assert max(large.size) <= redraw.LONGEST_SIDE
        assert small.size == (redraw.SMALL_SIDE, redraw.SMALL_SIDE)


def test_the_process_that_draws_gives_what_drawing_gives() -> None:
    picture, drawn = read("a.jpg", GOOD["and-zip.jpg"]), redraw.redraw(GOOD["and-zip.jpg"])
    assert (picture.large, picture.small) == (drawn.large, drawn.small)
    assert (picture.width, picture.height) == (120, 80)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_stands_upright_however_the_camera_was_held(orientation: int, kind: str) -> None:
    upright = Image.new("RGB", (60, 40), "white")
    upright.paste("red", (0, 0, 30, 20))  # the corner at the top left
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = upright.transpose(back[orientation]) if orientation in back else upright
    drawn = redraw.redraw(saved(held, kind, exif=exif(orientation)))
    with Image.open(io.BytesIO(drawn.large)) as picture:
        assert picture.size == (60, 40)
        red, green, _blue = picture.getpixel((10, 8))  # type: ignore[misc]
        assert red > 200
        assert green < 100
        assert min(picture.getpixel((50, 30))) > 200  # type: ignore[arg-type]


def test_a_heic_photo_stands_upright_too() -> None:
    drawn = redraw.redraw(saved(drawing(size=(80, 60)), "HEIF", exif=exif(6)))
    assert (drawn.width, drawn.height) == (60, 80)


def test_what_is_transparent_becomes_white() -> None:
    drawn = redraw.redraw(saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG"))
    with Image.open(io.BytesIO(drawn.large)) as picture:
        assert picture.getpixel((10, 10)) == (255, 255, 255)


def test_sixteen_bits_of_gray_are_not_cut_off_at_white() -> None:
    drawn = redraw.redraw(GOOD["gray-16.png"])
    with Image.open(io.BytesIO(drawn.large)) as picture:
        assert abs(picture.getpixel((10, 10))[0] - 128) <= 2  # type: ignore[index]


def test_a_broken_color_profile_or_note_is_no_reason_to_refuse() -> None:
    assert redraw.redraw(saved(drawing(), "JPEG", icc_profile=b"nonsense")).width == 120
    assert redraw.redraw(saved(drawing(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")).width == 120


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Maya\\seal.jpg", "seal.jpg"),
        ("/etc/cron.d/x", "x"),
        ("CON", "CON"),
        ("a\r\nSet-Cookie: x=1.jpg", "aSet-Cookie: x=1.jpg"),
        ("gpj.\u202egnp.exe", "gpj.gnp.exe"),
        ("nul\x00byte.jpg", "nulbyte.jpg"),
        ("crème 🧴.jpg", "crème 🧴.jpg"),
        ('"quoted".jpg', '"quoted".jpg'),
        ("x" * 300 + ".jpg", "x" * 48 + "…" + "xxxxxxx.jpg"),
        ("", "The photo"),
        ("///", "The photo"),
    ],
)
def test_a_name_is_spoken_and_never_used(name: str, spoken: str) -> None:
    assert spoken_name(name) == spoken
