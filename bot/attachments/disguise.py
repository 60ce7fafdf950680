"""Finds files that are a picture and something else at once."""

import re
import struct
from typing import IO

BLOCK = 1 << 20
# What no camera writes and what some other program would run or open. Motion photos and portrait
# photos carry a film or a second picture behind the first; those are harmless and stay.
_MARKUP = re.compile(
    rb"<script[\s>]|<!doctype\s+html|<html[\s>]|<\?php\s|<svg\s+xmlns", re.IGNORECASE
)
_LONGEST = 64  # bytes that a marker may reach over the edge of a block
_PDF_HEAD = 1024  # a reader of PDF looks this far for its sign
_ZIP_END = b"PK\x05\x06"
_ZIP_TAIL = 22 + 65535  # the end record and its longest comment


def is_two_things(file: IO[bytes]) -> bool:
    """Whether the file also reads as a web page, a script, a PDF or an archive."""
    return _has_markup(file) or _is_pdf(file) or _is_archive(file)


def _has_markup(file: IO[bytes]) -> bool:
    file.seek(0)
    tail = b""
    while block := file.read(BLOCK):
        if _MARKUP.search(tail + block):
            return True
        tail = block[-_LONGEST:]
    return False


def _is_pdf(file: IO[bytes]) -> bool:
    file.seek(0)
    return b"%PDF-" in file.read(_PDF_HEAD)


def _is_archive(file: IO[bytes]) -> bool:
    end = file.seek(0, 2)
    file.seek(max(0, end - _ZIP_TAIL))
    tail = file.read()
    at = tail.rfind(_ZIP_END)
    if at < 0 or len(tail) - at < 22:
        return False
    # Four bytes may stand there by chance; a comment that ends exactly with the file does not.
    (comment,) = struct.unpack_from("<H", tail, at + 20)
    return bool(at + 22 + comment == len(tail))
