"""The only way in: a token-guarded HTTP channel that answers each line whole or says why not."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig
from sanic import Blueprint, Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from rasa_ext import body, speedups, turn
from rasa_ext.turn import TurnFailed

logger = logging.getLogger(__name__)

Handler = Callable[[MessageProcessor, Any], Awaitable[dict[str, Any]]]


class DeskInput(InputChannel):
    """`POST /webhooks/desk/webhook`: one line in, one answer out (shapes in ADR 0004).

    Rasa's `--auth-token` guards its HTTP API but no webhook, hence a token of our own.
    """

    def __init__(self, token: str, timeout: float = 20.0) -> None:
        """`timeout` is in seconds and covers a whole turn; Rasa's own for an action is 300."""
        self._token = token.encode()
        self._timeout = timeout

    @classmethod
    def name(cls) -> str:
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskInput:
        """The token comes from `RASA_TOKEN`; as `${RASA_TOKEN}` in the file it would keep
        `rasa shell`, which needs none, from starting.
        """
        token = os.environ.get("RASA_TOKEN", "")
        if not token:
            raise RasaException("RASA_TOKEN is not set; the desk channel does not start without.")
        return cls(token, **(credentials or {}))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. `on_new_message` is not used: it answers nothing, see `turn`."""
        speedups.apply()
        routes = Blueprint("desk_channel")

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            return await self._respond(request, _health, body.nothing)

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            return await self._respond(request, _take, body.line)

        @routes.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            return await self._respond(request, _parse, body.texts)

        return routes

    async def _respond(
        self, request: Request, handle: Handler, read: Callable[[Any], Any]
    ) -> HTTPResponse:
        if not hmac.compare_digest(_presented_token(request), self._token):
            return _error(401, "unauthorized", "a valid bearer token is needed")
        try:
            asked = read(request)
            processor = _processor(request.app)
            return json(await asyncio.wait_for(handle(processor, asked), self._timeout))
        except TurnFailed as failure:
            logger.warning("turn failed: %s (%s)", failure.code, failure)
            return _error(failure.status, failure.code, str(failure))
        except asyncio.TimeoutError:
            logger.warning("turn not finished within %s s", self._timeout)
            return _error(503, "timeout", f"no answer within {self._timeout:g} s")
        except (body.BadBody, SanicException) as error:
            return _error(400, "bad_request", str(error))
        except Exception:  # of every kind: the caller gets a clean error and tries again
            logger.exception("turn failed")
            return _error(502, "turn_failed", "the turn raised; see Rasa's log")


async def _take(processor: MessageProcessor, line: turn.Line) -> dict[str, Any]:
    return (await turn.take(processor, line)).as_dict()


async def _parse(processor: MessageProcessor, texts: list[str]) -> dict[str, Any]:
    """What is understood in each text, with no action run: for measuring."""
    return {"parses": [await turn.understood(processor, text) for text in texts]}


async def _health(processor: MessageProcessor, nothing: None) -> dict[str, Any]:
    return {"status": "ok", "model": processor.model_filename}


def _processor(app: Sanic) -> MessageProcessor:
    agent = getattr(app.ctx, "agent", None)
    if agent is None or agent.processor is None:
        raise TurnFailed("no_model", "no trained model is loaded", status=503)
    processor: MessageProcessor = agent.processor
    processor.action_endpoint = _action_endpoint(processor.action_endpoint)
    return processor


def _action_endpoint(configured: EndpointConfig | None) -> EndpointConfig | None:
    """`ACTIONS_URL` and `ACTIONS_TOKEN`, when set, go before what `endpoints.yml` says.

    Written as `${ACTIONS_URL}` in that file they would stop plain `rasa shell` and `rasa test`.
    """
    if configured is None:
        return None
    url = os.environ.get("ACTIONS_URL") or configured.url
    token = os.environ.get("ACTIONS_TOKEN") or configured.token
    return EndpointConfig(url, token=token, **configured.kwargs)


def _presented_token(request: Request) -> bytes:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip().encode(errors="surrogateescape") if scheme == "Bearer" else b""


def _error(status: int, code: str, message: str) -> HTTPResponse:
    return json({"error": {"code": code, "message": message}}, status=status)
