"""Files that people may send: some that are no picture at all or mean harm, and some that are fine but carry a load."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image, ImageCms, PngImagePlugin
from pillow_heif import register_heif_opener

MARKER = b"PAYLOAD-7f3a91"
"""What must be in no file that we keep."""

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PHP = b"<?php echo '" + MARKER + b"'; system($_GET['c']); ?>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


def drawing(mode: str = "RGB", size: tuple[int, int] = (120, 80)) -> Image.Image:
    """A picture in which every pixel has its own color, so that it compresses badly and turns visibly."""
    red = Image.linear_gradient("L").resize(size)
    noise = Image.effect_noise(size, 60)
    return Image.merge("RGB", [red, red.transpose(Image.Transpose.ROTATE_180), noise]).convert(mode)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file."""
    register_heif_opener()
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def zipped() -> bytes:
    """A ZIP archive with the marker inside."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("shell.php", PHP)
    return out.getvalue()


def png(width: int, height: int, *, depth: int = 8, color: int = 2, raw: bytes = b"", extra: bytes = b"") -> bytes:
    """A PNG file made by hand: sizes that Pillow would refuse to make, depths it doesn't know."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    body = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def resized_in_the_header(jpeg: bytes, width: int, height: int) -> bytes:
    """A JPEG file that says it is as large as this."""
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def bad_files() -> Iterator[tuple[str, bytes]]:
    """Name and content of what must be refused, every one."""
    yield from _no_pictures()
    yield from _other_pictures()
    yield from _torn()
    yield from _bombs()


def _no_pictures() -> Iterator[tuple[str, bytes]]:
    yield "page.jpg", b"<!doctype html><script>alert(1)</script>"
    yield "shell.php.jpg", PHP
    yield "drawing.jpg", SVG
    yield "entity.png", XXE
    yield "eicar.jpg", EICAR
    yield "photo.txt", b"A photo, in words."
    yield "paper.jpg", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    yield "archive.jpg", zipped()
    yield "packed.webp", b"\x1f\x8b\x08\x00" + bytes(64)
    yield "program.heic", b"\x7fELF" + bytes(200)
    yield "program.png", b"MZ" + bytes(200)
    yield "film.heic", b"\x00\x00\x00\x18ftypisom" + bytes(64)
    yield "film.jpg", b"\x00\x00\x00\x18ftypmp42" + bytes(64)
    yield "sound.webp", b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(64)
    yield "office.jpg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
    yield "script.jpg", b"#!/bin/sh\nrm -rf /\n"
    yield "one.jpg", b"\xff"
    yield "nothing.png", bytes(1024)
    yield "noise.jpg", random.Random(7).randbytes(4096)  # noqa: S311  the same noise each time
    yield "begins.jpg", b"\xff\xd8\xff\xe0" + PHP
    yield "begins.png", b"\x89PNG\r\n\x1a\n" + SVG
    yield "begins.webp", b"RIFF\xff\x00\x00\x00WEBPVP8 " + PHP
    yield "begins-vp8l.webp", b"RIFF\xff\x00\x00\x00WEBPVP8L\x10\x00\x00\x00\x2f" + bytes(40)
    yield "begins.heic", b"\x00\x00\x00\x18ftypheic" + PHP
    yield "begins-mif1.heic", b"\x00\x00\x00\x18ftypmif1" + bytes(400)
    yield "empty-picture.png", png(0, 0)
    yield "no-pixels.png", png(10, 10, raw=b"")
    yield "short.webp", b"RIFF\x04\x00\x00\x00WEBP"


def _other_pictures() -> Iterator[tuple[str, bytes]]:
    picture = drawing()
    yield "still.gif", saved(picture, "GIF")
    yield "still-gif.jpg", saved(picture, "GIF")
    frames = [drawing(size=(40, 30)) for _ in range(12)]
    yield "moving.gif", saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    for kind, name in {"TIFF": "scan.tiff", "BMP": "old.bmp", "ICO": "icon.ico", "PPM": "plain.ppm"}.items():
        yield name, saved(picture, kind)
        yield f"{name}.jpg", saved(picture, kind)
    yield "targa.jpg", saved(picture, "TGA")
    yield "new.avif", b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf" + bytes(300)
    yield "new.jxl", b"\x00\x00\x00\x0cJXL \x0d\x0a\x87\x0a" + bytes(64)
    yield "jpeg2000.jpg", b"\x00\x00\x00\x0cjP  \x0d\x0a\x87\x0a" + bytes(64)
    yield "layers.jpg", b"8BPS\x00\x01" + bytes(64)
    yield "print.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n"


def _torn() -> Iterator[tuple[str, bytes]]:
    whole = {
        "baseline.jpg": saved(drawing(), "JPEG"),
        "progressive.jpg": saved(drawing(), "JPEG", progressive=True),
        "torn.png": saved(drawing(), "PNG"),
        "lossy.webp": saved(drawing(), "WEBP"),
        "lossless.webp": saved(drawing(), "WEBP", lossless=True),
        "torn.heic": saved(drawing(), "HEIF"),
    }
    for name, content in whole.items():
        for percent in (5, 20, 40, 60, 80):
            yield f"{percent}-percent-{name}", content[: len(content) * percent // 100]


def _bombs() -> Iterator[tuple[str, bytes]]:
    row = bytes(1 + 30_000 // 8)
    yield "bomb.png", png(30_000, 30_000, depth=1, color=0, raw=row * 2000)
    yield "huge.png", png(2**31 - 1, 2**31 - 1)
    yield "wide.png", png(60_000, 60_000)
    yield "huge.jpg", resized_in_the_header(saved(drawing(), "JPEG"), 65_500, 65_500)
    yield "text.png", png(10, 10, raw=bytes(310), extra=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000), 9)))
    yield "profile.png", png(10, 10, raw=bytes(9), extra=chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(80_000_000), 9)))
    canvas = struct.pack("<I", 0x10)[:4] + (16_383).to_bytes(3, "little") + (16_383).to_bytes(3, "little")
    yield "canvas.webp", b"RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + canvas + saved(drawing(), "WEBP")[12:]
    lossless = saved(drawing(), "WEBP", lossless=True)
    yield "vp8l.webp", lossless[:21] + struct.pack("<I", 0x3FFF | 0x3FFF << 14) + lossless[25:]
    lossy = saved(drawing(), "WEBP")
    yield "vp8.webp", lossy[:26] + struct.pack("<HH", 0x3FFF, 0x3FFF) + lossy[30:]


def good_files() -> Iterator[tuple[str, bytes]]:
    """Name and content of what must be taken, and come out without its load."""
    yield from _modes()
    yield from _loaded()


def _modes() -> Iterator[tuple[str, bytes]]:
    yield "rgb.jpg", saved(drawing(), "JPEG")
    yield "progressive.jpg", saved(drawing(), "JPEG", progressive=True)
    yield "gray.jpg", saved(drawing("L"), "JPEG")
    yield "cmyk.jpg", saved(drawing("CMYK"), "JPEG")
    yield "large.jpg", saved(drawing(size=(6000, 4000)), "JPEG")
    yield "one-pixel.png", saved(drawing(size=(1, 1)), "PNG")
    yield "strip.png", saved(drawing(size=(20_000, 2)), "PNG")
    yield "rgb.png", saved(drawing(), "PNG")
    yield "alpha.png", saved(drawing("RGBA"), "PNG")
    yield "gray-alpha.png", saved(drawing("LA"), "PNG")
    yield "palette.png", saved(drawing().quantize(16), "PNG")
    yield "palette-clear.png", saved(drawing().quantize(16), "PNG", transparency=3)
    yield "two-colors.png", saved(drawing("1"), "PNG")
    yield "gray-16.png", png(40, 30, depth=16, color=0, raw=(b"\0" + b"\x80\x00" * 40) * 30)
    yield "rgb-16.png", png(40, 30, depth=16, color=2, raw=(b"\0" + b"\x80\x00" * 120) * 30)
    yield "moving.png", saved(drawing(), "PNG", save_all=True, append_images=[drawing(), drawing()])
    yield "lossy.webp", saved(drawing(), "WEBP")
    yield "lossless.webp", saved(drawing("RGBA"), "WEBP", lossless=True)
    yield "moving.webp", saved(drawing(), "WEBP", save_all=True, append_images=[drawing(), drawing()])
    yield "phone.heic", saved(drawing(size=(800, 600)), "HEIF")
    yield "alpha.heif", saved(drawing("RGBA"), "HEIF")
    yield "wrong-ending.txt", saved(drawing(), "JPEG")
    yield "burst.jpg", saved(drawing(), "MPO", save_all=True, append_images=[drawing()])


def _loaded() -> Iterator[tuple[str, bytes]]:
    text = MARKER.decode()
    jpeg = saved(drawing(), "JPEG", exif=exif(), xmp=b"<x>" + MARKER + b"</x>", comment=text)
    yield "exif-xmp-comment.jpg", jpeg
    yield "iptc.jpg", jpeg[:2] + b"\xff\xed" + struct.pack(">H", 40) + b"Photoshop 3.0\0" + MARKER.ljust(24) + jpeg[2:]
    yield "and-zip.jpg", jpeg + zipped()
    yield "and-php.jpg", jpeg + PHP
    yield "profile.jpg", saved(drawing(), "JPEG", icc_profile=_profile())
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", text)
    words.add_itxt("XML:com.adobe.xmp", text)
    yield "words.png", saved(drawing(), "PNG", pnginfo=words, exif=exif())
    yield "and-php.png", saved(drawing(), "PNG") + PHP
    yield "exif.webp", saved(drawing(), "WEBP", exif=exif(), xmp=MARKER)
    yield "exif.heic", saved(drawing(), "HEIF", exif=exif(), xmp=MARKER)


def exif(orientation: int = 1) -> bytes:
    """Who took it, with what, and where; and how the camera was held."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010E] = made[0x013B] = made[0x8298] = made[0xA431] = MARKER.decode()
    place = made.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (35.0, 13.0, 37.0), "W", (80.0, 50.0, 36.0)
    return made.tobytes()


def _profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
