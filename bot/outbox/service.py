"""Put lines on their way. A page fetches its lines itself; other channels are pushed to."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.conversations.models import Conversation, Message
from bot.outbox.models import Delivery, DeliveryState

FETCHED = {"web"}  # channels whose shopper comes for the lines


def put(session: Session, conversation: Conversation, message: Message, now: datetime) -> Delivery:
    """Add a line to the outbox of its conversation's channel."""
    fetched = conversation.channel in FETCHED
    delivery = Delivery(
        message_id=message.id,
        conversation_id=conversation.id,
        channel=conversation.channel,
        state=DeliveryState.OFFERED if fetched else DeliveryState.PENDING,
        due_at=now,
    )
    session.add(delivery)
    return delivery
