"""Every action of the domain."""

from actions.base import ServiceAction, Services
from actions.cases import Accept, CaseStatus, Decline, Withdraw
from actions.complaint import Complaint
from actions.ear import Ear
from actions.handover import RequestHuman, watch
from actions.intake import Intake
from actions.orders import preface
from actions.talk import Fallback, Inform, Talk


def build(services: Services) -> list[ServiceAction]:
    """One of each; the intake takes every line that answers the question that stands."""
    intake = Intake(services)
    others = (
        Accept,
        CaseStatus,
        Complaint,
        Decline,
        Fallback,
        Inform,
        RequestHuman,
        Talk,
        Withdraw,
    )
    actions = [intake, *(action(services, intake) for action in others)]
    intake.aside = Talk(services)
    ear = Ear(services, intake)
    for action in actions:
        action.ear, action.watch, action.preface = ear, watch, preface
    return actions
