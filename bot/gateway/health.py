"""Whether the process lives, whether a turn could be done now, and figures for Prometheus."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db import Database
from bot.inbox import service as inbox

WAITED_TOO_LONG = 60.0  # seconds that a line may wait for its turn before we are not ready


@dataclass(frozen=True)
class Health:
    """What is looked at; `parts` are named checks that answer True when their part is there,
    `figures` numbers of the other rooms for /metrics."""

    db: Database
    clock: Clock
    parts: Mapping[str, Callable[[], bool]]
    figures: Callable[[Session], Mapping[str, float]] = lambda session: {}


def routes(health: Health) -> APIRouter:
    """`/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter()

    @router.get("/healthz")
    async def alive() -> Mapping[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    async def ready(response: Response) -> Mapping[str, Any]:
        state = await asyncio.to_thread(look, health)
        if not state["ready"]:
            response.status_code = 503
        return state

    @router.get("/metrics")
    async def metrics() -> Response:
        state = await asyncio.to_thread(look, health)
        figures = await asyncio.to_thread(_figures, health)
        return Response(_prometheus(state, figures), media_type="text/plain; version=0.0.4")

    return router


def look(health: Health) -> dict[str, Any]:
    """The state of every part and the age in seconds of the oldest unanswered line."""
    parts = {name: check() for name, check in health.parts.items()}
    waiting = unsent = None
    try:
        with health.db.read() as session:
            oldest = inbox.oldest_unfinished(session)
            unsent = health.figures(session).get("desk_outbox_oldest_seconds")
        waiting = (health.clock.now() - oldest).total_seconds() if oldest else 0.0
        parts["database"] = True
    except SQLAlchemyError:
        parts["database"] = False
    ready = all(parts.values()) and waiting is not None and waiting < WAITED_TOO_LONG
    return {
        "ready": ready,
        "parts": parts,
        "oldest_unanswered_seconds": waiting,
        "oldest_unsent_seconds": unsent,
    }


def _figures(health: Health) -> Mapping[str, float]:
    try:
        with health.db.read() as session:
            return health.figures(session)
    except SQLAlchemyError:  # told by `desk_part_up`
        return {}


def _prometheus(state: Mapping[str, Any], figures: Mapping[str, float]) -> str:
    lines = ["# TYPE desk_part_up gauge"]
    lines += [f'desk_part_up{{part="{n}"}} {int(up)}' for n, up in state["parts"].items()]
    if state["oldest_unanswered_seconds"] is not None:
        lines += ["# TYPE desk_oldest_unanswered_seconds gauge"]
        lines += [f"desk_oldest_unanswered_seconds {state['oldest_unanswered_seconds']:.3f}"]
    for name, value in figures.items():
        lines += [f"# TYPE {name} gauge", f"{name} {value:g}"]
    return "\n".join(lines) + "\n"
