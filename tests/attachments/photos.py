"""Pictures to try: small ones, turned ones, ones with something to hide, and impostors."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageDraw


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: Any
) -> bytes:
    """A picture whose top left corner is red and the rest sand."""
    image = Image.new("RGB", size, "#d8c8a8")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill="#c02020")
    out = io.BytesIO()
    image.convert(mode).save(out, kind, **options)
    return out.getvalue()


def with_place(orientation: int = 6) -> bytes:
    """A photo that knows its orientation, its camera and where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CameraMaker"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (31.0, 13.0, 49.0)
    place[3], place[4] = "E", (121.0, 28.0, 25.0)
    return picture(exif=exif.tobytes(), comment=b"kept by the camera")


def bomb(width: int, height: int) -> bytes:
    """A PNG whose head promises a huge picture and whose body is a few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def read(data: bytes) -> Image.Image:
    """What a browser would see."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
