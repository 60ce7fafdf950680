"""Which goods a line is about; jieba cuts the words, so that 包 in 包邮 or 面包 is no bag."""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import jieba

from bot.language.reading import Clause, Found

# jieba's dictionary files allow no underscore in a word's tag.
TAGS = {"downjacket": "down_jacket", "hometextile": "home_textile"}
# A 裙子 (gown) may be a dress or a skirt, so it is told as a garment.
TOLD_AS = {"gown": "garment"}
PARENT = {
    "dress": "gown", "skirt": "gown", "boots": "shoe", "luggage": "bag", "jade": "jewellery",
    "electronics": "appliance", "belt": "accessory", "scarf": "accessory", "hat": "accessory",
    "glasses": "accessory", "watch": "accessory",
} | dict.fromkeys(
    "gown shirt trousers coat knitwear kids tshirt down_jacket jacket suit leather underwear "
    "socks cotton".split(),
    "garment",
)  # fmt: skip
# Kinds of clothes no rule tells apart: a shirt and trousers together are still clothes.
ORDINARY = frozenset("garment kids gown dress skirt shirt trousers coat knitwear tshirt".split())
# The only single characters a longer word may end in and still be those goods: 面包 is no bag.
HEADS = frozenset("鞋靴裙裤袜")
WORN_WITH = frozenset({"accessory", "belt", "scarf", "hat"})
PART_WORDS = WORN_WITH | {"cosmetics"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A goods word in a clause."""

    category: str
    start: int
    end: int


class Goods:
    """The goods words of `data/dictionary/goods_*.txt` in a jieba tokenizer of our own."""

    def __init__(self, dictionary: Path) -> None:
        jieba.setLogLevel(logging.WARNING)
        self._tokenizer = jieba.Tokenizer()
        self._tokenizer.initialize()
        for words in sorted(dictionary.glob("*.txt")):
            with words.open("rb") as file:  # given a path, jieba leaves the file open
                self._tokenizer.load_userdict(file)
        self._tokenizer.del_word("一个包")
        self._categories = _categories(sorted(dictionary.glob("goods_*.txt")))
        self._letters = frozenset("".join(self._categories))

    def words(self, text: str) -> list[str]:
        """Every word of a text, long ones with the shorter ones inside them."""
        return list(self._tokenizer.cut_for_search(text, HMM=False))

    def mentions(self, text: str) -> list[Mention]:
        """Goods words in reading order, without lipstick that is a stain and belts that are a coat's."""
        if self._letters.isdisjoint(text):
            return []
        found = [
            _qualified(text, Mention(category, start, end))
            for word, start, end in self._tokenizer.tokenize(text, HMM=False)
            if (category := self._category_of(word)) and not _is_only_a_syllable(text, start, end)
        ]
        return [
            mention
            for index, mention in enumerate(found)
            if not _is_aside(text, mention, found[:index])
        ]

    def _category_of(self, word: str) -> str | None:
        """A compound is what it ends in: 真皮沙发 a sofa, 西装裤 trousers; 充电器 is not 电器."""
        for start in range(len(word)):
            head = word[start:]
            if head in self._categories and (start == 0 or _is_head(head)):
                return self._categories[head]
        return None

    def category(self, clause_list: Sequence[Clause], *, asked: bool = False) -> Found | None:
        """The one category the line is about; None when it names several goods.

        Cotton is a care matter, or what the shopper says when `asked` what it is.
        """
        named = [
            (clause, mention) for clause in clause_list for mention in self.mentions(clause.text)
        ]
        caring = asked or any(_care().search(clause.text) for clause in clause_list)
        named = [pair for pair in named if pair[1].category != "cotton" or caring]
        if not asked:
            named = [pair for pair in named if not _asked_about().fullmatch(_around(*pair))]
        chosen = _bought(named) or _most_special(named)
        if chosen is None:
            return None
        clause, mention = chosen
        told = TOLD_AS.get(mention.category, mention.category)
        return clause.found("category", told, mention.start, mention.end)


def _categories(paths: Iterable[Path]) -> dict[str, str]:
    return {word: TAGS.get(tag, tag) for path in paths for word, tag in _words(path).items()}


def _words(path: Path) -> dict[str, str]:
    """A dictionary file's words and tags."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines)


def _is_head(word: str) -> bool:
    return word in HEADS or (len(word) > 1 and word != "电器")


def _qualified(text: str, mention: Mention) -> Mention:
    """真皮的衣服 is leather, 小孩的衣服 children's wear; 孩子弄坏的衣服 is neither."""
    if mention.category != "garment":
        return mention
    ahead = text[max(0, mention.start - 6) : mention.start]
    for category, owner in _owners():
        if match := owner.search(ahead):
            return Mention(category, mention.start - len(match.group()), mention.end)
    return mention


@cache
def _owners() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return (
        ("leather", re.compile(r"(?:真皮|羊皮|牛皮|皮质)的?$")),
        ("kids", re.compile(r"(?:小孩子?|孩子|宝宝|儿童|婴儿|女童|男童|小朋友)(?:穿)?的?$")),
    )


def _is_only_a_syllable(text: str, start: int, end: int) -> bool:
    """包 alone is a bag only where a bag can stand: 这个包, 买的包, 包的带子."""
    if text[start:end] != "包" or re.match(
        r"(?:(?:就?是|我的)?(?:[一这那]?[个只款])?)包(?:[的了吧啊]*$|的?(?:拉链|带|扣|表面|皮面|里衬|内衬|五金|提手|肩带|底)|才|都|没|背|掉|坏|裂|破|脱|开)",
        text,
    ):
        return False
    ahead = re.search(r"(?:[个只款的买退换修女男新皮小这那我]|牌)$", text[:start])
    return ahead is None or re.match(r"[邮退换修装裹含吗括月年你不]", text[end:]) is not None


def _is_aside(text: str, mention: Mention, earlier: list[Mention]) -> bool:
    """A stain, a container, a tool, a part of other goods, or goods that are denied (不是裙子)."""
    if _denied().search(text[: mention.start]):
        return True
    if mention.category == "cosmetics":
        return _is_a_stain(text, mention)
    if text[: mention.start].endswith("丢") or re.match(r"里(?:的|面|头)", text[mention.end :]):
        return True
    if _is_a_place(text, mention):
        return True
    if mention.category in ("appliance", "electronics", "network") and _is_a_means(text, mention):
        return True
    if mention.category not in WORN_WITH:
        return False
    if _is_lost(text, mention):
        return True
    if not earlier:
        return False
    before = earlier[-1]
    between = text[before.end : mention.start]
    return before.category not in PART_WORDS and _belongs().fullmatch(between) is not None


def _is_a_place(text: str, mention: Mention) -> bool:
    """在钱包里, 染到白T恤上, 把别的衣服染了: where something is, or what else it harmed."""
    ahead, behind = text[: mention.start], text[mention.end :]
    if re.search(r"(?:把|跟|和|染了?|沾|蹭|弄)[^,]{0,2}(?:别的|其他|其它|另外)的?$", ahead):
        return True
    put = re.search(r"[放装塞搁收夹在到][^,买]{0,2}$", ahead)
    return put is not None and re.match(r"[里上中](?![衣身面])", behind) is not None


def _is_a_means(text: str, mention: Mention) -> bool:
    """用洗衣机洗的, 手机上买的, 网络平台: what it was done with, not what was bought."""
    ahead, behind = text[: mention.start], text[mention.end :]
    if re.search(r"[用拿扔丢放塞进]$", ahead):
        return True
    if mention.category == "appliance":
        return re.match(r"给?(?:绞|搅|洗(?![不了]))", behind) is not None
    if text[mention.start : mention.end] in ("手机", "电脑"):
        return _own_device().search(f"{ahead}|{behind}") is None
    return (
        re.search(r"[从在]$", ahead) is not None
        or re.match(r"[上里]|平台|购|店", behind) is not None
    )


def _is_lost(text: str, mention: Mention) -> bool:
    """没有腰带, 腰带不见了: a piece that belongs to the goods."""
    return (
        re.search(r"(?:没有?|少了?|缺了?|丢了?)(?:一?[根条顶个])?$", text[: mention.start])
        is not None
        or re.match(
            r"(?:被我|让我|给|我|也|都|不小心)*(?:弄?丢|不见|找不|没了|没有)", text[mention.end :]
        )
        is not None
    )


@cache
def _own_device() -> re.Pattern[str]:
    """A phone or computer is mostly a means; it is goods where bought, or out of order."""
    return re.compile(
        r"(?:买|换|退|退掉|送修|购|[这那新一][台部个款]|[台部])(?:的|了|个|台|部|这)*\||^\|(?:了|吧|的)*$"
        r"|\|(?:的)?(?:又|就|都|屏幕|自己|突然)*(?:坏|黑屏|白屏|花屏|碎屏|死机|开不了|充不[进了]|不充电|没声|发[热烫]|卡顿|闪退|屏)"
    )


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(r"(?<!是)(?<!要)(?:不是|并非)(?:什么|买的?|退的?)?(?:一?[件条双个顶])?$")


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


def _around(clause: Clause, mention: Mention) -> str:
    return f"{clause.text[: mention.start]}|{clause.text[mention.end :]}"


@cache
def _asked_about() -> re.Pattern[str]:
    """`那内衣呢`, `内衣行不行`: a rule is asked for, whatever the shopper's own goods are."""
    return re.compile(
        r"(?:那|那么|还有|如果|要是|换成|买的?|是)*\|(?:的话)?(?:呢|咋办|怎么办|怎么说|怎么算|咋样|行不行|算不算|给不给[退换])(?:啊|呀)?"
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
    """The narrowest of nested kinds (衣服, 羽绒服); of a shirt and trousers, that they are clothes."""
    categories = {mention.category for _, mention in named}
    if not categories:
        return None
    deepest = max(categories, key=lambda category: len(_line_of(category)))
    if categories <= set(_line_of(deepest)):
        return next(pair for pair in reversed(named) if pair[1].category == deepest)
    if "cotton" in categories and categories - {"cotton"} <= ORDINARY:
        return next(pair for pair in named if pair[1].category == "cotton")
    if categories <= ORDINARY:
        clause, mention = named[-1]
        return clause, replace(mention, category="garment")
    return None


def _line_of(category: str) -> list[str]:
    """The category and all above it."""
    line = [category]
    while line[-1] in PARENT:
        line.append(PARENT[line[-1]])
    return line


@cache
def _care() -> re.Pattern[str]:
    return re.compile(
        r"怎么.{0,3}(?:洗|保养|打理|护理|熨|收纳|清洁)|如何.{0,3}(?:洗|保养|清洗)|保养|能不?能?.{0,2}(?:机洗|水洗|干洗|手洗)|洗.{0,4}(?:注意|变形|缩水)"
    )
