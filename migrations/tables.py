"""Every room that has tables, so that the metadata is complete."""

from bot.accounts import models as accounts
from bot.attachments import models as attachments
from bot.calendar import models as calendar
from bot.conversations import models as conversations
from bot.desk import models as desk
from bot.handoff import models as handoff
from bot.inbox import models as inbox
from bot.outbox import models as outbox
from bot.policy import models as policy
from bot.privacy import models as privacy
from bot.tickets import models as tickets
from bot.tickets import models_work as tickets_work
from bot.webhooks import models as webhooks
from bot.wechat import models as wechat

ROOMS = (
    accounts,
    attachments,
    calendar,
    conversations,
    desk,
    handoff,
    inbox,
    outbox,
    policy,
    privacy,
    tickets,
    tickets_work,
    webhooks,
    wechat,
)
