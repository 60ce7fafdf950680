"""A shop's one colour, made into the shades a page needs, each readable on its ground."""

import colorsys
import re
from collections.abc import Mapping
from dataclasses import dataclass

READABLE = 4.5  # WCAG 2.1, 1.4.3: contrast of text
_NEARLY = 2.6  # a colour that white ink needs to be darkened only a little
_VISIBLE = 1.3  # a button's words carry it; its fill only has to be there
_EASY = {"light": 5.0, "dark": 7.5}  # small words at night need more than the least
DEFAULT_ACCENT = "#1c6b5a"
WHITE, BLACK = "#ffffff", "#101211"

_COLOUR = re.compile(r"#[0-9a-f]{6}")
# The page's own grounds, lightest and darkest, that the colour has to stand out from.
_GROUND = {"light": "#f8f6f2", "dark": "#202523"}
_WASH = {"light": 0.90, "dark": 0.82}  # how much of the ground is in a wash


@dataclass(frozen=True)
class Theme:
    """How a shop looks: one colour and the one or two characters of its mark."""

    accent: str = DEFAULT_ACCENT
    mark: str = ""

    def __post_init__(self) -> None:
        if not _COLOUR.fullmatch(self.accent):
            raise ValueError(f"a colour is written #rrggbb, not {self.accent!r}")
        if len(self.mark) > 2 or not all(character.isalnum() for character in self.mark):
            raise ValueError(f"a mark is one or two letters, not {self.mark!r}")

    def shades(self) -> Mapping[str, Mapping[str, str]]:
        """The page's colours by scheme, `light` and `dark`."""
        return {scheme: _shades(self.accent, scheme) for scheme in ("light", "dark")}


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours, from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _shades(accent: str, scheme: str) -> Mapping[str, str]:
    ground = _GROUND[scheme]
    # White ink looks right on all but the lightest colours; a slightly darker fill carries it.
    ink = WHITE if contrast(WHITE, accent) >= _NEARLY else BLACK
    fill = _against(_against(accent, ground, _VISIBLE), ink, READABLE)
    wash = _mixed(fill, ground, _WASH[scheme])
    return {
        "accent": fill,
        "on_accent": ink,
        "accent_text": _against(accent, wash, _EASY[scheme]),
        "accent_wash": wash,
    }


def _against(colour: str, ground: str, least: float) -> str:
    """The colour itself, or the nearest lighter or darker one that stands out from the ground."""
    towards = 0.0 if _luminance(ground) > 0.18 else 1.0
    hue, light, strength = colorsys.rgb_to_hls(*_parts(colour))
    for step in range(101):
        tried = _hex(colorsys.hls_to_rgb(hue, light + (towards - light) * step / 100, strength))
        if contrast(tried, ground) >= least:
            return tried
    raise AssertionError("black and white stand out from every ground of ours")


def _mixed(colour: str, ground: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(ground), strict=True)
    return _hex(tuple(mine * (1 - share) + theirs * share for mine, theirs in pairs))


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(parts: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
