"""Decisions over HTTP: a shop's rules are public, so no key is needed, only patience."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from bot.clock import Clock
from bot.gateway.limits import RateLimit
from bot.policy.service import PolicyService
from bot.shops.service import Shops


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
    rate: RateLimit


def routes(decisions: Decisions) -> APIRouter:
    """The routes under `/api/policy`."""
    router = APIRouter(prefix="/api/policy")

    @router.post("/decide")
    async def decide(request: Request, body: DecideRequest) -> Mapping[str, Any]:
        decisions.rate.check(request.client.host if request.client else "")
        shop = decisions.shops.get(body.shop)
        decision = await asyncio.to_thread(
            decisions.policy.decide,
            shop.policy_set,
            body.facts,
            as_of=body.as_of or decisions.clock.today(),
            presume=body.presume,
            profile=shop.presume,
        )
        return decision.record()

    return router
