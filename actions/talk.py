"""Talk that needs no decision: greetings, plain answers, and what was not understood."""

from actions import answers, errands
from actions.base import ServiceAction, Turn
from actions.cases import Accept
from actions.complaint import Complaint
from actions.handover import hand_over
from actions.intake import WISHES, Intake, ask_again, keep_phone
from bot.conversations.models import Offer
from bot.messages import Button

HELP: tuple[Button, ...] = (
    {"title": "退货", "payload": "intent:return_request"},
    {"title": "换货", "payload": "intent:exchange_request"},
    {"title": "维修", "payload": "intent:repair_request"},
    {"title": "找人工", "payload": "human"},
)
# Intents whose own line can wait when the same line says what is wrong with goods.
LIGHT = {
    "greet",
    "thanks",
    "goodbye",
    "praise",
    "abuse",
    "out_of_scope",
    "care_instruction",
    "product_usage",
    "warranty_inquiry",
}
# Facts that alone say nothing of goods to be settled.
NOT_GOODS = {"tone", "price_now", "order_no"}
# What a question about the rules may name without meaning goods of one's own.
ASKED_IN_RULES = NOT_GOODS | {"wants", "category", "topic"}
OWN = "days_since_purchase"  # who names the day speaks of a purchase of their own
ASIDE = ("care", "info", "human")  # wishes that only lead away from the question for a moment
# What no shop lets a bot handle: straight to a person, whatever else the line says.
GRAVE = {"injury", "media", "legal_threat"}
MISSES = 3  # lines in a row without sense before a person is called in


class Talk(ServiceAction):
    """Answer with the line of the intent, then come back to the question that stands."""

    action_name = "action_talk"

    def act(self, turn: Turn) -> None:
        """Say what the shop's rules say, or else the line of the intent."""
        told = answers.answer(turn)
        if turn.heard.asking and set(turn.heard.facts) - ASKED_IN_RULES - {"receipt"}:
            Intake(self.services).act(turn)
            return
        if not told:
            hours = f"{turn.shop.opens:%H:%M}–{turn.shop.closes:%H:%M}"
            turn.say(f"utter_{turn.heard.intent}", hours=hours, desk=turn.shop.desk)
        ask_again(turn)

    def instead(self, turn: Turn) -> ServiceAction | None:
        """Goods that are broken or to go back matter more than the small talk around them."""
        told = turn.heard.facts
        if GRAVE & set(told):
            return Complaint(self.services)
        intent, asking = turn.heard.intent, turn.heard.asking
        if asking == "wants" and told.get("wants") in ASIDE:
            return None
        urgent = "defect" in told or told.get("wants") in WISHES
        # 漏水了, 发票在: the invoice is only shown for the goods.
        shown = intent == "invoice_inquiry" and told.get("problem") == "leak"
        noted = asking and set(told) - NOT_GOODS and told.get("wants") not in ASIDE
        # Asked about the rules, the rule is said before the facts are put down.
        rules = intent == "policy_inquiry" and asking not in told
        own = intent == "policy_inquiry" and OWN in told and urgent
        if (noted and not rules) or own or shown or (urgent and intent in LIGHT):
            return Intake(self.services)
        return super().instead(turn)


class Inform(ServiceAction):
    """The shopper gives something nobody asked for: facts of a matter, or a phone number."""

    action_name = "action_inform"

    def act(self, turn: Turn) -> None:
        """Put it where it belongs and say so."""
        if turn.heard.phone is not None:
            take_phone(turn, turn.heard.phone)
            if turn.conversation.offer in (Offer.CASE, Offer.PERSON, Offer.ERRAND):
                # A number given when asked whether somebody should call is a yes.
                Accept(self.services).act(turn)
                return
        elif turn.conversation.offer == Offer.ERRAND:
            # An order number, an address or a day: what the errand needs.
            errands.register(turn)
        elif not errands.add(turn):
            turn.say("utter_inform")
        ask_again(turn)

    def instead(self, turn: Turn) -> ServiceAction | None:
        """Facts about goods go to the matter."""
        return super().instead(turn) or _intake_for_facts(self, turn)


class WrongPhone(ServiceAction):
    """The shopper gives a phone number that cannot be one."""

    action_name = "wrong_phone"

    def act(self, turn: Turn) -> None:
        """Ask for it once more; the question that stands comes after it."""
        turn.say("utter_phone_unclear")
        ask_again(turn)


class Fallback(ServiceAction):
    """The line was not understood."""

    action_name = "action_fallback"
    understood = False

    def act(self, turn: Turn) -> None:
        """Say what can be looked up; else ask again, show what can be done, call in a person."""
        if answers.look_up(turn):
            turn.conversation.misses = 0
            ask_again(turn)
            return
        turn.conversation.misses += 1
        if turn.conversation.misses >= MISSES:
            turn.say("utter_better_a_person")
            hand_over(turn)
            turn.conversation.misses = 0
            return
        if turn.conversation.misses == 1:
            turn.say("utter_fallback", buttons=_guesses(turn))
        else:
            turn.say("utter_fallback_again", buttons=HELP)
        ask_again(turn)

    def instead(self, turn: Turn) -> ServiceAction | None:
        """Facts tell what the classifier could not."""
        if turn.heard.phone is not None:
            return Inform(self.services)
        return super().instead(turn) or _intake_for_facts(self, turn)


def _guesses(turn: Turn) -> list[Button]:
    """The two likeliest wishes as buttons, and a person."""
    titles = turn.services.words.titles
    likely = [name for name in turn.heard.ranking if name in titles][:2]
    guesses: list[Button] = [
        {"title": titles[name], "payload": f"intent:{name}"} for name in likely
    ]
    return [*guesses, HELP[-1]] if guesses else list(HELP)


def take_phone(turn: Turn, phone: str) -> None:
    """Keep a phone number with the conversation and its open cases."""
    keep_phone(turn, phone)
    turn.say("utter_phone_noted", phone=f"{phone[:3]}****{phone[-4:]}")
    if turn.conversation.offer == Offer.PHONE:
        turn.expect(turn.conversation.asking)


def _intake_for_facts(action: ServiceAction, turn: Turn) -> ServiceAction | None:
    told = set(turn.heard.facts) - NOT_GOODS
    if GRAVE & told:
        return Complaint(action.services)
    return Intake(action.services) if told else None
