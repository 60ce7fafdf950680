"""What the pages work with, and the house in which they stand."""

from dataclasses import dataclass

from bot.accounts.secrets import Passwords, SecondFactor
from bot.accounts.service import Users
from bot.accounts.sessions import Sessions
from bot.attachments.service import Album
from bot.clock import Clock
from bot.db import Database
from bot.desk.board import Board
from bot.desk.cases import Cases
from bot.desk.live import Live
from bot.desk.presence import Presence
from bot.desk.rules import RuleBook
from bot.desk.staff import Staff
from bot.desk.talk import Talk
from bot.desk.visits import Visits
from bot.reports.service import Reports
from bot.settings import Settings
from bot.shops.service import Shops
from bot.wake import Wake


@dataclass(frozen=True)
class Services:
    """One per desk process."""

    settings: Settings
    db: Database
    clock: Clock
    shops: Shops
    users: Users
    sessions: Sessions
    wake: Wake
    album: Album
    talk: Talk
    presence: Presence
    board: Board
    cases: Cases
    visits: Visits
    rules: RuleBook
    staff: Staff
    reports: Reports
    live: Live


def accounts(settings: Settings) -> tuple[Users, Sessions]:
    """Users and sessions with the secrets of this installation."""
    passwords = Passwords()
    factor = SecondFactor(settings.secret_key.get_secret_value())
    return Users(passwords), Sessions(passwords, factor)
