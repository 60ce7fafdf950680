"""Complaints: sorry for the experience, then to whom the shop's rules send them."""

from actions.base import ServiceAction, Turn
from actions.decide import say_decision
from actions.handover import hand_over
from actions.intake import Intake, stated

CONDUCT = ("service", "facility", "special", "vent")


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
        hand_over(turn, decision.escalate_to)
