"""Decisions over HTTP: a shop's rules are public, so no key is needed, only patience.

Each is kept before it is told, so that whoever quotes its id can be answered.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from bot.clock import Clock
from bot.gateway.limits import RateLimit
from bot.policy.engine import Decision
from bot.policy.keeping import Keeper
from bot.policy.service import PolicyService
from bot.shops.service import Shops

ORDER_NO = "order_no"  # finds a person, and no rule asks for it: not to be kept


class DecideRequest(BaseModel):
    """Facts to judge by a shop's rules; `as_of` is the day on which it is asked."""

    shop: str = Field(max_length=64)
    facts: dict[str, Any] = Field(max_length=100)
    as_of: date | None = None
    presume: bool = True


@dataclass(frozen=True)
class Decisions:
    """What the decision route works with."""

    policy: PolicyService
    shops: Shops
    clock: Clock
    keeper: Keeper
    rate: RateLimit
    crowd: RateLimit

    def decide(self, body: DecideRequest) -> Decision:
        """Decide and keep. Raises NotFound, NoSuchPolicy, BadFacts, Unavailable."""
        shop = self.shops.get(body.shop)
        decision = self.policy.decide(
            shop.policy_set,
            {key: value for key, value in body.facts.items() if key != ORDER_NO},
            as_of=body.as_of or self.clock.today(),
            presume=body.presume,
            profile=shop.presume,
        )
        self.keeper.keep(decision)
        return decision


def routes(decisions: Decisions) -> APIRouter:
    """The routes under `/api/policy`."""
    router = APIRouter(prefix="/api/policy")

    @router.post("/decide")
    async def decide(request: Request, body: DecideRequest) -> Mapping[str, Any]:
        await decisions.rate.admit(request.client.host if request.client else "")
        await decisions.crowd.admit("all")
        decision = await asyncio.to_thread(decisions.decide, body)
        return decision.record()

    return router
