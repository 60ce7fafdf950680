"""Finds what a line asks about the care of goods and of stains, and puts the answer together."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.care_file import CareFiles
from bot.knowledge.entries import ASPECTS, Entry, Stain, Told
from bot.knowledge.spelling import plain

Cut = Callable[[str], Sequence[str]]  # a line as the words in it

_ASKED = {
    "iron": re.compile(r"熨|[能可要怎]烫|挂烫|烫平|皱"),
    "dry": re.compile(r"晾|晒|烘|淋|湿了|受潮|甩干|脱水|拧|阴干|吹干|风干"),
    "store": re.compile(
        r"收纳|收起|收着|收藏|存放|保存|换季|防蛀|防虫|防潮|怎么[存放收叠挂]|放冰箱|压箱"
    ),
    "daily": re.compile(
        r"保养(?!卡)|养护|护理|打理|维护|爱护|起球|静电|不防水|防水性|钻绒|蹭色|多久换"
    ),
    "wash": re.compile(r"洗|清洁|擦|刷|除垢|除味|去味|有味|脏"),
}
TOOL = 3  # rank of what other things are washed, dried or kept with
_OVERALL = ("wash", "daily", "never")
_SOILED = re.compile(
    r"沾|弄[上到脏]|搞脏|脏了|滴[到在了上]|[洒撒]|溅|蹭|渍|印|斑|迹|污|[串染]|霉|画[到在上]|写[到在]|[洗擦去]不[掉净]|"
    r"[怎咋能].{0,4}(?:去|除|洗)[掉除]?|去[掉除]|祛|吐|尿|发黄|锈|粘[上在了]"
)
_FRAGILE = "这种料子娇气，先在看不见的地方试一小块，拿不准就送专业洗护。"


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    start: int
    end: int


class Care:
    """The care files, searched by the words that shoppers use."""

    def __init__(self, files: CareFiles, cut: Cut) -> None:
        self._files = files
        self._cut = cut
        self._goods = _named(files.entries)
        self._stains = _named(files.stains)

    def answer(self, text: str) -> Told | None:
        """What is known of the goods or the stain that a line names, or None."""
        line = plain(text)
        stain, place = self._stain(line)
        entry = self._entry(line, place)
        if stain is not None and (entry is None or entry.cloth or _unlike(stain, entry)):
            return _of_stain(stain, entry)
        if entry is None:
            return None
        asked = _asked(entry, line) or ("wash" if stain else None)
        return _of_entry(entry, asked, self._shown(entry)) if asked else None

    def sentences(self) -> dict[str, str]:
        """Every sentence by its own id, with the names of what it is about, to be searched."""
        found = {
            f"{entry.id}.{aspect}": "，".join((entry.name, *entry.words, label, entry.told[aspect]))
            for entry in self._files.entries.values()
            for aspect, label in ASPECTS.items()
            if aspect in entry.told
        }
        for stain in self._files.stains.values():
            found[stain.id] = "，".join((stain.name, *stain.words, stain.first, stain.then))
        return found

    def sentence(self, sentence_id: str) -> Told:
        """The answer that a sentence belongs to."""
        if sentence_id in self._files.stains:
            return _of_stain(self._files.stains[sentence_id], None)
        entry_id, aspect = sentence_id.split(".")
        entry = self._files.entries[entry_id]
        return _of_entry(entry, aspect, self._shown(entry))

    def _shown(self, entry: Entry) -> list[dict[str, object]]:
        return [self._files.symbols[symbol].shown() for symbol in entry.symbols]

    def _stain(self, line: str) -> tuple[Stain | None, _Place | None]:
        if not _SOILED.search(line):
            return None, None
        for place in self._places(line, self._stains):
            return self._files.stains[place.name], place
        return None, None

    def _entry(self, line: str, taken: _Place | None) -> Entry | None:
        """Of several goods the one of the lowest rank; the last named, which is the noun."""
        best: Entry | None = None
        for place in self._places(line, self._goods):
            if taken and place.start < taken.end and taken.start < place.end:
                continue
            entry = self._files.entries[place.name]
            if best is None or entry.rank <= best.rank:
                best = entry
        return best

    def _places(self, line: str, words: Mapping[str, str]) -> Iterable[_Place]:
        """Names in reading order, the longest at each place; a lone character must be a word."""
        lone = set(self._cut(line))
        end = 0
        for start in range(len(line)):
            if start < end:
                continue
            for length in range(_LONGEST, 0, -1):
                word = line[start : start + length]
                alone = length == 1 and word not in lone and line[start - 1 : start] not in _UPON
                if word in words and not alone:
                    end = start + len(word)
                    yield _Place(words[word], start, end)
                    break


_UPON = ("上", "到", "了", "有")  # after these one character is a word: 沾上|锈
_LONGEST = 8  # characters of the longest name


def _named(found: Mapping[str, Entry] | Mapping[str, Stain]) -> dict[str, str]:
    return {word: one.id for one in found.values() for word in one.words}


def _asked(entry: Entry, line: str) -> str | None:
    """What a line asks about goods, apart from their own name: 洗衣机 asks no washing."""
    if entry.rank == TOOL:
        for word in entry.words:
            line = line.replace(word, " ")
    asked = next((one for one, words in _ASKED.items() if words.search(line)), None)
    return None if asked in ("dry", "iron") and not (entry.cloth or asked in entry.told) else asked


def _unlike(stain: Stain, entry: Entry) -> str | None:
    """What holds for this stain on these goods instead."""
    return stain.unless.get(entry.id) or stain.unless.get(entry.like)


def _of_stain(stain: Stain, entry: Entry | None) -> Told:
    where = f"{entry.name}上的{stain.name}" if entry else stain.name
    then = stain.then
    if entry and (instead := _unlike(stain, entry)):
        then = instead
    elif entry and entry.delicate:
        then += _FRAGILE
    rows = [("马上", stain.first), ("然后", then), ("注意", stain.never)]
    text = f"{where}：{stain.first}{then}{stain.never}"
    return Told(text, _card(f"{stain.name}怎么办", rows))


def _of_entry(entry: Entry, asked: str, symbols: list[dict[str, object]]) -> Told:
    aspects = (asked, "never") if asked in entry.told and asked != "daily" else _OVERALL
    said = "".join(entry.told[aspect] for aspect in aspects if aspect in entry.told)
    rows = [
        (label, entry.told[aspect]) for aspect, label in ASPECTS.items() if aspect in entry.told
    ]
    card = _card(f"{entry.name}怎么打理", rows, symbols)
    return Told(f"{entry.name}：{said}", card, entry.cloth)


def _card(
    title: str, rows: Sequence[tuple[str, str]], symbols: Sequence[Mapping[str, object]] = ()
) -> Mapping[str, object]:
    listed = [{"label": label, "text": text} for label, text in rows]
    return {"kind": "care", "title": title, "rows": listed, "symbols": list(symbols)}
