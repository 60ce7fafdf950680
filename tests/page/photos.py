"""Pictures as a phone's photo picker gives them."""

from __future__ import annotations

import io
import random
from functools import cache

from PIL import Image


def photo(size: tuple[int, int] = (800, 600), shade: str = "#b08060") -> bytes:
    """A plain JPEG."""
    out = io.BytesIO()
    Image.new("RGB", size, shade).save(out, "JPEG")
    return out.getvalue()


@cache
def heavy(megabytes: int = 5) -> bytes:
    """A sharp JPEG of at least that size."""
    noise = random.Random(3).randbytes(700 * 350 * 3)
    image = Image.frombytes("RGB", (700, 350), noise).resize((2800, 1400), Image.Resampling.NEAREST)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=98, subsampling=0)
    data = out.getvalue()
    assert len(data) >= megabytes * 1024 * 1024
    return data


def chosen(data: bytes, name: str = "IMG_0001.jpg", kind: str = "image/jpeg") -> dict:
    """A file for the file box."""
    return {"name": name, "mimeType": kind, "buffer": data}
