"""Where a line takes back what was said before it (不对, 说错了, 我记错了)."""

import re
from functools import cache
from itertools import pairwise

from bot.language.reading import Clause

Clauses = tuple[Clause, ...]


def corrected(clauses: Clauses) -> tuple[Clauses, Clauses]:
    """What came before the last correction, and what holds since; the second is empty without one."""
    for index in range(len(clauses) - 1, -1, -1):
        clause = clauses[index]
        match = _taking_back().match(clause.text)
        if match:
            rest = Clause(clause.text[match.end() :], clause.start + match.end(), clause.asks)
            since = clauses[index + 1 :]
            return clauses[:index], (rest, *since) if rest.text else since
    return clauses, ()


def is_put_right(clauses: Clauses) -> bool:
    """`不是昨天, 是前天`: one thing in place of another."""
    return any(
        first.text.startswith("不是") and second.text.startswith(("是", "而是"))
        for first, second in pairwise(clauses)
    )


@cache
def _taking_back() -> re.Pattern[str]:
    return re.compile(
        r"(?:哦|噢|啊|呃|额|诶|哎|嗯|等等|等下|抱歉|不好意思|sorry|对不起|我|刚才|刚刚|是我|前面|上面)*"
        r"(?:不对(?!劲|称|头|版|色|号|码|的地方)|(?:说|记|打|写|输|搞|看|弄|讲|选|点)错了?(?!码|尺|货|款|颜色|地方|号(?!了))|更正(?:一下)?|口误|手误)"
        r"(?:了|啊|呀|哈|呢)*"
    )
