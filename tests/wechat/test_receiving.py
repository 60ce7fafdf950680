"""What the platform sends is taken in, whatever it is; what it did not send is refused."""

import concurrent.futures
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import pytest

from bot import app
from bot.channels.wechat import crypto
from bot.channels.wechat.account import Account, Security
from bot.inbox.models import Turn
from bot.messages import Author
from bot.privacy import consents
from bot.privacy.models import Consent
from bot.wechat.accounts import Accounts
from bot.wechat.models import Arrival, Received
from tests.fixtures.desk import until
from tests.twins.wechat.callbacks import Caller, signature
from tests.wechat import payloads
from tests.wechat.stage import AES_KEY, BUYER, TOKEN, Stage, staged


def test_the_address_proves_itself_to_the_platform(stage: Stage) -> None:
    answer = stage.caller.verify("7432875293478")
    assert (answer.status_code, answer.text) == (200, "7432875293478")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "query",
    [
        {"signature": "0" * 40},
        {"signature": ""},
        {"timestamp": "978307200", "signature": signature(TOKEN, "978307200", "n"), "nonce": "n"},
        {"nonce": "another"},
        {"timestamp": "x"},
    ],
)
def test_nobody_else_gets_the_echo_or_is_heard(stage: Stage, query: dict[str, str]) -> None:
    asked = {**stage.caller._query(), "echostr": "1", **query}
    for method in ("GET", "POST"):
        answer = stage.gateway.client.request(method, "/wechat", params=asked, content=b"<xml/>")
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "wechat_forged"


def test_without_a_query_and_for_unknown_accounts_there_is_a_clear_no(stage: Stage) -> None:
    client = stage.gateway.client
    assert client.get("/wechat").status_code == 403
    assert client.post("/wechat", content=b"").status_code == 403
    assert client.get("/wechat/nobody").status_code == 404
    assert client.put("/wechat").status_code == 405


@pytest.mark.parametrize("name", payloads.HOSTILE)
def test_hostile_bodies_are_refused_sealed_or_bare(stage: Stage, name: str) -> None:
    body = payloads.HOSTILE[name]
    text = body.decode("utf-8", "surrogateescape")
    if text.isprintable() or name in ("NUL", "billion laughs"):
        assert stage.caller.post(text).status_code == 400
    query = {**stage.caller._query("x"), "encrypt_type": "aes"}
    bare = stage.gateway.client.post("/wechat", params=query, content=body)
    assert 400 <= bare.status_code < 500


@pytest.mark.parametrize("name", payloads.ALL)
def test_every_sample_of_the_platform_is_acknowledged(stage: Stage, name: str) -> None:
    answer = stage.caller.post(payloads.ALL[name].decode().replace("fromUser", f"o-{name}"))
    assert answer.status_code == 200


def test_an_unknown_kind_is_kept_as_it_came(stage: Stage) -> None:
    stage.caller.post(payloads.kind("hologram", "<Depth>3</Depth>", 77).decode())
    (kept,) = [each for each in stage.all(Received) if each.key == "77"]
    assert (kept.kind, kept.name, kept.raw["Depth"]) == ("other", "hologram", "3")


@pytest.mark.parametrize("text", ["a]]>b <b>&amp;", "🧥👗 能退吗", "退" * 20_000, "第一行\n第二行"])
def test_what_is_written_arrives_intact_and_so_does_the_answer(stage: Stage, text: str) -> None:
    openid = f"o-intact-{len(text)}"
    done = stage.caller.say(openid, text)
    assert not done.faulty
    assert text in stage.lines(Author.SHOPPER)
    assert stage.rasa.asked[-1].text == text
    if len(text) < 600:
        assert done.reply == f"答：{text}"


def test_a_body_larger_than_any_message_is_refused(stage: Stage) -> None:
    query = stage.caller._query()
    answer = stage.gateway.client.post("/wechat", params=query, content=b"x" * 600_000)
    assert answer.status_code == 413


def test_forty_deliveries_of_ten_messages_at_once_give_ten_turns(stage: Stage) -> None:
    openid = "o-many"
    fields = [stage.caller.fields(openid, "text", Content=f"批{n}") for n in range(10)]
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(stage.caller.post, [each for each in fields for _ in range(4)]))

    assert {answer.status_code for answer in answers} == {200}
    expected = sorted(f"批{n}" for n in range(10))  # twenty at once are a rush: taken in afterwards
    assert until(lambda: sorted(_of_batch(stage.lines(Author.SHOPPER))) == expected)
    assert until(lambda: not stage.all(Arrival))
    assert until(lambda: {turn.state for turn in stage.all(Turn)} == {"done"})
    assert sorted(_of_batch([question.text for question in stage.rasa.asked])) == expected


def _of_batch(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.startswith("批")]


def test_the_first_event_of_a_follower_delivered_at_once_four_times_is_one(stage: Stage) -> None:
    fields = stage.caller.fields("o-new", "event", Event="subscribe", EventKey="")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(stage.caller.post, [fields] * 4))

    replies = {stage.caller.opened(answer.content)["Content"] for answer in answers}
    assert len(replies) == 1
    assert len([each for each in stage.all(Received) if each.kind == "subscribe"]) >= 1


@pytest.mark.parametrize("security", ["plain", "compatible"])
def test_the_other_modes_are_answered_in_kind(tmp_path: Path, security: str) -> None:
    with staged(tmp_path, security=security, courier=False) as stage:
        done = stage.caller.say(BUYER, "在吗")
        assert done.reply == "答：在吗"
        assert (b"Encrypt" in done.bodies[0]) == (security == "compatible")
        assert len(stage.all(Turn)) == 1


def test_two_accounts_with_shops_and_keys_of_their_own(tmp_path: Path) -> None:
    old_key = "Z" * 42 + "A"
    children = Account(
        name="kids",
        app_id="wx0123456789abcdef",
        token="another-token",
        keys=(crypto.key_of(AES_KEY), crypto.key_of(old_key)),
        security=Security.SECURE,
        shop="kids",
    )
    grown = Account("default", "wx0123456789abcdef", TOKEN)
    accounts = Accounts({"kids": children, "default": grown})
    with (
        mock.patch.object(app.Accounts, "load", return_value=accounts),
        staged(tmp_path, security="plain", courier=False) as stage,
    ):
        url = f"{stage.caller.url}/kids"
        for key in (AES_KEY, old_key):  # the second is being rotated out
            caller = Caller(stage.platform, url, "another-token", key, "secure")
            assert caller.say(BUYER, "在吗").reply == "答：在吗"
        stage.caller.say(BUYER, "在吗")
        assert [question.shop for question in stage.rasa.asked] == ["kids", "kids", "dept_fashion"]
        assert stage.caller.post(payloads.TEXT.decode(), signature="0").status_code == 403


def test_a_new_follower_is_told_once_where_the_privacy_page_is(tmp_path: Path) -> None:
    url = "https://service.example.com"
    with staged(tmp_path, courier=False, public_url=f"{url}/") as stage:
        greeted = stage.caller.event("o-1", "subscribe", EventKey="").reply or ""
        assert f"{url}/privacy" in greeted
        assert "回复 1 我要退货" in greeted
        assert stage.caller.say("o-1", "在吗").reply == "答：在吗"
        first = stage.caller.say("o-2", "在吗").reply or ""
        assert f"{url}/privacy" in first
        assert first.endswith("答：在吗")
        assert stage.caller.say("o-2", "在吗").reply == "答：在吗"

        with mock.patch.object(consents, "VERSION", "2027-01"):
            again = stage.caller.say("o-1", "还在吗").reply or ""
        assert f"{url}/privacy" in again
        assert len(stage.all(Consent)) == 3
