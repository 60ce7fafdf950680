"""The commands that measure the running product: `shoppers` and `nlu evaluate`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.dialogue.service import Rasa
from bot.errors import BadInput
from bot.evaluation import cases, confusion, report, shoppers, understanding, utterances
from bot.evaluation.answers import Answers
from bot.evaluation.chat import Chat
from bot.evaluation.scores import scores
from bot.evaluation.shopper import Manner, Patience
from bot.language.service import Reader
from bot.settings import Settings

Commands = Any  # argparse names the type of its group of commands only privately


def install(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands to a group; `common` holds what every command takes."""
    _install_shoppers(commands, common)
    nlu = commands.add_parser("nlu", parents=[common], help="measure what is understood")
    verbs = nlu.add_subparsers(required=True, metavar="VERB")
    evaluate = verbs.add_parser("evaluate", parents=[common], help="against labelled lines")
    evaluate.add_argument("file", type=Path, help="TSV: text, intent, also_right, mood")
    evaluate.add_argument("--image", type=Path, help="also draw the confusions, as a PNG")
    evaluate.set_defaults(run=_evaluate)


def _install_shoppers(commands: Commands, common: argparse.ArgumentParser) -> None:
    play = commands.add_parser("shoppers", parents=[common], help="play policy cases over HTTP")
    play.add_argument("file", type=Path, help="TSV: id, policy_set, facts, expected, …")
    play.add_argument("--url", help="the gateway; this installation's own when left out")
    play.add_argument("--set", action="append", default=[], help="only this set (repeatable)")
    play.add_argument("--trials", type=_positive, default=1, help="times each case is played")
    play.add_argument("--parallel", type=_positive, default=4, help="conversations at a time")
    play.add_argument("--turns", type=_positive, default=12, help="lines before a shopper gives up")
    play.add_argument("--silence", type=float, default=20.0, help="seconds of silence before that")
    play.add_argument("--buttons", action="store_true", help="press a button where one fits")
    play.add_argument("--min", type=float, default=0.0, help="fail below this share of right ones")
    play.add_argument("--verbose", action="store_true", help="with every conversation")
    play.set_defaults(run=_shoppers)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _shoppers(options: argparse.Namespace) -> int:
    settings = Settings()
    patience = Patience(options.turns, options.silence)
    manner = Manner(Answers.load(), Reader(), settings.zone, patience, options.buttons)
    url = options.url or f"http://{settings.app_host}:{settings.app_port}"

    def opening(shop: str) -> Chat:
        return Chat(url, shop)

    plan = shoppers.plan(cases.read(options.file), options.set, opening, manner)
    if not plan.playable:
        raise BadInput(
            "没有能跑的用例：服务没有这些店，或者时钟不在那一天。",
            not_served=dict(plan.not_served),
            needs_clock=[case.id for case in plan.other_day],
        )
    played = shoppers.play(plan.playable, opening, manner, options.trials, options.parallel)
    found = report.as_json(plan, played, settings.zone, verbose=options.verbose)
    _put(_json(found) if options.json else report.as_text(found))
    return 0 if found["right_share"] >= options.min else 1


def _evaluate(options: argparse.Namespace) -> int:
    said = utterances.read(options.file)
    settings = Settings()
    rasa = Rasa(
        settings.rasa_url,
        settings.rasa_token.get_secret_value(),
        # A call takes many lines here, not one; Rasa's own limit ends it before this does.
        max(settings.rasa_timeout, 30.0),
        connections=1,
    )
    today = Clock(settings.zone, settings.clock).today()
    heard = understanding.heard(said, rasa, Reader(), today)
    found = scores(heard)
    if options.image:
        confusion.draw(heard, options.image)
    _put(_json(found) if options.json else understanding.as_text(found))
    return 0


def _put(text: str) -> None:
    sys.stdout.write(text + "\n")


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)
