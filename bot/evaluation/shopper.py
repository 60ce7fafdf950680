"""A shopper who plays one case: says the first sentence and answers what is asked."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from bot.evaluation.answers import Answers
from bot.evaluation.cases import Case
from bot.evaluation.chat import Chat, Said
from bot.evaluation.expectation import HANDED_OVER, outcome_of
from bot.language.service import Reader
from bot.messages import Mode


class Ending(StrEnum):
    """Why the shopper stopped."""

    DECIDED = "decided"
    ASKED = "asked"  # for the very fact that the case expects to be asked for
    HANDED_OVER = HANDED_OVER
    ANSWERED = "answered"  # told something without a decision, and nothing more came
    SILENCE = "silence"  # nothing more came, or nothing that could be answered
    TURNS = "turns"
    FAILED = "failed"


@dataclass(frozen=True)
class Patience:
    """How long a shopper goes on: lines said in all, seconds without a word from the bot."""

    turns: int = 12
    silence: float = 20.0


@dataclass
class Played:
    """What came of a case. `asked` are the facts asked for in order, `repeated` those of them
    that had been answered or told before."""

    case: Case
    ending: Ending = Ending.SILENCE
    outcome: str = ""
    right: bool = False
    asked: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    lines: list[Said] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Manner:
    """How shoppers behave in one run: their words, whether they press buttons, their patience.

    `reader` tells what the bot could have known from a line; `zone` is the shops'.
    """

    answers: Answers
    reader: Reader
    zone: ZoneInfo
    patience: Patience = Patience()
    buttons: bool = False


class Shopper:
    """One case in one conversation; `choice` picks among ways of saying the same."""

    def __init__(self, chat: Chat, case: Case, manner: Manner, choice: Random) -> None:
        self._chat = chat
        self._case = case
        self._manner = manner
        self._choice = choice
        self._told: set[str] = set()
        self._played = Played(case)
        self._turns = 0

    def play(self) -> Played:
        """Talk until something ends it."""
        played, began = self._played, time.monotonic()
        played.lines += self._chat.news(0)
        self._say(self._case.first_sentence, asked=None)
        while True:
            heard = self._hear()
            if self._ended(heard):
                break
            if heard[-1].ask is not None:
                self._answer(heard[-1], heard[-1].ask)
        played.outcome = played.outcome or str(played.ending)
        played.seconds = time.monotonic() - began
        return played

    def _hear(self) -> list[Said]:
        """The next lines of the bot; [] when it stays silent or leaves the word to a person."""
        until = time.monotonic() + self._manner.patience.silence
        while True:
            lines = self._chat.news(max(0.0, until - time.monotonic()))
            self._played.lines += lines
            said = [line for line in lines if line.by_bot]
            if said or self._with_person() or time.monotonic() >= until:
                return said

    def _with_person(self) -> bool:
        return self._chat.mode in (Mode.WAITING, Mode.HUMAN)

    def _ended(self, heard: Sequence[Said]) -> bool:
        played, expected = self._played, self._case.expected
        record = next((line.decision for line in heard if line.decision is not None), None)
        if record is not None:
            played.ending, played.outcome = Ending.DECIDED, outcome_of(record)
            played.right = expected.met_by(record)
            return True
        if any(line.ticket for line in heard) or self._with_person():
            played.ending = Ending.HANDED_OVER
            played.right = expected.met_by_person()
            return True
        if not heard:
            return True
        if heard[-1].ask is not None:
            return self._note_question(heard[-1].ask)
        # Who is not understood is offered buttons.
        if expected.met_by_telling() and not any(line.buttons for line in heard):
            played.ending, played.right = Ending.ANSWERED, True
        return False

    def _note_question(self, fact: str) -> bool:
        """Count a question; whether it ends the talk."""
        played = self._played
        played.ending, played.right = Ending.SILENCE, False
        played.asked.append(fact)
        if fact in self._told:
            played.repeated.append(fact)
        if fact == self._case.expected.asked:
            played.ending, played.outcome, played.right = Ending.ASKED, f"ask:{fact}", True
        elif self._turns >= self._manner.patience.turns:
            played.ending = Ending.TURNS
        return played.ending is not Ending.SILENCE

    def _answer(self, question: Said, fact: str) -> None:
        manner, today = self._manner, self._chat.today(self._manner.zone)
        value = manner.answers.held(self._case.facts, fact, today)
        self._told.add(fact)
        payload = f"fact:{fact}={value}"
        if manner.buttons and any(button["payload"] == payload for button in question.buttons):
            self._turns += 1
            self._chat.press(payload)
        else:
            self._say(manner.answers.say(fact, value, today, self._choice), fact)

    def _say(self, text: str, asked: str | None) -> None:
        today = self._chat.today(self._manner.zone)
        reading = self._manner.reader.read(text, today=today, asking=asked)
        self._told.update(found.key for found in reading.facts)
        self._turns += 1
        self._chat.say(text)
