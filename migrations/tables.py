"""Every room that has tables, so that the metadata is complete."""

from bot.accounts import models as accounts
from bot.attachments import models as attachments
from bot.calendar import models as calendar
from bot.conversations import models as conversations
from bot.inbox import models as inbox
from bot.outbox import models as outbox
from bot.policy import models as policy
from bot.tickets import models as tickets

ROOMS = (accounts, attachments, calendar, conversations, inbox, outbox, policy, tickets)
