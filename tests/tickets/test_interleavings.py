"""Whatever shoppers, agents and clocks do in whatever order, a case stands in a valid state with
its whole history, and nobody is told anything twice."""

import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import event, select

from bot.conversations.models import Message
from bot.errors import Conflict, DeskError
from bot.policy.promises import Approval, Deadline, Rung
from bot.shops.service import Term
from bot.tickets import appointments, repository
from bot.tickets import repository_work as work
from bot.tickets.models import FAR, Ticket, TicketKind, TicketState
from bot.tickets.models_work import ClockState, Notice, NoticeState, VisitKind
from bot.tickets.office import SHOPPER, SYSTEM
from bot.tickets.service import Application
from bot.tickets.states import SETTLED, Event, possible
from tests.fixtures.cases import LI, WANG, Cases, make_cases
from tests.fixtures.tables import empty

PROMISED: dict[str, Any] = {
    "deadlines": [
        Deadline("first_response", Term(24, "hour"), "T-01"),
        Deadline("next_step", Term(1, "working_day"), "T-06"),
        Deadline("next_step", Term(2, "day"), "T-05", state="inspecting"),
        Deadline("finish", Term(3, "working_day"), "T-03"),
    ],
    "ladder": [
        Rung(1, "counter_manager", "L-01", Term(1, "working_day")),
        Rung(2, "complaint_station", "L-01"),
    ],
    "approvals": [Approval("return", "refunding", "company", "R-08", Term(1, "working_day"))],
}


class Life(RuleBasedStateMachine):
    """Two cases of one shopper, and everything that can happen to them."""

    cases: Cases

    def __init__(self) -> None:
        super().__init__()
        self.cases.promise(**PROMISED)
        self.talk = self.cases.talk()
        self.ids = [self.cases.open(self.talk), self.cases.open(self.talk, kind=TicketKind.REPAIR)]

    @rule(which=st.integers(0, 1), by=st.sampled_from([LI, SHOPPER, SYSTEM]), n=st.integers(0, 9))
    def move(self, which: int, by: Any, n: int) -> None:
        """Somebody does what the table lets them do, or what it does not."""
        case = self.ids[which]
        ways = [*possible(self.cases.now(case).state, by.who), Event.FINISH]
        with suppress(Conflict):
            self.cases.advance(case, ways[n % len(ways)], by=by)

    @rule(which=st.integers(0, 1), yes=st.booleans())
    def decide(self, which: int, yes: bool) -> None:
        """Whoever has to consent does, or refuses."""
        with suppress(Conflict), self.cases.db.write() as session:
            request = work.pending_approval(session, self.ids[which])
            if request is not None:
                act = self.cases.tickets.approve if yes else self.cases.tickets.reject
                act(session, request.id, WANG, "定了")

    @rule(which=st.integers(0, 1), what=st.sampled_from(["add", "urge", "withdraw", "change"]))
    def shopper(self, which: int, what: str) -> None:
        """The shopper writes."""
        message = self.cases.line(self.talk, what)
        with suppress(Conflict), self.cases.db.write() as session:
            ticket, tickets = self.cases.get(session, self.ids[which]), self.cases.tickets
            if what == "add":
                tickets.add_line(session, ticket, message, "补充")
                tickets.add_line(session, ticket, message, "补充")
            elif what == "urge":
                tickets.urge(session, ticket, "快点")
            elif what == "withdraw":
                tickets.withdraw(session, ticket, "不退了")
            else:
                asked = Application(
                    TicketKind.EXCHANGE, message, "换货", facts={"wants": "exchange"}
                )
                tickets.change(session, ticket, asked, SHOPPER)

    @rule(which=st.integers(0, 1), hours=st.sampled_from([25, 27, 51]))
    def visit(self, which: int, hours: int) -> None:
        """A time is taken, or moved."""
        office = self.cases.tickets.office
        day = office.now.astimezone(office.zone).replace(hour=10, minute=0, second=0, microsecond=0)
        with suppress(DeskError), self.cases.db.write() as session:
            ticket = self.cases.get(session, self.ids[which])
            at = day.replace(hour=10 + hours % 3 * 2)
            if work.appointment_ahead(session, ticket.id) is None:
                kind = VisitKind.FIELD_REPAIR
                appointments.book(session, office, ticket, kind, at, LI)
            else:
                appointments.move(session, office, ticket, at, SHOPPER)

    @rule(which=st.integers(0, 1), to=st.sampled_from(["zhao", "qian"]))
    def hand_over(self, which: int, to: str) -> None:
        """Somebody else takes a case over; no clock moves."""
        before = self._due(self.ids[which])
        with self.cases.db.write() as session:
            ticket = self.cases.get(session, self.ids[which])
            self.cases.tickets.assign(session, ticket, LI, responsible=to)
        assert self._due(self.ids[which]) == before

    @rule(hours=st.sampled_from([0.2, 3, 11, 30, 80]))
    def time(self, hours: float) -> None:
        """Time passes."""
        self.cases.clock.on(hours=hours)

    @rule(times=st.integers(1, 2))
    def work_off(self, times: int) -> None:
        """The jobs run, perhaps twice over."""
        for _ in range(times):
            self.cases.jobs.sweep()
            self.cases.jobs.remind()
            self.cases.jobs.settle()
            self.cases.jobs.notify()

    @invariant()
    def every_case_is_sound(self) -> None:
        with self.cases.db.read() as session:
            for case in self.ids:
                ticket = self.cases.get(session, case)
                _history_is_whole(session, ticket)
                _clocks_fit(session, ticket)

    @invariant()
    def nobody_is_told_twice(self) -> None:
        with self.cases.db.read() as session:
            owed = session.scalars(select(Notice).where(Notice.ticket_id.in_(self.ids))).all()
            query = select(Message).where(Message.conversation_id == self.talk)
            lines = [line for line in session.scalars(query) if line.author != "shopper"]
        sent = [notice.message_id for notice in owed if notice.state == NoticeState.SENT]
        assert max(Counter((n.ticket_id, n.event) for n in owed).values(), default=1) == 1
        assert sorted(map(str, sent)) == sorted(line.id for line in lines[1:])

    def _due(self, case: str) -> list[Any]:
        with self.cases.db.read() as session:
            return [(clock.id, clock.due_at) for clock in work.clocks(session, case)]


def _history_is_whole(session: Any, ticket: Ticket) -> None:
    moves = [each for each in repository.history(session, ticket.id) if each.place is not None]
    assert [each.place for each in moves] == list(range(ticket.moves + 1))
    for before, after in pairwise(moves):
        assert before.to_state == after.from_state
        assert before.at <= after.at
    assert moves[-1].to_state == ticket.state
    reopened = [each for each in moves if each.to_state == TicketState.REOPENED]
    by_answer = [each for each in reopened if each.what == Event.ANSWER]
    assert ticket.reopened == len(reopened) - len(by_answer)


def _clocks_fit(session: Any, ticket: Ticket) -> None:
    clocks = work.clocks(session, ticket.id)
    history = Counter(each.what for each in repository.history(session, ticket.id))
    open_states = {clock.state for clock in clocks if clock.ended_at is None}
    if ticket.state in SETTLED:
        assert open_states == set()
    elif ticket.state == TicketState.AWAITING_CUSTOMER:
        assert open_states <= {ClockState.PAUSED}
    else:
        assert open_states <= {ClockState.RUNNING}
    assert history["warned"] == sum(clock.warned_at is not None for clock in clocks)
    assert all(clock.looks_at is None for clock in clocks if clock.state != ClockState.RUNNING)
    running = [clock.due_at for clock in clocks if clock.state == ClockState.RUNNING]
    assert ticket.act_by == min(running, default=FAR)
    assert 0 <= ticket.rung <= 2


class OnSqlite(Life):
    """A life in a file of its own."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="life-"))
        self.cases = make_cases(f"sqlite:///{self._folder / 'desk.sqlite3'}")
        # Nobody pulls the plug here: a commit need not wait for the disk.
        event.listen(self.cases.db.engine, "connect", _hasty)
        super().__init__()

    def teardown(self) -> None:
        self.cases.db.close()
        shutil.rmtree(self._folder)


def _hasty(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


QUICK = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_any_interleaving_leaves_a_sound_case() -> None:
    run_state_machine_as_test(OnSqlite, settings=QUICK)  # type: ignore[no-untyped-call]


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_thousand_interleavings_leave_a_sound_case() -> None:
    many = settings(QUICK, max_examples=1000)
    run_state_machine_as_test(OnSqlite, settings=many)  # type: ignore[no-untyped-call]


@pytest.mark.postgres
def test_interleavings_leave_a_sound_case_in_postgres(postgres_desk_url: str) -> None:
    _on_postgres(postgres_desk_url, 3)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(7200)
def test_a_thousand_interleavings_leave_a_sound_case_in_postgres(postgres_desk_url: str) -> None:
    _on_postgres(postgres_desk_url, 1000)


def _on_postgres(url: str, examples: int) -> None:
    class OnPostgres(Life):
        def __init__(self) -> None:
            self.cases = make_cases(url)
            empty(url)
            super().__init__()

        def teardown(self) -> None:
            self.cases.db.close()

    many = settings(QUICK, max_examples=examples)
    run_state_machine_as_test(OnPostgres, settings=many)  # type: ignore[no-untyped-call]
