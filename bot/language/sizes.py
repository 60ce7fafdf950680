"""Sizes: the one that was bought and the one that is wanted, said beside a change or a bad fit."""

import re
from collections.abc import Iterator
from functools import cache

from bot.language.reading import Clause, Found

LETTERS = r"(?<![a-z\d])(?:x{0,4}[sl]|[2-6]xl|m)(?![a-z\d])"
# Clothes by height (175, 175/92a), shoes and trousers by their number (38.5).
FIGURES = r"(?<![\d.])(?:1[0-9][05](?:/\d{2,3}[a-d]?)?|[2-5]\d(?:\.5)?)(?![\d.%])"
SIZE = rf"(?:{LETTERS}|{FIGURES}|均码)"
MARK = r"(?:码数?|号)?"
OFF = r"[大小紧松肥瘦长短窄宽]"
BAD_FIT = (
    r"(?:太|有点|有些|偏|稍微|都|还是|穿着|穿|也)*"
    rf"(?:不合[适身脚]|{OFF}了?(?=$|[一些点,想要换啊呀的]))"
)


def sizes(clauses: tuple[Clause, ...]) -> Iterator[Found]:
    """`size_bought`, `size_wanted`, and that the size is what is wrong; only where it is in question."""
    if not any(_in_question().search(clause.text) for clause in clauses):
        return
    for clause in clauses:
        yield from _changed(clause)
        for match in _had().finditer(clause.text):
            yield clause.found("size_bought", _named(match["size"]), *match.span("size"))
        for match in _wanted().finditer(clause.text):
            yield clause.found("size_wanted", _named(match["size"]), *match.span("size"))
        for match in _misfit().finditer(clause.text):
            yield clause.found("size_bought", _named(match["size"]), *match.span("size"))
            yield clause.found("problem", "size", *match.span())


def _changed(clause: Clause) -> Iterator[Found]:
    """`36换37`: both at once, and the wish."""
    for match in _pair().finditer(clause.text):
        yield clause.found("size_bought", _named(match["had"]), *match.span("had"))
        yield clause.found("size_wanted", _named(match["size"]), *match.span("size"))
        yield clause.found("wants", "exchange", *match.span())


def _named(size: str) -> str:
    """`3xl` is XXXL, as labels have it up to three; 175/92a is 175-92A, as facts are words."""
    size = size.upper().replace("/", "-")
    return "X" * int(size[0]) + "L" if re.fullmatch(r"[23]XL", size) else size


@cache
def _in_question() -> re.Pattern[str]:
    return re.compile(
        rf"换|{SIZE}{MARK}的?想?要{SIZE}|{SIZE}{MARK}的?{BAD_FIT}|^{BAD_FIT}|尺码|码数"
    )


@cache
def _pair() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<had>{SIZE}){MARK}的?(?:想|要|能|可以|给我|帮我|直接|再)*"
        rf"(?:换(?:成|个|到|一[件双条个])?|(?<=要))(?P<size>{SIZE})"
    )


@cache
def _had() -> re.Pattern[str]:
    return re.compile(
        r"(?:买的?|拿的?|原来|现在|这[件双条个]|当时|订的?|拍的?)(?:就?是|的是)?"
        rf"(?P<size>{SIZE})(?:码数?|号|的|$)"
    )


@cache
def _wanted() -> re.Pattern[str]:
    return re.compile(
        r"(?:换|想要|要|来)(?:成|个|到|为|一?[件双条个])?"
        rf"(?P<size>{SIZE})(?:码数?|号|的|$|[吗行可能呢吧啊,])"
    )


@cache
def _misfit() -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[衣裤裙鞋服靴子的买]))(?P<size>{SIZE}){MARK}的?{BAD_FIT}")
