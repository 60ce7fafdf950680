"""From what the shopper said to a cited decision, asking only what still matters."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions import later
from actions.base import ServiceAction, Turn
from actions.decide import tell
from actions.other_goods import names_other_goods
from bot.conversations import service as conversations
from bot.conversations.models import Matter, MatterState
from bot.messages import Button
from bot.policy.errors import BadFacts
from bot.tickets import repository as tickets
from bot.tickets.states import OVER

# What an intent says the shopper wants done, unless the words themselves say otherwise.
WANTS = {
    "return_request": "refund",
    "exchange_request": "exchange",
    "repair_request": "repair",
    "price_dispute": "price_difference",
    "compensation_request": "compensation",
    "policy_inquiry": "refund",  # comes here only with a purchase of the shopper's own
}
IMPLIED = {
    "wrong_item": {"defect": "wrong_item", "problem": "quality"},
    "report_defect": {"problem": "quality"},
    "complaint_service": {"problem": "service"},
    "complaint_facility": {"problem": "facility"},
    "complaint": {"case": "complaint"},
    "refund_status": {"case": "refund"},
}
# The shopper comes back to something talked about before.
_BACK = re.compile(r"(昨天|前天|上次|上回|之前|刚才|那天).{0,2}(说|讲|聊|问|提)|接着(说|办)|继续")
WISHES = ("refund", "exchange", "repair")
NUMBERED = frozenset({"order_no"})  # numbers in a line that belong to the matter
# A time, but no day that could be counted from.
_ROUGHLY = re.compile(
    r"[上这本]个?月|月[初中底]|[上这]个?星期|上周|刚|不久|[前这](?:阵|段|些|几)|[好很蛮挺]久|老早|早就|[今去前]年|年[初底前后]|大概|差不多|[\d一二三十]号"
)
_QUESTION = re.compile(
    r"[?？]|[吗么呢]\s*$|(几|多少)(天|时)|多久|啥时|什么时候|多少|怎么|会不会|有没有|行不行|能不能|是不是|可不可以|算不算|"
    r"咋办|怎么办"
)
# The shopper takes up again what was called off.
_AFTER_ALL = re.compile(r"还是|等等|等一下|又想|反悔")
SETTLED = (MatterState.TICKETED, MatterState.CLOSED)
UNKNOWN = "unknown"
ENOUGH = 3  # questions that the shopper cannot answer before no more are asked
PATIENCE = 2  # times a question may miss its answer before it counts as "cannot say"


class Intake(ServiceAction):
    """Take in what a line says of a matter and answer with a question or a decision."""

    action_name = "action_intake"
    aside: ServiceAction | None = None  # answers a second wish that is about no goods

    def act(self, turn: Turn) -> None:
        """Store the facts, then decide or ask."""
        matter = self.take(turn)
        if matter is not None:
            advance(turn, matter)

    def take(self, turn: Turn) -> Matter | None:
        """Store the facts with their matter; None where the line only goes on with it."""
        if turn.heard.photo:
            turn.say("utter_photo")
        matter, ordered = turn.matter, _ordered(turn)
        if matter is not None and _taken_up_again(turn, matter):
            matter.state = MatterState.OPEN
        if matter is not None and matter.state not in SETTLED and _resumes(turn, matter):
            return None
        _keep_second_wish(turn)
        if matter is None or matter.state in SETTLED or _is_another(turn, matter):
            matter = turn.matter = self._matter(turn)
        if turn.heard.phone:
            keep_phone(turn, turn.heard.phone)
        facts = stated(turn) | ordered
        known = conversations.known_facts(turn.session, matter)
        turn.learned = any(known.get(key) != facts[key] for key in set(facts) - {"tone"})
        said = {key: value for key, value in facts.items() if key not in ordered}
        for given, source in ((said, "button" if turn.heard.given else "said"), (ordered, "order")):
            conversations.give_facts(
                turn.session, matter, turn.heard.message_id, given, source, turn.now
            )
        return matter

    def afterwards(self, turn: Turn) -> None:
        """Take up the second wish of an earlier line when the first is out of the way."""
        text, matter, conversation = turn.conversation.later, turn.matter, turn.conversation
        if text is None or matter is None or conversation.asking:
            return
        if matter.state in SETTLED or (
            matter.state == MatterState.DECIDED and not conversation.offer
        ):
            conversation.later = None
            turn.say("utter_next_wish", wish=text)
            turn.matter = None
            heard = turn.heard.about(self.services.reader, text, self.services.clock.today())
            intent = later.aside_of(text)
            turn.heard = replace(heard, intent=intent or "")
            (self.aside if intent and self.aside else self).act(turn)

    def _matter(self, turn: Turn) -> Matter:
        turn.conversation.misses = 0
        turn.expect()
        return conversations.open_matter(turn.session, turn.conversation, turn.now)


def _keep_second_wish(turn: Turn) -> None:
    today = turn.services.clock.today()
    first, second = later.split(turn.services.reader, turn.heard.text, today)
    if second is not None:
        turn.conversation.later = second[:500]
        turn.heard = turn.heard.about(turn.services.reader, first, today)


def _taken_up_again(turn: Turn, matter: Matter) -> bool:
    text = turn.heard.text
    called_off = matter.state == MatterState.CLOSED and "category" not in turn.heard.facts
    return called_off and bool(_BACK.search(text) or _AFTER_ALL.search(text))


def _resumes(turn: Turn, matter: Matter) -> bool:
    """Go on with the matter that is open without taking a fact from the line, if it only points
    back, is a photo, or wants to change a fact."""
    heard = turn.heard
    if heard.edit and turn.services.words.asks(heard.edit):
        ask(turn, heard.edit)
        turn.expect(asking=heard.edit)
        return True
    if heard.photo or _BACK.search(heard.text):
        if not heard.photo:
            turn.say("utter_back")
        turn.conversation.asking = None
        advance(turn, matter)
        return True
    return False


def advance(turn: Turn, matter: Matter) -> None:
    """Decide a matter with what is known, or ask the next question."""
    while True:
        known = conversations.known_facts(turn.session, matter)
        decision = turn.services.policy.decide(
            turn.shop.policy_set,
            known,
            as_of=turn.services.clock.today(),
            profile=turn.shop.presume,
        )
        if not decision.ask:
            tell(turn, matter, decision, known)
            return
        fact = decision.ask[0].fact
        cannot_say = list(known.values()).count(UNKNOWN)
        if cannot_say < ENOUGH and _ask(turn, matter, fact):
            return
        # Asked often enough: nobody is asked the same thing, or what they cannot say, for ever.
        conversations.give_facts(
            turn.session, matter, turn.heard.message_id, {fact: UNKNOWN}, "unclear", turn.now
        )


def keep_phone(turn: Turn, phone: str) -> None:
    """Keep a phone number with the conversation and its cases that have none."""
    turn.conversation.phone = phone
    for ticket in tickets.of_conversation(turn.session, turn.conversation.id):
        if ticket.phone is None and ticket.state not in OVER:
            turn.services.tickets.add_phone(turn.session, ticket, phone)


def ask(turn: Turn, fact: str) -> None:
    """Say the question of a fact; what was bought is chosen from what the shop sells."""
    goods = turn.shop.sells.items() if fact == "category" else ()
    buttons = [Button(title=sold, payload=f"fact:category={value}") for value, sold in goods]
    turn.say(f"utter_ask_{fact}", buttons, ask=fact)


def ask_again(turn: Turn) -> None:
    """Come back to the question that stands, after a digression."""
    if turn.conversation.asking:
        ask(turn, turn.conversation.asking)


def stated(turn: Turn) -> dict[str, Any]:
    """The facts of a line that hold for a matter: said, pressed, or implied by its intent."""
    heard = turn.heard
    facts = {key: heard.details[key] for key in NUMBERED & heard.details.keys()}
    facts |= heard.facts
    if heard.asking is None or heard.asking not in facts:
        for key, value in _implied(turn).items():
            facts.setdefault(key, value)
    return usable(turn, facts)


def usable(turn: Turn, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the facts that the rules can read."""
    return {key: value for key, value in facts.items() if _is_usable(turn, key, value)}


def _ordered(turn: Turn) -> dict[str, Any]:
    """What the order system says of the one thing that the line's order number stands for."""
    search = turn.heard.search
    return usable(turn, search.settled(turn.services.clock.today())) if search else {}


def _implied(turn: Turn) -> dict[str, Any]:
    """What the intent says beyond the words. It changes nothing that is known already: a guess
    at one line must not overrule what the shopper said; a pressed button may."""
    intent, matter = turn.heard.intent, turn.matter
    implied = dict(IMPLIED.get(intent, {}))
    if intent in WANTS:
        implied["wants"] = WANTS[intent]
    pressed = not turn.heard.text
    if pressed or matter is None or matter.state in SETTLED:
        return implied
    known = conversations.known_facts(turn.session, matter)
    return {key: value for key, value in implied.items() if key not in known}


def _is_usable(turn: Turn, key: str, value: object) -> bool:
    if key == "today":  # the day is ours to know, whatever a button claims
        return False
    try:
        turn.services.policy.facts.read({key: value}, turn.services.clock.today())
    except BadFacts:
        return False
    return True


def _is_another(turn: Turn, matter: Matter) -> bool:
    """Whether a line begins another matter while one is decided: it names other goods."""
    heard = turn.heard
    wish = heard.intent in WANTS or heard.facts.get("wants") in WISHES
    return matter.state == MatterState.DECIDED and wish and names_other_goods(turn, matter)


def _ask(turn: Turn, matter: Matter, fact: str) -> bool:
    conversation = turn.conversation
    roughly = fact == "days_since_purchase" and _ROUGHLY.search(turn.heard.text)
    if conversation.asking == fact and (turn.learned or turn.heard.phone):
        turn.say("utter_noted")
    elif conversation.asking == fact and not roughly and _asks_back(turn):
        turn.say("utter_need_this")
    elif conversation.asking == fact:
        conversation.misses += 1
        if conversation.misses >= PATIENCE:
            conversation.misses = 0
            return False
        turn.say("utter_which_day" if roughly else "utter_not_understood")
    elif fact not in matter.asked:
        conversation.misses = 0
        _lead(turn, matter)
        matter.asked = [*matter.asked, fact]
    ask(turn, fact)
    turn.expect(asking=fact)
    return True


def _asks_back(turn: Turn) -> bool:
    """Whether the line repeats what is known already or asks something itself: no lost answer."""
    heard = turn.heard
    return bool(stated(turn)) or heard.intent in WANTS or is_question(heard.text)


def tells_news(turn: Turn) -> bool:
    """Whether a line, after the decision, says of the goods what was not known or was wrong."""
    matter = turn.matter
    if matter is None or matter.state != MatterState.DECIDED:
        return False
    known = conversations.known_facts(turn.session, matter)
    return any(known.get(key) != value for key, value in turn.heard.facts.items() if key != "tone")


def points_back(text: str) -> bool:
    """Whether a line takes up what was talked about before."""
    return _BACK.search(text) is not None


def is_question(text: str) -> bool:
    """Whether a line asks something."""
    return _QUESTION.search(text) is not None


def _lead(turn: Turn, matter: Matter) -> None:
    """Say what the questions are for, ahead of the first one."""
    wish = conversations.known_facts(turn.session, matter).get("wants")
    if not (matter.asked or matter.decision_id) and wish in WISHES:
        turn.say(f"utter_lead_{wish}")
