"""The desk process, wired: its services, its pages, served on loopback for the gateway to show."""

import gc
from collections.abc import Sequence
from contextlib import suppress

import uvicorn

from bot import wake
from bot.attachments.service import Album
from bot.calendar.known import KnownDays
from bot.clock import Clock
from bot.db import Database
from bot.desk import app
from bot.desk.board import Board
from bot.desk.canned import Canned
from bot.desk.case_board import CaseBoard
from bot.desk.cases import Cases
from bot.desk.live import Live
from bot.desk.pages import register
from bot.desk.presence import Presence
from bot.desk.recent import Recent
from bot.desk.rules import RuleBook
from bot.desk.saying import Saying
from bot.desk.services import Services, accounts
from bot.desk.staff import Staff
from bot.desk.talk import Talk
from bot.desk.visits import Visits
from bot.desk.words import Words
from bot.errors import BadInput
from bot.handoff.claims import Claims
from bot.handoff.promised import promise_guard
from bot.handoff.purchases import PurchaseLookup
from bot.handoff.service import HandOff
from bot.messages import Spoken
from bot.orders import connect as orders
from bot.policy.service import PolicyService
from bot.reports.service import Reports
from bot.settings import Settings
from bot.shops.service import Shops
from bot.tickets import repository_listing
from bot.tickets.service import Tickets

COLLECT = (10_000, 20, 50)


def services(settings: Settings, rules: PolicyService | None = None) -> Services:
    """Everything the pages work with, by these rules if any are given.

    Raises BadInput without a secret of the installation.
    """
    if not settings.secret_key.get_secret_value():
        raise BadInput("没有设置 SECRET_KEY：用 scripts/run 启动，或者自己设一个。")
    users, sessions = accounts(settings)
    db, clock = Database(settings.database), Clock(settings.zone, settings.clock)
    shops, policy = Shops.load(settings.shop_default), rules or PolicyService.running(db, clock)
    tickets = Tickets(clock, shops, KnownDays(db, clock), policy.promises, settings.warn_share)
    handoff = HandOff(tickets, clock, policy.promises, Spoken.load())
    told, words = wake.make(settings), Words.load(policy.facts)

    def said(shop: str) -> Sequence[str]:
        return [clause.text for clause in policy.policy(shops.get(shop).policy_set).source.clauses]

    guard = promise_guard(handoff, said)
    case_board = CaseBoard(db, clock, shops, tickets, policy, words)
    claims, recent = Claims(handoff), Recent()
    saying = Saying(clock, claims, tickets, guard)
    talk = Talk(db, clock, claims, saying, Canned.load(), told)
    cases = Cases(db, clock, shops, tickets, case_board, told)
    presence = Presence(db, clock, handoff.limits, told)
    live, lookup = Live(told, presence.beat), PurchaseLookup(orders.connect(settings, clock))
    live.before(recent.changed)
    return Services(
        settings=settings,
        db=db,
        clock=clock,
        shops=shops,
        users=users,
        sessions=sessions,
        wake=told,
        album=Album(settings.var_dir / "attachments"),
        talk=talk,
        presence=presence,
        board=Board(db, clock, shops, words, talk, presence, recent, lookup),
        cases=cases,
        visits=Visits(cases),
        rules=RuleBook(db, clock, policy, repository_listing.open_by_decision),
        staff=Staff(db, clock, users, sessions, shops, told),
        reports=Reports(db, clock),
        live=live,
    )


def serve(settings: Settings) -> int:
    """Serve until stopped; the exit code."""
    config = uvicorn.Config(
        app.build(services(settings), register),
        host="127.0.0.1",
        port=settings.desk_port,
        access_log=False,
        timeout_graceful_shutdown=3,
        server_header=False,
        log_level="warning",
    )
    server = uvicorn.Server(config)
    # A collection stops every page. What is there now stays for good and is left out of them; the
    # rest, a few thousand objects a page, is gone through whole less often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)
    with suppress(KeyboardInterrupt):  # Ctrl-C, raised again once everything has stopped
        server.run()
    return 0 if server.started else 1
