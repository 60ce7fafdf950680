"""A page comes for its lines; every other channel has them pushed."""

import pytest
from sqlalchemy.exc import IntegrityError

from bot.conversations import service as conversations
from bot.messages import Line
from bot.outbox import service as outbox
from tests.fixtures.desk import SHOP, Desk


@pytest.mark.parametrize(("channel", "state"), [("web", "offered"), ("wechat", "pending")])
def test_a_line_waits_to_be_fetched_or_to_be_pushed(
    small_desk: Desk, channel: str, state: str
) -> None:
    now = small_desk.clock.now()
    with small_desk.db.write() as session:
        opened = conversations.open_conversation(session, SHOP, channel, Line("您好"), now)
        conversation = conversations.locked(session, opened.conversation_id)
        said = conversations.say(session, conversation, Line("好的"), now)
        outbox.put(session, conversation, said, now)

    assert small_desk.deliveries() == {said.id: state}


def test_a_line_is_put_in_the_outbox_once(small_desk: Desk) -> None:
    now = small_desk.clock.now()
    conversation_id = small_desk.open()
    with pytest.raises(IntegrityError), small_desk.db.write() as session:
        conversation = conversations.locked(session, conversation_id)
        said = conversations.say(session, conversation, Line("好的"), now)
        for _ in range(2):
            outbox.put(session, conversation, said, now)
            session.flush()
            session.expunge_all()
