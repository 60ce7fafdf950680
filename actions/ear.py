"""Plain words that mean one thing in their place, whatever the classifier took them for."""

import re
from dataclasses import replace

from actions.base import ServiceAction, Services, Turn
from actions.cases import Accept, Withdraw
from actions.complaint import CONDUCT, Complaint
from actions.explain import Repeat, Wait, WhatElse, Why, has_decision
from actions.handover import RequestHuman
from actions.info import names_a_rule
from actions.intake import is_question, points_back
from actions.talk import ASKED_IN_RULES, Inform, Talk
from bot.conversations import service as conversations
from bot.conversations.models import MatterState, Offer

_MARKS = re.compile(r"[\s，,。.！!？?；;~～…、]+")
_OKAY = r"(?:好的?|行|嗯+|恩|可以|成|要得|那|就|我|你|请|麻烦|帮我|给我?|快|赶紧|直接|吧|先)*"
_TAIL = r"(?:一下|吧|呗|了|啊|嘛|呢|谢谢)*"
_THUMBS = re.compile("[👍👌🆗🙏]+")
_REGISTER = re.compile(rf"{_OKAY}(?:登记|办理?){_TAIL}")
_ASK_THEM = re.compile(
    rf"{_OKAY}(?:帮忙|再)?(?:问问?|联系|反映|申请|转告)(?:一下)?(?:你们)?"
    rf"(?:公司|经理|店长|领导|同事|负责人|售后){_TAIL}"
)
_TAKE_BACK = re.compile(rf"(?:确认|确定|对|是的?|嗯+|好的?|行|那|就)*(?:撤|取消)[回销掉]?{_TAIL}")
_STOP = re.compile(
    r"(?:那|就|我|还是|哎|唉|额)*"
    r"(?:(?:算了|取消|懒得[弄搞办]|不想[弄搞办]|先?不[弄搞办])了?|不(?:用|要|想)?[退换修]了)+"
    r"(?:吧|啊|呗|了|麻烦)*"
)
_GIVEN_UP = re.compile(r"不(?:用|要|想)?([退换修])了")
_WISH = {"退": "refund", "换": "exchange", "修": "repair"}
_HOW_MUCH = re.compile(
    r"(?:那|到底|一共|总共|钱|是|就|能|会|给)*退(?:给|我)*(?:多少钱?|\d+(?:块|元)?)[不吗么呢啊]*|"
    r"(?:那|这个|得|要)*(?:多久|几天|要钱|收费|收钱|免费)(?:能?[修换退]?好)?[不吗么呢啊的]*"
)
_LATER = re.compile(
    r"(?:再|我|先)想想|先不急|考虑(?:一下|下|考虑)|商量|等(?:会儿?|下|一下)再|"
    r"(?:回头|晚点|改天|明天)再(?:说|办|弄|聊)|问问(?:我|她|他|孩子|家里|老公|老婆)"
)
_UNDECIDED = re.compile(r"[我也都真还]*(?:不知道|不清楚|不确定|不晓得|没想好|说不好)[了啊呢诶呀]*")
_WHY = re.compile(
    r"(?:那|你们|到底|这)*(?:凭(?:啥|什么)|为(?:啥|什么|何)|咋就?|怎么就?)"
    r"(?:不(?:能|给|让|可以)?(?:我|你们)?[退换修]?)?[货款钱了啊呀呢嘛的]*"
)
_WHY_ASK = re.compile(
    r"(?:为(?:啥|什么)|干嘛|干啥).{0,3}问|问(?:这个?|那么多|这么多).{0,2}(?:干|做)"
)
_ELSE = re.compile(
    r"(?:还有|有没有|有).{0,6}(?:办法|法子|路子)|^那?(?:我|你说|现在)?(?:该|要|可)?"
    r"(?:怎么|咋)(?:办|整|弄)(?:啊|呀|呢|嘛|才好)*$|通融|破个?例|想想办法|还能(?:怎么办|咋办)"
)
_SUPPOSED = ASKED_IN_RULES | {"receipt", "special_price"}
NOBODYS = "nlu_fallback"
# Intents of a line that may only point back to the matter that is open.
UNPLACED = (NOBODYS, "out_of_scope", "refund_status", "inform")
_LONGEST = 20  # characters; a longer line says more than its plain words


class Ear:
    """Hears plain words before the rules' choice of action counts."""

    def __init__(self, services: Services, intake: ServiceAction) -> None:
        self._intake = intake
        self._accept = Accept(services, intake)
        self._withdraw = Withdraw(services, intake)
        self._wait = Wait(services, intake)
        self._why = Why(services, intake)
        self._what_else = WhatElse(services, intake)
        self._inform = Inform(services, intake)
        self._talk = Talk(services, intake)
        self._repeat = Repeat(services, intake)
        self._person = RequestHuman(services, intake)
        self._complaint = Complaint(services, intake)

    def action(self, turn: Turn) -> ServiceAction | None:
        """The action that the words themselves ask for here, or None."""
        if turn.heard.facts.get("wants") == "human":
            return self._person
        if _of_conduct(turn):
            return self._complaint
        if turn.conversation.offer == Offer.PHONE and turn.heard.phone:
            return self._inform
        words = _MARKS.sub("", turn.heard.text)
        if not words or len(words) > _LONGEST:
            return None
        return (
            self._to_an_offer(turn, words)
            or self._to_a_matter(turn, words)
            or self._to_a_rule(turn)
        )

    def _to_an_offer(self, turn: Turn, words: str) -> ServiceAction | None:
        offer = turn.conversation.offer
        if offer is not None and _THUMBS.fullmatch(words):
            return self._accept
        if offer in (Offer.CASE, Offer.PERSON):
            if _REGISTER.fullmatch(words) or _ASK_THEM.fullmatch(words):
                return self._accept
            if _UNDECIDED.fullmatch(words):
                return self._wait
        if offer == Offer.WITHDRAWAL and _TAKE_BACK.fullmatch(words):
            return self._accept
        return None

    def _to_a_matter(self, turn: Turn, words: str) -> ServiceAction | None:
        asking, told = turn.conversation.asking, set(turn.heard.facts) - {"tone"}
        decided = has_decision(turn) and not asking
        if turn.matter and turn.heard.intent in UNPLACED and points_back(turn.heard.text):
            return self._intake
        if decided and _HOW_MUCH.fullmatch(words):
            return self._repeat
        if asking in told or told - {"wants"}:
            return None
        stops = _STOP.fullmatch(words) or (words.startswith("算了") and not told)
        if asking and stops and _gives_up_the_wish(turn, words):
            return self._withdraw
        if (asking or turn.conversation.offer) and _LATER.search(words):
            return self._wait
        if (asking and _WHY_ASK.search(words)) or (decided and _WHY.fullmatch(words)):
            return self._why
        waits = asking or (decided and turn.matter and turn.matter.state == MatterState.DECIDED)
        if (waits and _ELSE.search(words)) or (asking and _REGISTER.fullmatch(words)):
            return self._what_else
        return None

    def _to_a_rule(self, turn: Turn) -> ServiceAction | None:
        """A question that nobody could place, but names a rule of the shop."""
        heard = turn.heard
        own = set(heard.facts) - _SUPPOSED
        if heard.intent != NOBODYS or own or heard.asking in heard.facts:
            return None
        if not (is_question(heard.text) and names_a_rule(heard.text)):
            return None
        turn.heard = replace(heard, intent="policy_inquiry")
        return self._talk


def _of_conduct(turn: Turn) -> bool:
    """A complaint of people or premises in which nothing is said of goods."""
    told = turn.heard.facts
    return told.get("problem") in CONDUCT and "defect" not in told and "wants" not in told


def _gives_up_the_wish(turn: Turn, words: str) -> bool:
    """No other wish than the one that stands: 不修了 may mean that the money is wanted."""
    given_up = {_WISH[verb] for verb in _GIVEN_UP.findall(words)}
    if turn.matter is None or not given_up:
        return True
    known = conversations.known_facts(turn.session, turn.matter).get("wants")
    return known is None or known in given_up
