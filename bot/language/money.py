"""Prices: what was paid and what it costs now, never an order number."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from bot.language.numbers import DIGITS, amount, whole
from bot.language.reading import Clause, Found

FIGURE = rf"(?<![\da-z.#月/\-第几多{DIGITS}十百千万])(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?:\.\d{{1,2}})?[kw千万]?(?![\d#])|(?<![月第几多\d{DIGITS}十百千万])[{DIGITS}][{DIGITS}十百千万]{{1,8}}"
MONEY = rf"(?:¥|rmb|人民币|cny)?(?P<n>{FIGURE})(?P<unit>块钱|块(?P<dime>[\d一二两三四五六七八九])(?:毛|角)?(?![\d十百千万个件条天月号日])|块|元钱|元|rmb|¥)?(?!多|来|几|[天月号日年个次件条双只点%码折岁分kgcm米寸米度版款楼层周])"
SMALLEST = Decimal(5)
LARGEST_SHOE = 49
BABY_SIZES = frozenset({52, 59, 66, 73})
GOODS = r"(?:衣服|外套|裤子?|裙子?|鞋子?|靴|包|西服|西装|大衣|羽绒服|毛衣|衬衫|皮衣|T恤|t恤|夹克|冲锋衣|连衣裙|风衣|男鞋|女鞋|东西|这件|那件|这条|这双|貂|皮草|套装|睡衣|内衣|帽子|围巾|手表|表(?![面示情格演])|项链|手链|戒指|镯|手机|电脑|冰箱|洗衣机|空调|电视|沙发|床)"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (key, re.compile(phrase))
        for key, phrase in (
            ("price_paid", rf"{MONEY}(?:钱)?(?:一[条件双个只套顶])?(?:在[^,]{{1,6}})?(?:才|刚|就)?(?:买|购|入手|拿|拍)(?:的|了|过|到|入|下)?"),
            ("price_paid", rf"(?:花了?|付了|付款|实付|交了|掏了)(?:我)?(?:大?洋|将近)?{MONEY}"),
            ("price_paid", rf"(?:买(?:的)?(?:时候?|时)|当时|买的|原来买|买成|买(?:了|来)?)(?:才|就|是|要|花了?|的?价格是?|付了|:)*{MONEY}(?!的?(?:优惠|券|会员|运费))"),
            ("price_paid", rf"(?:买|购|入手|拿|拍)(?:的|了|过|下)[^,\d没不想换退]{{0,8}}(?:[衣裤裙鞋靴袄衫服装包带帽巾袜链表套褂]子?|恤)(?P<beside>花了?|是|要|一共|才|){MONEY}(?![大小长短胖瘦款码号])"),
            ("price_paid", rf"(?:收银|结账|买单|付款|收款|柜台|店里|吊牌|标价|价签|扫码)[^,]{{0,12}}(?<![多少另加又白])(?:收|刷|扣|要)了?(?:我)?{MONEY}(?!的?(?:运费|押金|定金|工费))"),
            ("price_paid", rf"(?:打完折|打折后|折后|券后|优惠完|优惠后)(?:价|是|才|就|付了?)*{MONEY}"),
            ("price_paid", rf"(?<![多少错重])刷卡?(?:付)?了(?:我)?{MONEY}"),
            ("price_paid", rf"{MONEY}的(?=[^,券费]{{0,4}}{GOODS})"),
            ("price_now", rf"(?:现在|今天|如今|眼下|这会儿)(?:[^,\d买]{{0,6}}?)(?:只要|只卖|卖|才|打折到|打到|降到|降价到|降成|变成|就|是|要|标价|便宜到|又|都|活动价?|到手|做活动|只)+(?:了)?{MONEY}"),
            ("price_now", rf"(?:打折到|打到|降到|降价到|降成|降价成|便宜到|变成)(?:了)?{MONEY}"),
            ("price_now", rf"现在{MONEY}"),
            ("list_price", rf"原价(?:是|要)?{MONEY}(?!买)"),
            ("tag_price", rf"吊牌价?(?:上)?(?:是|写的?是?|标的?是?|写着|标着)?{MONEY}"),
            ("label_price", rf"(?:价签|价格牌|标价签?)(?:上)?(?:是|写的?是?|标的?是?|写着|标着)?{MONEY}"),
            ("other_tag_price", rf"(?:(?:另外?一?[个家]|别的?|其[他它])(?:的)?(?:柜台?|专柜|店里?|门店|分店|商场)|隔壁|别处|别家|人家|那边|旁边(?:那家|的)?店|对面(?:那家|的)?店)[^,\d没不买]{{0,8}}?(?:挂牌?着?的?|标价?|写着?|只要|卖|才|就|只|吊牌价?|价签|要|是)+{MONEY}"),
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
                or ("beside" in match.groupdict() and not _is_no_size(match["n"], match["unit"]))
            ):
                continue
            taken.append(place)
            yield clause.found(key, value, *match.span())


def worth(figure: str, unit: str | None) -> Decimal | None:
    """The amount, or None where the figure is too small or too vague to be a price."""
    value = amount(figure)
    if value is None or (not unit and (value < SMALLEST or _may_be_a_date(figure))):
        return None
    dime = _dime().match(unit or "")
    return value if dime is None else value + Decimal(whole(dime[1]) or 0) / 10


@cache
def _dime() -> re.Pattern[str]:
    """`89块9`: the tenths behind the measure word."""
    return re.compile(rf"块([\d{DIGITS}])")


def price_alone(clauses: tuple[Clause, ...]) -> Found | None:
    """An amount in a clause of its own (`129.9`, `680块`), for a line about something bought."""
    for clause in clauses:
        match = _lone().fullmatch(clause.text)
        if not match or clause.asks or not _is_no_size(match["n"], match["unit"]):
            continue
        if (value := worth(match["n"], match["unit"])) is not None:
            return clause.found("price_paid", value, 0, len(clause.text))
    return None


@cache
def _lone() -> re.Pattern[str]:
    return re.compile(
        rf"(?:一共|总共|价格|花了?|是|才|就)*{MONEY}(?:的|呢|吧|哦|啊|左右)*(?<!左右)"
    )


def _is_no_size(figure: str, unit: str | None) -> bool:
    """Beside goods `38`, `59` and `170` may be sizes, `2023` a year; `199`, `129.9` and `38块` are amounts."""
    if unit or "." in figure or "," in figure:
        return True
    if not figure.isdigit():
        return False
    number = int(figure)
    sized = number < LARGEST_SHOE or number in BABY_SIZES or (number < 200 and number % 5 == 0)
    return not sized and not 2010 <= number <= 2040


def _may_be_a_date(figure: str) -> bool:
    """`9.9买的` is a price or the ninth of September."""
    return re.fullmatch(r"(?:1[0-2]|\d)\.(?:[12]?\d|3[01])", figure) is not None


def bare_price(text: str) -> Decimal | None:
    """An answer that is nothing but an amount: `399`, `三百二`, `399块`."""
    match = re.fullmatch(
        rf"(?:是|就|花了|大概|一共|总共|原价|实付|价格|价钱|付了|当时|应该|好像)*(?:¥|rmb)?(?P<n>{FIGURE}|\d)(?:块钱|块|元钱|元|rmb)?(?:钱|吧|左右|的|啊|呀|买的)*",
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
