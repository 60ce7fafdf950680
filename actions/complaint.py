"""Complaints: sorry for the experience, then to whom the shop's rules send them."""

from actions.base import ServiceAction, Turn
from actions.decide import say_decision
from actions.handover import hand_over
from actions.intake import Intake, advance, ask_again, stated
from bot.conversations import service as conversations
from bot.messages import Mode

CONDUCT = ("service", "facility", "special", "vent")
# What a complaint of people says, and no fact of the goods.
OF_CONDUCT = ("problem", "tone", "staff", "guide_rude", "case", "wants")


class Complaint(ServiceAction):
    """The shopper complains of service, goods or premises, or something grave has happened."""

    action_name = "action_complaint"

    def instead(self, turn: Turn) -> ServiceAction | None:
        """That somebody was rude is no answer to what is wrong with the goods."""
        if turn.heard.facts.get("problem") in CONDUCT:
            return None
        return super().instead(turn)

    def act(self, turn: Turn) -> None:
        """Bring it to the person in charge; goods that only need a decision get one first."""
        facts = stated(turn)
        decision = turn.services.policy.decide(
            turn.shop.policy_set,
            facts,
            as_of=turn.services.clock.today(),
            profile=turn.shop.presume,
        )
        if decision.ask and turn.heard.intent == "complaint_product":
            turn.say("utter_sorry_goods")
            Intake(self.services).act(turn)
            return
        if decision.outcome in ("escalate", "route", "apologise"):
            turn.services.policy.save(turn.session, decision, facts, turn.now)
            say_decision(turn, decision, {})
        else:
            turn.say("utter_sorry")
        standing = turn.conversation.asking
        hand_over(turn, decision.escalate_to)
        _go_on(turn, standing)


def _go_on(turn: Turn, standing: str | None) -> None:
    """Take up the goods that were being talked of, with what the line said of them."""
    matter, conversation = turn.matter, turn.conversation
    if standing is None or matter is None or conversation.mode != Mode.BOT:
        return
    turn.say("utter_meanwhile")
    told = {key: value for key, value in turn.heard.facts.items() if key not in OF_CONDUCT}
    if told:
        conversations.give_facts(
            turn.session, matter, turn.heard.message_id, told, "said", turn.now
        )
    if standing in told:
        advance(turn, matter)
        return
    offer = conversation.offer
    turn.expect(asking=standing, offer=offer)
    ask_again(turn)
