"""Who is at the desk: coming, signs of life, pausing, going."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import Conflict
from bot.handoff import repository
from bot.handoff.models import AgentOnline, AgentStatus, HandOffRecord


class NotAtDesk(Conflict):
    """A person who is not at the desk cannot take a shopper."""

    code = "not_at_desk"
    message = "您还没有上线，先点“开始接待”再接顾客。"


@dataclass(frozen=True)
class Person:
    """Somebody at the desk. `name` is what shoppers are shown; empty lists mean all; `auto`:
    conversations are assigned without being asked for. None: as it was left, which is off and
    every skill for who has never been here."""

    user_id: str
    name: str
    departments: Sequence[str] = field(default_factory=tuple)
    skills: Sequence[str] | None = None
    shops: Sequence[str] = field(default_factory=tuple)
    capacity: int = 5
    auto: bool | None = None


def come_online(session: Session, person: Person, now: datetime) -> AgentOnline:
    """Begin to take conversations, or change how."""
    agent = repository.agent(session, person.user_id, lock=True)
    if agent is None:
        agent = AgentOnline(user_id=person.user_id, skills=[], auto=False)
        session.add(agent)
    agent.name, agent.capacity = person.name, person.capacity
    agent.departments, agent.shops = list(person.departments), list(person.shops)
    agent.auto = agent.auto if person.auto is None else person.auto
    agent.skills = agent.skills if person.skills is None else list(person.skills)
    agent.status, agent.heartbeat_at = AgentStatus.ONLINE, now
    session.flush()
    return agent


def reach(session: Session, person: Person) -> None:
    """Take over what somebody serves and how many at once, if they have ever been at the desk;
    what they have stays theirs."""
    agent = repository.agent(session, person.user_id, lock=True)
    if agent is not None:
        agent.capacity = person.capacity
        agent.departments, agent.shops = list(person.departments), list(person.shops)
        session.flush()


def heartbeat(session: Session, user_id: str, now: datetime) -> bool:
    """A sign of life, every ten seconds; False for who is not at the desk any more and has to
    come online again."""
    return repository.alive(session, user_id, now)


def set_auto(session: Session, user_id: str, on: bool) -> bool:
    """Whether waiting shoppers are given to this person unasked (自动接入), kept until it is
    changed; False for who has never been at the desk. Afterwards tell `queue`."""
    agent = repository.agent(session, user_id, lock=True)
    if agent is not None:
        agent.auto = on
        session.flush()
    return agent is not None


def set_skills(session: Session, user_id: str, skills: Sequence[str]) -> bool:
    """Which kinds of complaint this person takes (`ComplaintKind`), none named: all; kept like
    `set_auto`."""
    agent = repository.agent(session, user_id, lock=True)
    if agent is not None:
        agent.skills = list(skills)
        session.flush()
    return agent is not None


def pause(session: Session, user_id: str) -> None:
    """Keep one's conversations, take no new ones."""
    _set(session, user_id, AgentStatus.PAUSED)


def go_offline(session: Session, user_id: str) -> None:
    """Leave; the conversations one still has go back to the queue with the next sweep."""
    _set(session, user_id, AgentStatus.OFFLINE)


def present(session: Session, since: datetime, shop: str) -> list[AgentOnline]:
    """Who takes conversations of a shop and has given a sign of life since then."""
    return [agent for agent in repository.present(session, since) if serves(agent, shop)]


def serves(agent: AgentOnline, shop: str) -> bool:
    """Whether a person answers for a shop."""
    return not agent.shops or shop in agent.shops


def belongs(agent: AgentOnline, record: HandOffRecord) -> bool:
    """Whether a hand-off is for this person's department and skill."""
    department = not agent.departments or record.department in (None, *agent.departments)
    return department and (not agent.skills or record.skill in (None, *agent.skills))


def at_desk(session: Session, user_id: str, since: datetime) -> AgentOnline:
    """A person who is there, held against other claims of theirs. Raises NotAtDesk."""
    agent = repository.agent(session, user_id, lock=True)
    if agent is None or agent.status == AgentStatus.OFFLINE or agent.heartbeat_at < since:
        raise NotAtDesk
    return agent


def _set(session: Session, user_id: str, status: AgentStatus) -> None:
    agent = repository.agent(session, user_id, lock=True)
    if agent is not None:
        agent.status = status
        session.flush()
