"""What the twin answers over HTTP: the page's files, the shopper API and the faults."""

from __future__ import annotations

import email
import email.policy
import io
import json
import re
import time
import uuid
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from tests.page.script import GREETING, SHOPS

if TYPE_CHECKING:
    from tests.page.twin import Conversation, Fault, Twin

PAGE = Path(__file__).resolve().parents[2] / "bot" / "gateway" / "page"
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
ROUTE = re.compile(r"^/api/chat/conversations/([^/]+)/messages$")
UPLOAD = re.compile(r"^/api/chat/conversations/([^/]+)/attachments$")
CONSENT = re.compile(r"^/api/chat/conversations/([^/]+)/consent$")
RATING = re.compile(r"^/api/chat/conversations/([^/]+)/rating$")
TYPING = re.compile(r"^/api/chat/conversations/([^/]+)/typing$")
PHOTO = re.compile(r"^/api/chat/conversations/([^/]+)/attachments/([0-9a-f]+)$")
SHOP = re.compile(r"^/api/chat/shops/([a-z_]+)$")


class Handler(BaseHTTPRequestHandler):
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
        elif match := CONSENT.match(self.path):
            self.twin.consents.append((match[1], body["version"]))
            self._write(204, "application/json", b"", {})
        elif match := TYPING.match(self.path):
            self.twin.typed.append(match[1])
            self._write(204, "application/json", b"", {})
        elif match := RATING.match(self.path):
            self._rate(match[1], body)
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
        self._json(200, {"messages": messages} | conversation.state())

    def _rate(self, conversation_id: str, body: dict[str, Any]) -> None:
        if (
            self._faulty(self.twin.fault("rating"))
            or (conversation := self._mine(conversation_id)) is None
        ):
            return
        if conversation.episode in conversation.ratings:
            self._error(409, "这次已经评价过了。", code="rated_already")
            return
        conversation.ratings[conversation.episode] = body
        self._json(201, body | {"episode": conversation.episode})

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
        extra = {"Retry-After": self._patience(int(retry_after))} if status == 429 else {}
        extra |= {"Access-Control-Allow-Origin": "*"} if cors else {}
        self._json(status, {"error": {"code": code, "message": message, "details": None}}, extra)

    def _patience(self, seconds: int) -> str:
        """Retry-After: in seconds, or as a date, which a proxy may choose."""
        return formatdate(time.time() + seconds, usegmt=True) if self.twin.dated else str(seconds)

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


def handler(twin: Twin) -> type[Handler]:
    """The handler of one twin."""
    return type("TwinHandler", (Handler,), {"twin": twin})
