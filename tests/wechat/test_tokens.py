"""One token for all processes, fetched once, ahead of its end, and never in a loop."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.channels.wechat.client import Api, Refused
from bot.db import Database
from bot.wechat import repository
from bot.wechat.tokens import MOST_FETCHED, NoToken, Tokens
from tests.fixtures.desk import together
from tests.wechat.round import Round, sending


@pytest.fixture
def round_(database_url: str) -> Iterator[Round]:
    """An account on each of the databases."""
    with sending(database_url) as made:
        yield made


@pytest.fixture
def small(tmp_path: object) -> Iterator[Round]:
    """An account on SQLite."""
    with sending(f"sqlite:///{tmp_path}/desk.sqlite3") as made:
        yield made


def test_twenty_users_at_once_fetch_one_token(round_: Round) -> None:
    managers = [Tokens(round_.db, round_.tokens.api, round_.clock) for _ in range(20)]
    tokens = together(lambda index: managers[index].get(round_.account), 20)
    assert len(set(tokens)) == 1
    assert round_.platform.token_calls == [False]


def test_processes_share_the_token_through_the_database(round_: Round) -> None:
    url = round_.db.engine.url.render_as_string(hide_password=False)
    children = [_child(url, round_) for _ in range(3)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    assert round_.platform.token_calls == [False]


def test_a_token_is_fetched_ahead_of_its_end_and_the_old_one_serves_meanwhile(
    small: Round,
) -> None:
    first = small.tokens.get(small.account)
    small.later(minutes=114)
    assert small.tokens.get(small.account) == first
    small.later(minutes=2)
    with small.db.write() as session:  # another process is fetching
        now = small.clock.now()
        assert repository.claim_token(
            session, "default", "another", now, now + timedelta(seconds=9)
        )
    assert small.tokens.get(small.account) == first
    with small.db.write() as session:
        repository.standing(session, "default").owner = None  # type: ignore[union-attr]
    small.tokens.keep_fresh({"default": small.account})
    assert small.tokens.get(small.account) != first
    assert small.platform.token_calls == [False, False]


def test_a_fetcher_that_died_holds_nobody_up_for_long(small: Round) -> None:
    small.tokens.get(small.account)
    small.later(hours=3)
    with small.db.write() as session:
        now = small.clock.now()
        repository.claim_token(session, "default", "dead", now, now + timedelta(seconds=1))
    small.later(seconds=2)
    assert small.tokens.get(small.account)


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_refused_token_is_renewed_once_and_the_message_arrives(small: Round, code: int) -> None:
    small.platform.failures.append(code)
    small.say("在的")
    assert small.send() == ["在的"]
    assert small.platform.token_calls == [False, True]
    assert small.meter().left == 4


def test_a_token_that_another_system_renewed_is_taken_over_without_force(small: Round) -> None:
    small.tokens.get(small.account)
    small.later(minutes=30)
    small.platform.revoke()
    small.say("在的")
    assert small.send() == ["在的"]
    assert small.platform.token_calls == [False, False]


def test_a_persistent_refusal_costs_two_token_calls_however_often_it_is_tried(
    small: Round,
) -> None:
    small.platform.always = 40001
    small.say("在的")
    for _ in range(8):
        small.send()
        small.later(seconds=60)

    assert small.platform.token_calls == [False, True]
    assert small.states() == ["sending"]
    assert "40001" in (small.standing().alert or "")
    small.platform.always = None
    small.later(minutes=10)
    assert small.send() == ["在的"]


def test_a_hundred_lines_under_a_refused_token_force_it_once(small: Round) -> None:
    small.platform.always = 40001
    for number in range(30):
        small.spoke(f"o{number}")
        small.say("在的", openid=f"o{number}")
    small.send()
    assert small.platform.token_calls.count(True) == 1
    assert len(small.platform.token_calls) <= 2


def test_a_wrong_secret_is_told_and_costs_one_call_an_attempt(small: Round) -> None:
    small.platform.token_failure = 40125
    with pytest.raises(Refused):
        small.tokens.get(small.account)
    assert small.platform.token_calls == [False]


def test_the_calls_of_a_day_are_counted_and_end_somewhere(small: Round) -> None:
    small.tokens.get(small.account)
    with small.db.write() as session:
        known = repository.standing(session, "default")
        assert known is not None
        known.fetched, known.expires_at = MOST_FETCHED, small.clock.now()
    with pytest.raises(NoToken):
        small.tokens.get(small.account)
    small.later(hours=24)
    assert small.tokens.get(small.account)


def test_a_long_token_is_kept_whole(small: Round) -> None:
    small.platform._new_token()
    small.platform._token = "x" * 2048
    assert small.tokens.get(small.account) == "x" * 2048


def _child(url: str, made: Round) -> int:
    """A process of its own that asks for the token; its exit code says whether it got one."""
    child = os.fork()
    if child:
        return child
    try:
        database = Database(url)
        api = Api(made.tokens.api._base)
        os._exit(0 if Tokens(database, api, made.clock).get(made.account) else 1)
    finally:
        os._exit(2)
