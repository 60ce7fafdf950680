"""Checks a picture by what is in it and draws it anew: upright, smaller, without what it knows."""

import contextlib
import io
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageCms, ImageOps

from bot.attachments.disguise import is_two_things
from bot.errors import BadInput

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 40_000_000  # above any phone's photo; drawn in full it takes 160 MB
LONG_SIDE = 2048
THUMB_SIDE = 480
LEAST_SIDE = 8  # a tracking dot shows nothing
_QUALITY = 85
_THUMB_QUALITY = 76


class NotAPicture(BadInput):
    """The file is no JPEG, PNG or WebP picture, or not only one."""

    code = "not_a_picture"
    message = "这个文件不是能识别的照片，请发 JPEG、PNG 或 WebP 格式的图片。"


class BrokenPicture(BadInput):
    """The picture ends early or cannot be read."""

    code = "broken_picture"
    message = "这张照片打不开，可能没有传完整，请换一张再试。"


class TooManyPixels(BadInput):
    """Drawing the picture would take more memory than it is worth."""

    code = "too_many_pixels"
    status = 413
    message = "这张照片的尺寸太大了，请截取一部分或者缩小后再发。"


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew as JPEG, and its small version; sizes in pixels."""

    full: bytes
    thumb: bytes
    width: int
    height: int


def redraw(file: IO[bytes]) -> Picture:
    """Check an untrusted file and draw its picture anew.

    Nothing of the file but its colours reaches the result: no EXIF, no place, no second content.
    Raises NotAPicture, BrokenPicture or TooManyPixels; the last one before anything is decoded.
    """
    with _opened(file) as image:
        _measure(image)
        if is_two_things(file):
            raise NotAPicture
        file.seek(0)
        full = _drawn(image)
    thumb = full.copy()
    thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Picture(_jpeg(full, _QUALITY), _jpeg(thumb, _THUMB_QUALITY), full.width, full.height)


def _opened(file: IO[bytes]) -> Image.Image:
    file.seek(0)
    try:
        return Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels(limit=MOST_PIXELS) from error
    except Exception as error:  # its readers raise whatever a hostile header makes them raise
        raise NotAPicture from error


def _measure(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise TooManyPixels(limit=MOST_PIXELS)
    if min(image.size) < LEAST_SIDE:
        raise NotAPicture


def _drawn(image: Image.Image) -> Image.Image:
    try:
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # lets a JPEG decode at a fraction of its size
        image.load()
        upright = _upright(image)
        upright.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
        return _plain(upright)
    except Exception as error:  # as above: a decoder raises whatever hostile data makes it raise
        raise BrokenPicture from error


def _upright(image: Image.Image) -> Image.Image:
    if image.mode in ("P", "PA", "1"):
        image = image.convert("RGBA")  # a palette cannot be shrunk smoothly
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001  # notes that cannot be read turn nothing
        return image


def _plain(image: Image.Image) -> Image.Image:
    """In the colours of every screen, on white where it was see-through."""
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        see_through = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(see_through, mask=see_through.getchannel("A"))
    if profile:
        # A shade that differs is what some of these photos are about: without its profile a
        # phone's wide-gamut photo turns pale. A broken profile costs the shade, not the photo.
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
    return image.convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    clean = Image.new("RGB", image.size)  # what a reader noted on the side stays behind
    clean.paste(image)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
