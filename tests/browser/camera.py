"""Photos as a phone has them, made here, to be chosen in a file field."""

import io

from PIL import Image
from pillow_heif import register_heif_opener
from playwright.sync_api import FilePayload

SIZE = (640, 480)


def jpeg(name: str, color: str = "#7fa7ad") -> FilePayload:
    """A JPEG file of one color."""
    return _file(name, "image/jpeg", "JPEG", color)


def heic(name: str, color: str = "#c9a877") -> FilePayload:
    """A HEIC file, as iPhones make them."""
    register_heif_opener()
    return _file(name, "image/heic", "HEIF", color)


def no_photo(name: str) -> FilePayload:
    """Something that only its name calls a photo."""
    return FilePayload(name=name, mimeType="image/jpeg", buffer=b"a letter, and no photo at all")


def _file(name: str, mime_type: str, kind: str, color: str) -> FilePayload:
    content = io.BytesIO()
    Image.new("RGB", SIZE, color).save(content, kind)
    return FilePayload(name=name, mimeType=mime_type, buffer=content.getvalue())
