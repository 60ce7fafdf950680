"""Parts of the running product die; shoppers hear the truth and nothing happens twice."""

import os
import signal
import time

import httpx
import pytest

from tests.end_to_end.conftest import Shopper
from tests.fixtures.stack import Stack

pytestmark = pytest.mark.rasa


def kill(stack: Stack, part: str) -> None:
    os.kill(stack.pids[part], signal.SIGKILL)


def ready(shopper: Shopper, stack: Stack, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if shopper.http.get(f"{stack.url}/readyz").status_code == 200:
                return
        except httpx.TransportError:  # the gateway itself may be away
            pass
        time.sleep(0.5)
    raise AssertionError("not ready again")


@pytest.mark.parametrize("part", ["actions", "rasa"])
def test_a_line_sent_while_a_part_is_gone_is_kept_explained_and_answered(stack, arrive, part):
    shopper = arrive()
    kill(stack, part)
    sent = shopper.send(text="我要退货")
    assert sent.status_code == 202
    ready(shopper, stack)
    end = time.monotonic() + 60
    while not any(line["ask"] for line in shopper.lines) and time.monotonic() < end:
        shopper.fetch(wait=2)
    asks = [line for line in shopper.lines if line["ask"]]
    assert len(asks) == 1, shopper.lines


def test_the_gateway_killed_in_the_middle_of_turns_answers_each_line_once(stack: Stack, arrive):
    shoppers = [arrive() for _ in range(6)]
    for shopper in shoppers:
        assert shopper.send(text="昨天买的裙子不喜欢，没穿过，小票在，能退吗").status_code == 202
    kill(stack, "app")
    ready(shoppers[0], stack)
    for shopper in shoppers:
        answer = shopper.answer_to(2, seconds=60)
        time.sleep(0.2)
        shopper.fetch()
        assert sum(1 for line in shopper.lines if line["decision"]) == 1, answer
        assert [line["seq"] for line in shopper.lines] == list(range(1, len(shopper.lines) + 1))
