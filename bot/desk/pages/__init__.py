"""The pages of the desk, one module each."""

from bot.desk.pages import audit as audit
from bot.desk.pages import case as case
from bot.desk.pages import cases as cases
from bot.desk.pages import conversation as conversation
from bot.desk.pages import me as me
from bot.desk.pages import policy as policy
from bot.desk.pages import queue as queue
from bot.desk.pages import reports as reports
from bot.desk.pages import users as users
from bot.desk.services import Services


def register(services: Services) -> None:
    """Make every page known to NiceGUI."""
    for page in (queue, conversation, cases, case, policy, reports, users, audit, me):
        page.register(services)
