"""A desk's services on a real database, with people, shoppers and a queue."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select

from bot.accounts.roles import Role
from bot.accounts.secrets import Passwords
from bot.accounts.service import Identity, NewUser, Users, identity
from bot.conversations import repository as transcript
from bot.conversations import service as conversations
from bot.conversations.models import Conversation, Fact, Message
from bot.desk.models import Override
from bot.desk.services import Services
from bot.desk_process import services
from bot.inbox import service as inbox
from bot.messages import Author, Line
from bot.policy.service import PolicyService
from bot.settings import Settings
from tests.desk.agent import OWN
from tests.fixtures.desk import MONDAY, SHOP
from tests.fixtures.tables import with_tables

_QUICK = Passwords(Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1))
FACTS: Mapping[str, Any] = {
    "wants": "refund",
    "problem": "dislike",
    "days_since_purchase": 1,
    "worn": "no",
    "receipt": "yes",
}


@dataclass
class House:
    """The services and who works with them."""

    all: Services

    def hire(self, login: str, name: str, *roles: Role, **more: Any) -> Identity:
        """Somebody who signs in with the password of these tests."""
        with self.all.db.write() as session:
            new = NewUser(login, name, frozenset(roles or (Role.AGENT,)), capacity=50, **more)
            user, _ = Users(_QUICK).add(session, new, "test", self.all.clock.now())
            user.password_hash, user.must_change = _QUICK.hash(OWN), False
            return identity(session, user)

    def at_desk(self, login: str, name: str, *roles: Role) -> Identity:
        """Somebody who takes conversations."""
        who = self.hire(login, name, *roles)
        self.all.presence.come(who, 50, auto=False)
        return who

    def shopper(self, words: str = "裙子想退，找人工", shop: str = SHOP) -> str:
        """A conversation in the queue."""
        conversation_id = self.talking(words, shop)
        self.queue(conversation_id, words)
        return conversation_id

    def talking(self, words: str, shop: str = SHOP) -> str:
        """A conversation with the bot, its facts told and decided."""
        now = self.all.clock.now()
        with self.all.db.write() as session:
            opened = conversations.open_conversation(session, shop, "web", Line("您好"), now)
        self.hear(opened.conversation_id, words)
        with self.all.db.write() as session:
            held = conversations.locked(session, opened.conversation_id)
            self._decided(session, held)
        return opened.conversation_id

    def hear(self, conversation_id: str, words: str) -> str:
        """A line of the shopper."""
        with self.all.db.write() as session:
            inbox.accept(
                session, "web", conversation_id, uuid.uuid4().hex, words, None, self.all.clock.now()
            )
        self.all.wake.tell(f"conversation:{conversation_id}")
        return self.last(conversation_id, Author.SHOPPER).id

    def queue(self, conversation_id: str, why: str) -> None:
        """Ask for a person."""
        line = self.last(conversation_id, Author.SHOPPER)
        with self.all.db.write() as session:
            held = conversations.locked(session, conversation_id)
            self.all.talk.claims.handoff.request(session, held, line.id, why, {"asks": True})
            self.all.talk.claims.handoff.waiting.told(session, held)
        self.all.wake.tell("queue")

    def last(self, conversation_id: str, author: Author) -> Message:
        """The last line of an author."""
        with self.all.db.read() as session:
            return transcript.latest(session, conversation_id, author, 1)[0]

    def get(self, conversation_id: str) -> Conversation:
        """A conversation as it is."""
        with self.all.db.read() as session:
            found = transcript.get(session, conversation_id)
            assert found is not None
            return found

    def said(self, conversation_id: str) -> list[str]:
        """What people have said to the shopper, oldest first."""
        with self.all.db.read() as session:
            lines = transcript.latest(session, conversation_id, Author.AGENT, 100)
            return [line.text for line in reversed(lines)]

    def ledger(self) -> list[Override]:
        """Every entry of the override ledger."""
        with self.all.db.read() as session:
            return list(session.scalars(select(Override).order_by(Override.id)))

    def _decided(self, session: Any, conversation: Conversation) -> None:
        now, policy = self.all.clock.now(), self.all.rules.policy
        shop = self.all.shops.get(conversation.shop)
        decision = policy.decide(
            shop.policy_set, FACTS, self.all.clock.today(), profile=dict(shop.presume)
        )
        policy.save(session, decision, FACTS, now)
        line = transcript.latest(session, conversation.id, Author.SHOPPER, 1)[0]
        matter = conversations.open_matter(session, conversation, now)
        matter.decision_id = decision.decision_id
        session.add_all(
            Fact(
                matter_id=matter.id,
                message_id=line.id,
                key=key,
                value=value,
                source="stated",
                stated_at=now,
            )
            for key, value in FACTS.items()
        )
        conversations.say(
            session, conversation, Line(decision.reason, decision=decision.record()), now
        )


@cache
def _rules() -> PolicyService:
    """The shops' rules: reading them takes two seconds."""
    return PolicyService.load()


def made(url: str, var: Any, **more: Any) -> House:
    """A house on the database at `url`, whose tables are made if missing."""
    chosen: dict[str, Any] = {
        "database_url": url,
        "var_dir": var,
        "secret_key": "a secret of these tests",
        "clock": MONDAY,
        **more,
    }
    settings = Settings(_env_file=None, **chosen)  # type: ignore[call-arg]
    with_tables(settings.database).close()
    return House(services(settings, _rules()))
