"""Lines said for a phone: what travels together, when it may, and what waits."""

import io
import time
from pathlib import Path

from PIL import Image

from bot.channels.wechat.account import Notice, NoticeWay
from bot.channels.wechat.parse import Kind
from bot.outbox import service as outbox
from bot.outbox.delivery import Courier, Pace
from tests.fixtures.desk import together, until
from tests.wechat.round import Round, sending
from tests.wechat.stage import BUYER

TICKET = {"no": "261123 0001 3", "state": "submitted", "due": None}
CHOICES = [{"title": "要退", "payload": "yes"}, {"title": "不退", "payload": "no"}]


def test_lines_said_together_arrive_as_one_message_and_cost_one_send(round_: Round) -> None:
    round_.say("收到了。", "五天内可以退。", "要现在登记吗？")

    assert round_.send() == ["收到了。\n\n五天内可以退。\n\n要现在登记吗？"]
    assert round_.states() == ["sent"] * 3
    assert round_.attempts() == [("custom", "sent", 0)]
    assert round_.meter().left == 4


def test_a_long_answer_is_split_at_sentences_and_every_part_counts(small: Round) -> None:
    text = "这件衣服可以退。" * 200
    small.say(text)

    arrived = small.send()

    assert "".join(arrived) == text
    assert len(arrived) == 3
    assert all(part.endswith("。") and len(part.encode()) < 2000 for part in arrived)
    assert small.meter().left == 2


def test_buttons_become_a_menu_message_that_names_their_line(small: Round) -> None:
    small.say("要现在登记吗？", buttons=CHOICES)

    assert small.send() == ["要现在登记吗？"]
    assert small.platform.follower(BUYER).screen[-1].menu == [
        {"id": "101", "content": "要退"},
        {"id": "102", "content": "不退"},
    ]


def test_an_account_without_menu_messages_gets_numbers(tmp_path: object) -> None:
    with sending(f"sqlite:///{tmp_path}/desk.sqlite3", menu_messages=False) as made:
        made.say("要现在登记吗？", buttons=CHOICES)

        assert made.send() == ["要现在登记吗？\n回复 1 要退\n回复 2 不退"]


def test_a_menu_message_that_is_refused_goes_as_numbers(small: Round) -> None:
    small.platform.failures.append(40008)
    small.say("要现在登记吗？", buttons=CHOICES)

    assert small.send() == ["要现在登记吗？\n回复 1 要退\n回复 2 不退"]
    assert small.meter().left == 4


def test_a_shopper_who_spoke_too_long_ago_gets_it_with_the_next_answer(round_: Round) -> None:
    round_.later(hours=49)
    round_.say("退款已经到账。")

    assert round_.send() == []
    assert round_.states() == ["held"]
    assert round_.attempts() == []  # known beforehand, so the platform is not asked
    meter = round_.meter()
    assert (meter.open, meter.left, meter.held) == (False, 0, 1)
    assert "48 小时" in meter.note

    round_.spoke()
    round_.say("在的")
    assert round_.send() == ["退款已经到账。\n\n在的"]


def test_the_last_of_five_is_kept_for_what_must_not_be_missed(small: Round) -> None:
    for number in range(6):
        small.say(f"第 {number} 句")
        small.send()

    assert len(small.send()) == 4
    assert small.meter().left == 1
    assert "只能再发 1 条" in small.meter().note
    small.say("登记好了。", ticket=TICKET)
    assert small.send()[-1] == "登记好了。"
    assert small.meter().left == 0
    assert small.platform.follower(BUYER).talk_left == 0


def test_a_tap_on_the_menu_gives_three_sends_for_a_minute(small: Round) -> None:
    small.spoke("oOther", Kind.CLICK)
    assert small.meter("oOther").left == 3
    small.later(seconds=56)  # the margin before the end is not used
    assert small.meter("oOther").left == 0


def test_two_couriers_send_each_line_once(round_: Round) -> None:
    first = round_.courier
    other = Courier(first.db, first.clock, first.post, first.accounts, rate=1000)
    for number in range(10):
        round_.spoke(f"oBuyer{number}")
        round_.say("一", openid=f"oBuyer{number}")
    for courier in (first, other):
        courier.sweep()
    assert until(lambda: first.idle() and other.idle())
    other.stop()

    texts = [round_.platform.follower(f"oBuyer{number}").texts() for number in range(10)]
    assert texts == [["一"]] * 10


def test_news_of_a_case_goes_by_template_when_the_window_is_closed_and_in_full_later(
    tmp_path: object,
) -> None:
    notice = Notice(NoticeWay.TEMPLATE, "tmpl-1", {"thing1": "text", "character_string2": "no"})
    with sending(f"sqlite:///{tmp_path}/desk.sqlite3", notice=notice) as made:
        made.later(hours=50)
        made.say("您登记的退货已经收到，正在检查，明天下午前给您结果。", ticket=TICKET)
        made.say("还有别的吗")
        made.send()

        (body,) = made.platform.notices
        assert body["data"]["character_string2"]["value"] == "261123 0001 3"
        assert len(body["data"]["thing1"]["value"]) <= 20
        assert made.states() == ["held", "held"]
        made.later(hours=1)
        made.send()
        assert len(made.platform.notices) == 1

        made.spoke()
        assert "明天下午前给您结果" in made.send()[-1]


def test_a_chat_is_no_notice(tmp_path: object) -> None:
    notice = Notice(NoticeWay.SUBSCRIPTION, "tmpl-1", {"thing1": "text"})
    with sending(f"sqlite:///{tmp_path}/desk.sqlite3", notice=notice) as made:
        made.later(hours=50)
        made.say("还有别的吗")
        made.send()

        assert made.platform.notices == []
        assert made.states() == ["held"]


def test_an_account_sends_no_faster_than_it_may() -> None:
    pace, began = Pace(50), time.monotonic()
    together(lambda _: pace.wait(), 6)
    assert time.monotonic() - began >= 5 / 50


def test_what_waits_is_told_to_whoever_watches(small: Round) -> None:
    small.say("第一句")
    small.later(seconds=30)
    with small.db.read() as session:
        waiting = outbox.gauges(session, small.clock.now())
    assert waiting["desk_outbox_pending"] == 1
    assert waiting["desk_outbox_oldest_seconds"] >= 30
    small.send()
    with small.db.read() as session:
        assert outbox.gauges(session, small.clock.now())["desk_outbox_oldest_seconds"] == 0


def test_a_line_taken_back_before_it_left_never_leaves(small: Round) -> None:
    mistake, _ = small.say("打错了", "这句是对的")
    with small.db.write() as session:
        assert outbox.recall(session, mistake)

    assert small.send() == ["这句是对的"]
    with small.db.write() as session:
        assert not outbox.recall(session, mistake)


def test_a_picture_arrives_in_its_place_among_the_lines(tmp_path: Path) -> None:
    with sending(f"sqlite:///{tmp_path / 'desk.sqlite3'}", tmp_path / "photos") as each:
        each.say("请看这张图。")
        each.picture(_jpeg())
        each.say("照这样寄就好。")
        assert each.send() == ["请看这张图。", "[图片]", "照这样寄就好。"]
        shown = each.platform.follower(BUYER).screen[1]
        assert each.platform.files[shown.picture][0] == _jpeg()
        assert set(each.states()) == {"sent"}


def test_a_picture_that_could_not_be_handed_over_is_tried_again(tmp_path: Path) -> None:
    with sending(f"sqlite:///{tmp_path / 'desk.sqlite3'}", tmp_path / "photos") as each:
        each.picture(_jpeg())
        each.platform.media_failure = -1
        assert each.send() == []
        assert each.states() == ["sending"]
        each.platform.media_failure = None
        each.later(seconds=5)
        assert each.send() == ["[图片]"]
        assert each.meter().left == 4


def test_a_picture_whose_file_is_gone_is_a_dead_letter(tmp_path: Path) -> None:
    with sending(f"sqlite:///{tmp_path / 'desk.sqlite3'}", tmp_path / "photos") as each:
        album = each.picture(_jpeg())
        album.unlink()
        assert each.send() == []
        with each.db.read() as session:
            (dead,) = outbox.dead_letters(session)
        assert (dead.state, dead.text) == ("failed", "[图片]")
        assert each.meter().left == 5


def _jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "JPEG")
    return file.getvalue()
