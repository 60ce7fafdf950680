"""Slips of the input method that leave no doubt (穿国, 小票再, 咋天麦的); a word keeps its length."""

import re
from functools import cache

SLIPS = (
    (r"(?<=没穿)国(?![产货潮外])|(?<=没[用洗戴背试剪拆系])国(?![产货潮外])", "过"),
    (r"(?<=穿)国(?=了|[一两几]次|$)", "过"),
    (r"(?<=[票牌装盒单])再(?=$|[的呢啊呀吗,; ])", "在"),
    (r"(?<=[票牌装盒单][还都也])再(?=$|[的呢啊呀吗,; ])", "在"),
    (r"咋天(?![天气热冷])|[作座做]天(?=.{0,4}[买麦迈]的)", "昨天"),
    (r"(?<=[天号前日儿一二三四五六])[麦迈脉](?=的|了)", "买"),
    (r"小[飘漂](?!亮|[荡移浮]|[\u4e00-\u9fff]*亮)", "小票"),
    (r"吊排", "吊牌"),
    (r"[推腿](?=[货款])(?!货[车员郎架])", "退"),
    (r"(?<=起)秋(?=了|$)", "球"),
    (r"拉[练炼](?!营|兵|的军)", "拉链"),
    (r"扭扣", "纽扣"),
)


def mended(text: str) -> str:
    """The text with its sure slips put right, as long as it was."""
    for pattern, right in _slips():
        text = pattern.sub(right, text)
    return text


@cache
def _slips() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), right) for pattern, right in SLIPS)
