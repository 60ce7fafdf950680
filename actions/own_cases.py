"""What shoppers do with their own cases in chat: look one up by its number, add to it, put it
right, say whether it is settled, rate the service."""

import re

from actions.base import ServiceAction, Services, Turn
from actions.cases import STATES, tell_state, urge
from actions.intake import Intake
from bot.conversations.models import MatterState
from bot.errors import Conflict
from bot.tickets import access, notices, number
from bot.tickets.access import Answer, Found
from bot.tickets.aftercare import POOR
from bot.tickets.models import Ticket, TicketState
from bot.tickets.office import SHOPPER
from bot.tickets.states import Event

_SCORES = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}


class CaseByNumber(ServiceAction):
    """The shopper names the number of a case."""

    def act(self, turn: Turn) -> None:
        """Tell how it stands, if it may be told here."""
        no = access.named(turn.heard.text) or ""
        proof = access.tail(turn.heard.text, no)
        tell_found(turn, turn.services.tickets.find(turn.session, turn.conversation, no, proof))


class Prove(ServiceAction):
    """The shopper gives the last digits of the phone that a case was registered with."""

    def act(self, turn: Turn) -> None:
        """Tell how the case stands that was asked for, if they are the right ones."""
        proof = access.tail(turn.heard.text) or ""
        found = turn.services.tickets.prove(turn.session, turn.conversation, proof)
        tell_found(turn, found or Found(Answer.WRONG))


def tell_found(turn: Turn, found: Found) -> None:
    """Answer to a number in the same words whether or not there is such a case."""
    if found.answer == Answer.SLIP:
        turn.say("utter_case_slip")
    elif found.answer == Answer.PROVE:
        turn.say("utter_case_prove")
    elif found.answer == Answer.SHUT:
        turn.say("utter_case_shut")
    elif found.ticket is None:
        turn.say("utter_case_not_shown")
    else:
        if turn.heard.intent == "urge":
            urge(turn, found.ticket)
        tell_state(turn, found.ticket)


class AddToCase(ServiceAction):
    """The shopper sends a photo or says something more about a case that is registered."""

    def __init__(self, services: Services, ticket: Ticket) -> None:
        super().__init__(services)
        self._ticket = ticket

    def act(self, turn: Turn) -> None:
        """Put the line into the case."""
        waited = self._ticket.state == TicketState.AWAITING_CUSTOMER
        what = "补充了照片" if turn.heard.photo else turn.heard.text[:500]
        turn.services.tickets.add_line(turn.session, self._ticket, turn.heard.message_id, what)
        name = "utter_case_goes_on" if waited else "utter_case_added"
        turn.say(
            name,
            ticket=turn.services.tickets.shown(self._ticket),
            no=number.spoken(self._ticket.no),
        )


class PutRight(ServiceAction):
    """The shopper puts a fact of a registered case right, or wants something else after all."""

    def act(self, turn: Turn) -> None:
        """Judge the matter anew, which changes its case."""
        if turn.matter is not None:
            turn.matter.state = MatterState.OPEN
        turn.expect()
        Intake(self.services).act(turn)


class Settled(ServiceAction):
    """The shopper says whether what was done has settled it."""

    def __init__(self, services: Services, ticket: Ticket, *, settled: bool) -> None:
        super().__init__(services)
        self._ticket = ticket
        self._settled = settled

    def act(self, turn: Turn) -> None:
        """Confirm the result, or open the case again."""
        event = Event.CONFIRM if self._settled else Event.DISPUTE
        if self._ticket.state == TicketState.CLOSED and not self._settled:
            event = Event.REOPEN
        why = turn.heard.text[:500] or ("已解决" if self._settled else "还没解决")
        try:
            turn.services.tickets.advance(turn.session, self._ticket, event, SHOPPER, why)
        except Conflict:
            state = STATES[TicketState(self._ticket.state)]
            turn.say("utter_case_button_old", state=state)
            return
        self._tell(turn)

    def _tell(self, turn: Turn) -> None:
        tickets, no = turn.services.tickets, number.spoken(self._ticket.no)
        shown = tickets.shown(self._ticket)
        if self._settled:
            if tickets.rated(turn.session, turn.conversation):
                turn.say("utter_case_settled", ticket=shown, no=no)
            else:
                turn.say("utter_case_confirmed", buttons=notices.stars(), ticket=shown, no=no)
            return
        promise = tickets.promise(self._ticket)
        turn.say(
            "utter_case_reopened_by" if promise else "utter_case_reopened",
            ticket=shown,
            no=no,
            promise=promise or "",
        )


class DoneThere(ServiceAction):
    """The shopper says that it is done, of a case that the desk has not finished."""

    def __init__(self, services: Services, ticket: Ticket) -> None:
        super().__init__(services)
        self._ticket = ticket

    def act(self, turn: Turn) -> None:
        """Put it into the case: whoever has it looks, and closes it."""
        words = turn.heard.text[:200]
        turn.services.tickets.note(turn.session, self._ticket, "shopper", "says_done", words)
        turn.say(
            "utter_case_done_there",
            ticket=turn.services.tickets.shown(self._ticket),
            no=number.spoken(self._ticket.no),
        )


class Rate(ServiceAction):
    """The shopper rates the service, by a button or in words."""

    def act(self, turn: Turn) -> None:
        """Keep the score, and the words around it as the comment."""
        score = scored(turn)
        comment = "" if "rating" in turn.heard.given else turn.heard.text
        try:
            turn.services.tickets.rate(turn.session, turn.conversation, score, comment)
        except Conflict:
            turn.say("utter_rated_already")
            return
        turn.say("utter_rated_poor" if score <= POOR else "utter_rated")


RATING = re.compile(
    r"(?:我|给|就|打|你们?|服务|评价?|为|[:：\s])*([1-5一二两三四五])\s*(?:分|颗?星)"
    r"(?:好评|差评|满意|吧|了|啦|哈)*(?=$|[\s，,。.！!~～；;、])"
)


def scored(turn: Turn) -> int:
    """The score that a line gives, 0 for none."""
    given = turn.heard.given.get("rating")
    if given is not None:
        return int(given)
    found = RATING.match(turn.heard.text.strip())
    return (_SCORES.get(found[1]) or int(found[1])) if found else 0


class Refused(ServiceAction):
    """A button names a case that is not this conversation's."""

    def __init__(self, services: Services, found: Found) -> None:
        super().__init__(services)
        self._found = found

    def act(self, turn: Turn) -> None:
        """Answer as to any number."""
        tell_found(turn, self._found)


class Urge(ServiceAction):
    """A button presses for speed in one case."""

    def __init__(self, services: Services, ticket: Ticket) -> None:
        super().__init__(services)
        self._ticket = ticket

    def act(self, turn: Turn) -> None:
        """Note it and tell the real time."""
        urge(turn, self._ticket)
        tell_state(turn, self._ticket)
