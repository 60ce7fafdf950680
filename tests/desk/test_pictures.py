"""Pictures that people send to shoppers."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.types import Receive, Scope, Send

from bot.accounts.roles import Role
from bot.accounts.service import Identity
from bot.accounts.sessions import Present
from bot.attachments.service import Album
from bot.conversations import service as conversations
from bot.conversations.modes import NotYours
from bot.desk import photos, pictures
from bot.errors import BadInput
from bot.outbox import service as outbox
from tests.desk.house import House


@dataclass(frozen=True)
class Browser:
    """A browser in front of the route, let in as somebody."""

    house: House
    who: Identity

    def ask(self, method: str, url: str, body: bytes = b"") -> httpx.Response:
        """The answer to one request."""
        app = FastAPI()
        app.include_router(photos.routes(self.house.all))

        async def let_in(scope: Scope, receive: Receive, send: Send) -> None:
            scope["present"] = Present("", self.who)
            await app(scope, receive, send)

        async def asked() -> httpx.Response:
            door = httpx.ASGITransport(let_in)
            async with httpx.AsyncClient(transport=door, base_url="http://desk") as client:
                return await client.request(method, url, content=body)

        with ThreadPoolExecutor(1) as aside:  # a browser of other tests may hold this thread's loop
            return aside.submit(lambda: asyncio.run(asked())).result()


def test_a_picture_posted_by_a_page_reaches_the_transcript_once(house: House) -> None:
    lin, shopper = house.at_desk("lin", "林晓"), house.shopper()
    url = f"/photos/{shopper}?fence={house.all.talk.claim(lin, shopper).fence}&id=p-1"
    browser = Browser(house, lin)
    for _ in range(2):
        assert browser.ask("POST", url, _picture().read()).status_code == 204
    (line,) = [row for row in house.all.board.conversation(lin, shopper).lines if row["photos"]]
    assert (line["author"], line["name"]) == ("agent", "林晓")
    shown = browser.ask("GET", f"/photos/{shopper}/{line['photos'][0]}")
    assert shown.headers["content-type"] == "image/jpeg"


def test_what_may_not_be_sent_is_refused_in_words(house: House) -> None:
    lin, shopper = house.at_desk("lin", "林晓"), house.shopper()
    fence = house.all.talk.claim(lin, shopper).fence
    auditor = house.hire("wu", "吴桐", Role.AUDITOR)
    large = b"x" * (photos.LARGEST + 1)
    for who, under, body, status, words in (
        (lin, fence, b"<html>", 422, "不是能识别的照片"),
        (lin, fence, large, 422, "10 MB"),
        (lin, fence + 1, _picture().read(), 409, "不在您手上"),
        (auditor, fence, _picture().read(), 403, "权限"),
    ):
        url = f"/photos/{shopper}?fence={under}&id=p-1"
        refused = Browser(house, who).ask("POST", url, body)
        assert (refused.status_code, words in refused.text) == (status, True), refused.text
    assert not any(row["photos"] for row in house.all.board.conversation(lin, shopper).lines)


def _picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    file.seek(0)
    return file


def test_a_picture_sent_twice_is_shown_once_and_kept_once(
    each_house: House, tmp_path: Path
) -> None:
    lin, shopper, album = each_house.at_desk("lin", "林晓"), each_house.shopper(), Album(tmp_path)
    lease = each_house.all.talk.claim(lin, shopper)
    for _ in range(2):
        pictures.send(each_house.all.talk, album, lin, shopper, lease.fence, _picture(), "p-1")

    with each_house.all.db.read() as session:
        seen = conversations.view(session, each_house.get(shopper), 0).messages
        (line,) = [each for each in seen if each["attachments"]]
        assert outbox.state_of(session, line["id"]) is not None
    assert (line["author"], line["author_name"], line["text"]) == ("agent", "林晓", "")
    files = [path for path in tmp_path.rglob("*.jpg") if "thumb" not in path.name]
    assert len(files) == 1


def test_nothing_is_kept_of_a_picture_that_may_not_be_sent(house: House, tmp_path: Path) -> None:
    lin, shopper, album = house.at_desk("lin", "林晓"), house.shopper(), Album(tmp_path)
    lease = house.all.talk.claim(lin, shopper)
    with pytest.raises(NotYours):
        pictures.send(house.all.talk, album, lin, shopper, lease.fence + 1, _picture(), "p-1")
    with pytest.raises(BadInput):
        text = io.BytesIO(b"no picture")
        pictures.send(house.all.talk, album, lin, shopper, lease.fence, text, "p-2")
    assert not list(tmp_path.rglob("*.jpg"))
