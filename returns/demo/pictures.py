"""Drawn photos for the demo: a bottle in its box, its broken seal, and a license."""

import io

from PIL import Image, ImageDraw

from returns.pictures import Picture, read_picture

_SIZE = (900, 900)
_PAPER, _CARD, _GLASS, _INK, _BREAK = "#e9e3d6", "#c9a877", "#7fa7ad", "#2b3431", "#a3342c"


class _File(io.BytesIO):
    """Bytes as an upload."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name, self.size = name, len(content)


def in_its_box() -> Picture:
    """A bottle in the box it came in."""
    return _taken("box.jpg", _bottle(broken=False))


def broken_seal() -> Picture:
    """The same bottle, with its seal broken."""
    return _taken("seal.jpg", _bottle(broken=True))


def license_page() -> Picture:
    """A page that could be a license."""
    page = Image.new("RGB", _SIZE, "#fbfaf6")
    draw = ImageDraw.Draw(page)
    draw.rectangle((60, 60, 840, 840), outline=_INK, width=6)
    draw.text((120, 120), "DEMO: BUSINESS LICENSE", fill=_INK, font_size=48)
    for row in range(6):
        draw.line((120, 300 + row * 70, 780 - row % 3 * 120, 300 + row * 70), fill=_GLASS, width=10)
    return _taken("license.jpg", page)


def _bottle(*, broken: bool) -> Image.Image:
    photo = Image.new("RGB", _SIZE, _PAPER)
    draw = ImageDraw.Draw(photo)
    draw.polygon([(120, 820), (780, 820), (720, 300), (180, 300)], fill=_CARD, outline=_INK, width=4)
    draw.rounded_rectangle((330, 260, 570, 760), radius=40, fill=_GLASS, outline=_INK, width=5)
    draw.rectangle((390, 140, 510, 270), fill=_INK)
    draw.rectangle((370, 440, 530, 620), fill="#f7f4ec")
    if broken:
        draw.line([(380, 300), (430, 280), (450, 320), (500, 285), (525, 310)], fill=_BREAK, width=14)
        draw.ellipse((340, 230, 560, 370), outline=_BREAK, width=8)
    return photo


def _taken(name: str, photo: Image.Image) -> Picture:
    stored = io.BytesIO()
    photo.save(stored, "JPEG", quality=85)
    return read_picture(_File(stored.getvalue(), name))
