"""Draws a picture anew: in goes a file anybody may have sent, out comes a JPEG of ours and its thumbnail (B13–B18).

Decoding is the check and encoding anew the cure: what was hidden in the file, before, behind or between its pixels, is
not drawn. Runs as a program of its own (returns/pictures.py starts it) with little memory, little time and no secret in
its environment, because decoders are where hostile files strike. It therefore imports Pillow and nothing of ours.
"""

import json
import re
import resource
import struct
import sys
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MEMORY = 768 * 1024 * 1024  # bytes of address space, the libraries' own included
PROCESSOR_TIME = 3  # seconds of its own, whoever else computes; a photo of 50 megapixels needs one and a half
LONGEST_SIDE = 2560  # pixels of what is kept: enough to read a label
SMALL_SIDE = 320  # pixels of the square thumbnail, sharp on phones too
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 36_000_000, "WEBP": 25_000_000, "HEIF": 36_000_000}
"""More than the phones of today take. JPEG is decoded at half its size or less, so that it may be larger."""
MOST_SCANS = 100
"""Passes over the same pixels in a progressive JPEG: cameras and programs make ten, and each costs as much as any."""

UNREADABLE, TOO_MANY_PIXELS, BROKEN = "unreadable", "too_many_pixels", "broken"

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # neither a stuffed zero nor a fill byte nor a restart
_SCAN, _END = 0xDA, 0xD9
_ORIENTATION = 0x0112
_UPRIGHT = 1


class NoPicture(Exception):
    """The file isn't drawn; `code` says why: UNREADABLE, TOO_MANY_PIXELS or BROKEN."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Drawn:
    """Two JPEG files without any metadata, and the size of the large one in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


def redraw(data: bytes) -> Drawn:
    """The picture in these bytes, upright, in sRGB and no larger than needed. Raises NoPicture."""
    kind = kind_of(data)
    if not kind:
        raise NoPicture(UNREADABLE)
    if kind == "WEBP":  # its decoder makes room for the whole canvas as soon as it is opened
        _refuse_too_many(kind, webp_size(data))
    if kind == "JPEG" and scans_of(data) > MOST_SCANS:
        raise NoPicture(BROKEN)
    try:
        return _redraw(data, kind)
    except NoPicture:
        raise
    except Exception as error:  # a decoder may raise anything; whatever it is, the file is no picture
        raise NoPicture(BROKEN) from error


def kind_of(data: bytes) -> str:
    """What the first bytes say, as Pillow calls it; empty for all that isn't on the list. Names and headers lie."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return "HEIF" if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS else ""


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP file's canvas, read from its first 30 bytes. Raises NoPicture."""
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        raise NoPicture(BROKEN)
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", body, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def scans_of(data: bytes) -> int:
    """How many scans a JPEG file has up to its end; what stands behind that, such as a film, isn't looked at."""
    count, at = 0, 2
    while (found := _MARKER.search(data, at)) and data[found.start() + 1] != _END:
        marker, at = data[found.start() + 1], found.end()
        count += marker == _SCAN
        at += int.from_bytes(data[at : at + 2], "big")
    return count


def _refuse_too_many(kind: str, size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PIXELS[kind]:
        raise NoPicture(TOO_MANY_PIXELS)


def _redraw(data: bytes, kind: str) -> Drawn:
    from PIL import Image, ImageOps
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False, decode_threads=1)
    Image.MAX_IMAGE_PIXELS = None  # ours is counted below, and before anything is decoded
    with Image.open(BytesIO(data), formats=[kind]) as opened:
        _refuse_too_many(kind, opened.size)
        orientation, profile = _orientation(opened), opened.info.get("icc_profile") or b""
        opened.draft(None, _shrunk(opened.size))
        opened.load()
        picture = _plain(opened)
    picture = _turned(_in_srgb(_small_enough(picture), profile), orientation)
    return Drawn(_as_jpeg(picture), _as_jpeg(ImageOps.fit(picture, (SMALL_SIDE, SMALL_SIDE))), *picture.size)


def _orientation(opened: "Image") -> int:
    """How the camera was held. A broken note about that is no reason to refuse the photo."""
    try:
        return int(opened.getexif().get(_ORIENTATION, _UPRIGHT))
    except Exception:  # noqa: BLE001  as above
        return _UPRIGHT


def _shrunk(size: tuple[int, int]) -> tuple[int, int]:
    share = min(1.0, LONGEST_SIDE / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _plain(opened: "Image") -> "Image":
    """The first frame in a mode that can be made smaller and brought to sRGB: L, RGB, RGBA or CMYK."""
    if opened.mode in {"L", "RGB", "RGBA", "CMYK"} and "transparency" not in opened.info:
        return opened
    if opened.mode in {"I;16", "I", "F"}:  # 16 bits of gray, which a plain conversion would cut off at white
        return opened.point(lambda value: value / 256).convert("L")
    has_alpha = opened.has_transparency_data or opened.mode in {"LA", "La", "PA", "RGBa"}
    return opened.convert("RGBA" if has_alpha else "RGB")


def _small_enough(picture: "Image") -> "Image":
    if max(picture.size) <= LONGEST_SIDE:
        return picture
    return picture.resize(_shrunk(picture.size), reducing_gap=2.0)


def _in_srgb(picture: "Image", profile: bytes) -> "Image":
    """The picture in sRGB on white ground; a color profile that can't be read is left out of account."""
    from PIL import Image, ImageCms

    colors = picture.convert("RGB") if picture.mode == "RGBA" else picture
    if profile:
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(colors, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            colors = converted or colors
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    ground = Image.new("RGB", picture.size, "white")  # new, so that nothing else of the file comes along
    ground.paste(colors.convert("RGB"), mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return ground


def _turned(picture: "Image", orientation: int) -> "Image":
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return picture.transpose(turns[orientation]) if orientation in turns else picture


def _as_jpeg(picture: "Image") -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _limit_oneself() -> None:
    """Whatever the file makes the decoders do, the machine goes on: they get an error, or this process ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_TIME, PROCESSOR_TIME))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """Read a file from standard input; write a line of JSON and the two JPEG files, or the line with the refusal."""
    _limit_oneself()
    try:
        drawn = redraw(sys.stdin.buffer.read())
    except NoPicture as error:
        sys.stdout.write(json.dumps({"refused": error.code}))
        return
    facts = {"width": drawn.width, "height": drawn.height, "large": len(drawn.large), "small": len(drawn.small)}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + drawn.large + drawn.small)


if __name__ == "__main__":
    main()
