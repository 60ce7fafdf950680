"""A photo is a line of the conversation, kept once, and seen by its shopper alone."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from bot.dialogue.service import Question
from bot.errors import DeskError
from bot.messages import Line
from tests.attachments.photos import bomb, picture, read, with_place
from tests.fixtures.desk import until
from tests.fixtures.gateway import Gateway, Shopper, running_gateway

PHOTO = picture()
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the gateway of this file keeps what it keeps."""
    return tmp_path_factory.mktemp("photos")


@pytest.fixture(scope="module")
def gateway(var: Path) -> Iterator[Gateway]:
    """One gateway for the tests of this file."""
    rates = {"photo_rate": "100000/minute", "photo_crowd_rate": "100000/minute"}
    with running_gateway(var, **rates) as gateway:
        yield gateway


def address(shopper: Shopper) -> str:
    return f"/api/chat/conversations/{shopper.id}/attachments"


def send(
    shopper: Shopper, data: bytes = PHOTO, client_id: str | None = None, **more: object
) -> httpx.Response:
    form = {} if client_id is None else {"client_message_id": client_id}
    options: dict = {"headers": shopper.headers, "data": form, "files": {"file": ("a.jpg", data)}}
    return shopper.client.post(address(shopper), **(options | more))


def files(var: Path) -> set[Path]:
    return {path for path in (var / "attachments").rglob("*") if path.is_file()}


def refused(answer: httpx.Response, status: int, code: str | None = None) -> str:
    error = answer.json()["error"]
    assert answer.status_code == status, answer.text
    assert code in (None, error["code"])
    assert any("\u4e00" <= character <= "\u9fff" for character in error["message"])
    return str(error["message"])


def test_a_photo_becomes_a_line_that_is_answered(gateway: Gateway) -> None:
    asked: list[Question] = []
    gateway.rasa.script = lambda question: asked.append(question) or [Line("看到了")]
    shopper = gateway.open()
    sent = send(shopper, client_id="p1")
    assert sent.status_code == 201, sent.text
    shopper.hear(after=2)
    greeting, line, answer = shopper.read().json()["messages"]

    assert (line["author"], line["text"], line["client_message_id"]) == ("shopper", "", "p1")
    assert (line["seq"], line["id"]) == (sent.json()["seq"], sent.json()["message_id"])
    (photo,) = line["attachments"]
    assert set(photo) == {"id", "width", "height", "url", "thumb_url"}
    assert (photo["width"], photo["height"]) == (640, 480)
    assert photo.items() <= sent.json().items()
    assert (greeting["attachments"], answer["attachments"]) == ([], [])
    assert answer["text"] == "看到了"
    assert (asked[0].text, asked[0].pressed.intent, asked[0].pressed.photo) == ("", "inform", True)


def test_the_same_id_again_changes_nothing(gateway: Gateway, var: Path) -> None:
    shopper = gateway.open()
    first = send(shopper, client_id="p1")
    before = files(var)
    again = send(shopper, picture("PNG"), client_id="p1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert files(var) == before
    assert len([m for m in shopper.read().json()["messages"] if m["author"] == "shopper"]) == 1


def test_the_same_photo_many_times_at_once_is_one_line(gateway: Gateway, var: Path) -> None:
    shopper = gateway.open()
    before = len(files(var))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(shopper, client_id="p1"), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert len(files(var)) == before + 2


def test_an_id_is_optional_and_any_name_of_the_part_will_do(gateway: Gateway) -> None:
    shopper = gateway.open()
    assert send(shopper, files={"image": ("x", PHOTO, "image/jpeg")}).status_code == 201
    assert send(shopper).status_code == 201


def test_an_id_of_a_written_line_is_no_photos(gateway: Gateway) -> None:
    shopper = gateway.open()
    shopper.send("p1", text="你好")
    refused(send(shopper, client_id="p1"), 409)


def test_what_is_given_back_is_drawn_anew(gateway: Gateway) -> None:
    shopper = gateway.open()
    photo = send(shopper, with_place()).json()
    full = gateway.client.get(photo["url"], headers=shopper.headers)
    thumb = gateway.client.get(photo["thumb_url"], headers=shopper.headers)
    assert full.status_code == thumb.status_code == 200
    assert read(full.content).size == (photo["width"], photo["height"]) == (480, 640)
    assert not read(full.content).getexif()
    assert max(read(thumb.content).size) <= 480
    for answer in (full, thumb):
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "private" in answer.headers["cache-control"]
        assert answer.headers["vary"] == "Authorization"
        assert "sandbox" in answer.headers["content-security-policy"]


def test_nobody_else_sees_a_photo(gateway: Gateway) -> None:
    owner, other = gateway.open(), gateway.open()
    photo = send(owner).json()
    get = gateway.client.get
    for size in ("", "?size=thumb"):
        refused(get(photo["url"] + size), 401)
        refused(get(photo["url"] + size, headers=other.headers), 401)
        elsewhere = f"{address(other)}/{photo['id']}{size}"
        refused(get(elsewhere, headers=other.headers), 404, "no_photo")
    refused(get(f"/page/../attachments/{photo['id']}.jpg"), 404)


@pytest.mark.parametrize(
    ("name", "status"),
    [("no-such", 404), ("a" * 36, 404), ("%00", 404), ("..%2f..%2fdesk.sqlite3", 404)],
)
def test_what_is_no_photo_is_not_found(gateway: Gateway, name: str, status: int) -> None:
    shopper = gateway.open()
    refused(gateway.client.get(f"{address(shopper)}/{name}", headers=shopper.headers), status)


def test_only_the_two_sizes_exist(gateway: Gateway) -> None:
    shopper = gateway.open()
    url = send(shopper).json()["url"]
    refused(gateway.client.get(f"{url}?size=huge", headers=shopper.headers), 422)


def test_a_key_is_needed_to_send(gateway: Gateway, var: Path) -> None:
    shopper, before = gateway.open(), files(var)
    refused(send(shopper, headers={}), 401)
    refused(send(shopper, headers={"Authorization": "Bearer wrong"}), 401)
    refused(send(Shopper(gateway.client, "no-such", "x")), 404)
    assert files(var) == before


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "not_a_picture"),
        (PHOTO + b"<script>1</script>", 422, "not_a_picture"),
        (PHOTO[: len(PHOTO) // 2], 422, "broken_picture"),
        (bomb(50_000, 50_000), 413, "too_many_pixels"),
        (b"", 422, None),
    ],
    ids=["svg", "polyglot", "broken", "bomb", "empty"],
)
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(
    gateway: Gateway, var: Path, data: bytes, status: int, code: str | None
) -> None:
    shopper, before = gateway.open(), files(var)
    refused(send(shopper, data), status, code)
    assert files(var) == before
    assert len(shopper.read().json()["messages"]) == 1


@pytest.mark.parametrize("size", [10 * MEGABYTE + 1, 11 * MEGABYTE, 30 * MEGABYTE])
def test_a_photo_above_ten_megabytes_is_refused(gateway: Gateway, size: int) -> None:
    assert "10 MB" in refused(send(gateway.open(), b"\xff\xd8\xff" + b"\0" * (size - 3)), 413)


def test_a_photo_of_just_ten_megabytes_is_taken(gateway: Gateway) -> None:
    filled = PHOTO + b"\0" * (10 * MEGABYTE - len(PHOTO))
    assert send(gateway.open(), filled).status_code == 201


def test_other_roads_keep_their_small_limit(gateway: Gateway) -> None:
    shopper = gateway.open()
    for url in (shopper.url, address(shopper) + "/", address(shopper) + "/x", "/api/chat"):
        answer = gateway.client.post(url, content=b"x" * 70_000, headers=shopper.headers)
        assert answer.status_code == 413, url


@pytest.mark.parametrize(
    "request_of",
    [
        {"content": b"x", "headers": {"Content-Type": "image/jpeg"}},
        {"content": b"{}", "headers": {"Content-Type": "application/json"}},
        {"content": b"", "headers": {}},
        {"content": b"--b\r\n", "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"junk", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
        {"data": {"client_message_id": "x"}, "files": {"other": (None, "words")}},
        {"files": [("file", ("a", PHOTO)), ("file", ("b", PHOTO))]},
        {"data": {"client_message_id": "x" * 65}, "files": {"file": ("a", PHOTO)}},
        {"data": {"client_message_id": "a b\ud7ff"}, "files": {"file": ("a", PHOTO)}},
        {"data": {"client_message_id": "x" * 5000}, "files": {"file": ("a", PHOTO)}},
    ],
)
def test_a_body_of_another_shape_is_refused(gateway: Gateway, request_of: dict) -> None:
    shopper = gateway.open()
    headers = shopper.headers | request_of.get("headers", {})
    answer = gateway.client.post(address(shopper), **(request_of | {"headers": headers}))
    assert answer.status_code in (400, 422)
    refused(answer, answer.status_code)
    assert len(shopper.read().json()["messages"]) == 1


def test_an_upload_that_is_broken_off_leaves_nothing_behind(gateway: Gateway, var: Path) -> None:
    shopper, before = gateway.open(), files(var)
    target = urlsplit(str(gateway.client.base_url))
    head = (
        f"POST {address(shopper)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {shopper.token}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    )
    for _ in range(3):
        with socket.create_connection((target.hostname, target.port)) as line:
            line.sendall(head.encode() + PHOTO + b"\0" * 2_000_000)
            time.sleep(0.1)
    time.sleep(0.3)
    assert files(var) == before
    assert len(shopper.read().json()["messages"]) == 1
    assert send(shopper).status_code == 201


def test_too_many_photos_in_a_minute_have_to_wait(tmp_path: Path) -> None:
    with running_gateway(tmp_path, photo_rate="3/minute") as gateway:
        shopper = gateway.open()
        answers = [send(shopper) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert send(gateway.open()).status_code == 201


def test_a_turn_that_fails_keeps_the_photo(gateway: Gateway) -> None:
    def fails(question: Question) -> list[Line]:
        raise DeskError

    gateway.rasa.script = fails
    shopper = gateway.open()
    photo = send(shopper).json()
    assert gateway.client.get(photo["url"], headers=shopper.headers).status_code == 200
    gateway.rasa.script = lambda question: [Line("好")]
    assert until(lambda: any(m["text"] == "好" for m in shopper.read().json()["messages"]), 10)


def test_words_are_never_taken_for_a_photo(gateway: Gateway) -> None:
    refused(gateway.open().send(payload="photo"), 422)


def test_the_interface_describes_the_upload(gateway: Gateway) -> None:
    paths = json.loads(gateway.client.get("/openapi.json").text)["paths"]
    road = paths["/api/chat/conversations/{conversation_id}/attachments"]["post"]
    assert "multipart/form-data" in road["requestBody"]["content"]
