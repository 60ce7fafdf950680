"""A small trained assistant, a scripted action server and our channel served over HTTP."""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["RASA_TELEMETRY_ENABLED"] = "false"

import asyncio
import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import rasa.model_training
import requests
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.run import configure_app
from rasa.utils.endpoints import EndpointConfig

from rasa_ext.channel import DeskInput
from rasa_ext.tracker_store import KeepNothing

TOKEN = "a-token-of-the-tests"
PROJECT = Path(__file__).parent / "project"


@pytest.fixture(autouse=True)
def _no_settings_of_a_stack_beside_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACTIONS_URL", raising=False)
    monkeypatch.delenv("ACTIONS_TOKEN", raising=False)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a model trained on tests/rasa_ext/project."""
    home = tmp_path_factory.mktemp("assistant")
    shutil.copytree(PROJECT, home, dirs_exist_ok=True)
    result = rasa.model_training.train(
        str(home / "domain.yml"), str(home / "config.yml"), [str(home / "data")], str(home)
    )
    assert result.model
    return Path(result.model)


@dataclass
class ActionServer:
    """Answers with what the test put in `answers`, by action; keeps what it was asked."""

    url: str
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def says(self, action: str, *responses: dict[str, Any]) -> None:
        self.answers[action] = (200, {"events": [], "responses": list(responses)})

    def fails(self, action: str, status: int) -> None:
        self.answers[action] = (status, {"error": "broken"})


@pytest.fixture(scope="session")
def served_actions() -> Iterator[ActionServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    actions = ActionServer(f"http://127.0.0.1:{server.server_port}/webhook")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            actions.asked.append(body)
            actions.tokens.append(self.path.partition("token=")[2])
            status, answer = actions.answers[body["next_action"]]
            payload = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server.RequestHandlerClass = Handler
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield actions
    server.shutdown()


@pytest.fixture
def actions(served_actions: ActionServer) -> ActionServer:
    """The scripted action server as it is before anything was asked of it."""
    served_actions.answers.clear()
    served_actions.asked.clear()
    served_actions.tokens.clear()
    return served_actions


@pytest.fixture(scope="session")
def agent(model: Path, served_actions: ActionServer) -> Agent:
    endpoint = EndpointConfig(served_actions.url, token="t", enable_selective_domain=True)
    store = KeepNothing(host=EndpointConfig())
    return Agent.load(str(model), action_endpoint=endpoint, tracker_store=store)


@pytest.fixture(scope="session")
def desk_url(agent: Agent) -> Iterator[str]:
    """The address of the channel, served by the application that `rasa run` makes."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()

    listening = socket.create_server(("127.0.0.1", 0))  # Sanic takes port 0 for its 8000

    async def start() -> None:
        app = configure_app([DeskInput(TOKEN, timeout=5)], enable_api=False)
        app.ctx.agent = agent
        server = await app.create_server(
            sock=listening, return_asyncio_server=True, access_log=False
        )
        await server.startup()
        await server.start_serving()

    asyncio.run_coroutine_threadsafe(start(), loop).result(30)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/desk"
    loop.call_soon_threadsafe(loop.stop)


Say = Callable[..., requests.Response]


@pytest.fixture
def say(desk_url: str) -> Say:
    """Send one line the way bot.dialogue does."""

    def send(text: str = "", intent: str | None = None, **metadata: Any) -> requests.Response:
        return requests.post(
            f"{desk_url}/webhook",
            headers={"Authorization": f"Bearer {TOKEN}"},
            json={"sender": "m-1", "message": text, "intent": intent, "metadata": metadata},
            timeout=10,
        )

    return send


@pytest.fixture
def parse(agent: Agent) -> Callable[[str], dict[str, Any]]:
    """Rasa's own parse of a text, as in `rasa shell nlu`."""
    return lambda text: asyncio.run(agent.processor.parse_message(UserMessage(text)))


@pytest.fixture
def root() -> Path:
    """The folder of the real config.yml, endpoints.yml and credentials.yml."""
    return Path(__file__).parents[2]
