"""What a shopper in the queue means: to know how long, to go back to the bot, or to add words."""

import re
from enum import StrEnum

from bot.messages import Button

BACK: Button = {"title": "不等了，接着跟机器人说", "payload": "bot"}

_MARKS = re.compile(r"[\s，,。.！!？?~～…、]+")
_LEAVE = re.compile(
    r"不(?:想|用|要|愿)?(?:再)?(?:等|排队?)了|别(?:等|排队?)了|取消排队|退出排队|等不(?:了|及|起)了?|"
    r"(?:不|别)(?:用|要|找|转)+(?:人工|客服|真人)了?|"
    r"(?:继续|接着|还是|直接)?(?:跟|和|找|用|问|让)(?:你|机器人|小助手)(?:说|聊|办|问|吧|算了|来)|"
    r"(?:换|转|回)(?:回|到)?机器人"
)
_HOW_LONG = re.compile(
    r"(?:还|要|得|再)(?:要|得|需要?)?等?(?:多久|多长时间|多少时间|几分钟|多少分钟|多会儿?|好久)|"
    r"(?:排|轮)(?:到|在)?(?:第?几|哪|多少)|前面(?:还)?(?:有|剩)?(?:几|多少)|第几(?:个|位)|"
    r"(?:什么时候|啥时候?|几时)(?:能|才|会)?(?:能|会)?(?:轮|来|有人|接|到)|"
    r"(?:轮|排)到我|人(?:呢|在哪)|有(?:没有)?人(?:吗|没|在)|怎么(?:还|都)?(?:没|不)(?:有)?(?:人|来)|"
    r"还(?:没|不)(?:有)?(?:人|来|轮)|等(?:了)?(?:好久|半天|很久|这么久)|"
    r"(?:人工|客服|真人|同事)(?:呢|在哪|什么时候)"
)
_STILL_THERE = re.compile(
    r"(?:喂+|在吗|在不在|有人吗|你好+|您好|人工|转人工|找人工|客服|人工客服)+"
)


class Means(StrEnum):
    """What is to be done about a line of somebody who waits."""

    LEAVE = "leave"
    HOW_LONG = "how_long"
    ADDS = "adds"


def meaning(text: str, payload: str | None) -> Means:
    """What a line in the queue is about; all that is neither is kept for who takes over."""
    if payload is not None:
        pressed = {BACK["payload"]: Means.LEAVE, "human": Means.HOW_LONG}
        return pressed.get(payload, Means.ADDS)
    words = _MARKS.sub("", text)
    if _LEAVE.search(words) and len(words) <= 20:
        return Means.LEAVE
    asks = _STILL_THERE.fullmatch(words) or (_HOW_LONG.search(words) and len(words) <= 20)
    return Means.HOW_LONG if asks else Means.ADDS
