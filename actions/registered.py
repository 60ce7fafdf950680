"""A matter that is registered already and judged anew: its case is changed, not opened twice."""

import re
from dataclasses import replace

from actions.base import Turn
from bot.conversations.models import Matter, MatterState
from bot.errors import Conflict
from bot.tickets import number, repository
from bot.tickets.models import Ticket
from bot.tickets.office import SHOPPER
from bot.tickets.service import Application

_WISH = re.compile(r"改(?:成|为|要)?(退|换|维?修)")
_WISHES = {"退": "refund", "换": "exchange", "修": "repair", "维修": "repair"}


def case_of(turn: Turn, matter: Matter) -> Ticket | None:
    """The case of a matter, while something is left to be done for it."""
    return repository.of_matter(turn.session, matter.id)


def with_new_wish(turn: Turn) -> None:
    """Hear 改成换货 as the wish that it is."""
    found = _WISH.search(turn.heard.text)
    if found and "wants" not in turn.heard.facts:
        facts = {**turn.heard.facts, "wants": _WISHES[found[1]]}
        turn.heard = replace(turn.heard, facts=facts)


def change(turn: Turn, matter: Matter, asked: Application, *, good: bool) -> bool:
    """Put what was decided anew into the case that the matter has; False where it has none.
    Unless it turned out well for the shopper, people look at it again."""
    ticket = case_of(turn, matter)
    if ticket is None:
        return False
    matter.state = MatterState.TICKETED
    turn.expect()
    no = number.spoken(ticket.no)
    try:
        turn.services.tickets.change(turn.session, ticket, asked, SHOPPER)
    except Conflict:
        turn.services.tickets.note(turn.session, ticket, "shopper", "wants_change", asked.why)
        turn.say("utter_case_too_far", no=no)
        return True
    turn.say(
        "utter_case_changed" if good else "utter_case_changed_for_review",
        ticket=turn.services.tickets.shown(ticket),
        no=no,
    )
    return True
