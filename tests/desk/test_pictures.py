"""Pictures that people send to shoppers."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.attachments.service import Album
from bot.conversations import service as conversations
from bot.conversations.modes import NotYours
from bot.desk import pictures
from bot.errors import BadInput
from bot.outbox import service as outbox
from tests.desk.house import House


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
