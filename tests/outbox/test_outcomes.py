"""Every answer of the platform has its consequence, recorded before and after the attempt."""

from datetime import timedelta

import pytest

from bot.outbox import parcels
from bot.outbox import service as outbox
from bot.outbox.models import Attempt, Parcel
from bot.outbox.outcomes import MOST_TRIES
from tests.twins.wechat.server import drop
from tests.wechat.round import Round
from tests.wechat.stage import BUYER

TICKET = {"no": "261123 0001 3", "state": "submitted", "due": None}
CHOICES = [{"title": "要退", "payload": "yes"}, {"title": "不退", "payload": "no"}]


@pytest.mark.parametrize("code", [-1, 45011])
def test_a_busy_platform_is_asked_again_later_and_later(small: Round, code: int) -> None:
    small.platform.failures.extend([code, code])
    small.say("在的")

    assert small.send() == []
    (parcel,) = small.all(Parcel)
    assert 0 < (parcel.due_at - small.clock.now()).total_seconds() < 1.3
    assert small.send() == []  # not due yet, so not tried
    small.later(seconds=2)
    assert small.send() == []
    (parcel,) = small.all(Parcel)
    assert 1 < (parcel.due_at - small.clock.now()).total_seconds() < 2.6
    small.later(seconds=3)
    assert small.send() == ["在的"]
    assert [outcome for _, outcome, _ in small.attempts()] == ["refused", "refused", "sent"]
    assert small.meter().left == 4


def test_what_never_gets_through_ends_as_a_dead_letter_and_may_be_sent_again(
    small: Round,
) -> None:
    small.platform.always = -1
    small.say("在的")
    for _ in range(MOST_TRIES + 2):
        small.send()
        small.later(seconds=900)

    assert small.states() == ["failed"]
    assert len(small.attempts()) == MOST_TRIES
    with small.db.write() as session:
        (letter,) = outbox.dead_letters(session)
        assert (letter.text, letter.error) == ("在的", "system error")
        outbox.send_again(session, letter.parcel_id, small.clock.now())
    small.platform.always = None
    assert small.send() == ["在的"]


@pytest.mark.parametrize(("code", "note"), [(45015, "48 小时"), (45047, "用完")])
def test_when_the_platform_counts_otherwise_it_is_believed(
    small: Round, code: int, note: str
) -> None:
    small.platform.failures.append(code)
    small.say("在的")

    assert small.send() == []
    assert small.states() == ["held"]
    assert note in small.meter().note
    small.send()
    assert len(small.attempts()) == 1

    small.spoke()
    assert small.send() == ["在的"]


def test_a_part_that_is_too_long_for_the_platform_is_cut_in_two(small: Round) -> None:
    small.platform.failures.append(45002)
    small.say("可以退。" * 100)

    assert "".join(small.send()) == "可以退。" * 100
    assert len(small.send()) == 2


def test_a_day_that_is_used_up_parks_the_account_until_midnight_in_beijing(small: Round) -> None:
    small.platform.failures.append(45009)
    small.say("在的")

    assert small.send() == []
    assert "用完" in (small.standing().alert or "")
    midnight = small.standing().parked_until
    assert midnight is not None
    assert midnight - small.clock.now() <= timedelta(hours=24, minutes=2)
    small.later(minutes=5)
    assert small.send() == []
    assert len(small.attempts()) == 1

    small.clock.ahead += midnight - small.clock.now() + timedelta(minutes=1)
    assert small.send() == ["在的"]
    assert small.standing().alert is None


def test_an_account_without_the_right_answers_passively_only(small: Round) -> None:
    small.platform.failures.append(48001)
    small.say("在的")
    small.send()
    small.say("还在吗")
    small.send()

    assert small.states() == ["held", "held"]
    assert len(small.attempts()) == 1
    assert "权限" in (small.standing().alert or "")


@pytest.mark.parametrize("code", [40003, 43004])
def test_someone_who_left_is_marked_and_a_person_is_told(small: Round, code: int) -> None:
    small.platform.failures.append(code)
    small.say("在的")
    small.send()

    assert small.states() == ["failed"]
    assert not small.meter().reachable
    assert "取消关注" in small.meter().note
    small.say("还在吗")
    small.send()
    assert len(small.attempts()) == 1


def test_a_code_nobody_knows_fails_that_message_alone(small: Round) -> None:
    small.platform.failures.append(99999)
    small.say("第一句")
    small.send()
    small.say("第二句")

    assert small.send() == ["第二句"]
    assert small.states() == ["failed", "sent"]


@pytest.mark.parametrize("code", [40013, 40125, 40164])
def test_an_account_set_up_wrongly_raises_an_alert_and_is_tried_again(
    small: Round, code: int
) -> None:
    small.platform.token_failure = code
    small.say("在的")
    small.send()

    assert str(code) in (small.standing().alert or "")
    small.platform.token_failure = None
    small.later(seconds=10)
    assert small.send() == ["在的"]


def test_a_send_that_nobody_confirmed_is_never_made_again(round_: Round) -> None:
    round_.platform.failures.append(drop)
    round_.say("退款已提交。")

    assert round_.send() == ["退款已提交。"]
    assert round_.states() == ["unconfirmed"]
    round_.later(hours=1)
    assert round_.send() == ["退款已提交。"]
    assert round_.attempts() == [("custom", "unconfirmed", None)]
    assert round_.meter().unconfirmed == 1
    with round_.db.write() as session:
        (letter,) = outbox.dead_letters(session)
        with pytest.raises(outbox.CannotSendAgain):
            outbox.send_again(session, letter.parcel_id, round_.clock.now())


def test_a_platform_out_of_reach_costs_nothing_and_is_tried_again(small: Round) -> None:
    api = small.courier.post.api  # type: ignore[attr-defined]
    small.tokens.get(small.account)
    there, api._base = api._base, "http://127.0.0.1:9"
    small.say("在的")
    assert small.send() == []
    assert small.meter().left == 5
    api._base = there
    small.later(seconds=2)
    assert small.send() == ["在的"]


def test_a_process_that_died_in_a_send_leaves_it_unconfirmed_and_the_rest_goes_on(
    round_: Round,
) -> None:
    round_.say("这件衣服可以退。" * 100)
    now = round_.clock.now()
    with round_.db.write() as session:  # as the courier begins a send, and then dies
        accounts = {round_.account.name: round_.account}
        load = parcels.take_custom(
            session,
            round_.conversations[BUYER],
            accounts,
            round_.clock.zone,
            "a dead one",
            now,
            timedelta(seconds=40),
        )
    assert load is not None
    assert round_.send() == []
    round_.later(seconds=41)

    round_.send()  # finds it cut off
    rest = round_.send()
    assert len(rest) == 1
    assert rest[0] != load.text
    assert round_.states() == ["unconfirmed"]
    assert [attempt.outcome for attempt in round_.all(Attempt)] == ["unconfirmed", "sent"]
