"""A case goes only the ways of the table: the service and the database both see to it."""

import itertools

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from bot.settings import ROOT
from bot.tickets import states
from bot.tickets.models import Ticket, TicketEvent
from bot.tickets.moves import NotPossible
from bot.tickets.office import SHOPPER, SYSTEM, Actor
from bot.tickets.states import TRANSITIONS, Event, TicketState, Who
from tests.fixtures.cases import LI, Cases

ACTORS = {
    Who.SHOPPER: SHOPPER,
    Who.AGENT: LI,
    Who.APPROVER: Actor("boss", Who.APPROVER),
    Who.SYSTEM: SYSTEM,
}
# A way from the application to each state.
TO: dict[TicketState, tuple[Event, ...]] = {TicketState.SUBMITTED: ()}
for _ in TicketState:
    for one in TRANSITIONS:
        if one.start in TO and one.end not in TO and one.event != Event.ANSWER:
            TO[one.end] = (*TO[one.start], one.event)


def _go(cases: Cases, ticket_id: str, events: tuple[Event, ...]) -> None:
    for event in events:
        state = cases.now(ticket_id).state
        who = next(w for way in states.ways(state, event) for w in sorted(way.who, reverse=True))
        cases.advance(ticket_id, event, by=ACTORS[who])


def test_every_state_can_be_reached() -> None:
    assert set(TO) == set(TicketState)


def test_every_way_of_the_table_can_be_gone(small_cases: Cases) -> None:
    for way in TRANSITIONS:
        case = small_cases.open()
        # To answer in a certain state, a case has to be asked there first.
        before = (*TO[way.end], Event.ASK) if way.event == Event.ANSWER else TO[way.start]
        _go(small_cases, case, before)

        assert small_cases.advance(case, way.event, by=ACTORS[min(way.who)]), way
        found = small_cases.now(case)
        assert (found.state, found.moves) == (way.end, len(_places(small_cases, case)) - 1)


def test_every_other_way_is_refused_by_the_service(small_cases: Cases) -> None:
    refused = 0
    for state, events in TO.items():
        case = small_cases.open()
        _go(small_cases, case, events)
        for event, who in itertools.product(Event, Who):
            if any(who in way.who for way in states.ways(state, event)):
                continue
            with pytest.raises(NotPossible):
                small_cases.advance(case, event, by=ACTORS[who])
            refused += 1
        assert small_cases.now(case).state == state
    assert refused > 600


def test_the_database_refuses_every_change_of_state_without_its_entry(cases: Cases) -> None:
    case = cases.open()
    for state in TicketState:
        if state == TicketState.SUBMITTED:
            continue
        with pytest.raises(IntegrityError, match="entry in its history"), cases.db.write() as s:
            s.execute(update(Ticket).where(Ticket.id == case).values(state=state))
    with pytest.raises(IntegrityError), cases.db.write() as session:
        session.execute(update(Ticket).where(Ticket.id == case).values(moves=5))

    assert cases.now(case).state == TicketState.SUBMITTED


def test_the_database_refuses_an_entry_for_a_way_that_there_is_not(cases: Cases) -> None:
    case = cases.open()
    known = {(way.start, way.event, way.end) for way in TRANSITIONS}
    tried = [
        (TicketState.SUBMITTED, event, end)
        for event, end in itertools.product(Event, TicketState)
        if (TicketState.SUBMITTED, event, end) not in known
    ]
    for start, event, end in tried[::7]:
        with pytest.raises(IntegrityError), cases.db.write() as session:
            session.add(_entry(cases, case, 1, start, event, end))
    with pytest.raises(IntegrityError), cases.db.write() as session:  # a place left out
        ticket = cases.get(session, case)
        session.add(_entry(cases, case, 2, "submitted", Event.REVIEW, "reviewing"))
        session.flush()
        ticket.state, ticket.moves = "reviewing", 2
        session.flush()


def test_history_can_be_neither_changed_nor_removed(cases: Cases) -> None:
    case = cases.open()
    cases.advance(case, Event.REVIEW)
    for statement in (
        "UPDATE ticket_events SET who = 'nobody'",
        "UPDATE ticket_events SET why = 'something else'",
        "UPDATE ticket_events SET to_state = 'done' WHERE place = 1",
        "DELETE FROM ticket_events",
    ):
        with pytest.raises(IntegrityError), cases.db.write() as session:
            session.execute(text(statement))

    assert cases.history(case) == ["opened", "review_begun"]


def test_only_the_words_of_an_entry_can_be_erased(cases: Cases) -> None:
    case = cases.open()
    with cases.db.write() as session:
        session.execute(text("UPDATE ticket_events SET why = ''"))

    assert cases.history(case) == ["opened"]


def test_an_answer_brings_a_case_back_to_where_it_was_asked(small_cases: Cases) -> None:
    case = small_cases.open()
    small_cases.advance(case, Event.APPROVE, Event.INSPECT, Event.ASK)
    small_cases.advance(case, Event.ANSWER, by=SHOPPER)

    assert small_cases.now(case).state == TicketState.INSPECTING


def test_the_drawing_in_the_docs_is_the_table() -> None:
    page = (ROOT / "docs" / "cases.md").read_text("utf-8")

    assert f"```mermaid\n{states.diagram()}\n```" in page


def _places(cases: Cases, case: str) -> list[int]:
    with cases.db.read() as session:
        rows = session.query(TicketEvent.place).filter(TicketEvent.ticket_id == case)
        return [row.place for row in rows if row.place is not None]


def _entry(cases: Cases, case: str, place: int, start: str, event: Event, end: str) -> TicketEvent:
    return TicketEvent(
        ticket_id=case,
        who="x",
        what=event,
        why="x",
        place=place,
        from_state=start,
        to_state=end,
        at=cases.clock.now(),
    )
