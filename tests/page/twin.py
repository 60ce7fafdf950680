"""A loopback twin of the Shopper API: scripted answers, faults on demand, nothing kept after it stops."""

from __future__ import annotations

import email
import email.policy
import io
import json
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from tests.page.script import GREETING, SHOPS, answer

PAGE = Path(__file__).resolve().parents[2] / "bot" / "gateway" / "page"
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
ROUTE = re.compile(r"^/api/chat/conversations/([^/]+)/messages$")
UPLOAD = re.compile(r"^/api/chat/conversations/([^/]+)/attachments$")
PHOTO = re.compile(r"^/api/chat/conversations/([^/]+)/attachments/([0-9a-f]+)$")
SHOP = re.compile(r"^/api/chat/shops/([a-z_]+)$")
Message = dict[str, Any]


@dataclass
class Conversation:
    """One transcript and what the page has been told of it."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    messages: list[Message] = field(default_factory=list)
    photos: dict[str, bytes] = field(default_factory=dict)
    mode: str = "bot"
    position: int | None = None


@dataclass
class Fault:
    """What happens to the next `times` calls of one kind (`begin`, `post`, `poll`,
    `upload`)."""

    kind: str
    does: str  # "500", "429", "422", "drop" before or "drop_after" the work is done, "slow"
    times: int = 1
    seconds: float = 1.0


class Twin:
    """The server, its conversations and the faults still to come."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.faults: list[Fault] = []
        self.begun: list[dict[str, Any]] = []
        self.posts: list[dict[str, Any]] = []
        self.uploads: list[tuple[str, bytes]] = []
        self.rate: tuple[int, float] | None = None  # lines taken in that many seconds
        self._taken: list[float] = []
        self.changed = threading.Condition()
        self.answer_after = 0.15
        self.stopping = False
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        """Where the page is served."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/"

    @contextmanager
    def running(self) -> Iterator[Twin]:
        """Serve until the block ends."""
        thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        thread.start()
        try:
            yield self
        finally:
            self.stopping = True
            with self.changed:
                self.changed.notify_all()
            self._http.shutdown()
            self._http.server_close()

    @property
    def only(self) -> Conversation:
        """The one conversation that there should be."""
        (conversation,) = self.conversations.values()
        return conversation

    def said(self) -> list[str]:
        """Every line accepted from the shopper, in order, over all conversations."""
        everything = [m for c in self.conversations.values() for m in c.messages]
        return [m["text"] for m in everything if m["author"] == "shopper"]

    def begin(self) -> Conversation:
        """A new conversation with its greeting."""
        conversation = Conversation()
        with self.changed:
            self.conversations[conversation.id] = conversation
        self.add(conversation, author="bot", **GREETING)
        return conversation

    def add(self, conversation: Conversation, **fields: Any) -> Message:
        """Append one message and wake the polls."""
        with self.changed:
            message: Message = {
                "seq": len(conversation.messages) + 1,
                "id": uuid.uuid4().hex,
                "client_message_id": None,
                "author": "bot",
                "author_name": None,
                "text": None,
                "attachments": [],
                "buttons": [],
                "ask": None,
                "decision": None,
                "ticket": None,
                "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            } | fields
            conversation.messages.append(message)
            self.changed.notify_all()
        return message

    def accept(self, conversation: Conversation, body: dict[str, Any]) -> tuple[int, Message]:
        """Take a line once; the same id again changes nothing."""
        with self.changed:
            for message in conversation.messages:
                if message["client_message_id"] == body["client_message_id"]:
                    return 200, message
            message = self.add(
                conversation,
                author="shopper",
                text=body["text"],
                attachments=body.get("attachments", []),
                client_message_id=body["client_message_id"],
            )
        threading.Timer(self.answer_after, self._reply, (conversation, body)).start()
        return 202, message

    def patience(self) -> int:
        """Seconds to wait before the next line is taken; 0 for now."""
        if self.rate is None:
            return 0
        most, seconds = self.rate
        with self.changed:
            now = time.monotonic()
            self._taken = [at for at in self._taken if at > now - seconds]
            if len(self._taken) >= most:
                return int(self._taken[0] + seconds - now) + 1
            self._taken.append(now)
            return 0

    def _reply(self, conversation: Conversation, body: dict[str, Any]) -> None:
        for fields in answer(body):
            state = fields.pop("state", None)
            if state:
                conversation.mode, conversation.position = state
            self.add(conversation, **fields)

    def wait(self, conversation: Conversation, after: int, seconds: float) -> list[Message]:
        """Messages past `after`, as soon as there are any."""
        with self.changed:
            self.changed.wait_for(
                lambda: self.stopping or len(conversation.messages) > after, seconds
            )
            return list(conversation.messages[after:])

    def fault(self, kind: str) -> Fault | None:
        """The fault due now, used up by one."""
        with self.changed:
            for fault in self.faults:
                if fault.kind == kind and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None


class _Handler(BaseHTTPRequestHandler):
    twin: Twin
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if match := ROUTE.match(path):
            self._poll(match[1])
        elif match := PHOTO.match(path):
            self._photo(match[1], match[2])
        elif match := SHOP.match(path):
            self._shop(match[1])
        elif path == "/":
            self._file("index.html")
        elif re.fullmatch(r"/page/[a-z]+\.[a-z]+", path):
            self._file(path.removeprefix("/page/"))
        else:
            self._error(404, "没有这个页面")

    def do_POST(self) -> None:
        if match := UPLOAD.match(self.path):
            self._upload(match[1])
            return
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if match := ROUTE.match(self.path):
            self._post(match[1], body)
        else:
            self._begin(body)

    def _begin(self, body: dict[str, Any]) -> None:
        self.twin.begun.append(body)
        if self._faulty(self.twin.fault("begin")):
            return
        shop = body.get("shop", "sample")
        if shop not in SHOPS:
            self._error(404, "没有找到这家店，请检查链接是否完整。", code="unknown_shop")
            return
        conversation = self.twin.begin()
        self._json(
            201,
            {
                "conversation_id": conversation.id,
                "visitor_token": conversation.token,
                "greeting": GREETING["text"],
                "shop": shop,
                "shop_name": SHOPS[shop]["name"],
            },
        )

    def _post(self, conversation_id: str, body: dict[str, Any]) -> None:
        self.twin.posts.append(body)
        fault = self.twin.fault("post")
        if self._faulty(fault) or (conversation := self._mine(conversation_id)) is None:
            return
        if seconds := self.twin.patience():
            self._error(429, "消息发得有点快，请稍等几秒再发。", seconds)
            return
        status, message = self.twin.accept(conversation, body)
        if fault and fault.does == "drop_after":
            self._drop()
            return
        self._json(status, {"message_id": message["id"], "seq": message["seq"]})

    def _poll(self, conversation_id: str) -> None:
        if (
            self._faulty(self.twin.fault("poll"))
            or (conversation := self._mine(conversation_id)) is None
        ):
            return
        query = parse_qs(urlsplit(self.path).query)
        messages = self.twin.wait(
            conversation, int(query["after"][0]), min(float(query["wait"][0]), 25)
        )
        self._json(
            200,
            {"messages": messages, "mode": conversation.mode, "position": conversation.position},
        )

    def _upload(self, conversation_id: str) -> None:
        fault = self.twin.fault("upload")
        if fault and fault.does == "drop":
            self.rfile.read(1000)
            self._drop()
            return
        content = self.rfile.read(int(self.headers["Content-Length"]))
        name, data = _parts(self.headers["Content-Type"], content)
        self.twin.uploads.append((name, data))
        if self._faulty(fault) or (conversation := self._mine(conversation_id)) is None:
            return
        photo = uuid.uuid4().hex
        url = f"/api/chat/conversations/{conversation.id}/attachments/{photo}"
        width, height = Image.open(io.BytesIO(data)).size
        shown = {"id": photo, "width": width, "height": height, "url": url}
        shown["thumb_url"] = f"{url}?size=thumb"
        body = {"client_message_id": name, "text": "", "payload": "photo", "attachments": [shown]}
        status, message = self.twin.accept(conversation, body)
        if status == 202:
            conversation.photos[photo] = data
        if fault and fault.does == "drop_after":
            self._drop()
            return
        ids = {"message_id": message["id"], "seq": message["seq"]}
        self._json(201 if status == 202 else 200, message["attachments"][0] | ids)

    def _photo(self, conversation_id: str, photo: str) -> None:
        conversation = self._mine(conversation_id)
        if conversation is not None:
            self._write(200, "image/jpeg", conversation.photos[photo], {})

    def _shop(self, slug: str) -> None:
        if slug in SHOPS:
            self._json(200, SHOPS[slug], {"Access-Control-Allow-Origin": "*"})
        else:
            self._error(404, "没有找到这家店，请检查链接是否完整。", code="unknown_shop", cors=True)

    def _mine(self, conversation_id: str) -> Conversation | None:
        conversation = self.twin.conversations.get(conversation_id)
        if conversation and self.headers.get("Authorization") == f"Bearer {conversation.token}":
            return conversation
        self._error(401 if conversation else 404, "这段对话已经失效")
        return None

    def _faulty(self, fault: Fault | None) -> bool:
        if fault is None or fault.does == "drop_after":
            return False
        if fault.does == "slow":
            time.sleep(fault.seconds)
            return False
        if fault.does == "drop":
            self._drop()
        else:
            self._error(
                int(fault.does),
                "现在有点忙" if fault.does != "422" else "这句话太长了",
                fault.seconds,
            )
        return True

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _error(
        self,
        status: int,
        message: str,
        retry_after: float = 0,
        code: str = "twin",
        cors: bool = False,
    ) -> None:
        extra = {"Retry-After": str(int(retry_after))} if status == 429 else {}
        extra |= {"Access-Control-Allow-Origin": "*"} if cors else {}
        self._json(status, {"error": {"code": code, "message": message, "details": None}}, extra)

    def _json(self, status: int, body: dict[str, Any], extra: dict[str, str] | None = None) -> None:
        self._write(status, "application/json", json.dumps(body).encode(), extra or {})

    def _file(self, name: str) -> None:
        file = PAGE / name
        if not file.is_file():
            self._error(404, "没有这个文件")
            return
        self._write(
            200,
            f"{TYPES[file.suffix]}; charset=utf-8",
            file.read_bytes(),
            {
                "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; "
                "form-action 'none'; object-src 'none'",
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-cache",
            },
        )

    def _write(self, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the page went away, or the test cut its network
            self.close_connection = True


def _parts(content_type: str, content: bytes) -> tuple[str, bytes]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = email.message_from_bytes(head + content, policy=email.policy.HTTP)
    parts = {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in message.iter_parts()
    }
    return parts["client_message_id"].decode(), parts["file"]


def _handler(twin: Twin) -> type[_Handler]:
    return type("Handler", (_Handler,), {"twin": twin})
