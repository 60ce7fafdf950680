"""A photo is fetched, checked, drawn anew and on its line before its turn comes."""

import threading
from collections.abc import Iterator

import pytest

from bot.attachments.models import Attachment
from bot.conversations.models import Message
from bot.gateway import wechat_photos
from bot.gateway.wechat_places import distance, nearest
from bot.messages import Author
from bot.shops.about import About, Store
from bot.shops.service import Shops
from bot.wechat.models import Received
from tests.attachments.photos import picture, read
from tests.fixtures.desk import SHOP, until
from tests.wechat.stage import BUYER, Stage, staged


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage whose photos are tried again without long pauses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wechat_photos, "PAUSES", (0.1, 0.1, 0.1))
        patch.setattr(wechat_photos, "SWEEP", 0.1)
        with staged(tmp_path_factory.mktemp("photos")) as stage:
            yield stage


@pytest.fixture
def own(quick: Stage) -> Stage:
    """The same, with nothing in its tables."""
    quick.empty()
    return quick


def test_a_photo_lies_with_its_line_when_its_turn_comes_and_is_answered_passively(
    own: Stage,
) -> None:
    media_id = own.platform.keep(picture(size=(300, 200)))
    done = own.caller.message(BUYER, "image", PicUrl="http://x.example/1", MediaId=media_id)

    assert done.reply == "答："
    photo = own.one(Attachment)
    assert (photo.width, photo.height) == (300, 200)
    kept = own.var / "attachments" / photo.id[:2] / f"{photo.id}.jpg"
    assert read(kept.read_bytes()).size == (300, 200)
    pressed = own.rasa.asked[-1].pressed
    assert pressed is not None
    assert pressed.photo
    (line,) = [each for each in own.all(Message) if each.author == Author.SHOPPER]
    assert line.extras["attachments"][0]["id"] == photo.id


@pytest.mark.parametrize(
    "what", [b"<html><script>1</script>", b"\xff\xd8\xff truncated", b"GIF89a"]
)
def test_a_file_that_is_no_picture_is_asked_for_again(own: Stage, what: bytes) -> None:
    media_id = own.platform.keep(what)
    done = own.caller.message(BUYER, "image", PicUrl="", MediaId=media_id)

    assert done.reply is not None
    assert "没有收到" in done.reply
    assert own.all(Attachment) == []
    assert own.rasa.asked == []
    assert own.lines(Author.SHOPPER) == ["[没有收到的图片]"]


def test_a_photo_that_the_platform_no_longer_has_is_asked_for_again(own: Stage) -> None:
    done = own.caller.message(BUYER, "image", PicUrl="", MediaId="gone")
    assert done.reply is not None
    assert own.one(Received).media == "lost"


def test_a_token_that_no_longer_holds_is_renewed_for_a_photo(own: Stage) -> None:
    own.caller.message(BUYER, "image", PicUrl="", MediaId=own.platform.keep(picture()))
    own.platform.revoke()
    own.caller.message(BUYER, "image", PicUrl="", MediaId=own.platform.keep(picture()))
    assert len(own.all(Attachment)) == 2


def test_lines_behind_a_photo_wait_for_it(own: Stage) -> None:
    own.platform.media_failure = -1  # the photo cannot be fetched yet
    fields = own.caller.fields(BUYER, "image", PicUrl="", MediaId=own.platform.keep(picture()))
    first = threading.Thread(target=own.caller.deliver, args=(fields,))
    first.start()
    assert until(lambda: own.lines(Author.SHOPPER) == [""])
    second = threading.Thread(target=own.caller.say, args=(BUYER, "就是这里开胶"))
    second.start()
    assert until(lambda: len(own.lines(Author.SHOPPER)) == 2)
    assert own.rasa.asked == []
    own.platform.media_failure = None
    first.join()
    second.join()
    assert until(lambda: [question.text for question in own.rasa.asked] == ["", "就是这里开胶"])


def test_the_same_photo_delivered_again_is_kept_once(own: Stage) -> None:
    fields = own.caller.fields(BUYER, "image", PicUrl="", MediaId=own.platform.keep(picture()))
    for _ in range(3):
        assert own.caller.post(fields).status_code == 200
    assert until(lambda: len(own.all(Attachment)) == 1)
    assert len(own.all(Message)) == 2


def test_the_nearest_store_is_told_with_its_distance() -> None:
    shop = Shops.load(SHOP).get(SHOP)
    stores = (
        Store("北店", "北路 1 号", "", "10:00–21:00", latitude=40.0, longitude=116.4),
        Store("东店", "东路 2 号", "021-0000", "10:00–22:00", latitude=31.23, longitude=121.47),
        Store("不知在哪", "", "", ""),
    )
    object.__setattr__(shop, "about", About(stores))
    found = nearest(shop, (31.20, 121.44))
    assert found is not None
    assert found.name == "东店"
    assert found.far == "4.4 公里"
    assert "东路 2 号" in found.rest
    assert nearest(shop, None) is None


def test_distances_are_right_also_across_the_date_line() -> None:
    assert distance((31.2304, 121.4737), (39.9042, 116.4074)) == pytest.approx(1068, abs=5)
    assert distance((0, 179.9), (0, -179.9)) == pytest.approx(22.2, abs=0.5)
