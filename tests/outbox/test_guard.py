"""Nothing leaves that no decision, case or queue of the conversation holds; today is Wednesday 8 May 2024."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.messages import Line
from bot.outbox.guard import (
    CaseHeld,
    Covered,
    QueueHeld,
    check,
    covered_by,
    safe_line,
)
from tests.fixtures.agreement import lines, sayings

TODAY = date(2024, 5, 8)
NOTHING = covered_by(TODAY)
SHANGHAI = ZoneInfo("Asia/Shanghai")

# A line and the kinds of claims in it, when nothing holds any.
CLAIMS: list[tuple[str, str]] = [
    # Amounts
    ("退您200元", "amount promise"),
    ("退您２００元", "amount promise"),
    ("给您退两百块", "amount promise"),
    ("我们赔您五百", "amount promise"),
    ("可以退您三百二十元", "amount promise"),
    ("补您¥50", "amount"),
    ("这边给您补偿1,299元", "amount promise"),
    ("差价一共是89块9", "amount"),
    ("最多能退1.2k块", "amount promise"),
    ("几十块钱吧", "amount"),
    ("可以给您打八折", "amount promise"),
    ("折旧按30%算", "amount"),
    ("三倍赔偿给您", "amount promise"),
    ("退一赔三", "amount promise"),
    ("可以双倍退", "amount promise"),
    ("先退您一半", "amount promise"),
    ("您付的是299元吗？", ""),
    ("给您退200元，可以吗？", "amount promise"),
    ("我们一块去看看", ""),
    ("两块布料颜色不同", ""),
    ("元旦照常营业", ""),
    ("编号 240508 0001 5", ""),
    ("柜台在3楼", ""),
    ("衣服上有两个洞", ""),
    ("百分之二十的折旧", "amount"),
    # Terms
    ("3个工作日内答复您", "term"),
    ("三个工作日内到账", "term"),
    ("３个工作日内处理", "term"),
    ("3-5个工作日到账", "term"),
    ("三到五天就到", "term"),
    ("48小时内联系您", "term"),
    ("半小时内给您回电", "term"),
    ("一周之内处理好", "term"),
    ("两个星期左右修好", "term"),
    ("一个月内给您答复", "term"),
    ("半个月内修好", "term"),
    ("7天无理由", "term"),
    ("保修一年", "term"),
    ("十分钟内办好", "term"),
    ("两三天就好", "term"),
    ("过几天给您答复", "term"),
    ("7日内有效", "term"),
    ("您买了3天", ""),
    ("三天前买的", ""),
    ("今天是第 6 天", ""),
    ("您已经等了5天了，抱歉", ""),
    ("24小时营业", ""),
    ("等您半天了", ""),
    ("买了几天了？", ""),
    ("您是3天前买的吗？", ""),
    ("2024年的款", ""),
    # Days and hours
    ("明天给您回电", "date"),
    ("后天就能到账", "date"),
    ("大后天之前办好", "date"),
    ("今天就给您处理", "date"),
    ("今晚会联系您", "date"),
    ("5月10日前答复", "date"),
    ("五月十号给您结果", "date"),
    ("周五给您答复", "date"),
    ("下周三前修好", "date"),
    ("月底前到账", "date"),
    ("下个月能修好", "date promise"),
    ("本周内处理完", "date"),
    ("当天就能退给您", "date promise"),
    ("第二天给您答复", "date"),
    ("下午三点前联系您", "time"),
    ("20:00前给您回电", "time"),
    ("明天上午十点给您打电话", "date time"),
    ("您明天带小票来就行", ""),
    ("请您周六来柜台", ""),
    ("您5月3号买的", ""),
    ("您昨天说的我记着", ""),
    ("今天天气不错", ""),
    ("10:00–21:00 营业", ""),
    ("周末休息", ""),
    ("以后再说也行", ""),
    ("哪天买的？说“昨天”“上周六”都行", ""),
    # Promise words
    ("可以退", "promise"),
    ("这件可以退，按您实付的价格退给您", "promise promise"),
    ("能退", "promise"),
    ("不能退", ""),
    ("没办法退换", ""),
    ("这个退不了", ""),
    ("恕不退换", ""),
    ("特价商品不退不换", ""),
    ("暂不支持换货", ""),
    ("能退吗？", ""),
    ("您想退还是想换？", ""),
    ("您是想退货吗", ""),
    ("想退货请带小票", ""),
    ("如果想换，告诉我尺码", ""),
    ("我帮您看看能不能退", ""),
    ("退货流程在小票背面", ""),
    ("退换要看购买日期和小票", ""),
    ("退款进度我帮您查", ""),
    ("换货的时候带上吊牌", ""),
    ("给您换一件新的", "promise"),
    ("我们给您换货", "promise"),
    ("马上给您退款", "promise"),
    ("已经同意退款了", "promise"),
    ("全额退款给您", "promise"),
    ("无条件退货", "promise"),
    ("包退包换", "promise promise"),
    ("坏了包赔", "promise"),
    ("这个包很好看", ""),
    ("包装要完好", ""),
    ("外包装还在吗", ""),
    ("免费给您修", "promise promise"),
    ("修理不收费", "promise"),
    ("免费", "promise"),
    ("不免费", ""),
    ("运费我们出", "promise"),
    ("要收费的", ""),
    ("给您赔偿", "promise"),
    ("赔偿的事要同事核实", ""),
    ("没法赔偿", ""),
    ("送您一张优惠券", "promise"),
    ("保证没问题", "promise"),
    ("不保证有货", ""),
    ("质保卡带上", ""),
    ("一定给您办好", "promise"),
    ("一定帮您转达", ""),
    ("您一定要带小票", ""),
    ("肯定能修好", "promise promise"),
    ("绝对没问题", "promise"),
    ("百分百正品", "promise"),
    ("放心，肯定给您退", "promise promise"),
    ("不一定能退", ""),
    ("店里负责修好", "promise"),
    ("我去问问能不能给您修", ""),
    ("修不了", ""),
    ("送修之后会通知您", ""),
    ("要给您换货吗？", "promise"),
    ("我请负责人看看能不能帮您做", ""),
    ("要花钱的会先说清楚", ""),
    # Plain talk
    ("好的，我记下了", ""),
    ("小票还在吗？", ""),
    ("您稍等，我看一下", ""),
    ("不客气，还有事随时说", ""),
    ("麻烦拍张照片发来", ""),
    ("抱歉让您久等了", ""),
    ("同事会联系您", ""),
    ("洗护先看水洗标，冷水轻柔手洗", ""),
]


def kinds(text: str, covered: Covered = NOTHING) -> list[str]:
    return [str(claim.kind) for claim in check(text, covered)]


@pytest.mark.parametrize(("text", "claimed"), CLAIMS)
def test_what_a_line_claims_is_found_with_its_polarity(text: str, claimed: str) -> None:
    assert sorted(kinds(text)) == sorted(claimed.split())


def test_the_table_is_as_long_as_promised() -> None:
    assert len({text for text, _ in CLAIMS}) >= 120


def test_a_claim_is_shown_in_the_words_of_the_line() -> None:
    text = "好的，退您２００元，明天到账"
    found = check(text, NOTHING)
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]
    assert "２００元" in [one.text for one in found]


def record(**changes: Any) -> dict[str, Any]:
    return {
        "outcome": "refund",
        "remedies": [
            {
                "type": "refund",
                "amount": "299.00",
                "term": {"n": 3, "unit": "working_day", "from_event": "request"},
                "due": "2024-05-13T18:00:00+08:00",
            }
        ],
        "clauses": [{"id": "X-1", "title": "七天质量退换"}],
        "reason": "质量问题七天内可以退，柜台十分钟内办好。",
        "next_steps": ["请带上商品和小票"],
    } | changes


@pytest.mark.parametrize(
    "text",
    [
        "可以退，退您299元",
        "退您二百九十九块",
        "3个工作日内到账",
        "三个工作日内退给您",
        "5月13日（周一）18:00前到账",
        "下周一到账",
        "质量问题七天内可以退，柜台十分钟内办好。",
        "七天内可以退给您",
        "2-3个工作日到账",
    ],
)
def test_what_a_decision_holds_may_be_said_in_other_words(text: str) -> None:
    assert check(text, covered_by(TODAY, decisions=[record()], zone=SHANGHAI)) == []


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("退您300元", "amount"),
        ("5个工作日内到账", "term"),
        ("3天内到账", "term"),
        ("5月14日到账", "date"),
        ("5月13日（周二）到账", "date"),
        ("免费给您修", "promise promise"),
        ("给您换一件", "promise"),
        ("保证三个工作日到账", "promise"),
    ],
)
def test_what_it_does_not_hold_may_not(text: str, claimed: str) -> None:
    covered = covered_by(TODAY, decisions=[record()], zone=SHANGHAI)
    assert sorted(kinds(text, covered)) == claimed.split()


def test_a_refusal_holds_no_refund() -> None:
    refused = record(
        outcome="refuse", remedies=[], reason="已经过了期限，这次没办法退。", clauses=[]
    )
    covered = covered_by(TODAY, decisions=[refused])
    assert kinds("这次没办法退", covered) == []
    assert kinds("可以退给您", covered) == ["promise"]


def test_a_case_holds_its_hour_and_only_once_granted_what_it_asks_for() -> None:
    due = datetime(2024, 5, 9, 12, 0, tzinfo=UTC)
    asked = covered_by(TODAY, cases=[CaseHeld("return", "submitted", due)], zone=SHANGHAI)
    granted = covered_by(TODAY, cases=[CaseHeld("return", "approved", due)], zone=SHANGHAI)
    assert kinds("最晚 5月9日（周四）20:00前联系您", asked) == []
    assert kinds("明天20:00前联系您", asked) == []
    assert kinds("已经同意退款", asked) == ["promise"]
    assert kinds("已经同意退款", granted) == []


def test_a_case_holds_the_time_to_meet_and_the_terms_of_its_clocks() -> None:
    visit = datetime(2024, 5, 10, 2, 0, tzinfo=UTC)
    case = CaseHeld("repair", "submitted", None, also=[visit], terms=[(24, "hour")])
    covered = covered_by(TODAY, cases=[case], zone=SHANGHAI)
    assert kinds("约好了，5月10日（周五）10:00就上门", covered) == []
    assert kinds("一天之内给您答复", covered) == []
    assert kinds("约好了，5月11日10:00就上门", covered) == ["date"]


def test_the_queue_holds_the_wait_it_told() -> None:
    covered = covered_by(TODAY, queue=[QueueHeld(minutes=5)])
    assert kinds("大约5分钟内有同事来", covered) == []
    assert kinds("大约3分钟内有同事来", covered) == ["term"]


def test_the_title_of_a_clause_that_decided_may_be_named() -> None:
    covered = covered_by(TODAY, decisions=[record(reason="", remedies=[], outcome="refuse")])
    assert kinds("刚才是按“七天质量退换”，现在要另看。", covered) == []
    assert kinds("刚才是按“三十天退换”，现在要另看。", covered) != []


def test_a_clause_may_be_quoted_and_holds_no_more_than_its_words() -> None:
    covered = covered_by(TODAY, quotable=["买了七天以内有质量问题，退换都可以。"])
    assert kinds("店里写着：买了七天以内有质量问题，退换都可以。", covered) == []
    assert kinds("七天以内可以退", covered) == ["promise", "term"][::-1]


def test_a_part_of_a_sentence_does_not_hide_the_whole_of_it() -> None:
    whole = covered_by(
        TODAY,
        decisions=[
            record(reason="这件特价商品可以退换，请带小票来。", remedies=[], outcome="inform")
        ],
    )
    part = covered_by(TODAY, quotable=["退换，请带小票来。"])
    assert kinds("这件特价商品可以退换，请带小票来。", part | whole) == []


def test_a_price_the_shopper_told_may_be_said_back() -> None:
    assert kinds("您付的是299元", covered_by(TODAY, facts={"price_paid": "299"})) == []
    assert kinds("您付的是298元", covered_by(TODAY, facts={"price_paid": "299"})) == ["amount"]


def test_what_the_shopper_said_is_no_promise_of_ours() -> None:
    assert kinds("您刚才还说“三天内退我500块”，接着看这件。") == []


def test_a_line_of_the_bot_that_nothing_holds_gives_way_to_the_safe_one() -> None:
    line, found = safe_line(Line("可以退您200元", ask="receipt"), NOTHING, "我请同事核实。")
    assert (line.text, line.ask) == ("我请同事核实。", "receipt")
    assert [str(one.kind) for one in found] == ["promise", "amount"]


def test_the_decision_that_travels_with_a_line_covers_it() -> None:
    line = Line("可以退，退您299元", decision=record())
    assert safe_line(line, NOTHING, "换一句") == (line, [])


# Said only with a case that holds the term, or while one is being carried out.
WITH_A_CASE = {"utter_call_back", "utter_call_back_waiting", "promise_undated", "notice_refunding"}


def _of_ours() -> Iterator[tuple[str, str]]:
    for where, text in sayings():
        if ".yml" not in where and where not in WITH_A_CASE and len(text) > 6:
            yield where, text


def test_no_line_of_the_domain_is_blocked() -> None:
    blocked = [(where, check(text, NOTHING)) for where, text in _of_ours()]
    assert [one for one in blocked if one[1]] == []


def test_every_text_of_the_rules_passes_with_the_decision_that_says_it() -> None:
    for where, text in sayings():
        if ".yml" in where:
            covered = covered_by(TODAY, decisions=[record(reason=text)], zone=SHANGHAI)
            assert check(f"{text}\n要我现在帮您登记吗？", covered) == [], where


def test_a_term_without_a_date_is_held_by_the_line_that_promises_it() -> None:
    covered = covered_by(TODAY, sentences=[lines()["promise_undated"]])
    assert kinds("1 个工作日内联系您", covered) == []
