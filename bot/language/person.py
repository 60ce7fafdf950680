"""Asking for a person outright (`phrases/person.yml`), typed as it may be: 转rg, 转 人 工, 人公."""

import re
from functools import cache

from bot.language.normalise import clauses, plain
from bot.language.reading import Clause, Found
from bot.language.rules import sheet


def asks_for_person(text: str) -> bool:
    """Whether a shopper's line asks for a person in so many words: all that is heard of it while
    Rasa is away. Builds no words of goods, unlike a `Reader`."""
    return person(clauses(plain(text))) is not None


def person(parts: tuple[Clause, ...]) -> Found | None:
    """The wish for a person, heard wherever in the line it is; None when it is denied."""
    for clause in (*parts, *_spelt_out(parts)):
        for row in sheet("person").rows:
            for match in row.phrases.finditer(clause.text):
                if _repairer().match(clause.text, match.start()):
                    continue
                if not _denial().search(clause.text[: match.start()]):
                    return clause.found(row.fact, row.value, match.start(), match.end())
    return None


def _spelt_out(parts: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """转 人 工 as one clause: pieces of a character or two, told apart by spaces alone."""
    pieces = [clause.text for clause in parts]
    if len(pieces) < 2 or max(map(len, pieces)) > _LONGEST_PIECE:
        return ()
    return (Clause("".join(pieces), parts[0].start),)


_LONGEST_PIECE = 5  # characters; zhuan is the longest


@cache
def _repairer() -> re.Pattern[str]:
    """派人来看: somebody is to see the goods, not to talk."""
    return re.compile(
        r"(?:派|安排|叫|找|让|请)(?:一?个|一?位|你们)?(?:人|师傅|同事|专人)(?:上门)?(?:过?来|去)?(?:上门)?(?:看(?!看?聊)|修|检|拆|换|装|取)"
    )


@cache
def _denial() -> re.Pattern[str]:
    return re.compile(
        r"(?:不用|不要|别|不必|不需要|不想|没|没有|不是|无需|甭|先不|不|免得|取消|刚才|已经|之前|上次|昨天|[^能要我]说(?:好|是|要|会)?|答应|承诺|[会在](?!帮|给|不)|为什么|都)"
        r"(?:再|给我|帮我|让我|去|麻烦|你们?|要|想|有|联系|叫|人)*$"
    )
