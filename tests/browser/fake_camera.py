"""A camera that sees one barcode: a video file, made here, that Chromium plays in place of a camera."""

from pathlib import Path

from returns.slips.code128 import code128

WIDTH, HEIGHT = 640, 480
MODULE = 3  # pixels of the narrowest bar
TOP, BOTTOM = 150, 330
WHITE, BLACK, GRAY = 235, 16, 128


def film_of(text: str, folder: Path) -> Path:
    """A Y4M file of two pictures, which Chromium plays over and over, with the barcode of `text` in the middle."""
    barcode = code128(text)
    assert barcode is not None
    row = bytearray([WHITE] * WIDTH)
    left = (WIDTH - barcode.width * MODULE) // 2
    assert left >= 0, "too long for this picture"
    for start, width in barcode.bars:
        first = left + start * MODULE
        row[first : first + width * MODULE] = bytes([BLACK] * width * MODULE)
    blank = bytes([WHITE] * WIDTH)
    light = b"".join(bytes(row) if TOP <= y < BOTTOM else blank for y in range(HEIGHT))
    colors = bytes([GRAY] * (WIDTH * HEIGHT // 2))
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F30:1 Ip A1:1 C420jpeg\n".encode()
    file = folder / "camera.y4m"
    file.write_bytes(head + 2 * (b"FRAME\n" + light + colors))
    return file


def flags(film: Path) -> list[str]:
    """What makes Chromium take the film for a camera, and allow it without asking."""
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
