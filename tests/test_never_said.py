"""Guard: no line of the desk says what a desk never says."""

import re

import pytest

from tests.fixtures.agreement import sayings

# What a desk never says: blame, flat refusals, threats, excuses, other companies' numbers,
# intimacy, a promise before the facts.
NEVER = (
    r"亲(?![自身切戚属友人手])",
    r"400-?050-?0827",
    r"9[:：]00.{0,4}18[:：]30",
    r"人为(造成|损坏|原因|因素)|您自己(弄|搞|洗|穿)坏|肯定是您|是您的(责任|问题)",
    r"不可能|绝对|肯定能|百分百|百分之百",
    r"起诉|诉讼|打官司|法院|律师|上法庭|报警",
    r"盘点|供应商(不在|没来)|关账|结账(了|中)",
    r"不关我|不归我|不归我们管|与我们无关|爱退不退|随便您|早干(嘛|什么)|怎么不早",
    r"公司规定|规定就是|您必须|你必须",
    r"退一赔|假一赔|三倍|十倍",
    r"小费|红包",
)


@pytest.mark.parametrize("pattern", NEVER)
def test_nothing_is_said_that_a_desk_never_says(pattern: str) -> None:
    said = [(where, text) for where, text in sayings() if re.search(pattern, text)]
    assert said == []


@pytest.mark.parametrize(
    "text",
    [
        "亲，您好",
        "请拨400-050-0827",
        "9:00-18:30 营业",
        "这是人为造成的",
        "不可能退",
        "绝对没问题",
        "您可以去起诉",
        "正在盘点，过几天来",
        "早干嘛去了",
        "公司规定不能退",
        "退一赔三",
    ],
)
def test_the_guard_hears_what_a_desk_never_says(text: str) -> None:
    assert any(re.search(pattern, text) for pattern in NEVER)


@pytest.mark.parametrize("text", ["您亲自来一趟", "请父亲人来也行", "一定帮您看", "三天内回电话"])
def test_the_guard_lets_plain_words_pass(text: str) -> None:
    assert not any(re.search(pattern, text) for pattern in NEVER)
