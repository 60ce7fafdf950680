"""How somebody stands at the desk: coming, pausing, going, and what is given to them unasked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.clock import Clock
from bot.db import Database
from bot.errors import BadInput
from bot.handoff import people
from bot.handoff import repository as hand_offs
from bot.handoff.limits import Limits
from bot.handoff.models import AgentOnline, AgentStatus
from bot.handoff.people import NotAtDesk, Person
from bot.tickets.models import ComplaintKind
from bot.wake import Wake

Result = TypeVar("Result")


@dataclass(frozen=True)
class Presence:
    """People at the desk, as the pages call it: each act one transaction, told after it."""

    db: Database
    clock: Clock
    limits: Limits
    wake: Wake

    def come(self, who: Identity, capacity: int, *, auto: bool | None = None) -> None:
        """Begin to take conversations; without `auto` what was chosen before is kept."""
        who.need(May.ANSWER)
        person = Person(
            user_id=who.user_id,
            name=who.name,
            departments=sorted(who.departments),
            shops=sorted(who.shops),
            capacity=capacity,
            auto=auto,
        )
        self._write(lambda session: people.come_online(session, person, self.clock.now()))

    def pause(self, who: Identity) -> None:
        """Keep one's conversations, take no new ones."""
        self._write(lambda session: people.pause(session, who.user_id))

    def go(self, who: Identity) -> None:
        """Leave the desk."""
        self._write(lambda session: people.go_offline(session, who.user_id))

    def take_unasked(self, who: Identity, *, on: bool) -> None:
        """Whether waiting shoppers are given to somebody by themselves. Raises NotAtDesk."""
        if not self._write(lambda session: people.set_auto(session, who.user_id, on)):
            raise NotAtDesk

    def be_good_at(self, who: Identity, kinds: Sequence[str]) -> None:
        """Which complaints are given to somebody; none named: all. Raises BadInput, NotAtDesk."""
        if not set(kinds) <= set(ComplaintKind):
            raise BadInput("没有这一类投诉。")
        if not self._write(lambda session: people.set_skills(session, who.user_id, sorted(kinds))):
            raise NotAtDesk

    def beat(self, user_ids: Sequence[str]) -> None:
        """A sign of life of everyone with an open page."""
        if user_ids:
            now = self.clock.now()
            with self.db.write() as session:
                for one in user_ids:
                    people.heartbeat(session, one, now)

    def skills(self, who: Identity) -> list[str] | None:
        """The complaints that somebody takes; None for who has never been at the desk."""
        with self.db.read() as session:
            agent = hand_offs.agent(session, who.user_id)
        return None if agent is None else list(agent.skills)

    def here(self, session: Session, who: Identity) -> AgentOnline | None:
        """How somebody stands at the desk; None for who is not there."""
        agent = hand_offs.agent(session, who.user_id)
        since = self.clock.now() - self.limits.lost
        gone = agent is None or agent.status == AgentStatus.OFFLINE or agent.heartbeat_at < since
        return None if gone else agent

    def _write(self, act: Callable[[Session], Result]) -> Result:
        with self.db.write() as session:
            result = act(session)
        self.wake.tell("queue")
        return result
