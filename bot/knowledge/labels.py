"""Reads a care symbol out of how a shopper describes it: 圆圈里一个P, 洗衣盆两条杠."""

import re
from collections.abc import Iterator, Mapping

from bot.knowledge.care_file import CareFiles
from bot.knowledge.entries import Family, Symbol, Told
from bot.knowledge.spelling import plain

_MEANS = r"意思|代表|表示|是什么|是啥|指什么|看不懂|不认识|怎么[看理认]"
_ASKS = re.compile(_MEANS)
_MEANING = re.compile(rf"{_MEANS}|什么标|啥标|标志|标识|图标|洗标|符号|记号")
_LABEL = re.compile(
    r"洗标|洗涤标|洗唛|洗护标|洗水标|(?:护理|标签|衣服)[^，。]{0,6}(?:符号|图标|标志|图案)"
)
_PARTS = re.compile(r"[，,。；;！!？?\s、]+")
_COUNTED = {
    "一": "1",
    "1": "1",
    "二": "2",
    "两": "2",
    "俩": "2",
    "双": "2",
    "2": "2",
    "三": "3",
    "3": "3",
}
_N = r"([一二两俩双三123])"
_NUMBER = re.compile(r"(?<!\d)(95|70|60|50|40|30)(?!\d)|([三四五六七九])十")
_TENS = {"三": "30", "四": "40", "五": "50", "六": "60", "七": "70", "九": "95"}
_LETTER = re.compile(r"(?<![a-z])([pfwa])(?![a-z])")
_BARS = re.compile(rf"{_N}(?:条|道|根|个|杠|横)|杠|横线|下划线|斜线")
_UPRIGHT = re.compile(rf"{_N}?(?:条|道|根|个)?竖")
_LEVEL = re.compile(rf"{_N}?(?:条|道|根|个)?(?:横|杠)")
_DOTS = re.compile(rf"{_N}个?(?:小?圆?点|黑点)|(?:点|圆点){_N}个|(?<![^里有带中])(点)")
_CROSS = re.compile(r"叉|×|✕|❌|划掉|禁止|(?<![a-z])x(?![a-z])")
_OUTLINES = ("wash", "bleach", "dry", "iron", "clean")
SHORT = 24  # characters; a longer line that asks no meaning describes goods, not a label


class Labels:
    """The care symbols, found by their outlines and what is in them."""

    def __init__(self, files: CareFiles) -> None:
        self._files = files

    def answer(self, text: str) -> Told | None:
        """What the symbols that a line describes mean, or None where it describes none."""
        line = plain(text)
        found = list(self._described(line))
        asks = _MEANING.search(line) is not None
        if not found:
            return self._chart() if _ASKS.search(line) and _LABEL.search(line) else None
        marked = any(isinstance(one, Symbol) for one in found)
        if not asks and not (marked and len(line) <= SHORT):
            return None
        return _told(found[:3], self._files.symbols)

    def _described(self, line: str) -> Iterator[Symbol | Family]:
        """One for each outline named; what follows a comma without an outline belongs to it."""
        pieces: list[str] = []
        for part in _PARTS.split(line):
            if pieces and not self._outline(part):
                pieces[-1] += part
            elif part:
                pieces.append(part)
        for piece in pieces:
            family = self._outline(piece)
            if family:
                yield self._symbol(family, piece) or self._files.families[family]

    def _outline(self, piece: str) -> str | None:
        named = {
            family
            for family in _OUTLINES
            if any(word in piece for word in self._files.families[family].words)
        }
        if {"dry", "clean"} <= named or ("烘干" in piece and named & {"dry", "clean"}):
            return "tumble"
        return next((family for family in _OUTLINES if family in named), None)

    def _symbol(self, family: str, piece: str) -> Symbol | None:
        """The symbol of a family with most of the marks seen, all of its own among them."""
        seen = _marks(family, piece)
        fitting = [
            one
            for one in self._files.symbols.values()
            if one.family == family
            and one.marks
            and all(seen.get(mark) == value for mark, value in one.marks.items())
        ]
        return max(fitting, key=lambda one: len(one.marks), default=None)

    def _chart(self) -> Told:
        shown = [
            self._files.symbols[family.show[0]].shown() for family in self._files.families.values()
        ]
        text = (
            "水洗标看五种图：盆是水洗，三角是漂白，方框是晾干和烘干，熨斗是熨烫，圆圈是送店里洗；"
            "打叉就是不能。您说说标上画了什么，我告诉您怎么洗。"
        )
        return Told(
            text, {"kind": "symbols", "title": "水洗标怎么看", "rows": [], "symbols": shown}
        )


def _marks(family: str, piece: str) -> dict[str, str]:
    seen: dict[str, str] = {}
    if _CROSS.search(piece):
        seen["cross"] = "yes"
    if "手" in piece:
        seen["hand"] = "yes"
    if re.search(r"空|没有?东西|啥也没|什么都没|什么也没", piece):
        seen["empty"] = "yes"
    if number := _NUMBER.search(piece):
        seen["number"] = number[1] or _TENS[number[2]]
    if letter := _LETTER.search(piece):
        seen["letter"] = letter[1]
    if dots := _DOTS.search(piece):
        seen["dots"] = _COUNTED[dots[1] or dots[2] or "1"]
    return seen | _lines(family, piece)


def _lines(family: str, piece: str) -> dict[str, str]:
    """Lines beside or inside an outline: what they are called differs from family to family."""
    if family == "dry":
        seen = {"shade": "yes"} if re.search(r"斜|左上角|角上", piece) else {}
        if upright := _UPRIGHT.search(piece):
            seen["vertical"] = _COUNTED[upright[1] or "1"].replace("3", "2")  # three: as of old
        elif level := _LEVEL.search(piece):
            seen["horizontal"] = _COUNTED[level[1] or "1"]
        return seen
    if family == "bleach":
        return {"bars": "2"} if re.search(r"斜|线|杠|条", piece) else {}
    counted = _BARS.search(piece) if family in ("wash", "clean") else None
    if counted is None or "斜" in piece or not re.search(r"杠|线|横|道", piece):
        return {}
    counts = [one[1] for one in _BARS.finditer(piece) if one[1] and one.group()[-1] != "个"]
    return {"bars": _COUNTED[counts[-1] if counts else "1"]}


def _told(found: list[Symbol | Family], symbols: Mapping[str, Symbol]) -> Told:
    said = [
        f"这个标是“{one.name}”：{one.means}"
        if isinstance(one, Symbol)
        else f"{one.name}{one.about}"
        for one in found
    ]
    shown = [
        symbol.shown()
        for one in found
        for symbol in ([one] if isinstance(one, Symbol) else [symbols[each] for each in one.show])
    ]
    return Told(
        "\n".join(said), {"kind": "symbols", "title": "水洗标", "rows": [], "symbols": shown}
    )
