"""What people do with conversations, as the pages call it."""

import pytest

from bot.accounts.roles import Role
from bot.accounts.service import Forbidden
from bot.conversations.modes import NotYours
from bot.desk.canned import UnknownBlank
from bot.desk.models import Gap
from bot.desk.saying import Reason, Unheld
from bot.errors import BadInput, Conflict, NotFound
from bot.handoff.models import Resolution
from bot.messages import Author, Mode
from bot.tickets.models import TicketKind
from tests.desk.house import House


def test_whoever_is_next_is_taken_and_answered(house: House) -> None:
    lin = house.at_desk("lin", "林晓")
    first, second = house.shopper(), house.shopper()
    assert house.all.talk.claim_next(lin) == first
    house.all.talk.say(lin, first, house.get(first).fence, "我来看一下。", "line-1")
    assert house.said(first) == ["我来看一下。"]
    assert house.get(second).mode == Mode.WAITING


def test_the_same_line_sent_twice_is_said_once(each_house: House) -> None:
    lin, shopper = each_house.at_desk("lin", "林晓"), each_house.shopper()
    lease = each_house.all.talk.claim(lin, shopper)
    for _ in range(2):
        each_house.all.talk.say(lin, shopper, lease.fence, "请稍等。", "line-1")
    assert each_house.said(shopper) == ["请稍等。"]


def test_a_promise_that_nothing_holds_is_not_sent(house: House) -> None:
    lin, shopper = house.at_desk("lin", "林晓"), house.shopper()
    lease = house.all.talk.claim(lin, shopper)
    with pytest.raises(Unheld) as refused:
        house.all.talk.say(lin, shopper, lease.fence, "赔您三百块。", "line-1")
    assert "三百块" in str(refused.value.details["claims"])
    assert house.said(shopper) == []
    assert house.ledger() == []


def test_a_promise_sent_over_the_warning_is_in_the_ledger_with_its_money(each_house: House) -> None:
    lin, shopper = each_house.at_desk("lin", "林晓"), each_house.shopper()
    lease = each_house.all.talk.claim(lin, shopper)
    reason = Reason(Gap.GOODWILL, "经理同意")
    for _ in range(2):  # sent again by a page that had lost its network
        each_house.all.talk.say(lin, shopper, lease.fence, "赔您三百块。", "line-1", reason)
    (entry,) = each_house.ledger()
    assert (entry.gap, entry.reason, entry.money, entry.who) == (
        "goodwill",
        "经理同意",
        30000,
        "lin",
    )
    assert each_house.said(shopper) == ["赔您三百块。"]


def test_an_override_needs_a_reason(house: House) -> None:
    lin, shopper = house.at_desk("lin", "林晓"), house.shopper()
    lease = house.all.talk.claim(lin, shopper)
    with pytest.raises(BadInput):
        house.all.talk.say(
            lin, shopper, lease.fence, "赔您三百块。", "line-1", Reason(Gap.AGREED, " ")
        )
    assert house.said(shopper) == []


def test_what_was_decided_may_be_said_in_its_own_words(house: House) -> None:
    lin, shopper = house.at_desk("lin", "林晓"), house.shopper()
    lease = house.all.talk.claim(lin, shopper)
    record = house.all.board.conversation(lin, shopper).decision
    assert record is not None
    house.all.talk.attach_decision(lin, shopper, lease.fence, record, "line-1")
    assert record["reason"] in house.said(shopper)[0]


@pytest.mark.parametrize("text", ["您好{姓名}", "编号 {no}"], ids=["unknown", "empty"])
def test_a_blank_that_cannot_be_filled_sends_nothing(house: House, text: str) -> None:
    lin, shopper = house.at_desk("lin", "林晓"), house.shopper()
    lease = house.all.talk.claim(lin, shopper)
    with pytest.raises(UnknownBlank, match="没有发送"):
        house.all.talk.say(lin, shopper, lease.fence, text, "line-1")
    assert house.said(shopper) == []


def test_blanks_are_filled_from_the_case_and_the_writer(house: House) -> None:
    lin, shopper = house.at_desk("lin", "林晓"), house.shopper()
    house.all.talk.claim(lin, shopper)
    no = house.all.cases.open_in(lin, shopper, TicketKind.RETURN, "想退")
    filled = house.all.talk.fill(lin, shopper, "{name}：编号 {no}，{promise} 前，{shop}")
    assert filled.startswith(f"林晓：编号 {no}，11月24日")
    assert "{" not in filled


def test_a_macro_says_and_does_both_or_neither(each_house: House) -> None:
    lin, shopper = each_house.at_desk("lin", "林晓"), each_house.shopper()
    lease = each_house.all.talk.claim(lin, shopper)
    needs_a_case = each_house.all.talk.canned.macro("followed")
    with pytest.raises(UnknownBlank):
        each_house.all.talk.macro(lin, shopper, lease.fence, needs_a_case, "m1")
    assert (each_house.get(shopper).mode, each_house.said(shopper)) == (Mode.HUMAN, [])
    each_house.all.talk.macro(
        lin, shopper, lease.fence, each_house.all.talk.canned.macro("explained"), "m2"
    )
    assert each_house.get(shopper).mode == Mode.CLOSED
    assert len(each_house.said(shopper)) == 1


def test_who_lost_the_conversation_writes_nothing_and_hears_who_has_it(house: House) -> None:
    lin, zhao = house.at_desk("lin", "林晓"), house.at_desk("zhao", "赵敏", Role.SUPERVISOR)
    shopper = house.shopper()
    lease = house.all.talk.claim(lin, shopper)
    house.all.talk.take_over(zhao, shopper, "看一下")
    with pytest.raises(NotYours, match="赵敏"):
        house.all.talk.say(lin, shopper, lease.fence, "我还在。", "line-1")
    assert house.said(shopper) == []


def test_an_agent_takes_nothing_from_a_colleague(house: House) -> None:
    lin, wu = house.at_desk("lin", "林晓"), house.at_desk("wu", "吴桐")
    shopper = house.shopper()
    house.all.talk.claim(lin, shopper)
    with pytest.raises(Forbidden):
        house.all.talk.take_over(wu, shopper, "")
    with pytest.raises(Forbidden):
        house.all.talk.join(wu, shopper)
    with pytest.raises(Conflict, match="林晓"):
        house.all.talk.claim(wu, shopper)


def test_a_role_that_does_not_answer_opens_nothing(house: House) -> None:
    auditor, shopper = house.hire("shen", "沈", Role.AUDITOR), house.shopper()
    for act in (house.all.talk.claim, house.all.talk.join):
        with pytest.raises(Forbidden):
            act(auditor, shopper)
    with pytest.raises(Forbidden):
        house.all.staff.listed(auditor)


def test_another_shops_conversation_is_not_there(house: House) -> None:
    kids = house.hire("kid", "童装客服", shops=frozenset({"kids"}))
    house.all.presence.come(kids, 5, auto=False)
    house.at_desk("lin", "林晓")
    shopper = house.shopper()
    with pytest.raises(NotFound):
        house.all.board.conversation(kids, shopper)
    with pytest.raises(NotFound):
        house.all.talk.claim(kids, shopper)
    assert house.all.board.queue(kids).waiting == []


def test_the_packet_holds_what_is_known_and_what_was_promised(house: House) -> None:
    lin, shopper = house.at_desk("lin", "林晓"), house.shopper("裙子不喜欢，找人工")
    house.all.talk.claim(lin, shopper)
    shown = house.all.board.conversation(lin, shopper)
    found = {part["title"]: part["rows"] for part in shown.sections}
    assert any("裙子不喜欢" in row["hint"] for row in found["已经知道的"])
    assert "DF-R-01" in [row["name"] for row in found["决定"]]
    assert found["为什么转来"][0]["value"] == "裙子不喜欢，找人工"
    assert shown.writable
    assert shown.reply


def test_a_note_is_for_colleagues_alone(house: House) -> None:
    lin, shopper = house.at_desk("lin", "林晓"), house.shopper()
    house.all.talk.claim(lin, shopper)
    assert house.all.talk.note(lin, shopper, "@赵敏 看一下小票") == ["赵敏"]
    assert house.said(shopper) == []
    history = {
        part["title"]: part["rows"] for part in house.all.board.conversation(lin, shopper).sections
    }
    assert "小票" in history["经过"][-1]["hint"]


def test_what_was_not_fetched_can_be_taken_back(house: House) -> None:
    lin, shopper = house.at_desk("lin", "林晓"), house.shopper()
    lease = house.all.talk.claim(lin, shopper)
    house.all.talk.say(lin, shopper, lease.fence, "发错了", "line-1")
    house.all.talk.recall(lin, shopper, house.last(shopper, Author.AGENT).id)
    lines = house.all.board.conversation(lin, shopper).lines
    assert [line["recalled"] for line in lines if line["author"] == "agent"] == [True]


def test_ending_closes_the_conversation_with_its_result(each_house: House) -> None:
    lin, shopper = each_house.at_desk("lin", "林晓"), each_house.shopper()
    lease = each_house.all.talk.claim(lin, shopper)
    each_house.all.talk.end(lin, shopper, lease.fence, Resolution.SOLVED, "")
    assert each_house.get(shopper).mode == Mode.CLOSED
    figures = each_house.all.reports.figures(7)
    assert (figures.opened, figures.handed_off, figures.ends) == (1, 1, {"solved": 1})


def test_who_only_asks_for_a_person_stands_in_the_queue_with_what_they_had_said(
    each_house: House,
) -> None:
    lin = each_house.at_desk("lin", "林晓")
    asked = each_house.talking("外套拉链坏了")
    each_house.hear(asked, "人工")
    each_house.hear(asked, "帮我转人工客服！")
    each_house.queue(asked, "找人")
    each_house.shopper("裙子想退，找人工")
    each_house.shopper("转人工")
    each_house.shopper("我要换")
    assert [row["last"] for row in each_house.all.board.queue(lin).waiting] == [
        "外套拉链坏了｜帮我转人工客服！",
        "裙子想退，找人工",
        "转人工",
        "我要换",
    ]
