"""Answered at once when that is possible, by customer-service message when it is not, never twice."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest

from bot.conversations import service as conversations
from bot.conversations.models import Conversation
from bot.dialogue.service import Question
from bot.gateway import wechat_places
from bot.inbox.models import Turn
from bot.messages import Author, Line, Mode
from bot.outbox import packing, parcels
from bot.outbox import service as outbox
from bot.wechat.models import Contact
from tests.fixtures.desk import away, until
from tests.wechat.stage import BUYER, Stage, staged

BUTTONS = [{"title": "要退", "payload": "yes"}, {"title": "不退", "payload": "no"}]


def test_an_answer_in_time_is_a_passive_reply_and_costs_nothing(stage: Stage) -> None:
    done = stage.caller.say("o-1", "在吗")
    assert done.reply == "答：在吗"
    assert len(done.seconds) == 1
    assert stage.platform.follower("o-1").talk_left == 5
    assert stage.platform.follower("o-1").texts("custom") == []


def test_a_callback_delivered_again_gets_the_same_answer(stage: Stage) -> None:
    fields = stage.caller.fields("o-2", "text", Content="在吗")
    answers = [stage.caller.opened(stage.caller.post(fields).content) for _ in range(3)]
    assert [answer["Content"] for answer in answers] == ["答：在吗"] * 3
    assert len([q for q in stage.rasa.asked if q.text == "在吗"]) <= 2


def test_the_greeting_is_answered_by_number_and_by_its_words(stage: Stage) -> None:
    done = stage.caller.event("o-3", "subscribe", EventKey="")
    assert done.reply is not None
    assert "回复 1 我要退货" in done.reply
    stage.caller.say("o-3", "2")
    assert _pressed(stage) == "exchange_request"

    stage.caller.event("o-3", "SCAN", EventKey="123")
    stage.caller.say("o-3", "东西坏了想修")
    assert _pressed(stage) == "repair_request"
    stage.caller.say("o-3", "2")  # the last answer had no choices: a number is a number again
    assert stage.rasa.asked[-1].pressed is None


def test_a_press_on_the_menu_is_the_intent_behind_it(stage: Stage) -> None:
    done = stage.caller.event("o-4", "CLICK", EventKey="intent:return_request")
    assert _pressed(stage) == "return_request"
    assert done.reply == "答：我要退货"
    again = stage.caller.event("o-4", "CLICK", EventKey="a key of former days")
    assert again.reply is not None
    assert "回复 1" in again.reply


def test_a_tap_on_a_menu_message_is_its_button_however_old(stage: Stage) -> None:
    with stage.db.write() as session:
        stage_open = _conversation(stage, "o-5")
        conversation = conversations.locked(session, stage_open)
        said = conversations.say(session, conversation, Line("退吗？", BUTTONS), now())
    stage.caller.say("o-5", "换个话题")
    stage.caller.say("o-5", "不退", bizmsgmenuid=f"{said.seq}02")
    assert _pressed(stage) == "deny"
    stage.caller.say("o-5", "不退", bizmsgmenuid="99999901")
    assert stage.rasa.asked[-1].pressed is None


@pytest.mark.parametrize(
    ("kind", "fields", "asked", "said"),
    [
        ("voice", {"MediaId": "m", "Recognition": "我要退货。"}, "我要退货。", "答：我要退货。"),
        ("voice", {"MediaId": "m"}, None, "这条语音我没听出内容"),
        ("video", {"MediaId": "m"}, None, "视频我这边看不了"),
        ("shortvideo", {"MediaId": "m"}, None, "视频我这边看不了"),
        ("text", {"Content": "\u200b"}, None, "显示不出来"),
        (
            "link",
            {"Title": "那件", "Url": "https://a.example"},
            "[链接] 那件 https://a.example",
            "答",
        ),
    ],
)
def test_every_kind_of_message_has_an_honest_answer(
    stage: Stage, kind: str, fields: dict[str, str], asked: str | None, said: str
) -> None:
    before = len(stage.rasa.asked)
    done = stage.caller.message(f"o-{kind}{len(said)}", kind, **fields)
    assert done.reply is not None
    assert said in done.reply
    assert [question.text for question in stage.rasa.asked[before:]] == ([asked] if asked else [])


def test_a_place_is_answered_with_the_nearest_store(stage: Stage) -> None:
    place = {"Location_X": 31.23, "Location_Y": 121.48, "Label": "人民广场"}
    told = stage.caller.message("o-5", "location", **place).reply or ""
    assert "锦绣店" in told
    assert "600 米" in told
    assert "六楼" in told


def test_a_place_without_known_stores_is_answered_as_the_question_where(stage: Stage) -> None:
    with mock.patch.object(wechat_places, "_at", return_value=None):
        place = {"Location_X": 31.2, "Location_Y": 121.4, "Label": "人民广场"}
        stage.caller.message("o-6", "location", **place)
    assert stage.rasa.asked[-1].text == "[位置] 人民广场"
    assert _pressed(stage) == "store_inquiry"


def test_who_leaves_is_not_written_to_until_they_come_back(stage: Stage) -> None:
    stage.caller.say("o-7", "在吗")
    assert stage.caller.event("o-7", "unsubscribe").bodies == [b"success"]
    assert _contact(stage, "o-7").state == "left"
    stage.caller.event("o-7", "subscribe", EventKey="")
    assert _contact(stage, "o-7").state == "following"


def test_a_long_answer_begins_as_passive_reply_and_goes_on_in_order(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        text = "".join(f"第{n}句，这里只是说得很长很长。" for n in range(150))
        stage.rasa.script = lambda question: [Line(text)]
        stage.caller.say(BUYER, "规定是什么")
        phone = stage.platform.follower(BUYER)

        assert until(lambda: "".join(phone.texts()) == text)
        assert len(phone.texts("passive")) == 1
        assert len(phone.texts("custom")) >= 2
        assert until(lambda: stage.states() == ["sent"])


def test_a_turn_that_takes_longer_is_acknowledged_and_answered_later(tmp_path: Path) -> None:
    with staged(tmp_path, wechat_patience=0.4) as stage:
        stage.rasa.script = _after(1.0)
        done = stage.caller.say(BUYER, "在吗")
        assert done.bodies == [b"success"]
        assert 0.35 < done.seconds[0] < 0.9

        assert stage.arrived(1) == ["答：在吗"]
        assert stage.platform.follower(BUYER).texts("custom") == ["答：在吗"]
        assert len(stage.rasa.asked) == 1


def test_after_three_slow_turns_callbacks_are_acknowledged_at_once_and_later_answered_again(
    tmp_path: Path,
) -> None:
    with staged(tmp_path, wechat_patience=0.8) as stage:
        release = threading.Event()

        def stalled(question: Question) -> Sequence[Line]:
            release.wait(20)
            return [Line(f"答：{question.text}")]

        stage.rasa.script = stalled
        for number in range(3):
            assert stage.caller.say(f"o-{number}", "在吗").seconds[0] > 0.75
        quick = [stage.caller.say(f"o-{number}", "在吗").seconds[0] for number in range(3, 7)]
        assert max(quick) < 0.7
        release.set()
        for number in range(7):
            assert stage.arrived(1, f"o-{number}") == ["答：在吗"]
        assert len(stage.rasa.asked) == 7

        assert stage.caller.say("o-8", "好了吗").reply == "答：好了吗"
        stage.rasa.script = _after(0.5)  # slower than an open breaker waits: it is closed again
        assert stage.caller.say("o-9", "好了吗").reply == "答：好了吗"


def test_while_rasa_is_away_the_shopper_is_told_and_answered_once_it_is_back(
    tmp_path: Path,
) -> None:
    with staged(tmp_path, wechat_patience=1.5) as stage:
        stage.rasa.script = away
        done = stage.caller.say(BUYER, "在吗")
        assert done.reply is not None
        assert "已经记下了" in done.reply
        stage.rasa.script = lambda question: [Line(f"答：{question.text}")]
        assert stage.arrived(2, seconds=20)[-1] == "答：在吗"


def test_lines_sent_while_a_turn_runs_are_answered_in_order(tmp_path: Path) -> None:
    with staged(tmp_path, wechat_patience=0.5) as stage:
        stage.rasa.script = _after(0.3)
        threads = []
        for number in range(5):
            threads.append(threading.Thread(target=stage.caller.say, args=(BUYER, f"{number}号")))
            threads[-1].start()
            assert until(lambda n=number: f"{n}号" in stage.lines(Author.SHOPPER))
        for thread in threads:
            thread.join()

        phone = stage.platform.follower(BUYER)
        expected = [f"答：{number}号" for number in range(5)]
        assert until(lambda: "\n\n".join(phone.texts()).split("\n\n") == expected), phone.screen


def test_while_a_person_answers_the_bot_is_silent_and_the_callback_does_not_wait(
    tmp_path: Path,
) -> None:
    with staged(tmp_path) as stage:
        stage.caller.say(BUYER, "在吗")
        with stage.db.write() as session:
            conversation = session.get(Conversation, _conversation(stage, BUYER))
            assert conversation is not None
            conversation.mode, conversation.agent = Mode.HUMAN, "agent-1"
            conversation.fence += 1
        done = stage.caller.say(BUYER, "人呢")
        assert done.bodies == [b"success"]
        assert done.seconds[0] < 2
        assert stage.caller.message(BUYER, "voice", MediaId="m").bodies == [b"success"]


def test_what_waited_for_the_shopper_comes_with_the_next_answer(tmp_path: Path) -> None:
    with staged(tmp_path, courier=False) as stage:
        stage.caller.say(BUYER, "在吗")
        with stage.db.write() as session:
            conversation = conversations.locked(session, _conversation(stage, BUYER))
            said = conversations.say(session, conversation, Line("退款已经到账。"), now())
            outbox.put(session, conversation, said, now())
            session.flush()
            parcel = packing.packed(session, conversation.id, now())
            assert parcel is not None
            contact = session.get(Contact, _contact(stage, BUYER).id)
            assert contact is not None
            parcels.hold(session, parcel, contact, "window")
        assert stage.caller.say(BUYER, "你好").reply == "退款已经到账。\n\n答：你好"


def test_a_callback_cut_off_by_a_restart_is_answered_when_it_comes_again(tmp_path: Path) -> None:
    with staged(tmp_path, courier=False, wechat_patience=0.3) as stage:
        stage.rasa.script = _after(0.8)
        fields = stage.caller.fields(BUYER, "text", Content="在吗")
        first = threading.Thread(target=stage.caller.post, args=(fields,))
        first.start()
        first.join()
        assert until(lambda: [turn.state for turn in stage.all(Turn)] == ["done"])
        # As if the process had died before its last look: the wait stands in the row still.
        with stage.db.write() as session:
            contact = session.get(Contact, _contact(stage, BUYER).id)
            assert contact is not None
            contact.passive_for = str(fields["MsgId"])
        again = stage.caller.opened(stage.caller.post(fields).content)
        assert again["Content"] == "答：在吗"


@pytest.mark.slow
def test_with_rasa_stalled_for_half_a_minute_every_callback_is_acknowledged_in_time(
    tmp_path: Path,
) -> None:
    with staged(tmp_path) as stage:
        began = time.monotonic()

        def stalled(question: Question) -> Sequence[Line]:
            time.sleep(max(0.0, min(9.0, began + 30 - time.monotonic())))
            return [Line(f"答：{question.text}")]

        stage.rasa.script = stalled
        first = [stage.caller.say(f"o-{n}", "在吗") for n in range(3)]
        then = [stage.caller.say(f"o-{n}", "在吗") for n in range(3, 23)]

        assert all(len(done.seconds) == 1 for done in first + then)
        assert max(done.seconds[0] for done in first) < 4.5
        quick = sorted(done.seconds[0] for done in then)
        assert quick[-2] < 1.0  # one of them waits in full, to see whether it would be in time
        for number in range(23):
            assert stage.arrived(1, f"o-{number}", seconds=60) == ["答：在吗"]
        assert len(stage.rasa.asked) == 23
        assert stage.caller.say("o-99", "好了吗").reply == "答：好了吗"


def _after(seconds: float) -> Callable[[Question], Sequence[Line]]:
    def script(question: Question) -> Sequence[Line]:
        time.sleep(seconds)
        return [Line(f"答：{question.text}")]

    return script


def _pressed(stage: Stage) -> str | None:
    pressed = stage.rasa.asked[-1].pressed
    return None if pressed is None else pressed.intent


def _contact(stage: Stage, openid: str) -> Contact:
    (found,) = [each for each in stage.all(Contact) if each.openid == openid]
    return found


def _conversation(stage: Stage, openid: str) -> str:
    if openid not in [each.openid for each in stage.all(Contact)]:
        stage.caller.say(openid, "喂")
    return str(_contact(stage, openid).conversation_id)


def now() -> datetime:
    """The instant by the stage's clock."""
    return datetime.now(UTC)
