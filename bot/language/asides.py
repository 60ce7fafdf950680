"""When a goods word is none: a stain, a colour, a tool, a place, or a part of other goods."""

import re
from dataclasses import dataclass
from functools import cache

WORN_WITH = frozenset({"accessory", "belt", "scarf", "hat"})
PART_WORDS = WORN_WITH | {"cosmetics"}
# What as often is on the goods (a stain, a colour, a smell) as it is the goods.
SMEARED = frozenset({"cosmetics", "fresh_food", "newspaper"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A goods word in a clause."""

    category: str
    start: int
    end: int


def is_only_a_syllable(text: str, start: int, end: int) -> bool:
    """包 alone is a bag only where a bag can stand: 这个包, 买的包, 包的带子."""
    if text[start:end] != "包" or re.match(
        r"(?:(?:就?是|我的)?(?:[一这那]?[个只款])?)包(?:[的了吧啊]*$|的?(?:拉链|带|扣|表面|皮面|里衬|内衬|五金|提手|肩带|底)|才|都|没|背|掉|坏|裂|破|脱|开)",
        text,
    ):
        return False
    ahead = re.search(r"(?:[个只款的买退换修女男新皮小这那我]|牌)$", text[:start])
    return ahead is None or re.match(r"[邮退换修装裹含吗括月年你不]", text[end:]) is not None


def is_aside(text: str, mention: Mention, earlier: list[Mention]) -> bool:
    """A stain, a container, a tool, a part of other goods, or goods that are denied (不是裙子)."""
    if _denied().search(text[: mention.start]):
        return True
    if mention.category in SMEARED:
        return _is_a_stain(text, mention)
    if _is_a_look(text, mention):
        return True
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
    """口红蹭到领子上, 口红色的裙子, 一股香水味, 用牙膏擦, 口红柜台; 口红色号不对 is of a lipstick."""
    ahead, behind = text[: mention.start], text[mention.end :]
    return (
        re.match(
            r"(?:不小心)?(?:[蹭沾印粘渍痕抹染洒泼溅滴图柜店区]|专柜|弄[到在上脏得]|掉[到在上衣裤裙]"
            r"|色(?![号差系])|味(?!道))",
            behind,
        )
        is not None
        or re.search(
            r"(?:[蹭沾弄有溅抹染粘滴洒](?:了|到|上|着)*(?:一?[点些块片])?|[喝吃泡])$", ahead
        )
        is not None
        or (
            re.search(r"[用拿垫]$", ahead) is not None
            and re.match(r"[洗擦去涂抹垫包]", behind) is not None
        )
    )


def _is_a_look(text: str, mention: Mention) -> bool:
    """琥珀色, 翡翠绿 are colours; 打底毛衣 is a pullover."""
    behind = text[mention.end :]
    if text[mention.start : mention.end] == "打底":
        return re.match(r"的?(?:$|[颜色不没想能退换太小大了也都])", behind) is None
    stones = mention.category in ("jade", "jewellery")
    return stones and re.match(r"色(?![号差系])|绿|[红蓝](?!宝)", behind) is not None
