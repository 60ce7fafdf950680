"""The pure decision engine: no session, no clock, no network, no calendar."""

from bot.policy.engine.decide import decide, judging_day
from bot.policy.engine.decision import Decision, Granted, Question, canonical
from bot.policy.engine.edition import PolicySet

__all__ = [
    "Decision",
    "Granted",
    "PolicySet",
    "Question",
    "canonical",
    "decide",
    "judging_day",
]
