"""Slips of the input method that leave no doubt (穿国, 小票再, 麦的库子), and words left in pinyin (tui一下)."""

import re
from functools import cache

SLIPS = (
    (r"(?<=没穿)国(?![产货潮外])|(?<=没[用洗戴背试剪拆系])国(?![产货潮外])", "过"),
    (r"(?<=穿)国(?=了|[一两几]次|$)", "过"),
    (r"(?<=[票牌装盒单])再(?=$|[的呢啊呀吗,; ])", "在"),
    (r"(?<=[票牌装盒单][还都也])再(?=$|[的呢啊呀吗,; ])", "在"),
    (r"咋天(?![天气热冷])|[作座做]天(?=.{0,4}[买麦迈]的)", "昨天"),
    (r"(?<=[天号前日儿末一二三四五六])[麦迈脉](?=的|了)", "买"),
    (r"(?<=新|刚|才)[麦迈](?=的|了)", "买"),
    (r"小[飘漂瓢](?!亮|[荡移浮虫]|[\u4e00-\u9fff]*亮)", "小票"),
    (r"吊排|[掉调]牌(?=[还都也没在被剪拆])", "吊牌"),
    (r"(?<![口组集配百契])合子(?=[还都也]*(?:[在再丢扔拆没坏破有完]|$))", "盒子"),
    (r"[推腿](?=[货款])(?!货[车员郎架])", "退"),
    (r"(?<=退)[活伙](?=$|[吗吧了啊呀行可能,; ])", "货"),
    (r"(?<=换)[活伙](?=$|[吗吧了啊呀行可能,; ])", "货"),
    (r"(?<=[退换])火(?=$|[吗吧,; ])", "货"),
    (r"(?<=[给我要能想])[推腿](?=$|[吗吧钱掉])", "退"),
    (r"(?<=起)秋(?=了|$)", "球"),
    (r"拉[练炼](?!营|兵|的军)|拉连(?=坏|卡|掉|拉不|头|开|合|滑|断)", "拉链"),
    (r"扭扣", "纽扣"),
    (r"(?<![入仓国宝车冰水弹酒文书])库子", "裤子"),
    (r"(?<=连衣)群|(?<=[条的])群(?=子)", "裙"),
    (r"羽绒[付副]", "羽绒服"),
    (r"毛依(?!然|旧|靠)", "毛衣"),
    (r"(?<=[皮凉拖布棉球跑女男童])写(?=$|[开掉断破底,; ])", "鞋"),
    (r"(?<=[吊商]牌)煎|(?<=标)煎", "剪"),
    (r"发[飘漂](?=$|[还都也在丢没])", "发票"),
    (r"(?<=[买穿用戴][了过][一二两三四五六七八九十\d])填(?=$|[了就才,; ])", "天"),
    (r"俩(?=个?(?:星期|礼拜|小时|月)|[天年次回个])", "两"),
    (r"尺马", "尺码"),
    (r"(?<=[大小][一两])马(?![上路甲桶车])", "码"),
    (r"(?<![大小玉虾黑糯])米有(?=[穿用洗戴背拆剪动小吊包坏破])", "没有"),
    (r"(?<![\u4e00-\u9fffa-z\d])米(?=[穿用洗戴背]过)", "没"),
    (r"(?<![树积草红乌楠檀])木有(?=$|[穿用洗戴背拆剪动小吊包坏破的了啊哦呢,; ])", "没有"),
    (r"(?<=不)喜[换还欢](?=$|[了的啊呢想要,; ])|(?<=不)洗欢", "喜欢"),
    (r"质[亮良](?=问题|不好|太差|很差|[,; ]|$)", "质量"),
    (r"(?<=鞋)低(?=[都就又也开掉断裂脱])", "底"),
)  # fmt: skip
# Beside the question there is no doubt either, where alone there would be.
SLIPS_IN_ANSWERS = {
    "days_since_purchase": ((r"(?<=[天号前日儿末一二三四五六])卖(?=$|[的了啊吧])", "买"),),
    "worn": ((r"(?<=没)[传川船](?=过|$)|^[传川船](?=过|了)", "穿"),),
    "receipt": ((r"(?:^|(?<=[小有的]))[飘漂瓢](?=$|[在再还都没丢])", "票"),),
}
# A word in pinyin is sure where Chinese words around it ask for it.
PINYIN = {
    "tuihuo": "退货", "tuikuan": "退款", "tuiqian": "退钱", "huanhuo": "换货", "xiaopiao": "小票",
    "tui": "退", "huan": "换", "xiu": "修", "mai": "买", "se": "色",
}  # fmt: skip


def mended(text: str) -> str:
    """The text with its sure slips put right, as long as it was."""
    return _put_right(text, _slips())


def mended_answer(text: str, asking: str | None) -> str:
    """The text as an answer to `asking`, with the slips that only the question makes sure."""
    return _put_right(text, _slips_in_answers().get(asking or "", ()))


def written_out(characters: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Characters, each with its place, where words in pinyin are put in Chinese."""
    text = "".join(character for _, character in characters)
    for match in reversed(list(_pinyin().finditer(text))):
        word = PINYIN[match.group().replace(" ", "")]
        first, last = characters[match.start()][0], characters[match.end() - 1][0]
        places = (first, *(last for _ in word[1:]))
        characters[match.start() : match.end()] = zip(places, word, strict=True)
    return characters


def _put_right(text: str, slips: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, right in slips:
        text = pattern.sub(right, text)
    return text


@cache
def _slips() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), right) for pattern, right in SLIPS)


@cache
def _slips_in_answers() -> dict[str, tuple[tuple[re.Pattern[str], str], ...]]:
    return {
        asking: tuple((re.compile(pattern), right) for pattern, right in slips)
        for asking, slips in SLIPS_IN_ANSWERS.items()
    }


@cache
def _pinyin() -> re.Pattern[str]:
    return re.compile(
        r"(?<![a-z])(?:tui ?huo|tui ?kuan|tui ?qian|huan ?huo|xiaopiao)(?![a-z])"
        r"|(?<=[想要能给烦我以不接就帮])(?:tui|huan|xiu)(?![a-z])"
        r"|(?<![a-z])(?:tui|huan|xiu)(?=一下|[吧了掉吗货款钱个件]|$)"
        r"|(?<=[天号前日儿周])mai(?=[的了])|(?<=[掉褪])se(?![a-z])"
    )
