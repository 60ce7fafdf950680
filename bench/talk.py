"""What the shoppers of a benchmark say: ordinary lines, each of which calls a custom action."""

from collections.abc import Iterator, Sequence
from itertools import cycle, islice

SCRIPTS: tuple[tuple[str, ...], ...] = (
    (
        "您好",
        "我要退货",
        "一条半身裙，前天在你们三楼买的",
        "没穿过，吊牌还挂着",
        "小票在我包里",
        "不是特价，原价买的",
        "就是颜色跟我想的不一样",
        "谢谢，我知道了",
    ),
    (
        "在不在呀",
        "鞋底开胶了，帮我看看能不能修",
        "上个月买的皮鞋",
        "平时上班穿，没有磕碰过",
        "发票还留着",
        "你们一般怎么规定的",
        "行，帮我登记一下",
        "好的再见",
    ),
    (
        "早上好",
        "想把这件毛衣换大一码",
        "昨天刚买，只试了一下",
        "衣服干干净净的，没洗过",
        "小票有的",
        "羊毛的平时该怎么洗",
        "我登记的那个办到哪一步了",
        "辛苦你了",
    ),
)


def lines(count: int, first: int = 0) -> Sequence[str]:
    """`count` lines of one shopper; `first` picks the script that this shopper begins with."""
    return list(islice(_endless(first), count))


def _endless(first: int) -> Iterator[str]:
    turned = SCRIPTS[first % len(SCRIPTS) :] + SCRIPTS[: first % len(SCRIPTS)]
    return (line for script in cycle(turned) for line in script)
