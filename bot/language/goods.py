"""Which goods a line is about; jieba cuts the words, so that 包 in 包邮 or 面包 is no bag."""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import jieba

from bot.language.asides import Mention, is_aside, is_only_a_syllable
from bot.language.reading import Clause, Found

# jieba's dictionary files allow no underscore in a word's tag.
TAGS = {
    "downjacket": "down_jacket", "hometextile": "home_textile", "freshfood": "fresh_food",
    "digitaldownload": "digital_download",
}  # fmt: skip
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
            # 口红色号 is no 红色.
            for word, start, end in self._tokenizer.tokenize(text.replace("色号", "##"), HMM=False)
            if (category := self._category_of(word)) and not is_only_a_syllable(text, start, end)
        ]
        return [
            mention
            for index, mention in enumerate(found)
            if not is_aside(text, mention, found[:index])
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

    @staticmethod
    def made_to_order(clause_list: Sequence[Clause]) -> Found | None:
        """`定做的`, `刻了字的`: what nobody else can wear; not what might be made (能定做吗)."""
        for clause in clause_list:
            if match := _made_to_order().search(clause.text):
                return clause.found("category", "custom_made", *match.span())
        return None


@cache
def _made_to_order() -> re.Pattern[str]:
    return re.compile(
        r"(?<![能不没想要会做])(?<!可以)(?<!不是)(?<!怎么)(?<!提供)(?<!哪里)"
        r"(?:(?:量身|私人|单独|专门|个性|给我|帮我|为我)*(?:[定订]制|[定订]做|量体裁衣)(?:的|了|过|款|版|好的?|(?=[^,吗么不]{0,4}[衣裤裙鞋服装发帘戒柜垫]))"
        r"|(?:(?:刻|绣|印)(?:了|上|着|有)*(?:我的?|孩子的?|她的?|他的?)?(?:名字|姓名|名)|刻(?:了|上|着|有)*(?:字|字母))(?:的|了|$))"
        r"(?!吗|么|能)",
    )


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
