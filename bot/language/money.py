"""Prices: what was paid and what it costs now, never an order number."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from bot.language.numbers import DIGITS, amount
from bot.language.reading import Clause, Found

FIGURE = rf"(?<![\da-z.#月/\-第几多{DIGITS}十百千万])(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?:\.\d{{1,2}})?[kw千万]?(?![\d#])|(?<![月第几多\d{DIGITS}十百千万])[{DIGITS}][{DIGITS}十百千万]{{1,8}}"
MONEY = rf"(?:¥|rmb|人民币|cny)?(?P<n>{FIGURE})(?P<unit>块钱|块|元钱|元|rmb|¥)?(?!多|来|几|[天月号日年个次件条双只点%码折岁分kgcm米寸米度版款楼层周])"
SMALLEST = Decimal(5)
GOODS = r"(?:衣服|外套|裤子?|裙子?|鞋子?|靴|包|西服|西装|大衣|羽绒服|毛衣|衬衫|皮衣|T恤|t恤|夹克|冲锋衣|连衣裙|风衣|男鞋|女鞋|东西|这件|那件|这条|这双)"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (key, re.compile(phrase))
        for key, phrase in (
            ("price_paid", rf"{MONEY}(?:钱)?(?:在[^,]{{1,6}})?(?:才|刚|就)?(?:买|购|入手|拿|拍)(?:的|了|过|到|入|下)?"),
            ("price_paid", rf"(?:花了?|付了|付款|实付|交了|掏了)(?:我)?(?:大?洋|将近)?{MONEY}"),
            ("price_paid", rf"(?:买(?:的)?(?:时候?|时)|当时|买的|原来买|买成|买(?:了|来)?)(?:才|就|是|要|花了?|的?价格是?|付了|:)*{MONEY}(?!的?(?:优惠|券|会员|运费))"),
            ("price_paid", rf"{MONEY}的(?=[^,券费]{{0,4}}{GOODS})"),
            ("price_now", rf"(?:现在|今天|如今|眼下|这会儿)(?:[^,\d买]{{0,6}}?)(?:只要|只卖|卖|才|打折到|打到|降到|降价到|降成|变成|就|是|要|标价|便宜到|又|都|活动价?|到手|做活动|只)+(?:了)?{MONEY}"),
            ("price_now", rf"(?:打折到|打到|降到|降价到|降成|降价成|便宜到|变成)(?:了)?{MONEY}"),
            ("price_now", rf"现在{MONEY}"),
            ("list_price", rf"原价(?:是|要)?{MONEY}(?!买)"),
            ("tag_price", rf"吊牌价?(?:上)?(?:是|写的?是?|标的?是?|写着|标着)?{MONEY}"),
            ("label_price", rf"(?:价签|价格牌|标价签?)(?:上)?(?:是|写的?是?|写着|标着)?{MONEY}"),
        )
    )  # fmt: skip


def prices(clause: Clause) -> Iterator[Found]:
    """Prices told in one clause."""
    if not _has_figure(clause.text):
        return
    taken: list[range] = []
    for key, pattern in reversed(_patterns()):
        for match in pattern.finditer(clause.text):
            value = worth(match["n"], match["unit"])
            place = range(match.start("n"), match.end("n"))
            if (
                value is None
                or any(place.start in other for other in taken)
                or _is_before_buying(clause.text, match)
            ):
                continue
            taken.append(place)
            yield clause.found(key, value, *match.span())


def worth(figure: str, unit: str | None) -> Decimal | None:
    """The amount, or None where the figure is too small or too vague to be a price."""
    value = amount(figure)
    if value is None or (not unit and (value < SMALLEST or _may_be_a_date(figure))):
        return None
    return value


def _may_be_a_date(figure: str) -> bool:
    """`9.9买的` is a price or the ninth of September."""
    return re.fullmatch(r"(?:1[0-2]|\d)\.(?:[12]?\d|3[01])", figure) is not None


def bare_price(text: str) -> Decimal | None:
    """An answer that is nothing but an amount: `399`, `三百二`, `399块`."""
    match = re.fullmatch(
        rf"(?:是|就|花了|大概|一共|总共|原价|实付)*(?:¥|rmb)?(?P<n>{FIGURE}|\d)(?:块钱|块|元钱|元|rmb)?(?:钱|吧|左右|的|啊|呀|买的)*",
        text,
    )
    return amount(match["n"]) if match else None


def _has_figure(text: str) -> bool:
    return re.search(rf"[\d{DIGITS}十百]", text) is not None


def _is_before_buying(text: str, match: re.Match[str]) -> bool:
    return (
        re.search(
            r"(?:大概|大约|好像|差不多|应该|想|要|准备|打算|能|可以|满|别人|人家|再|怎么|没|不)[^,]{0,4}$",
            text[: match.start()],
        )
        is not None
        or re.search(r"买(?:吗|不|多少)", text[match.end() - 1 :]) is not None
    )
