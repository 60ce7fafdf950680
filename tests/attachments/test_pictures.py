"""A photo is drawn anew: upright, smaller, knowing nothing; what is no photo is refused."""

from __future__ import annotations

import contextlib
import io
import os
import random
import tracemalloc
import zipfile

import pytest
from PIL import Image, ImageCms

from bot.attachments.pictures import (
    LONG_SIDE,
    THUMB_SIDE,
    BrokenPicture,
    NotAPicture,
    TooManyPixels,
    redraw,
)
from bot.errors import BadInput
from tests.attachments.photos import bomb, picture, read, with_place

# Pillow tells of damaged notes by a warning.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF"


def drawn(data: bytes):
    return redraw(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_promised_format_becomes_a_jpeg_of_the_same_shape(kind: str) -> None:
    result = drawn(picture(kind))
    full = read(result.full)
    assert (full.format, full.size) == ("JPEG", (640, 480))
    assert (result.width, result.height) == full.size
    red, green, blue = full.getpixel((20, 20))
    assert red > 150
    assert max(green, blue) < 80


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "L"),
        ("PNG", "LA"),
        ("PNG", "RGBA"),
        ("PNG", "I;16"),
        ("WEBP", "RGBA"),
    ],
)
def test_every_way_of_writing_colours_is_read(kind: str, mode: str) -> None:
    source = "L" if mode == "I;16" else mode
    data = picture(kind, mode=source)
    if mode == "I;16":
        out = io.BytesIO()
        Image.new("I;16", (64, 48), 40000).save(out, "PNG")
        data = out.getvalue()
    assert read(drawn(data).full).mode == "RGB"


def test_what_is_see_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    assert read(drawn(out.getvalue()).full).getpixel((25, 25)) == (255, 255, 255)


def test_a_turned_photo_is_set_upright_and_forgets_camera_and_place() -> None:
    result = drawn(with_place(orientation=6))
    for data in (result.full, result.thumb):
        image = read(data)
        assert image.width < image.height
        assert not image.getexif()
        assert "comment" not in image.info
        assert b"CameraMaker" not in data
    assert read(result.full).getpixel((400, 20))[0] > 150  # the red corner went to the right


def test_notes_that_cannot_be_read_do_not_cost_the_photo() -> None:
    damaged = picture(exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 40)
    assert drawn(damaged).width == 640


def test_a_large_photo_is_made_smaller_and_has_a_thumbnail() -> None:
    result = drawn(picture(size=(6000, 3000)))
    assert (result.width, result.height) == (LONG_SIDE, LONG_SIDE // 2)
    assert read(result.thumb).size == (THUMB_SIDE, THUMB_SIDE // 2)


def test_a_small_photo_is_not_blown_up() -> None:
    result = drawn(picture(size=(100, 60)))
    assert read(result.full).size == read(result.thumb).size == (100, 60)


def test_colours_of_a_profile_are_turned_into_those_of_every_screen() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = read(drawn(picture(icc_profile=profile)).full)
    assert "icc_profile" not in image.info
    assert read(drawn(picture(icc_profile=b"no profile")).full).mode == "RGB"


def test_too_many_pixels_are_refused_before_any_is_drawn() -> None:
    tracemalloc.start()
    for size in ((50_000, 50_000), (8000, 5001), (2_000_000_000, 2)):
        with pytest.raises(BadInput) as refused:
            drawn(bomb(*size))
        assert isinstance(refused.value, TooManyPixels)
        assert "尺寸太大" in refused.value.message
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_forty_megapixels_are_just_drawn() -> None:
    flat = io.BytesIO()
    Image.new("L", (8000, 5000), 128).save(flat, "PNG")
    assert drawn(flat.getvalue()).width == LONG_SIDE


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 100,
        SVG,
        b"<!doctype html><script>alert(1)</script>",
        PDF,
        b"GIF89a" + b"\0" * 50,
        b"BM" + b"\0" * 60,
        b"PK\x03\x04" + b"\0" * 60,
        b"\x00\x00\x00\x18ftypheic" + b"\0" * 60,
        picture(size=(4, 4)),
    ],
    ids=["empty", "zeros", "svg", "html", "pdf", "gif", "bmp", "zip", "heic", "dot"],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        drawn(data)


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.js", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        picture() + _archive(),
        picture(comment=PDF),
        picture("PNG") + b"<script >alert(1)</script>",
        picture(comment=b"<?php system($_GET[0]); ?>"),
        picture(comment=SVG),
        picture("WEBP") + b"<!DOCTYPE  html>",
        picture(comment=b"/*" + b" " * ((1 << 16) - 40)) + b" " * (1 << 20) + b"<SCRIPT>",
    ],
    ids=["zip", "pdf", "script", "php", "svg", "html", "late"],
)
def test_a_photo_that_is_also_something_else_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        drawn(data)


def test_a_photo_with_a_film_behind_it_is_a_photo() -> None:
    film = b"\x00\x00\x00\x18ftypmp42" + os.urandom(200_000)
    assert drawn(picture() + film).width == 640


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_that_ends_early_is_called_broken(kind: str) -> None:
    noisy = io.BytesIO()
    Image.effect_noise((300, 300), 80).convert("RGB").save(noisy, kind)
    with pytest.raises((BrokenPicture, NotAPicture)):
        drawn(noisy.getvalue()[: len(noisy.getvalue()) // 2])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_damage_whatever_makes_it_fail_otherwise(kind: str) -> None:
    whole = picture(kind, size=(60, 40))
    rng = random.Random(7)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 12)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        with contextlib.suppress(NotAPicture, BrokenPicture, TooManyPixels):
            drawn(bytes(data))
