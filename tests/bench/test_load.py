import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bench.http import BadAnswer
from bench.load import grow, talk_at_once, turns_of
from bench.talk import SCRIPTS, lines


@dataclass
class Bot:
    """Answers each line with two; silent once `patience` lines were said to it."""

    name: str = "bot"
    patience: int = 10_000
    said: list[str] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def begin(self, texts: Sequence[str]) -> "BotTalk":
        return BotTalk(self, list(texts))


@dataclass
class BotTalk:
    bot: Bot
    texts: list[str]
    length: int = 1

    def turn(self) -> float:
        if len(self.bot.said) >= self.bot.patience:
            raise BadAnswer("nothing was answered")
        self.bot.said.append(self.texts.pop(0))
        self.bot.threads.add(threading.get_ident())
        self.length += 3
        return 0.001

    def end(self) -> None:
        self.texts.clear()


def test_every_shopper_has_all_of_the_turns() -> None:
    bot = Bot()

    sample = talk_at_once(bot, shoppers=4, turns=19)

    assert len(sample.times) == len(bot.said) == 4 * 19


def test_the_shoppers_do_not_all_say_the_same_thing_at_once() -> None:
    bot = Bot()
    talk_at_once(bot, shoppers=3, turns=1)

    assert set(bot.said) == {script[0] for script in SCRIPTS}


def test_an_answer_that_is_none_ends_the_run() -> None:
    with pytest.raises(BadAnswer):
        talk_at_once(Bot(patience=5), shoppers=2, turns=4)


def test_a_conversation_is_grown_before_its_turns_are_timed() -> None:
    talk = Bot().begin(lines(40))
    grow(talk, 10)
    begun_at = talk.length

    assert begun_at >= 10
    assert len(turns_of(talk, 5).times) == 5


def test_all_scripts_are_of_one_length_and_go_round_for_ever() -> None:
    assert len({len(script) for script in SCRIPTS}) == 1
    assert lines(30, first=1)[:8] == list(SCRIPTS[1])
    assert len(lines(30)) == 30
