"""A conversation numbers its lines, keeps its facts with their origin, and opens to its key only."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.conversations import repository, service
from bot.conversations.models import Fact
from bot.errors import NotAllowed, NotFound
from bot.messages import Line
from tests.fixtures.desk import SHOP, Desk


def _opened(desk: Desk) -> service.Opened:
    with desk.db.write() as session:
        return service.open_conversation(session, SHOP, "web", Line("您好"), desk.clock.now())


def test_only_its_own_token_opens_a_conversation(small_desk: Desk) -> None:
    mine, other = _opened(small_desk), _opened(small_desk)
    with small_desk.db.read() as session:
        assert service.authorise(session, mine.conversation_id, mine.visitor_token)
        for token in (None, "", other.visitor_token, mine.visitor_token[:-1]):
            with pytest.raises(NotAllowed):
                service.authorise(session, mine.conversation_id, token)
        with pytest.raises(NotFound):
            service.authorise(session, "nowhere", mine.visitor_token)


def test_a_token_is_kept_only_as_its_hash(small_desk: Desk) -> None:
    opened = _opened(small_desk)
    with small_desk.db.read() as session:
        kept = repository.get(session, opened.conversation_id)
        assert kept is not None
        assert opened.visitor_token not in kept.token_hash


def test_the_greeting_is_the_first_line(small_desk: Desk) -> None:
    opened = _opened(small_desk)
    with small_desk.db.read() as session:
        conversation = repository.get(session, opened.conversation_id)
        assert conversation is not None
        (line,) = service.view(session, conversation, 0).messages
    assert (line["seq"], line["author"], line["text"]) == (1, "bot", "您好")


def test_a_page_gets_every_line_after_the_last_it_has_and_no_gap(small_desk: Desk) -> None:
    conversation_id = small_desk.open()
    for number in range(service.PAGE + 5):
        small_desk.hear(conversation_id, str(number), f"c{number}")
    with small_desk.db.read() as session:
        conversation = repository.get(session, conversation_id)
        assert conversation is not None
        first = service.view(session, conversation, 0).messages
        rest = service.view(session, conversation, first[-1]["seq"]).messages
        none = service.view(session, conversation, rest[-1]["seq"]).messages

    assert [line["seq"] for line in [*first, *rest]] == list(range(1, service.PAGE + 7))
    assert none == []


def test_the_newest_value_of_a_fact_holds_and_the_older_stays_on_record(desk: Desk) -> None:
    conversation_id = desk.open()
    lines = [desk.hear(conversation_id, text).message_id for text in ("没穿过", "其实穿过")]
    with desk.db.write() as session:
        conversation = service.locked(session, conversation_id)
        matter = service.open_matter(session, conversation, desk.clock.now())
        for line, value in zip(lines, ("no", "yes"), strict=True):
            service.give_facts(session, matter, line, {"worn": value}, "said", desk.clock.now())

    with desk.db.read() as session:
        kept = repository.matter(session, matter.id)
        assert kept is not None
        assert service.known_facts(session, kept) == {"worn": "yes"}
        facts = session.scalars(select(Fact).order_by(Fact.id)).all()
    assert [(f.message_id, f.value) for f in facts] == [(lines[0], "no"), (lines[1], "yes")]


def test_one_line_cannot_state_one_fact_twice(desk: Desk) -> None:
    conversation_id = desk.open()
    line = desk.hear(conversation_id, "没穿过").message_id
    with pytest.raises(IntegrityError), desk.db.write() as session:
        conversation = service.locked(session, conversation_id)
        matter = service.open_matter(session, conversation, desk.clock.now())
        for value in ("no", "yes"):
            service.give_facts(session, matter, line, {"worn": value}, "said", desk.clock.now())


def test_an_effect_of_a_line_is_recorded_once(desk: Desk) -> None:
    line = desk.hear(desk.open(), "在吗").message_id
    now = desk.clock.now()
    with desk.db.write() as session:
        assert service.effect(session, line, "reply") is None
        service.record_effect(session, line, "reply", {"replies": []}, now)
    with desk.db.read() as session:
        assert service.effect(session, line, "reply") == {"replies": []}
    with pytest.raises(IntegrityError), desk.db.write() as session:
        service.record_effect(session, line, "reply", {}, now)
