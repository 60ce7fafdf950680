"""Reads `data/care`: every file or none, with file, line and remedy for what cannot be used."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from bot.knowledge.entries import ASPECTS, Entry, Family, Stain, Symbol
from bot.policy.reading import Block, read
from bot.settings import ROOT

CARE = ROOT / "data" / "care"
FABRICS, STAINS, SYMBOLS = "fabrics.yml", "stains.yml", "symbols.yml"
LONGEST = 120  # characters of one sentence: a phone shows six lines of it
MARKS = ("number", "bars", "hand", "cross", "empty", "vertical", "horizontal", "shade", "dots")
PATH = re.compile(r"[MLHVCSAZ0-9 .]+")
LETTERS = re.compile(r"\d\d|[A-Z]")
Named = TypeVar("Named", Entry, Stain, Symbol, Family)


@dataclass(frozen=True, slots=True)
class CareFiles:
    """All that the files hold, each by its id and in the files' order."""

    entries: Mapping[str, Entry]
    stains: Mapping[str, Stain]
    symbols: Mapping[str, Symbol]
    families: Mapping[str, Family]


def load(folder: Path = CARE) -> CareFiles:
    """Read every file of the folder. Raises BadPolicy, which names file, line and remedy."""
    symbols, families = _symbols(read(folder / SYMBOLS))
    files = sorted(path for path in folder.glob("*.yml") if path.name not in (STAINS, SYMBOLS))
    blocks = [block for path in files for block in _listed(read(path), "entries")]
    entries = _by_id((block, _entry(block, symbols)) for block in blocks)
    for block in blocks:
        if block.text("like", block.text("id")) not in entries:
            raise block.wrong("like", "unknown_entry", "没有这个条目。", "请写条目的 id。")
    stains = _by_id(
        (block, _stain(block, entries)) for block in _listed(read(folder / STAINS), "stains")
    )
    _refuse_shared_words(blocks)
    return CareFiles(entries, stains, symbols, families)


def _listed(top: Block, key: str) -> Iterable[Block]:
    top.only(key)
    return top.blocks(key)


def _by_id(found: Iterable[tuple[Block, Named]]) -> Mapping[str, Named]:
    kept: dict[str, Named] = {}
    for block, one in found:
        if one.id in kept:
            raise block.wrong("id", "twice", f"“{one.id}”写了两遍。", "请改名或去掉一个。")
        kept[one.id] = one
    return MappingProxyType(kept)


def _entry(block: Block, symbols: Mapping[str, Symbol]) -> Entry:
    block.only("id", "name", "words", "rank", "cloth", "delicate", "like", "symbols", *ASPECTS)
    fabric = block.file.name == FABRICS
    told = {aspect: _sentence(block, aspect) for aspect in ASPECTS if aspect in block}
    if "never" not in told or len(told) < 2:
        raise block.wrong(None, "too_little", "要写 never 和至少一项做法。", "请补上。")
    return Entry(
        id=block.text("id"),
        name=block.text("name"),
        words=_words(block),
        told=MappingProxyType(told),
        rank=block.whole("rank") if "rank" in block else int(fabric),
        cloth=fabric or block.flag("cloth"),
        delicate=block.flag("delicate"),
        like=block.text("like", ""),
        symbols=_known(block, "symbols", symbols),
    )


def _stain(block: Block, entries: Mapping[str, Entry]) -> Stain:
    block.only("id", "name", "words", "first", "then", "never", "unless")
    unless = block.block("unless")
    for fabric in unless:
        if fabric not in entries:
            raise unless.wrong(fabric, "unknown_entry", f"没有“{fabric}”。", "请写条目的 id。")
    return Stain(
        id=block.text("id"),
        name=block.text("name"),
        words=_words(block),
        first=_sentence(block, "first"),
        then=_sentence(block, "then"),
        never=_sentence(block, "never"),
        unless=MappingProxyType({fabric: _sentence(unless, fabric) for fabric in unless}),
    )


def _symbols(top: Block) -> tuple[Mapping[str, Symbol], Mapping[str, Family]]:
    top.only("strokes", "families", "symbols")
    strokes = top.block("strokes")
    for name in strokes:
        if not PATH.fullmatch(strokes.text(name)):
            raise strokes.wrong(name, "not_a_path", "线条写法不对。", "请写 SVG 路径。")
    names = {block.text("id") for block in top.blocks("families")}
    symbols = _by_id((block, _symbol(block, strokes, names)) for block in top.blocks("symbols"))
    families = _by_id((block, _family(block, symbols)) for block in top.blocks("families"))
    return symbols, families


def _symbol(block: Block, strokes: Block, families: set[str]) -> Symbol:
    block.only("id", "family", "name", "draw", "letters", "marks", "means")
    marks, letters = block.block("marks"), block.text("letters", "")
    marks.only(*MARKS, "letter")
    if block.text("family") not in families:
        raise block.wrong("family", "unknown_family", "没有这一类图形。", "请写 families 里的 id。")
    if letters and not LETTERS.fullmatch(letters):
        raise block.wrong("letters", "bad_letters", "图里只写一个字母或两位数字。", "请改过来。")
    return Symbol(
        id=block.text("id"),
        family=block.text("family"),
        name=block.text("name"),
        means=_sentence(block, "means"),
        strokes=tuple(strokes.text(each) for each in _known(block, "draw", strokes)),
        letters=letters,
        marks=MappingProxyType({key: marks.text(key) for key in marks}),
    )


def _family(block: Block, symbols: Mapping[str, Symbol]) -> Family:
    block.only("id", "name", "about", "words", "show")
    return Family(
        id=block.text("id"),
        name=block.text("name"),
        about=_sentence(block, "about"),
        words=_words(block),
        show=_known(block, "show", symbols),
    )


def _known(block: Block, key: str, names: Mapping[str, object]) -> tuple[str, ...]:
    for name in block.texts(key):
        if name not in names:
            raise block.wrong(key, "unknown_name", f"没有“{name}”。", "请检查名称。")
    return block.texts(key)


def _words(block: Block) -> tuple[str, ...]:
    words = block.texts("words")
    if not words:
        raise block.wrong("words", "no_words", "没有写顾客怎么叫它。", "请补上 words。")
    return tuple(word.lower() for word in words)


def _sentence(block: Block, key: str) -> str:
    text = block.text(key)
    if not text.endswith("。") or len(text) > LONGEST:
        raise block.wrong(
            key, "not_a_sentence", f"要写成一句话，句号结尾，不超过 {LONGEST} 个字。", "请改过来。"
        )
    return text


def _refuse_shared_words(blocks: Iterable[Block]) -> None:
    """A word that two entries claim would always be taken for the first."""
    owner: dict[str, str] = {}
    for block in blocks:
        for word in _words(block):
            first = owner.setdefault(word, block.text("id"))
            if first != block.text("id"):
                problem = f"“{word}”已经是“{first}”的叫法。"
                raise block.wrong("words", "shared_word", problem, "请只留在一处。")
