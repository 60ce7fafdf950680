"""Plain words that mean one thing in their place, whatever the classifier took them for."""

import re
from dataclasses import replace

from actions.base import ServiceAction, Services, Turn
from actions.cases import Accept, Withdraw
from actions.complaint import CONDUCT, Complaint
from actions.explain import Repeat, Wait, WhatElse, Why, has_decision
from actions.handover import RequestHuman
from actions.intake import Intake, is_question, points_back
from actions.orders import OrderEar
from actions.own_ear import OwnEar
from actions.talk import ASKED_IN_RULES, Fallback, Inform, Talk, WrongPhone
from bot.conversations import service as conversations
from bot.conversations.models import MatterState, Offer
from bot.language.topics import names_a_rule, rule_of

_MARKS = re.compile(r"[\s，,。.！!？?；;~～…、]+")
_OKAY = r"(?:好的?|行|嗯+|恩|可以|成|要得|那|就|我|你|请|麻烦|帮我|给我?|快|赶紧|直接|吧|先)*"
_TAIL = r"(?:一下|吧|呗|了|啊|嘛|呢|谢谢)*"
_AS_YOU_LIKE = re.compile(
    r"(?:随便|都行|都可以|无所谓|你们?(?:看着办|定|决定)|听你们?的)(?:你们?|吧|啊|了|都行)*"
)
_YES = re.compile(r"(?:(?:好的?|行|可以|要得|中|得行|成|没问题|(?i:ok))[吧呀啊呢嘞滴嘛哈]*)+")
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
# No answer to anything, but no nonsense either: the question is put again.
_JUST_BOUGHT = re.compile(
    r"(?:我|就|是|这|那|也|都|才)*(?:刚刚?|才|新)(?:买|入手|拿到手?|到手)(?:的|不久|没多久|没几天|来|回来|了)*"
    r"[啊呀呢嘛吧哦]*"
)
_ELSE = re.compile(
    r"(?:还有|有没有|有).{0,6}(?:办法|法子|路子)|^那?(?:我|你说|现在)?(?:该|要|可)?"
    r"(?:怎么|咋)(?:办|整|弄)(?:啊|呀|呢|嘛|才好)*$|通融|破个?例|想想办法|还能(?:怎么办|咋办)"
)
# Words that only look for others: no yes to an offer, and no question about a parcel.
_VAGUE = re.compile(
    r"(?:(?:那个|这个|就是|那)+(?:什么|啥|上次|那次)|呃+|额+|怎么说呢?|那啥)(?:来着|呢|的)*"
)
_SUPPOSED = ASKED_IN_RULES | {"receipt", "special_price"}
NOBODYS = "nlu_fallback"
_ASKS_NUMBER = re.compile(
    r"(?:电话|热线|号码).{0,4}(?:多少|几号|是什么|给我|发我|有吗|有没有)|给我?.{0,2}(?:电话|号码|热线)"
)
_ASKS_HOW_TO_FOLLOW = re.compile(
    r"(?:怎么|如何|咋|在?哪里?|去哪)(?:才能)?(?:查|看|知道|跟踪)|有(?:没有)?(?:单号|编号)"
)
_OF_WISH = ("wants", "accepts_repair")  # 不修了 answers these and may end it as well
_NO_ANSWERS = ("withdraw_request", "request_human")
_GIVES_UP = re.compile(r"取消|撤|算了|不[^,，]{0,2}[退换修办弄]|不[要用]了")
_CARE_DONE = re.compile(
    r"(?:做|来|享受|免费|送)[^,，。怎么何]{0,4}(?:保养|养护)|(?:保养|养护)[^,，。怎么何]{0,6}(?:免费|不要钱)"
)
SERVED = ("dry_clean", "measure")  # wishes with rules of their own, whatever the line was taken for
# Intents of a line that may only point back to the matter that is open.
UNPLACED = (NOBODYS, "out_of_scope", "refund_status", "inform")
_LONGEST = 20  # characters; a longer line says more than its plain words


class Ear:
    """Hears plain words before the rules' choice of action counts."""

    def __init__(self, services: Services, intake: Intake) -> None:
        self._intake = intake
        self._orders = OrderEar(services, intake)
        self._accept = Accept(services, intake)
        self._withdraw = Withdraw(services, intake)
        self._wait = Wait(services, intake)
        self._why = Why(services, intake)
        self._what_else = WhatElse(services, intake)
        self._inform = Inform(services, intake)
        self._talk = Talk(services, intake)
        self._repeat = Repeat(services, intake)
        self._fallback = Fallback(services, intake)
        self._person = RequestHuman(services, intake)
        self._complaint = Complaint(services, intake)
        self._own = OwnEar(services, intake)
        self._wrong_phone = WrongPhone(services, intake)

    def action(self, turn: Turn) -> ServiceAction | None:
        """The action that the words themselves ask for here, or None."""
        if turn.heard.facts.get("wants") == "human":
            return self._person
        of_order = self._orders.action(turn)
        if of_order is not None:
            return of_order
        own = self._own.action(turn)
        if own is not None:
            return own
        if _of_conduct(turn):
            return self._complaint
        if _is_for_intake(turn):
            return self._intake
        if _gives_a_wrong_phone(turn):
            return self._wrong_phone
        if turn.conversation.offer == Offer.PHONE and turn.heard.phone:
            return self._inform
        meant = _meant(turn)
        if meant is not None:
            turn.heard = replace(turn.heard, intent=meant)
            return self._talk
        words = _MARKS.sub("", turn.heard.text)
        if not words or len(words) > _LONGEST:
            return None
        return (
            self._to_nothing(turn, words)
            or self._to_an_offer(turn, words)
            or self._to_a_matter(turn, words)
            or self._to_a_rule(turn)
        )

    def _to_nothing(self, turn: Turn, words: str) -> ServiceAction | None:
        return self._fallback if _VAGUE.fullmatch(words) and not turn.heard.facts else None

    def _to_an_offer(self, turn: Turn, words: str) -> ServiceAction | None:
        offer = turn.conversation.offer
        if offer is not None and _THUMBS.fullmatch(words):
            return self._accept
        if offer in (Offer.CASE, Offer.PERSON, Offer.ERRAND):
            plain = (_REGISTER, _ASK_THEM, _AS_YOU_LIKE, _YES)
            if any(each.fullmatch(words) for each in plain):
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
        if asking and _JUST_BOUGHT.fullmatch(words):
            return self._what_else
        if (asking and _WHY_ASK.search(words)) or (decided and _WHY.fullmatch(words)):
            return self._why
        waits = asking or (decided and turn.matter and turn.matter.state == MatterState.DECIDED)
        if (waits and _ELSE.search(words)) or (asking and _REGISTER.fullmatch(words)):
            return self._what_else
        return None

    def _to_a_rule(self, turn: Turn) -> ServiceAction | None:
        """A question about a rule of the shop or its number, whatever the line was taken for."""
        heard = turn.heard
        own = set(heard.facts) - _SUPPOSED
        if own or heard.asking in heard.facts or not is_question(heard.text):
            return None
        intent = _asks_of_the_shop(heard.intent, heard.text, wish="wants" in heard.facts)
        if intent is None:
            return None
        turn.heard = replace(heard, intent=intent)
        return self._talk


def _asks_of_the_shop(intent: str, text: str, *, wish: bool) -> str | None:
    """The intent under which such a question is answered, or None."""
    if intent in ("complaint", "complaint_service") and _ASKS_NUMBER.search(text):
        return "store_inquiry"
    if intent in ("ticket_status", NOBODYS) and _ASKS_HOW_TO_FOLLOW.search(text):
        return "policy_inquiry"
    beforehand = intent in (NOBODYS, "repair_request") and not wish
    if beforehand and rule_of(text) in ("parts", "fee"):
        return "policy_inquiry"
    return "policy_inquiry" if intent == NOBODYS and names_a_rule(text) else None


def _is_for_intake(turn: Turn) -> bool:
    served = turn.heard.facts.get("wants") in SERVED or _of_care_done(turn)
    return served or _answers_unseen(turn) or _is_new(turn)


def _of_care_done(turn: Turn) -> bool:
    """A care that the shop does (免费保养一次), not one to be told of (怎么保养)."""
    heard = turn.heard
    done = "used_before" in heard.facts or _CARE_DONE.search(heard.text) is not None
    return heard.facts.get("wants") == "care" and done


def _answers_unseen(turn: Turn) -> bool:
    """An answer to the question that the classifier took for giving up (还留着) or for a wish for
    a person (说不清), which the words themselves would have told."""
    heard = turn.heard
    if heard.intent not in _NO_ANSWERS or heard.asking not in heard.facts:
        return False
    return heard.asking not in _OF_WISH and _GIVES_UP.search(heard.text) is None


def _is_new(turn: Turn) -> bool:
    """A fault told as if a case of it were known (换货时又看到一个洞), by who has none."""
    heard = turn.heard
    if heard.intent != "ticket_status" or "defect" not in heard.facts or is_question(heard.text):
        return False
    return not turn.services.tickets.mine(turn.session, turn.conversation)


def _gives_a_wrong_phone(turn: Turn) -> bool:
    """A number meant to be a phone that can be none, and nothing else to go by."""
    heard = turn.heard
    wrong = "phone_unclear" in heard.details and heard.phone is None
    return wrong and not set(heard.facts) - {"tone"}


def _meant(turn: Turn) -> str | None:
    """The intent of a line that says it without the classifier's words."""
    if _of_a_label(turn):
        return "care_instruction"
    return "abuse" if _is_wordless_anger(turn) else None


def _is_wordless_anger(turn: Turn) -> bool:
    """😡😡: a temper without a word in it, of which no question can be made."""
    heard = turn.heard
    return heard.intent == NOBODYS and heard.mood > 0 and re.search(r"\w", heard.text) is None


def _of_a_label(turn: Turn) -> bool:
    """A care symbol is described, whatever the line was taken for."""
    knowledge = turn.services.knowledge
    if knowledge is None or "wants" in turn.heard.facts:
        return False
    return knowledge.label(turn.heard.text) is not None


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
