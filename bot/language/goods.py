"""Which goods a line is about; jieba cuts the words, so that 包 in 包邮 or 面包 is no bag."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jieba

from bot.language.reading import Clause, Found

# jieba's dictionary files allow no underscore in a word's tag.
LEAVES = {"downjacket": "down_jacket"}
KINDS_OF = {
    "garment": {"tshirt", "down_jacket", "jacket", "suit", "leather", "underwear", "cotton"}
}
# The only single characters a longer word may end in and still be those goods: 面包 is no bag.
HEADS = frozenset("鞋靴裙裤")
PART_WORDS = frozenset({"accessory", "cosmetics"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A goods word in a clause."""

    category: str
    start: int
    end: int


class Goods:
    """The goods words of `data/dictionary/goods.txt` in a jieba tokenizer of our own."""

    def __init__(self, dictionary: Path) -> None:
        jieba.setLogLevel(logging.WARNING)
        self._tokenizer = jieba.Tokenizer()
        self._tokenizer.initialize()
        for words in sorted(dictionary.glob("*.txt")):
            with words.open("rb") as file:  # given a path, jieba leaves the file open
                self._tokenizer.load_userdict(file)
        self._categories = _categories(dictionary / "goods.txt")
        self._letters = frozenset("".join(self._categories))

    def mentions(self, text: str) -> list[Mention]:
        """Goods words in reading order, without lipstick that is a stain and belts that are a coat's."""
        if self._letters.isdisjoint(text):
            return []
        found = [
            Mention(category, start, end)
            for word, start, end in self._tokenizer.tokenize(text, HMM=False)
            if (category := self._category_of(word)) and not _is_only_a_syllable(text, start, end)
        ]
        return [
            mention
            for index, mention in enumerate(found)
            if not _is_aside(text, mention, found[:index])
        ]

    def _category_of(self, word: str) -> str | None:
        """A compound is what it ends in: 真皮沙发 a sofa, 西装裤 trousers."""
        for start in range(len(word)):
            head = word[start:]
            if head in self._categories and (start == 0 or len(head) > 1 or head in HEADS):
                return self._categories[head]
        return None

    def category(self, clause_list: Sequence[Clause]) -> Found | None:
        """The one category the line is about; None when it names several goods."""
        named = [
            (clause, mention) for clause in clause_list for mention in self.mentions(clause.text)
        ]
        caring = any(_care().search(clause.text) for clause in clause_list)
        named = [pair for pair in named if pair[1].category != "cotton" or caring]
        chosen = _bought(named) or _most_special(named)
        if chosen is None:
            return None
        clause, mention = chosen
        return clause.found("category", mention.category, mention.start, mention.end)


def _categories(path: Path) -> dict[str, str]:
    pairs = (line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {word: LEAVES.get(tag, tag) for word, tag in pairs}


def _is_only_a_syllable(text: str, start: int, end: int) -> bool:
    """包 alone is a bag only where a bag can stand: 这个包, 买的包, 包的带子."""
    if text[start:end] != "包" or re.match(
        r"(?:是|就是|我的)?包(?:[的了吧啊]*$|的?(?:拉链|带|扣)|才|都|没|背|掉|坏|裂|破|脱|开)", text
    ):
        return False
    ahead = re.search(r"(?:[个只款的买退换修女男新皮小这那我]|牌)$", text[:start])
    return ahead is None or re.match(r"[邮退换修装裹含吗括月年你不]", text[end:]) is not None


def _is_aside(text: str, mention: Mention, earlier: list[Mention]) -> bool:
    if mention.category == "cosmetics":
        return _is_a_stain(text, mention)
    if text[: mention.start].endswith("丢") or re.match(r"里(?:的|面|头)", text[mention.end :]):
        return True
    if mention.category == "appliance" and text[: mention.start].endswith(("用", "拿")):
        return True
    if mention.category != "accessory" or not earlier:
        return False
    before = earlier[-1]
    between = text[before.end : mention.start]
    return before.category not in PART_WORDS and _belongs().fullmatch(between) is not None


@cache
def _belongs() -> re.Pattern[str]:
    """风衣|的|腰带: the belt is a part of the coat."""
    return re.compile(r"(?:上|配|自带)?的?|那个|的那条")


def _is_a_stain(text: str, mention: Mention) -> bool:
    ahead, behind = text[: mention.start], text[mention.end :]
    return (
        re.match(r"(?:不小心)?[蹭弄沾印粘渍痕抹染掉色]", behind) is not None
        or re.search(r"[蹭沾弄有溅抹染粘滴洒](?:了|到|上|着)*(?:一?[点些块片])?$", ahead)
        is not None
    )


Named = tuple[Clause, Mention]


def _bought(named: list[Named]) -> Named | None:
    """The goods that come straight after 买的, 退 or 换; asking about another is an aside."""
    bound = [
        (clause, mention)
        for clause, mention in named
        if re.search(
            r"(?:买|购|入手|订|拍)(?:的|了|过)?(?:这|那|一)?(?:件|条|双|个|只|台|款|套|顶)?[^,买]{0,3}$",
            clause.text[: mention.start],
        )
    ]
    return _most_special(bound)


def _most_special(named: list[Named]) -> Named | None:
    categories = {mention.category for _, mention in named}
    if len(categories) == 1:
        return named[-1]
    for parent, children in KINDS_OF.items():
        special = categories - {parent}
        if parent in categories and len(special) == 1 and special <= children:
            return next(pair for pair in reversed(named) if pair[1].category in special)
    if "cotton" in categories and categories <= {"cotton", *KINDS_OF["garment"], "garment"}:
        return next(pair for pair in named if pair[1].category == "cotton")
    return None


@cache
def _care() -> re.Pattern[str]:
    return re.compile(
        r"怎么.{0,3}(?:洗|保养|打理|护理|熨|收纳|清洁)|如何.{0,3}(?:洗|保养|清洗)|保养|能不?能?.{0,2}(?:机洗|水洗|干洗|手洗)|洗.{0,4}(?:注意|变形|缩水)"
    )
