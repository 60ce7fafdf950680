"""A case is over when its result has held, and whoever comes back too soon is connected to it."""

import pytest
from sqlalchemy.exc import IntegrityError

from bot.conversations import repository as conversations
from bot.errors import BadInput
from bot.tickets.aftercare import RatedAlready
from bot.tickets.models import Resolution, TicketKind, TicketState
from bot.tickets.models_work import Rating
from bot.tickets.office import SHOPPER
from bot.tickets.states import Event
from tests.fixtures.cases import Cases


def test_silence_for_72_hours_closes_a_finished_case_and_counts_as_confirmed(cases: Cases) -> None:
    case = cases.open()
    cases.advance(case, Event.FINISH)
    assert cases.now(case).resolution == Resolution.ASSUMED
    cases.clock.on(hours=71.9)
    assert cases.jobs.settle() == 0
    cases.clock.on(hours=0.2)
    assert cases.jobs.settle() == 1
    assert "tickets" in cases.told
    assert cases.jobs.settle() == 0

    found = cases.now(case)
    assert (found.state, found.resolution) == (TicketState.CLOSED, Resolution.QUIET)


def test_a_confirmed_case_is_told_apart_from_a_quiet_one(small_cases: Cases) -> None:
    case = small_cases.open()
    small_cases.advance(case, Event.FINISH)
    small_cases.advance(case, Event.CONFIRM, by=SHOPPER)
    small_cases.jobs.settle()

    found = small_cases.now(case)
    assert (found.state, found.resolution) == (TicketState.CLOSED, Resolution.CONFIRMED)


def test_coming_back_within_72_hours_is_linked_to_the_old_case(small_cases: Cases) -> None:
    talk = small_cases.talk()
    old = small_cases.open(talk)
    small_cases.advance(old, Event.FINISH)
    small_cases.clock.on(hours=50)
    new = small_cases.open(talk)

    assert small_cases.now(new).previous_no == small_cases.now(old).no
    assert small_cases.now(old).resolution == Resolution.REFUTED


def test_the_same_phone_is_the_same_shopper_in_another_conversation(small_cases: Cases) -> None:
    old = small_cases.open(small_cases.talk(phone="13800001111"))
    small_cases.advance(old, Event.FINISH)
    new = small_cases.open_for()

    assert small_cases.now(new).previous_no == small_cases.now(old).no


@pytest.mark.parametrize("hours", [73, 24 * 30])
def test_coming_back_later_is_another_matter(small_cases: Cases, hours: int) -> None:
    talk = small_cases.talk()
    small_cases.advance(small_cases.open(talk), Event.FINISH)
    small_cases.clock.on(hours=hours)

    assert small_cases.now(small_cases.open(talk)).previous_no is None


def test_other_goods_are_another_matter(small_cases: Cases) -> None:
    talk = small_cases.talk()
    old = small_cases.open(talk, facts={"category": "dress"})
    small_cases.advance(old, Event.FINISH)
    new = small_cases.open(talk, facts={"category": "shoes"})

    assert small_cases.now(new).previous_no is None
    assert small_cases.now(old).resolution == Resolution.ASSUMED


def test_whoever_complained_is_called_some_days_after_the_end(small_cases: Cases) -> None:
    complaint = small_cases.open(kind=TicketKind.COMPLAINT)
    plain = small_cases.open()
    for case in (complaint, plain):
        small_cases.advance(case, Event.FINISH)
    small_cases.clock.on(hours=73)
    small_cases.jobs.settle()

    with small_cases.db.read() as session:
        tasks = small_cases.tickets.tasks(session)
    assert [(task.ticket_id, task.kind) for task in tasks] == [(complaint, "follow_up")]


def test_closing_asks_what_the_service_was_like_unless_it_is_known(small_cases: Cases) -> None:
    rated, unrated = small_cases.talk(), small_cases.talk()
    for talk in (rated, unrated):
        small_cases.advance(small_cases.open(talk), Event.FINISH)
    _rate(small_cases, rated, 5)
    small_cases.clock.on(hours=73)
    small_cases.jobs.settle()
    small_cases.jobs.notify()

    def buttons(talk: str) -> int:
        return len(small_cases.lines(talk)[-1].extras["buttons"])

    assert (buttons(rated), buttons(unrated)) == (0, 5)


def test_an_episode_is_rated_once(cases: Cases) -> None:
    talk = cases.talk()
    _rate(cases, talk, 4, "挺快")
    with pytest.raises(RatedAlready):
        _rate(cases, talk, 1)
    with pytest.raises(IntegrityError), cases.db.write() as session:
        session.add(
            Rating(conversation_id=talk, episode=1, score=2, comment="", created_at=cases.clock.at)
        )


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_is_from_one_to_five(small_cases: Cases, score: int) -> None:
    with pytest.raises(BadInput):
        _rate(small_cases, small_cases.talk(), score)


def _rate(cases: Cases, talk: str, score: int, comment: str = "") -> None:
    with cases.db.write() as session:
        conversation = conversations.get(session, talk)
        assert conversation is not None
        cases.tickets.rate(session, conversation, score, comment)
