"""Fills a database with people, shoppers who wait and conversations that people have."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bench.servers import Place
from bot.accounts.roles import Role
from bot.accounts.service import Identity, NewUser, identity
from bot.accounts.sessions import Entered
from bot.conversations import repository as transcript
from bot.conversations import service as conversations
from bot.desk.services import Services
from bot.desk_process import services
from bot.inbox import repository as lines
from bot.inbox import service as inbox
from bot.messages import Author, Line
from bot.settings import Settings
from scripts.steps.tell import say

SHOP = "dept_fashion"
# While the shops are open, so that one who asks for a person is put in the queue.
OPEN_AT = datetime(2026, 11, 23, 10, 30)  # noqa: DTZ001  # shop time
BATCH = 25  # conversations to a commit
TALK = ("您好，我来看一下。", "好的，谢谢。", "请问有小票吗？", "有的，在家里。", "那麻烦拍一张。")


@dataclass(frozen=True)
class House:
    """Who is signed in, by token, with the conversations that they have; and who waits."""

    all: Services
    people: Sequence[Identity]
    seats: Sequence[tuple[str, Sequence[str]]]
    waiting: Sequence[str]

    def hear(self, conversation_id: str, words: str) -> None:
        """A shopper's line, as the gateway takes it in."""
        key, now = uuid.uuid4().hex, self.all.clock.now()
        with self.all.db.write() as session:
            inbox.accept(session, "web", conversation_id, key, words, None, now)
        self.all.wake.tell(f"conversation:{conversation_id}")

    def until_handled(self) -> None:
        """Wait while the gateway works off the lines that the house was furnished with."""
        handled = False
        while not handled:
            time.sleep(0.2)
            with self.all.db.read() as session:
                handled = lines.oldest_unfinished(session) is None

    def claim(self, number: int) -> None:
        """Somebody takes the next of those who wait."""
        who = self.people[number % len(self.people)]
        self.all.talk.claim(who, self.waiting[number])


def furnish(where: Place, waiting: int, opened: int, people: int) -> House:
    """The whole house, in the database of a place; takes half a minute."""
    say(f"… {waiting} 位排队，{opened} 个会话，{people} 位同事")
    seeding, real = _services(where, OPEN_AT), _services(where, None)
    hired = [_hire(seeding, real, number) for number in range(people)]
    held: list[str] = []
    for first in range(0, opened, BATCH):
        held += _opened(seeding, hired, range(first, min(first + BATCH, opened)))
    with seeding.db.write() as session:
        waits = [
            _queued(seeding, session, f"等着的第 {number} 位，鞋底断了")
            for number in range(waiting)
        ]
    for who, _ in hired:
        real.presence.come(who, opened, auto=False)
    seats = [(token, held[at::people]) for at, (_, token) in enumerate(hired)]
    return House(real, [who for who, _ in hired], seats, waits)


def _opened(seeding: Services, hired: Sequence[tuple[Identity, str]], numbers: range) -> list[str]:
    """Conversations that people have, each with ten lines; one commit for all."""
    seeding.presence.beat([who.user_id for who, _ in hired])
    found = []
    with seeding.db.write() as session:
        for number in numbers:
            conversation_id = _queued(seeding, session, f"第 {number} 位，想退货")
            _talk(seeding, session, hired[number % len(hired)][0], conversation_id)
            found.append(conversation_id)
    return found


def _services(where: Place, clock: datetime | None) -> Services:
    given = {key.lower(): value for key, value in where.environment().items()}
    # pydantic-settings takes texts and `_env_file`, which the fields' types do not say.
    return services(Settings(_env_file=None, **given, clock=clock))  # type: ignore[arg-type,call-arg]


def _hire(seeding: Services, real: Services, number: int) -> tuple[Identity, str]:
    """Somebody at the desk and the token of their session."""
    with real.db.write() as session:
        new = NewUser(f"agent{number}", f"客服{number}", frozenset({Role.AGENT}), capacity=999)
        user, password = real.users.add(session, new, "bench", real.clock.now())
        user.must_change = False
        who = identity(session, user)
    with real.db.write() as session:
        entered = real.sessions.enter(session, who.login, password, "", real.clock.now())
    assert isinstance(entered, Entered)
    seeding.presence.come(who, 999, auto=False)
    return who, entered.token


def _queued(seeding: Services, session: Session, words: str) -> str:
    now = seeding.clock.now()
    opened = conversations.open_conversation(session, SHOP, "web", Line("您好"), now)
    inbox.accept(session, "web", opened.conversation_id, uuid.uuid4().hex, words, None, now)
    _wait(seeding, session, opened.conversation_id, words)
    return opened.conversation_id


def _wait(seeding: Services, session: Session, conversation_id: str, words: str) -> None:
    held = conversations.locked(session, conversation_id)
    (line,) = transcript.latest(session, conversation_id, Author.SHOPPER, 1)
    handoff = seeding.talk.claims.handoff
    handoff.request(session, held, line.id, words, {"asks": True})
    handoff.waiting.told(session, held)


def _talk(seeding: Services, session: Session, who: Identity, conversation_id: str) -> None:
    """Somebody takes the shopper, and they talk for ten lines."""
    lease = seeding.talk.claims.claim(session, conversation_id, who.user_id)
    for number, words in enumerate(TALK):
        key, now = f"k{number}", seeding.clock.now()
        seeding.talk.claims.say(session, conversation_id, lease.fence, who.user_id, words, key)
        inbox.accept(session, "web", conversation_id, uuid.uuid4().hex, "嗯，好", None, now)
