"""Calls to WeChat's API, none of which retries by itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from bot.channels.wechat.account import Account, Notice, NoticeWay
from bot.channels.wechat.wording import Choice
from bot.errors import Unavailable

CONNECT, READ = 3.0, 8.0  # seconds
LARGEST_MEDIA = 10 * 1024 * 1024


class NotReached(Unavailable):
    """The call never got to WeChat, so nothing happened there."""

    code = "wechat_not_reached"


class NoAnswer(Unavailable):
    """The call got there, or may have, and no answer came back."""

    code = "wechat_no_answer"


class Refused(Unavailable):
    """WeChat answered with an error code."""

    code = "wechat_refused"

    def __init__(self, errcode: int, text: str) -> None:
        self.errcode = errcode
        super().__init__(errcode=errcode, errmsg=text[:200])


@dataclass(frozen=True)
class Fetched:
    """An access token and how many seconds it holds."""

    token: str
    seconds: int


class Api:
    """The official API, or a twin of it, at `base`. Safe to use from several threads."""

    def __init__(self, base: str, connections: int = 8) -> None:
        self._base = base.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=connections, max_retries=0))

    def stable_token(self, account: Account, *, force: bool = False) -> Fetched:
        """The access token. Raises NotReached, NoAnswer or Refused."""
        body = {
            "grant_type": "client_credential",
            "appid": account.app_id,
            "secret": account.secret,
            "force_refresh": force,
        }
        data = self._ask("/cgi-bin/stable_token", None, body)
        return Fetched(str(data["access_token"]), int(data.get("expires_in", 7200)))

    def send_text(self, token: str, openid: str, text: str) -> None:
        """A text as customer-service message. Raises NotReached, NoAnswer or Refused."""
        self._send(token, {"touser": openid, "msgtype": "text", "text": {"content": text}})

    def send_menu(self, token: str, openid: str, text: str, offered: Sequence[Choice]) -> None:
        """A text with choices to tap. Raises NotReached, NoAnswer or Refused."""
        listed = [{"id": each["id"], "content": each["title"]} for each in offered]
        menu = {"head_content": text, "list": listed, "tail_content": "也可以直接打字告诉我。"}
        self._send(token, {"touser": openid, "msgtype": "msgmenu", "msgmenu": menu})

    def send_notice(
        self, token: str, openid: str, notice: Notice, values: Mapping[str, str]
    ) -> None:
        """A template or subscription message. Raises NotReached, NoAnswer or Refused."""
        template = notice.way == NoticeWay.TEMPLATE
        path = (
            "/cgi-bin/message/template/send" if template else "/cgi-bin/message/subscribe/bizsend"
        )
        data = {name: {"value": value} for name, value in values.items()}
        body = {"touser": openid, "template_id": notice.template_id, "data": data}
        self._ask(path, token, body)

    def upload(self, token: str, picture: bytes) -> str:
        """Hand over a JPEG to be shown; its media id, good for three days. Raises NotReached,
        NoAnswer or Refused."""
        query = {"access_token": token, "type": "image"}
        files = {"media": ("picture.jpg", picture, "image/jpeg")}
        answer = self._call("POST", "/cgi-bin/media/upload", query, None, files)
        media_id = _accepted(answer).get("media_id")
        if not media_id:
            raise NoAnswer(status=answer.status_code)
        return str(media_id)

    def send_image(self, token: str, openid: str, media_id: str) -> None:
        """A picture handed over before. Raises NotReached, NoAnswer or Refused."""
        self._send(token, {"touser": openid, "msgtype": "image", "image": {"media_id": media_id}})

    def push_menu(self, token: str, buttons: Sequence[Mapping[str, Any]]) -> None:
        """Replace the account's menu. Raises NotReached, NoAnswer or Refused."""
        self._ask("/cgi-bin/menu/create", token, {"button": list(buttons)})

    def media(self, token: str, media_id: str) -> bytes:
        """A file that a shopper sent. Raises NotReached, NoAnswer or Refused."""
        response = self._call(
            "GET", "/cgi-bin/media/get", {"access_token": token, "media_id": media_id}, None
        )
        kind = response.headers.get("Content-Type", "")
        if "json" in kind or "text/plain" in kind:
            _accepted(response)
        content = response.content
        if response.status_code != 200 or not content or len(content) > LARGEST_MEDIA:
            raise NoAnswer(status=response.status_code, size=len(content))
        return content

    def date(self) -> str | None:
        """The Date header of the API's own clock. Raises NotReached or NoAnswer."""
        return self._call("GET", "/cgi-bin/stable_token", None, None).headers.get("Date")

    def _send(self, token: str, body: Mapping[str, Any]) -> None:
        self._ask("/cgi-bin/message/custom/send", token, body)

    def _ask(self, path: str, token: str | None, body: Mapping[str, Any]) -> Mapping[str, Any]:
        # WeChat shows \uXXXX to the shopper as it stands: the JSON has to be UTF-8.
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        query = {"access_token": token} if token else None
        return _accepted(self._call("POST", path, query, content))

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        content: bytes | None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> requests.Response:
        try:
            return self._session.request(
                method,
                self._base + path,
                params=query,
                data=content,
                files=files,
                headers={"Content-Type": "application/json"} if content else None,
                timeout=(CONNECT, READ),
            )
        except requests.ConnectTimeout as error:
            raise NotReached(reason="ConnectTimeout") from error
        except requests.ConnectionError as error:
            unsent = "NewConnectionError" in repr(error) or "NameResolution" in repr(error)
            raise (NotReached if unsent else NoAnswer)(reason=type(error).__name__) from error
        except requests.RequestException as error:
            raise NoAnswer(reason=type(error).__name__) from error


def _accepted(response: requests.Response) -> Mapping[str, Any]:
    """The answer, when it is one and names no error."""
    try:
        data = json.loads(response.content)
    except ValueError as error:
        raise NoAnswer(status=response.status_code) from error
    if not isinstance(data, dict):
        raise NoAnswer(status=response.status_code)
    code = data.get("errcode", 0)
    if code:
        raise Refused(int(code), str(data.get("errmsg", "")))
    if response.status_code != 200:
        raise NoAnswer(status=response.status_code)
    return data
