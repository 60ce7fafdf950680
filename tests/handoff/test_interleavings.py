"""However shoppers, bot turns, people and restarts interleave: no bot line while a person has the
shopper, and no line lost, doubled or out of order."""

import contextlib
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, select

from bot.conversations import service
from bot.conversations.models import Draft, Effect, Message
from bot.dialogue.service import Question
from bot.errors import Conflict
from bot.handoff import people
from bot.handoff.claims import Lease
from bot.handoff.models import HandOffState, Resolution
from bot.inbox import lanes as lanes_module
from bot.inbox import repository as inbox
from bot.inbox.lanes import Lanes
from bot.inbox.models import Turn, TurnState
from bot.inbox.repository import Claimed
from bot.messages import Author, Line, Mode
from bot.router.service import Answer, ModeChanged
from tests.fixtures.desk import Desk, together
from tests.fixtures.people import Staff

AGENTS = ("wang", "li")
HELD, FREED = ("来了，您之前说的",), ("正在给您换一位", "正在把您转给", "这次先聊到这儿")
BACK = ("我接着帮您办", "我回来了")

STEPS = (
    "shopper", "shopper", "asks_for_person", "leaves_queue", "turn_begins", "turn_begins",
    "turn_ends", "turn_ends", "claim", "claim", "agent_line", "agent_line", "agent_line_again",
    "stale_agent_line", "transfer", "take_over", "give_back", "end", "lost", "restart", "auto",
)  # fmt: skip
steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), min_size=5, max_size=30)


class ByHand(Lanes):
    """Lanes whose turns are begun and ended by the test, in whatever order."""

    def _later(self, conversation_id: str, seconds: float) -> None:
        """Nothing runs by itself."""


@dataclass
class Play:
    """One conversation and everybody who has a hand in it."""

    staff: Staff
    id: str
    lanes: Lanes
    flying: list[tuple[Lanes, Claimed, Answer]] = field(default_factory=list)
    leases: list[tuple[str, Lease]] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    by_agents: list[tuple[str, str, Lease, str]] = field(default_factory=list)
    kept_quiet: set[str] = field(default_factory=set)
    number: int = 0

    def step(self, name: str, choice: int) -> None:
        """Do one thing; a refusal that names who has the shopper is an outcome like any other."""
        before = self.staff.state(self.id)
        try:
            getattr(self, f"_{name}")(choice)
        except ModeChanged:
            raise  # no refusal of a person
        except Conflict:
            pass
        after = self.staff.state(self.id)
        if before.mode == after.mode == Mode.HUMAN and before.fence == after.fence:
            new = [line for line in self._lines() if line.seq > before.last_seq]
            assert Author.BOT not in {line.author for line in new}
        assert after.fence >= before.fence

    def finish(self) -> None:
        """Let everything under way come to its end."""
        while self.flying or self._turn_begins(0):
            self._turn_ends(0)

    def _shopper(self, choice: int, words: str = "") -> None:
        self.number += 1
        words = words or f"第{self.number}句"
        client_id = f"{self.id}-{self.number}"
        for _ in range(choice + 1):  # now and then delivered twice
            heard = self.staff.desk.hear(self.id, words, client_id)
        self.said.append((heard.message_id, words))

    def _asks_for_person(self, choice: int) -> None:
        self._shopper(choice, "转人工")

    def _leaves_queue(self, choice: int) -> None:
        self._shopper(choice, "不等了")

    def _turn_begins(self, choice: int) -> bool:
        turn = self.lanes._claim(self.id)
        if turn is not None:
            self._run(self.lanes, turn)
        return turn is not None

    def _run(self, lanes: Lanes, turn: Claimed) -> None:
        self.flying.append((lanes, turn, self.staff.desk.router.answer(turn.message_id)))

    def _turn_ends(self, choice: int) -> None:
        if not self.flying:
            return
        lanes, turn, answer = self.flying.pop(choice % len(self.flying))
        try:
            _, following = lanes._end(turn, answer)
        except ModeChanged:
            following = lanes._again(turn)
        else:
            self._check_not_left(turn.message_id, answer)
            self._given()
        if following is not None:
            self._run(lanes, following)

    def _check_not_left(self, message_id: str, answer: Answer) -> None:
        """A turn may end without a word only while somebody else has the shopper, or has spoken."""
        if message_id not in self.over():
            return  # another process has this turn now
        lines = self._lines()
        (heard,) = [line for line in lines if line.id == message_id]
        after = {line.author for line in lines if line.seq > heard.seq}
        if self.staff.mode(self.id) in (Mode.BOT, Mode.CLOSED) and Author.AGENT not in after:
            drafted = message_id in self.drafts()
            assert drafted or any(line.reply_to == message_id for line in lines)
        if not answer.by_bot:
            self.kept_quiet.add(message_id)

    def over(self) -> set[str]:
        """The lines whose turn has come to its end."""
        done = select(Turn.message_id).where(Turn.state == TurnState.DONE)
        return self._ids(done.where(Turn.conversation_id == self.id))

    def drafts(self) -> set[str]:
        """The lines whose answer came too late."""
        return self._ids(select(Draft.message_id).where(Draft.conversation_id == self.id))

    def begun(self) -> set[str]:
        """The lines about which the action server has done something."""
        told = select(Effect.message_id).join(Message, Message.id == Effect.message_id)
        return self._ids(told.where(Message.conversation_id == self.id))

    def _ids(self, query: Select[tuple[str]]) -> set[str]:
        with self.staff.desk.db.read() as session:
            return set(session.scalars(query))

    def _restart(self, choice: int) -> None:
        """Another process takes over; what the old one had under way may still come to its end."""
        self.lanes = _lanes(self.staff.desk)
        with self.staff.desk.db.write() as session:
            now = self.staff.desk.clock.now()
            inbox.release_owned_by_others(session, self.lanes.owner, now)

    def _claim(self, choice: int) -> None:
        agent = AGENTS[choice]
        self.leases.append((agent, self.staff.claims_it(self.id, agent)))

    def _take_over(self, choice: int) -> None:
        agent = AGENTS[choice]
        self.leases.append((agent, self.staff.takes_over(self.id, agent)))

    def _agent_line(self, choice: int) -> None:
        if self.leases:
            self._say(*self.leases[-1])

    def _stale_agent_line(self, choice: int) -> None:
        if self.leases:
            self._say(*self.leases[0])

    def _agent_line_again(self, choice: int) -> None:
        if self.by_agents:
            agent, client_id, lease, text = self.by_agents[-1]
            self.staff.says(lease, text, agent, client_id)

    def _say(self, agent: str, lease: Lease) -> None:
        self.number += 1
        text, client_id = f"客服第{self.number}句", f"{self.id}-a{self.number}"
        self.staff.says(lease, text, agent, client_id)
        self.by_agents.append((agent, client_id, lease, text))

    def _transfer(self, choice: int) -> None:
        if not self.leases:
            return
        (agent, lease), to = self.leases[-1], AGENTS[choice]
        with self.staff.desk.db.write() as session:
            new = self.staff.claims.transfer(session, self.id, lease.fence, agent, to, "转")
        self.leases.append((to, new))

    def _give_back(self, choice: int) -> None:
        if self.leases:
            agent, lease = self.leases[-1]
            with self.staff.desk.db.write() as session:
                self.staff.claims.give_back(
                    session, self.id, lease.fence, agent, "", settled=bool(choice)
                )

    def _end(self, choice: int) -> None:
        if self.leases:
            agent, lease = self.leases[-1]
            with self.staff.desk.db.write() as session:
                self.staff.claims.end(session, self.id, lease.fence, agent, Resolution.SOLVED)

    def _auto(self, choice: int) -> None:
        """One of them takes what comes, the other only what they choose."""
        self._only_auto(AGENTS[choice])

    def _only_auto(self, who: str | None) -> None:
        with self.staff.desk.db.write() as session:
            for agent in AGENTS:
                people.set_auto(session, agent, agent == who)

    def _given(self) -> None:
        """Who was given the shopper unasked may write like one who took them."""
        state = self.staff.state(self.id)
        if state.mode == Mode.HUMAN and state.agent and state.waiting_since is None:
            lease = Lease(self.id, state.fence, self.staff.records(self.id)[0].id)
            if all(known.fence != lease.fence for _, known in self.leases):
                self.leases.append((state.agent, lease))

    def leaves_no_trace(self) -> None:
        """The next play begins with nobody waiting before it, and with nobody who takes all."""
        with contextlib.suppress(Conflict):
            self._end(0)
        self._only_auto(None)
        with self.staff.desk.db.write() as session:
            self.staff.desk.handoff.leave(session, service.locked(session, self.id))

    def _lost(self, choice: int) -> None:
        with self.staff.desk.db.write() as session:
            self.staff.claims.requeue(session, self.id, "lost")

    def _lines(self) -> list[Message]:
        return self.staff.desk.lines(self.id)


def _lanes(desk: Desk) -> Lanes:
    return ByHand(desk.db, desk.router, desk.clock, lambda conversation_id: None, 1)


def _asked(staff: Staff) -> Callable[[Question], Sequence[Line]]:
    """Rasa and the action server: a wish for a person is honoured in a transaction of its own."""

    def answer(question: Question) -> Sequence[Line]:
        desk = staff.desk
        with desk.db.write() as session:
            conversation = service.locked(session, question.conversation_id)
            if service.effect(session, question.message_id, "reply") is None:
                if question.text == "转人工":
                    desk.handoff.request(
                        session, conversation, question.message_id, "转人工", {"asks": True}
                    )
                now = desk.clock.now()
                service.record_effect(session, question.message_id, "reply", {}, now)
        return [Line(f"答：{question.text}"), Line("还有别的吗")]

    return answer


def _holds_what_is_promised(play: Play) -> None:
    lines = play._lines()
    assert [line.seq for line in lines] == list(range(2, len(lines) + 2))
    shopper = [line for line in lines if line.author == Author.SHOPPER]
    assert [(line.id, line.text) for line in shopper] == play.said
    agents = [line.text for line in lines if line.author == Author.AGENT]
    assert agents == [text for *_, text in play.by_agents]
    _no_bot_line_while_a_person_has_the_word(lines)
    _each_line_found_its_listener(play, lines)
    _the_queue_agrees(play)


def _no_bot_line_while_a_person_has_the_word(lines: Sequence[Message]) -> None:
    """Told from the transcript alone, as the shopper sees it."""
    held = False
    for line in lines:
        if line.author == Author.SYSTEM:
            held = any(word in line.text for word in HELD) or (
                held and not any(word in line.text for word in FREED)
            )
        elif line.author == Author.BOT:
            held = held and not any(word in line.text for word in BACK)
            assert not held, line.text


def _each_line_found_its_listener(play: Play, lines: Sequence[Message]) -> None:
    """Answered once by the bot, or kept as a draft, or left to people."""
    drafts, begun = play.drafts(), play.begun()
    for message_id, words in play.said:
        replies = [line for line in lines if line.reply_to == message_id]
        answered = [line for line in replies if line.text == f"答：{words}"]
        assert len(answered) <= 1
        assert not (answered and message_id in drafts)
        assert replies or message_id in drafts or message_id in play.kept_quiet
        assert answered or message_id in drafts or message_id not in begun


def _the_queue_agrees(play: Play) -> None:
    open_states = [
        record.state
        for record in play.staff.records(play.id)
        if record.state in (HandOffState.QUEUED, HandOffState.CLAIMED)
    ]
    wanted = {Mode.WAITING: [HandOffState.QUEUED], Mode.HUMAN: [HandOffState.CLAIMED]}
    assert open_states == wanted.get(play.staff.mode(play.id), [])
    with play.staff.desk.db.read() as session:
        states = set(session.scalars(select(Turn.state).where(Turn.conversation_id == play.id)))
    assert states <= {TurnState.DONE, TurnState.FAILED}


def _prepared(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> Staff:
    monkeypatch.setattr(lanes_module, "BACK_OFF", (-1.0,) * 10)
    staff.never_tires()
    staff.desk.rasa.script = _asked(staff)
    for agent in AGENTS:
        staff.comes(agent, agent, capacity=10**6)
    return staff


def _plays(staff: Staff, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(steps)
    def run(script: list[tuple[str, int]]) -> None:
        play = Play(staff, staff.desk.open(), _lanes(staff.desk))
        for name, choice in script:
            play.step(name, choice)
        play.finish()
        _holds_what_is_promised(play)
        play.leaves_no_trace()

    run()


def test_no_interleaving_lets_two_write_or_loses_a_line(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    _plays(_prepared(staff, monkeypatch), 100)


@pytest.mark.slow
@pytest.mark.timeout(1200)  # a thousand conversations, each of dozens of transactions
def test_no_interleaving_of_a_thousand_lets_two_write_or_loses_a_line(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    _plays(_prepared(staff, monkeypatch), 1000)


def test_people_and_running_lanes_at_once_keep_out_of_each_others_way(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    _prepared(staff, monkeypatch)
    plays = [Play(staff, staff.desk.open(), _lanes(staff.desk)) for _ in range(3)]
    writing = threading.Event()

    def shopper(play: Play, lanes: Lanes) -> None:
        for number in range(12):
            words = "转人工" if number % 4 == 1 else f"第{number}句"
            play._shopper(0, words)
            lanes.wake(play.id)

    def person(play: Play, chance: random.Random) -> None:
        acts = ("claim", "agent_line", "transfer", "give_back", "lost", "end", "take_over")
        while not writing.is_set():
            with contextlib.suppress(Conflict):
                getattr(play, f"_{chance.choice(acts)}")(chance.randrange(2))

    with staff.desk.lanes(threads=3) as lanes:

        def run(index: int) -> None:
            play = plays[index // 2]
            if index % 2:
                person(play, random.Random(index))
            else:
                shopper(play, lanes)

        ends = threading.Timer(1.5, writing.set)
        ends.start()
        together(run, 6)
        assert staff.desk.settled()

    for play in plays:
        lines = play._lines()
        assert [line.seq for line in lines] == list(range(2, len(lines) + 2))
        shopper_lines = [line.id for line in lines if line.author == Author.SHOPPER]
        assert shopper_lines == [message_id for message_id, _ in play.said]
        agents = [line.text for line in lines if line.author == Author.AGENT]
        assert agents == [text for *_, text in play.by_agents]
        _no_bot_line_while_a_person_has_the_word(lines)
